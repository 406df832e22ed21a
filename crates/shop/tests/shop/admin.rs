use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use shop::admin::{
    DEVICE_SECONDS, FirstPassword, SESSION_IDLE_SECONDS, SESSION_SECONDS, SessionToken,
    SignInError, SignedIn, authorize, ensure_password, set_password, sign_out,
};
use shop::{Client, Error, Shop};
use tokio::task::JoinSet;

use crate::test_shop::TestShop;

const PASSWORD: &str = "correct horse battery";

async fn stand_with_password() -> TestShop {
    let test = TestShop::open().await;
    set_password(&test.store, PASSWORD).await.unwrap();
    test
}

/// A client of its own for each name.
fn client(name: &str) -> Client {
    let last = name.bytes().fold(0_u8, u8::wrapping_add);
    Client::new(Ipv4Addr::new(192, 0, 2, last).into())
}

async fn sign_in(shop: &Shop, password: &str, name: &str) -> Result<SessionToken, SignInError> {
    let signed_in = shop::admin::sign_in(shop, password, client(name), None).await;
    signed_in.map(|SignedIn { token, .. }| token)
}

/// Signs in with a device's cookie.
async fn sign_in_with(
    test: &TestShop,
    password: &str,
    name: &str,
    device: &str,
) -> Result<SignedIn, SignInError> {
    shop::admin::sign_in(&test.shop, password, client(name), Some(device)).await
}

/// Uses up the guesses of a client or a device.
async fn guess_until_refused(test: &TestShop, name: &str, device: Option<&str>) {
    for _ in 0..30 {
        let answer = shop::admin::sign_in(&test.shop, "wrong", client(name), device).await;
        if matches!(answer, Err(SignInError::TooMany { .. })) {
            return;
        }
    }
    panic!("a guesser is never refused");
}

async fn is_signed_in(test: &TestShop, token: &SessionToken) -> bool {
    authorize(&test.shop, token).await.unwrap().is_some()
}

#[tokio::test]
async fn first_password_is_made_once_and_works() {
    let test = TestShop::open().await;
    let FirstPassword::Generated(password) = ensure_password(&test.store, None).await.unwrap()
    else {
        panic!("the shop is new");
    };
    assert!(password.len() >= 20, "{password}");
    assert_eq!(
        ensure_password(&test.store, None).await.unwrap(),
        FirstPassword::Kept
    );
    sign_in(&test.shop, &password, "client").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn machines_that_start_together_make_one_password() {
    let test = TestShop::open().await;
    let mut starts = JoinSet::new();
    for _ in 0..4 {
        let store = test.store.clone();
        starts.spawn(async move { ensure_password(&store, None).await.unwrap() });
    }
    let made: Vec<_> = starts
        .join_all()
        .await
        .into_iter()
        .filter_map(|first| match first {
            FirstPassword::Generated(password) => Some(password),
            FirstPassword::Kept | FirstPassword::Configured => None,
        })
        .collect();
    assert_eq!(made.len(), 1);
    sign_in(&test.shop, &made[0], "client").await.unwrap();
}

#[tokio::test]
async fn configured_password_makes_the_first_one_only() {
    let test = TestShop::open().await;
    let configure = async |password| ensure_password(&test.store, password).await.unwrap();
    assert_eq!(configure(Some(PASSWORD)).await, FirstPassword::Configured);
    let token = sign_in(&test.shop, PASSWORD, "client").await.unwrap();
    // A restart signs nobody out, whatever is configured then.
    for again in [Some(PASSWORD), Some("another password"), None] {
        assert_eq!(configure(again).await, FirstPassword::Kept);
        assert!(is_signed_in(&test, &token).await);
    }
    set_password(&test.store, "set by the owner").await.unwrap();
    assert!(!is_signed_in(&test, &token).await);
    assert_eq!(configure(Some(PASSWORD)).await, FirstPassword::Kept);
    let old = sign_in(&test.shop, PASSWORD, "client").await;
    assert!(matches!(old, Err(SignInError::WrongPassword)), "{old:?}");
    sign_in(&test.shop, "set by the owner", "client")
        .await
        .unwrap();
}

#[tokio::test]
async fn password_of_eleven_characters_is_refused_everywhere() {
    let test = TestShop::open().await;
    for short in ["", "12345678901", "ÄÖÜäöüßÄÖÜä"] {
        let configured = ensure_password(&test.store, Some(short)).await;
        assert!(
            matches!(configured, Err(Error::PasswordTooShort)),
            "{short}"
        );
        let set = set_password(&test.store, short).await;
        assert!(matches!(set, Err(Error::PasswordTooShort)), "{short}");
    }
    set_password(&test.store, "ÄÖÜäöüßÄÖÜäö").await.unwrap();
    sign_in(&test.shop, "ÄÖÜäöüßÄÖÜäö", "client").await.unwrap();
    let configured = ensure_password(&test.store, Some("short")).await;
    assert!(
        matches!(configured, Err(Error::PasswordTooShort)),
        "not used, and short"
    );
}

#[tokio::test]
async fn only_the_password_signs_in() {
    let test = stand_with_password().await;
    for wrong in [
        "",
        " ",
        "correct horse",
        "Correct horse battery",
        "correct horse battery ",
        "\0",
        &"x".repeat(10_000),
    ] {
        let answer = sign_in(&test.shop, wrong, "client").await;
        assert!(
            matches!(answer, Err(SignInError::WrongPassword)),
            "{wrong:?}: {answer:?}"
        );
    }
    let token = sign_in(&test.shop, PASSWORD, "client").await.unwrap();
    assert!(is_signed_in(&test, &token).await);
    for wrong in [
        "",
        "0",
        &token.expose()[1..],
        &token.expose().to_ascii_uppercase(),
    ] {
        let forged = SessionToken::from_cookie(wrong);
        assert!(
            forged == token || !is_signed_in(&test, &forged).await,
            "{wrong:?}"
        );
    }
}

#[tokio::test]
async fn sign_in_is_refused_while_no_password_is_set() {
    let test = TestShop::open().await;
    let answer = sign_in(&test.shop, "", "client").await;
    assert!(
        matches!(answer, Err(SignInError::WrongPassword)),
        "{answer:?}"
    );
}

#[tokio::test]
async fn client_that_fails_ten_times_is_refused_for_a_quarter_of_an_hour() {
    let test = stand_with_password().await;
    for attempt in 1..=10 {
        let answer = sign_in(&test.shop, "wrong", "guesser").await;
        assert!(
            matches!(answer, Err(SignInError::WrongPassword)),
            "attempt {attempt}: {answer:?}"
        );
    }
    for password in ["wrong", PASSWORD] {
        let answer = sign_in(&test.shop, password, "guesser").await;
        assert!(
            matches!(answer, Err(SignInError::TooMany { .. })),
            "{answer:?}"
        );
    }
    // Others are not kept out by it.
    sign_in(&test.shop, PASSWORD, "owner").await.unwrap();
    test.pass_here(15 * 60 - 5);
    assert!(matches!(
        sign_in(&test.shop, PASSWORD, "guesser").await,
        Err(SignInError::TooMany { .. })
    ));
    test.pass_here(15 * 60 + 5);
    sign_in(&test.shop, PASSWORD, "guesser").await.unwrap();
}

#[tokio::test]
async fn right_password_forgives_the_wrong_ones_before() {
    let test = stand_with_password().await;
    for _ in 0..3 {
        for _ in 0..9 {
            let answer = sign_in(&test.shop, "wrong", "owner").await;
            assert!(
                matches!(answer, Err(SignInError::WrongPassword)),
                "{answer:?}"
            );
        }
        sign_in(&test.shop, PASSWORD, "owner").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_at_the_same_moment_are_counted_each() {
    let test = stand_with_password().await;
    let mut guesses = JoinSet::new();
    for _ in 0..30 {
        let shop = test.shop.clone();
        guesses.spawn(async move { sign_in(&shop, "wrong", "guesser").await.unwrap_err() });
    }
    let errors = guesses.join_all().await;
    let looked_at = errors
        .iter()
        .filter(|error| matches!(error, SignInError::WrongPassword))
        .count();
    let turned_away = errors
        .iter()
        .filter(|error| matches!(error, SignInError::TooMany { .. }))
        .count();
    // One that finds no thread for its password is not counted, and the next may try.
    let busy = errors
        .iter()
        .filter(|error| matches!(error, SignInError::Failed(shop::Error::Busy)))
        .count();
    assert_eq!(looked_at + turned_away + busy, 30);
    assert!(
        looked_at <= 10 && looked_at + busy >= 10,
        "{looked_at} were looked at, {busy} found no thread"
    );
}

#[tokio::test]
async fn device_of_the_admin_signs_in_whatever_others_guess() {
    let test = stand_with_password().await;
    let home = shop::admin::sign_in(&test.shop, PASSWORD, client("home"), None)
        .await
        .unwrap();
    // Somebody behind the same address guesses.
    guess_until_refused(&test, "home", None).await;
    let refused = sign_in(&test.shop, PASSWORD, "home").await;
    assert!(
        matches!(refused, Err(SignInError::TooMany { .. })),
        "{refused:?}"
    );
    let again = sign_in_with(&test, PASSWORD, "home", &home.device)
        .await
        .unwrap();
    assert!(is_signed_in(&test, &again.token).await);
    // The guesser is refused on.
    let refused = sign_in(&test.shop, PASSWORD, "home").await;
    assert!(
        matches!(refused, Err(SignInError::TooMany { .. })),
        "{refused:?}"
    );
    // The cookie is no key.
    let wrong = sign_in_with(&test, "wrong", "home", &again.device).await;
    assert!(
        matches!(wrong, Err(SignInError::WrongPassword)),
        "{wrong:?}"
    );
}

#[tokio::test]
async fn guesses_of_many_clients_are_slowed_down_and_the_admins_device_is_not() {
    let test = stand_with_password().await;
    let admin = shop::admin::sign_in(&test.shop, PASSWORD, client("home"), None)
        .await
        .unwrap();
    let (mut looked_at, mut refused) = (0, 0);
    for network in 0..150_u16 {
        let addr = Ipv6Addr::new(0x2001, 0xdb8, 0, network, 0, 0, 0, 1);
        let client = Client::new(IpAddr::V6(addr));
        match shop::admin::sign_in(&test.shop, "wrong", client, None).await {
            Err(SignInError::WrongPassword) => looked_at += 1,
            Err(SignInError::TooManyEverywhere { seconds }) => {
                assert!((1..=10).contains(&seconds), "{seconds}");
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!((100..115).contains(&looked_at), "{looked_at} and {refused}");
    sign_in_with(&test, PASSWORD, "elsewhere", &admin.device)
        .await
        .unwrap();
    // Even without it: one attempt in ten seconds is listened to.
    test.pass_here(11);
    sign_in(&test.shop, PASSWORD, "elsewhere").await.unwrap();
}

#[tokio::test]
async fn device_that_fails_ten_times_counts_as_any_client() {
    let test = stand_with_password().await;
    let admin = shop::admin::sign_in(&test.shop, PASSWORD, client("home"), None)
        .await
        .unwrap();
    guess_until_refused(&test, "thief", Some(&admin.device)).await;
    let refused = sign_in_with(&test, PASSWORD, "thief", &admin.device).await;
    assert!(
        matches!(refused, Err(SignInError::TooMany { .. })),
        "{refused:?}"
    );
    sign_in_with(&test, PASSWORD, "home", &admin.device)
        .await
        .unwrap();
}

#[tokio::test]
async fn device_cookie_that_the_shop_did_not_make_is_worth_nothing() {
    let test = stand_with_password().await;
    let admin = shop::admin::sign_in(&test.shop, PASSWORD, client("home"), None)
        .await
        .unwrap();
    guess_until_refused(&test, "guesser", None).await;
    let mut parts = admin.device.split('.');
    let (id, issued, mac) = (
        parts.next().unwrap(),
        parts.next().unwrap(),
        parts.next().unwrap(),
    );
    for forged in [
        String::new(),
        "..".to_owned(),
        id.to_owned(),
        format!("{id}.{issued}"),
        format!("{id}.{issued}."),
        format!(
            "{id}.{issued}.{}",
            mac.to_uppercase()
                .replace(|c: char| c.is_ascii_digit(), "A")
        ),
        format!("{id}.{}.{mac}", test.now() + 1_000),
        format!("{}.{issued}.{mac}", "0".repeat(32)),
        format!("{id}.{issued}.{mac}.{mac}"),
        format!("{id}.{issued}.{}", &mac[..30]),
    ] {
        let refused = sign_in_with(&test, PASSWORD, "guesser", &forged).await;
        assert!(
            matches!(refused, Err(SignInError::TooMany { .. })),
            "{forged}: {refused:?}"
        );
    }
    test.pass_here(DEVICE_SECONDS - 10);
    guess_until_refused(&test, "guesser", None).await;
    sign_in_with(&test, PASSWORD, "guesser", &admin.device)
        .await
        .unwrap();
    guess_until_refused(&test, "guesser", None).await;
    test.pass_here(20);
    let old = sign_in_with(&test, PASSWORD, "guesser", &admin.device).await;
    assert!(
        matches!(old, Err(SignInError::TooMany { .. })),
        "a year old: {old:?}"
    );
}

#[tokio::test]
async fn unused_session_ends_after_twelve_hours() {
    let test = stand_with_password().await;
    let token = sign_in(&test.shop, PASSWORD, "client").await.unwrap();
    test.pass_here(SESSION_IDLE_SECONDS - 5);
    assert!(is_signed_in(&test, &token).await);
    test.pass_here(SESSION_IDLE_SECONDS - 5);
    assert!(is_signed_in(&test, &token).await, "it was used meanwhile");
    test.pass_here(SESSION_IDLE_SECONDS);
    assert!(!is_signed_in(&test, &token).await);
    // The next one clears it away.
    sign_in(&test.shop, PASSWORD, "client").await.unwrap();
    let sessions = "SELECT COUNT(*) FROM admin_sessions";
    assert_eq!(test.database.number(sessions).await, 1);
}

#[tokio::test]
async fn session_in_use_ends_after_fourteen_days() {
    let test = stand_with_password().await;
    let token = sign_in(&test.shop, PASSWORD, "client").await.unwrap();
    let step = 6 * 60 * 60;
    for _ in 1..SESSION_SECONDS / step {
        test.pass_here(step);
        assert!(is_signed_in(&test, &token).await);
    }
    test.pass_here(step - 5);
    assert!(is_signed_in(&test, &token).await);
    test.pass_here(10);
    assert!(!is_signed_in(&test, &token).await);
}

#[tokio::test]
async fn signing_out_ends_this_session_and_no_other() {
    let test = stand_with_password().await;
    let here = sign_in(&test.shop, PASSWORD, "client").await.unwrap();
    let there = sign_in(&test.shop, PASSWORD, "client").await.unwrap();
    sign_out(&test.shop, &here).await.unwrap();
    sign_out(&test.shop, &here).await.unwrap();
    assert!(!is_signed_in(&test, &here).await);
    assert!(is_signed_in(&test, &there).await);
    set_password(&test.store, "a new password").await.unwrap();
    assert!(!is_signed_in(&test, &there).await);
}

#[tokio::test]
async fn database_alone_signs_nobody_in() {
    let test = stand_with_password().await;
    let token = sign_in(&test.shop, PASSWORD, "client").await.unwrap();
    let mut texts = test.database.texts("SELECT value FROM settings").await;
    texts.extend(
        test.database
            .texts("SELECT token_hash FROM admin_sessions")
            .await,
    );
    assert!(
        texts.iter().any(|text| text.starts_with("$argon2id$")),
        "{texts:?}"
    );
    for text in &texts {
        assert!(
            !text.contains(PASSWORD) && !text.contains(token.expose()),
            "{text}"
        );
        assert!(!is_signed_in(&test, &SessionToken::from_cookie(text)).await);
    }
    assert!(!format!("{token:?}").contains(token.expose()));
}
