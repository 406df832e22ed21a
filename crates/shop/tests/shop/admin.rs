use shop::admin::{
    FirstPassword, SESSION_SECONDS, SessionToken, SignInError, authorize, ensure_password,
    set_password, sign_in, sign_out,
};
use tokio::task::JoinSet;

use crate::stand::Stand;

const PASSWORD: &str = "correct horse battery";

async fn stand_with_password() -> Stand {
    let stand = Stand::open().await;
    set_password(&stand.store, PASSWORD).await.unwrap();
    stand
}

async fn is_signed_in(stand: &Stand, token: &SessionToken) -> bool {
    authorize(&stand.shop, token).await.unwrap().is_some()
}

#[tokio::test]
async fn a_first_password_is_made_once_and_works() {
    let stand = Stand::open().await;
    let FirstPassword::Generated(password) = ensure_password(&stand.store, None).await.unwrap()
    else {
        panic!("the shop is new");
    };
    assert!(password.len() >= 20, "{password}");
    assert_eq!(
        ensure_password(&stand.store, None).await.unwrap(),
        FirstPassword::Kept
    );
    sign_in(&stand.shop, &password, "client").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_machines_that_start_together_one_makes_the_password() {
    let stand = Stand::open().await;
    let mut starts = JoinSet::new();
    for _ in 0..4 {
        let store = stand.store.clone();
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
    sign_in(&stand.shop, &made[0], "client").await.unwrap();
}

#[tokio::test]
async fn a_configured_password_counts_from_the_start_on_and_a_new_one_ends_sessions() {
    let stand = Stand::open().await;
    let configure = async |password| ensure_password(&stand.store, Some(password)).await.unwrap();
    assert_eq!(configure(PASSWORD).await, FirstPassword::Configured);
    let token = sign_in(&stand.shop, PASSWORD, "client").await.unwrap();
    // A restart with the same password signs nobody out.
    assert_eq!(configure(PASSWORD).await, FirstPassword::Configured);
    assert!(is_signed_in(&stand, &token).await);

    assert_eq!(
        configure("another password").await,
        FirstPassword::Configured
    );
    assert!(!is_signed_in(&stand, &token).await);
    let old = sign_in(&stand.shop, PASSWORD, "client").await;
    assert!(matches!(old, Err(SignInError::WrongPassword)), "{old:?}");
    sign_in(&stand.shop, "another password", "client")
        .await
        .unwrap();
    // What was configured once stays when it is configured no more.
    assert_eq!(
        ensure_password(&stand.store, None).await.unwrap(),
        FirstPassword::Kept
    );
    sign_in(&stand.shop, "another password", "client")
        .await
        .unwrap();
}

#[tokio::test]
async fn only_the_password_opens_the_door() {
    let stand = stand_with_password().await;
    for wrong in [
        "",
        " ",
        "correct horse",
        "Correct horse battery",
        "correct horse battery ",
        "\0",
        &"x".repeat(10_000),
    ] {
        let answer = sign_in(&stand.shop, wrong, "client").await;
        assert!(
            matches!(answer, Err(SignInError::WrongPassword)),
            "{wrong:?}: {answer:?}"
        );
    }
    let token = sign_in(&stand.shop, PASSWORD, "client").await.unwrap();
    assert!(is_signed_in(&stand, &token).await);
    for wrong in [
        "",
        "0",
        &token.expose()[1..],
        &token.expose().to_ascii_uppercase(),
    ] {
        let forged = SessionToken::from_cookie(wrong);
        assert!(
            forged == token || !is_signed_in(&stand, &forged).await,
            "{wrong:?}"
        );
    }
}

#[tokio::test]
async fn without_any_password_nobody_gets_in() {
    let stand = Stand::open().await;
    let answer = sign_in(&stand.shop, "", "client").await;
    assert!(
        matches!(answer, Err(SignInError::WrongPassword)),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_client_that_fails_ten_times_is_not_listened_to_for_a_quarter_of_an_hour() {
    let stand = stand_with_password().await;
    for attempt in 1..=10 {
        let answer = sign_in(&stand.shop, "wrong", "guesser").await;
        assert!(
            matches!(answer, Err(SignInError::WrongPassword)),
            "attempt {attempt}: {answer:?}"
        );
    }
    for password in ["wrong", PASSWORD] {
        let answer = sign_in(&stand.shop, password, "guesser").await;
        assert!(matches!(answer, Err(SignInError::TooMany)), "{answer:?}");
    }
    // Others are not kept out by it.
    sign_in(&stand.shop, PASSWORD, "owner").await.unwrap();
    stand.pass_here(15 * 60 - 5);
    assert!(matches!(
        sign_in(&stand.shop, PASSWORD, "guesser").await,
        Err(SignInError::TooMany)
    ));
    stand.pass_here(15 * 60 + 5);
    sign_in(&stand.shop, PASSWORD, "guesser").await.unwrap();
}

#[tokio::test]
async fn the_right_password_forgives_the_wrong_ones_before() {
    let stand = stand_with_password().await;
    for _ in 0..3 {
        for _ in 0..9 {
            let answer = sign_in(&stand.shop, "wrong", "owner").await;
            assert!(
                matches!(answer, Err(SignInError::WrongPassword)),
                "{answer:?}"
            );
        }
        sign_in(&stand.shop, PASSWORD, "owner").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_at_the_same_moment_are_counted_each() {
    let stand = stand_with_password().await;
    let mut guesses = JoinSet::new();
    for _ in 0..30 {
        let shop = stand.shop.clone();
        guesses.spawn(async move { sign_in(&shop, "wrong", "guesser").await.unwrap_err() });
    }
    let errors = guesses.join_all().await;
    let looked_at = errors
        .iter()
        .filter(|error| matches!(error, SignInError::WrongPassword))
        .count();
    let turned_away = errors
        .iter()
        .filter(|error| matches!(error, SignInError::TooMany))
        .count();
    assert_eq!((looked_at, turned_away), (10, 20));
}

#[tokio::test]
async fn a_session_ends_after_its_time() {
    let stand = stand_with_password().await;
    let token = sign_in(&stand.shop, PASSWORD, "client").await.unwrap();
    stand.pass_here(SESSION_SECONDS - 5);
    assert!(is_signed_in(&stand, &token).await);
    stand.pass_here(5);
    assert!(!is_signed_in(&stand, &token).await);
    // The next one clears it away.
    sign_in(&stand.shop, PASSWORD, "client").await.unwrap();
    assert_eq!(
        stand
            .database
            .number("SELECT COUNT(*) FROM admin_sessions")
            .await,
        1
    );
}

#[tokio::test]
async fn signing_out_ends_this_session_and_no_other() {
    let stand = stand_with_password().await;
    let here = sign_in(&stand.shop, PASSWORD, "client").await.unwrap();
    let there = sign_in(&stand.shop, PASSWORD, "client").await.unwrap();
    sign_out(&stand.shop, &here).await.unwrap();
    sign_out(&stand.shop, &here).await.unwrap();
    assert!(!is_signed_in(&stand, &here).await);
    assert!(is_signed_in(&stand, &there).await);
    set_password(&stand.store, "a new password").await.unwrap();
    assert!(!is_signed_in(&stand, &there).await);
}

#[tokio::test]
async fn the_database_opens_no_door_by_itself() {
    let stand = stand_with_password().await;
    let token = sign_in(&stand.shop, PASSWORD, "client").await.unwrap();
    let mut texts = stand.database.texts("SELECT value FROM settings").await;
    texts.extend(
        stand
            .database
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
        assert!(!is_signed_in(&stand, &SessionToken::from_cookie(text)).await);
    }
    assert!(!format!("{token:?}").contains(token.expose()));
}
