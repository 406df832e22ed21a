use std::time::Duration;

use domain::id::{CartKey, OrderId, OrderToken, PaymentId, VariantId};
use domain::money::{Currency, Money};
use domain::order::{Mode, Notification, OrderAmounts, OrderLine, Payment, PaymentState, Provider};
use mail_parser::{Message, MessageParser};
use shop::Shop;
use shop::mail::{Delivered, Mailer, MailerError, Recipient, deliver_due, run};
use store::orders::NewOrder;
use testkit::mail_server::{MailServer, Manners, Taken};

use crate::test_shop::{EMAIL, TestShop};

const FROM: &str = "Plotter & Press <owner@shop.example>";
const OWNER: &str = "owner@shop.example";

/// Long enough for any server that answers.
const PATIENT: Duration = Duration::from_secs(60);

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

fn by_smtp(server: &MailServer) -> Mailer {
    Mailer::smtp(&server.url(), FROM, PATIENT).unwrap()
}

/// Writes down an order, and that somebody has to be told about it.
async fn tell(test: &TestShop, name: &str, notifications: &[Notification]) -> OrderId {
    let id = OrderId::parse(name).unwrap();
    let line = OrderLine {
        variant: VariantId::parse("low-a4").unwrap(),
        sku: "LOW-A4".to_owned(),
        title: "Låg <ebb>\r\nBcc: eve@example.com".to_owned(),
        options: "A4".to_owned(),
        image: "/art/low-water.svg".to_owned(),
        unit_price: Money::new(2400, Currency::USD),
        quantity: 2,
        discount: Money::zero(Currency::USD),
        tax: Money::zero(Currency::USD),
        paid: Money::new(4800, Currency::USD),
        kind: domain::catalog::ProductKind::Shipped,
    };
    let mut tx = test.store.begin().await.unwrap();
    let order = NewOrder {
        id: &id,
        token: &OrderToken::parse(&format!("token-{name}")).unwrap(),
        cart_key: &CartKey::parse(&format!("key-{name}")).unwrap(),
        total: Money::new(4800, Currency::USD),
        amounts: &OrderAmounts::of_lines(Money::new(4800, Currency::USD)),
        details: None,
        email: None,
        lines: &[line],
        created_at: test.now(),
        payment: &payment(&id),
    };
    store::orders::insert(&mut tx, &order).await.unwrap();
    for notification in notifications {
        store::outbox::insert(&mut tx, &id, std::slice::from_ref(notification), test.now())
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    set_address(test, &id, EMAIL).await;
    id
}

fn payment(order: &OrderId) -> Payment {
    Payment {
        id: PaymentId::parse(order.as_str()).unwrap(),
        provider: Provider::StripeCheckout,
        mode: Mode::Test,
        account: None,
        reference: None,
        payment_reference: None,
        state: PaymentState::Open,
        amount: Money::new(4800, Currency::USD),
        captured: None,
        expires_at: 0,
        attempt: 1,
    }
}

async fn set_address(test: &TestShop, id: &OrderId, email: &str) {
    let sql = format!("UPDATE orders SET email = '{email}', status = 'paid' WHERE id = '{id}'");
    test.database.run(&sql).await;
}

async fn deliver(test: &TestShop, mailer: &Mailer) -> Delivered {
    deliver_due(&test.shop, mailer).await.unwrap()
}

async fn last_errors(test: &TestShop) -> Vec<String> {
    let sql = "SELECT last_error FROM outbox WHERE last_error IS NOT NULL";
    test.database.texts(sql).await
}

fn parse(bytes: &[u8]) -> Message<'_> {
    MessageParser::default().parse(bytes).unwrap()
}

const fn sent(sent: u64) -> Delivered {
    Delivered {
        sent,
        deferred: 0,
        dropped: 0,
    }
}

const fn deferred(deferred: u64) -> Delivered {
    Delivered {
        sent: 0,
        deferred,
        dropped: 0,
    }
}

#[tokio::test]
async fn shopper_and_admin_each_get_one_email_in_two_parts() {
    let test = TestShop::open().await;
    let server = MailServer::start().await;
    let mailer = by_smtp(&server);
    tell(
        &test,
        "one",
        &[Notification::Receipt, Notification::NewOrder],
    )
    .await;
    assert_eq!(deliver(&test, &mailer).await, sent(2));
    assert_eq!(deliver(&test, &mailer).await, sent(0));
    let mut taken = server.taken();
    taken.sort_by(|a, b| a.to.cmp(&b.to));
    let [receipt, new_order] = taken.as_slice() else {
        panic!("{} e-mails", taken.len());
    };
    assert_eq!((receipt.to.as_str(), new_order.to.as_str()), (EMAIL, OWNER));

    let message = parse(&receipt.message);
    assert_eq!(
        message.subject().unwrap(),
        "Your order 1001 at Plotter & Press"
    );
    let from = message.from().unwrap().first().unwrap();
    assert_eq!(from.name(), Some("Plotter & Press"));
    assert_eq!(from.address(), Some(OWNER));
    assert_eq!(
        message.to().unwrap().first().unwrap().address(),
        Some(EMAIL)
    );
    assert!(message.bcc().is_none() && message.date().is_some());
    assert_eq!(
        message.header_raw("Auto-Submitted").map(str::trim),
        Some("auto-generated")
    );
    let ids = test
        .database
        .texts("SELECT id FROM outbox WHERE kind = 'receipt'")
        .await;
    assert_eq!(
        message.message_id(),
        Some(format!("{}@shop.example", ids[0]).as_str())
    );

    assert_eq!(
        (message.text_body_count(), message.html_body_count()),
        (1, 1)
    );
    let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
    assert!(
        text.contains("2 x Låg <ebb> Bcc: eve@example.com (A4): $48.00"),
        "{text}"
    );
    assert!(text.contains("http://shop.test/orders/token-one"), "{text}");
    assert!(
        html.contains("Låg &lt;ebb&gt; Bcc: eve@example.com"),
        "{html}"
    );
    assert!(
        html.contains("href=\"http://shop.test/orders/token-one\""),
        "{html}"
    );
    let to_admin = parse(&new_order.message);
    assert!(
        to_admin
            .body_text(0)
            .unwrap()
            .contains("http://shop.test/admin/orders/1001")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn email_is_sent_by_one_of_many_workers() {
    let test = TestShop::open().await;
    let server = MailServer::start().await;
    for order in 0..6 {
        tell(
            &test,
            &format!("order-{order}"),
            &[Notification::Receipt, Notification::NewOrder],
        )
        .await;
    }
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (shop, mailer) = (test.shop.clone(), by_smtp(&server));
        workers.spawn(async move { deliver_due(&shop, &mailer).await.unwrap().sent });
    }
    let counts = workers.join_all().await;
    assert_eq!(counts.iter().sum::<u64>(), 12);
    let mut ids: Vec<_> = server.taken().iter().map(message_id).collect();
    ids.sort();
    assert_eq!(ids.len(), 12);
    ids.dedup();
    assert_eq!(ids.len(), 12, "none twice");
}

fn message_id(taken: &Taken) -> String {
    parse(&taken.message).message_id().unwrap().to_owned()
}

#[tokio::test]
async fn mail_server_that_is_down_gets_the_emails_when_it_is_up_again() {
    let test = TestShop::open().await;
    let server = MailServer::start().await;
    let mailer = by_smtp(&server);
    let port = server.stop().await;
    tell(&test, "one", &[Notification::Receipt]).await;
    assert_eq!(deliver(&test, &mailer).await, deferred(1));
    assert_eq!(
        last_errors(&test).await,
        ["the mail server cannot be reached"]
    );

    let server = MailServer::start_on(port).await;
    assert_eq!(
        deliver(&test, &mailer).await,
        sent(0),
        "its time has not come"
    );
    test.pass_here(2 * MINUTE);
    assert_eq!(deliver(&test, &mailer).await, sent(1));
    assert_eq!(server.taken().len(), 1);
    assert!(last_errors(&test).await.is_empty());
}

#[tokio::test]
async fn email_backs_off_up_to_hours_and_is_never_given_up() {
    let test = TestShop::open().await;
    let server = MailServer::start().await;
    server.behave(Manners::Refuses(451));
    let mailer = by_smtp(&server);
    tell(&test, "one", &[Notification::Receipt]).await;
    let mut longest = 0;
    for attempt in 1_i64..=12 {
        assert_eq!(
            deliver(&test, &mailer).await,
            deferred(1),
            "attempt {attempt}"
        );
        let due = test
            .database
            .number("SELECT next_attempt_at FROM outbox")
            .await;
        let pause = due - test.now();
        assert!(
            pause >= longest.min(6 * HOUR) - 5,
            "attempt {attempt}: {pause}"
        );
        assert!(pause <= 8 * HOUR, "attempt {attempt}: {pause}");
        longest = longest.max(MINUTE << attempt.min(9));
        test.pass_here(pause + 1);
    }
    server.behave(Manners::Good);
    assert_eq!(deliver(&test, &mailer).await, sent(1));
}

#[tokio::test]
async fn refused_email_is_tried_rarely_and_its_error_names_no_address() {
    let test = TestShop::open().await;
    let server = MailServer::start().await;
    server.behave(Manners::Refuses(550));
    let mailer = by_smtp(&server);
    tell(&test, "one", &[Notification::Receipt]).await;
    let other = tell(&test, "two", &[Notification::Receipt]).await;
    set_address(&test, &other, "ada\r\nBcc: eve@example.com").await;
    assert_eq!(deliver(&test, &mailer).await, deferred(2));
    let mut errors = last_errors(&test).await;
    errors.sort();
    assert_eq!(
        errors,
        [
            "the mail server refused it (code 550)",
            "the shopper's address is not one that mail can be sent to"
        ]
    );
    test.pass_here(5 * HOUR);
    assert_eq!(deliver(&test, &mailer).await, deferred(0));
    test.pass_here(3 * HOUR);
    assert_eq!(deliver(&test, &mailer).await, deferred(2));
}

#[tokio::test]
async fn server_that_says_nothing_is_not_waited_for() {
    let test = TestShop::open().await;
    let server = MailServer::start().await;
    server.behave(Manners::Hangs);
    let mailer = Mailer::smtp(&server.url(), FROM, Duration::from_millis(200)).unwrap();
    tell(&test, "one", &[Notification::Receipt]).await;
    assert_eq!(deliver(&test, &mailer).await, deferred(1));
    assert_eq!(
        last_errors(&test).await,
        ["the mail server did not answer in time"]
    );
}

#[tokio::test]
async fn email_whose_answer_was_lost_is_sent_again_under_the_same_id() {
    let test = TestShop::open().await;
    let server = MailServer::start().await;
    server.behave(Manners::DropsAfterData);
    let mailer = by_smtp(&server);
    tell(&test, "one", &[Notification::Receipt]).await;
    assert_eq!(deliver(&test, &mailer).await, deferred(1));
    server.behave(Manners::Good);
    test.pass_here(2 * MINUTE);
    assert_eq!(deliver(&test, &mailer).await, sent(1));
    let ids = test.database.texts("SELECT id FROM outbox").await;
    let taken = server.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(message_id(&taken[0]), format!("{}@shop.example", ids[0]));
}

#[tokio::test]
async fn email_that_a_dead_machine_had_in_hand_leaves_later() {
    let test = TestShop::open().await;
    let server = MailServer::start().await;
    let mailer = by_smtp(&server);
    tell(&test, "one", &[Notification::Receipt]).await;
    let mut tx = test.store.begin().await.unwrap();
    let now = test.now();
    let lost = store::outbox::take_due(&mut tx, now, now + 5 * MINUTE, 10)
        .await
        .unwrap();
    assert_eq!(lost.len(), 1);
    tx.commit().await.unwrap();
    assert_eq!(deliver(&test, &mailer).await, sent(0));
    test.pass_here(6 * MINUTE);
    assert_eq!(deliver(&test, &mailer).await, sent(1));
    assert_eq!(server.taken().len(), 1);
}

#[tokio::test]
async fn email_is_written_to_a_file_without_a_mail_server() {
    let test = TestShop::open().await;
    let folder = tempfile::tempdir().unwrap();
    let mail = folder.path().join("mail");
    let mailer = Mailer::files(&mail, FROM).unwrap();
    tell(
        &test,
        "one",
        &[Notification::Receipt, Notification::NewOrder],
    )
    .await;
    assert_eq!(deliver(&test, &mailer).await, sent(2));
    let names = |folder: &std::path::Path| {
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let mut expected: Vec<_> = test.database.texts("SELECT id FROM outbox").await;
    expected.iter_mut().for_each(|id| id.push_str(".eml"));
    expected.sort();
    assert_eq!(names(&mail), expected);
    let bytes = std::fs::read(mail.join(&expected[0])).unwrap();
    assert!(parse(&bytes).body_text(0).unwrap().contains("Order 1001"));

    // A machine that died before it wrote down that it had written them writes the same files.
    test.database
        .run("UPDATE outbox SET sent_at = NULL, next_attempt_at = 0")
        .await;
    assert_eq!(deliver(&test, &mailer).await, sent(2));
    assert_eq!(names(&mail), expected);
}

#[tokio::test]
async fn folder_that_cannot_be_written_keeps_the_emails() {
    let test = TestShop::open().await;
    let folder = tempfile::tempdir().unwrap();
    let mail = folder.path().join("mail");
    std::fs::write(&mail, "not a folder").unwrap();
    let mailer = Mailer::files(&mail, FROM).unwrap();
    tell(&test, "one", &[Notification::Receipt]).await;
    assert_eq!(deliver(&test, &mailer).await, deferred(1));
    std::fs::remove_file(&mail).unwrap();
    test.pass_here(2 * MINUTE);
    assert_eq!(deliver(&test, &mailer).await, sent(1));
}

#[tokio::test]
async fn late_address_gets_the_email_and_a_missing_one_drops_it() {
    let test = TestShop::open().await;
    let server = MailServer::start().await;
    let mailer = by_smtp(&server);
    let late = tell(&test, "late", &[Notification::Receipt]).await;
    tell(&test, "never", &[Notification::Receipt]).await;
    test.database.run("UPDATE orders SET email = NULL").await;
    assert_eq!(deliver(&test, &mailer).await, deferred(2));
    set_address(&test, &late, EMAIL).await;
    let mut all = Delivered::default();
    for _ in 0..20 {
        test.pass_here(8 * HOUR);
        let delivered = deliver(&test, &mailer).await;
        all.sent += delivered.sent;
        all.dropped += delivered.dropped;
    }
    assert_eq!((all.sent, all.dropped), (1, 1));
    assert_eq!(store::outbox::count_unsent(&test.store).await.unwrap(), 0);
    assert_eq!(server.taken().len(), 1);
}

#[tokio::test]
async fn unknown_kind_of_email_waits_for_a_newer_version() {
    let test = TestShop::open().await;
    let server = MailServer::start().await;
    let mailer = by_smtp(&server);
    tell(&test, "one", &[Notification::Receipt]).await;
    test.database
        .run("UPDATE outbox SET kind = 'newsletter'")
        .await;
    for _ in 0..20 {
        assert_eq!(deliver(&test, &mailer).await, deferred(1));
        test.pass_here(8 * HOUR);
    }
    assert_eq!(store::outbox::count_unsent(&test.store).await.unwrap(), 1);
}

#[tokio::test]
async fn worker_sends_until_it_is_stopped() {
    let test = TestShop::open().await;
    let server = MailServer::start().await;
    tell(&test, "one", &[Notification::Receipt]).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (shop, mailer): (Shop, _) = (test.shop.clone(), by_smtp(&server));
    let worker = tokio::spawn(run(shop, mailer, async {
        stopped.await.ok();
    }));
    let all_sent = async {
        while store::outbox::count_unsent(&test.store).await.unwrap() > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENT, all_sent).await.unwrap();
    stop.send(()).unwrap();
    tokio::time::timeout(PATIENT, worker)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(server.taken().len(), 1);
}

#[test]
fn mail_server_that_cannot_be_used_is_refused_with_what_to_do_and_no_password() {
    for (url, expected) in [
        ("mail.example.com", MailerError::NotAnUrl),
        ("http://mail.example.com", MailerError::NotAnUrl),
        ("smtp://", MailerError::NotAnUrl),
        ("smtp://mail.example.com?tls=perhaps", MailerError::NotAnUrl),
        ("smtps://user@mail.example.com", MailerError::NoPassword),
        (
            "smtp://user:hush@mail.example.com",
            MailerError::PasswordInTheClear,
        ),
    ] {
        let error = Mailer::smtp(url, FROM, PATIENT).unwrap_err();
        assert_eq!(error, expected, "{url}");
        assert!(!error.to_string().contains("hush"));
    }
    let server = "smtp://user:hush@localhost:2525";
    assert!(!format!("{:?}", Mailer::smtp(server, FROM, PATIENT).unwrap()).contains("hush"));
    for from in [
        "",
        "shop",
        "Shop <shop>",
        "shop@example.com\r\nBcc: eve@example.com",
    ] {
        let error = Mailer::smtp(server, from, PATIENT).unwrap_err();
        assert_eq!(error, MailerError::NotAMailbox, "{from:?}");
    }
    let nameless = Mailer::smtp(server, "shop@example.com", PATIENT).unwrap();
    assert_eq!(nameless.shop_name(), "example.com");
}

#[test]
fn every_form_of_a_mail_servers_address_is_taken() {
    for url in [
        "smtp://mail.example.com",
        "smtp://127.0.0.1:25",
        "smtps://user:p%40ss@mail.example.com:465",
        "smtp://user:hush@mail.example.com:587?tls=required",
        "smtp://user:hush@mail.example.com?tls=opportunistic",
    ] {
        Mailer::smtp(url, FROM, PATIENT).unwrap();
    }
}

#[test]
fn debug_text_contains_no_address() {
    let shopper = Recipient::Shopper(EMAIL.to_owned());
    assert_eq!(format!("{shopper:?}"), "Shopper");
}

#[tokio::test]
async fn answer_to_a_email_to_the_admin_goes_to_the_shopper() {
    let test = TestShop::open().await;
    let server = MailServer::start().await;
    tell(
        &test,
        "one",
        &[Notification::Receipt, Notification::NewOrder],
    )
    .await;
    assert_eq!(deliver(&test, &by_smtp(&server)).await, sent(2));
    for taken in server.taken() {
        let message = parse(&taken.message);
        let reply_to = message
            .reply_to()
            .and_then(|to| to.first()?.address().map(str::to_owned));
        let expected = (taken.to == OWNER).then(|| EMAIL.to_owned());
        assert_eq!(reply_to, expected, "the e-mail to {}", taken.to);
    }
}

#[tokio::test]
async fn recipient_gets_the_form_that_a_mail_server_takes() {
    let test = TestShop::open().await;
    let server = MailServer::start().await;
    for (name, written) in [
        ("one", "ada@b\u{fc}cher.example"),
        ("two", " Ada <ada@example.com> "),
        ("three", "ada..l@example.com"),
    ] {
        let id = tell(&test, name, &[Notification::Receipt]).await;
        set_address(&test, &id, written).await;
    }
    let delivered = deliver(&test, &by_smtp(&server)).await;
    assert_eq!(delivered, sent(3), "{:?}", last_errors(&test).await);
    let mut taken: Vec<String> = server.taken().into_iter().map(|taken| taken.to).collect();
    taken.sort();
    assert_eq!(
        taken,
        [
            "\"ada..l\"@example.com",
            "ada@example.com",
            "ada@xn--bcher-kva.example"
        ]
    );
}
