use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use domain::id::{OrderId, PaymentId};
use domain::money::{Currency, Money};
use domain::order::PaymentFact;
use payments::{
    ApiError, CheckoutSession, LineItem, NewCheckoutSession, RetryPolicy, SecretKey, SessionStatus,
    Stripe,
};
use sandbox::Sandbox;
use tempfile::TempDir;
use testkit::stub_stripe::{Reply, StubStripe};

pub(crate) const KEY: &str = "sk_test_sandbox";

/// As little as a test wants to wait.
pub(crate) fn fast_policy() -> RetryPolicy {
    RetryPolicy {
        timeout: Duration::from_millis(250),
        backoff: vec![Duration::from_millis(5); 3],
        total: Duration::from_secs(30),
    }
}

/// More than a busy machine needs to answer.
pub(crate) fn slow_policy() -> RetryPolicy {
    RetryPolicy {
        timeout: Duration::from_secs(30),
        ..RetryPolicy::default()
    }
}

pub(crate) fn stripe_at(base: &str, key: &str, policy: RetryPolicy) -> Stripe {
    Stripe::new(&SecretKey::parse(key).unwrap(), Some(base), policy).unwrap()
}

pub(crate) async fn sandbox() -> (Sandbox, Stripe, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = sandbox::start(sandbox::Config {
        addr: ([127, 0, 0, 1], 0).into(),
        state: folder.path().join("sandbox.db"),
        record: std::env::var_os("SANDBOX_RECORD").map(Into::into),
        ..sandbox::Config::default()
    })
    .await
    .unwrap();
    let stripe = stripe_at(sandbox.base_url(), KEY, slow_policy());
    (sandbox, stripe, folder)
}

pub(crate) fn new_session(order: &str) -> NewCheckoutSession {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    NewCheckoutSession {
        order: OrderId::parse(order).unwrap(),
        payment: PaymentId::parse(order).unwrap(),
        attempt: 1,
        order_number: 1001,
        mark: "mark".to_owned(),
        display_name: None,
        line_items: vec![
            LineItem {
                name: "Low Water & <Friends>".to_owned(),
                description: Some("A4 / Matte".to_owned()),
                image_url: Some("https://shop.example/art/low-water.svg".to_owned()),
                unit_price: Money::new(2400, Currency::USD),
                quantity: 2,
            },
            LineItem {
                name: "Notebook".to_owned(),
                description: None,
                image_url: None,
                unit_price: Money::new(1250, Currency::USD),
                quantity: 1,
            },
        ],
        ship_to: None,
        customer_email: None,
        // Made once per order, as the shop does, so that the same order makes the same request.
        expires_at: i64::try_from(now / 3600 * 3600 + 7200).unwrap(),
        success_url: "https://shop.example/orders/token?session_id={CHECKOUT_SESSION_ID}"
            .to_owned(),
        cancel_url: "https://shop.example/cart".to_owned(),
    }
}

/// The shopper pays with a card that works.
pub(crate) async fn pay(session: &CheckoutSession) {
    let paid = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
        .post(session.url.as_ref().unwrap())
        .form(&[
            ("email", "ada@example.com"),
            ("cardNumber", "4242424242424242"),
            ("cardExpiry", "12 / 34"),
            ("cardCvc", "123"),
            ("billingName", "Ada L"),
        ])
        .send()
        .await
        .unwrap();
    assert_eq!(paid.status(), 303);
}

/// A member of the session as the API tells it, past the client under test.
async fn retrieve(sandbox: &Sandbox, path: &str) -> serde_json::Value {
    let url = format!("{}/v1/checkout/sessions{path}", sandbox.base_url());
    let answer = reqwest::Client::new()
        .get(url)
        .bearer_auth(KEY)
        .send()
        .await
        .unwrap();
    answer.json().await.unwrap()
}

fn refusal(error: &ApiError) -> (u16, &str) {
    match error {
        ApiError::Refused { status, code, .. } => (*status, code),
        other => panic!("not refused but {other:?}"),
    }
}

fn is_unreachable(error: &ApiError) -> bool {
    matches!(error, ApiError::Unreachable(_))
}

#[tokio::test]
async fn session_asks_for_the_orders_lines_and_nothing_else() {
    let (sandbox, stripe, _folder) = sandbox().await;
    let session = stripe
        .create_checkout_session(&new_session("order-1"))
        .await
        .unwrap();
    assert_eq!(session.status, SessionStatus::Open);
    assert_eq!(session.client_reference_id.as_deref(), Some("order-1"));
    assert!(session.url.unwrap().starts_with(sandbox.base_url()));

    let retrieved_session = retrieve(&sandbox, &format!("/{}", session.id)).await;
    let expected = new_session("order-1");
    for (member, value) in [
        ("mode", "payment".into()),
        ("amount_total", 6050.into()),
        ("currency", "usd".into()),
        ("expires_at", expected.expires_at.into()),
        ("success_url", expected.success_url.into()),
        ("cancel_url", expected.cancel_url.into()),
        (
            "metadata",
            serde_json::json!({ "order_number": "1001", "installation_mark": "mark" }),
        ),
        ("customer_email", serde_json::Value::Null),
    ] {
        assert_eq!(retrieved_session[member], value, "{member}");
    }
    let lines = retrieve(&sandbox, &format!("/{}/line_items", session.id)).await;
    let lines: Vec<_> = lines["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            (
                line["description"].as_str(),
                line["price"]["unit_amount"].as_i64(),
                line["quantity"].as_i64(),
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            (Some("Low Water & <Friends>"), Some(2400), Some(2)),
            (Some("Notebook"), Some(1250), Some(1)),
        ]
    );
}

#[tokio::test]
async fn known_address_is_not_asked_for() {
    let (sandbox, stripe, _folder) = sandbox().await;
    let new = NewCheckoutSession {
        customer_email: Some("ada+prints@example.com".to_owned()),
        ..new_session("order-1")
    };
    let session = stripe.create_checkout_session(&new).await.unwrap();
    let retrieved = retrieve(&sandbox, &format!("/{}", session.id)).await;
    assert_eq!(retrieved["customer_email"], "ada+prints@example.com");
}

#[tokio::test]
async fn same_order_has_one_session_however_often_and_at_once_it_is_asked_for() {
    let (sandbox, stripe, _folder) = sandbox().await;
    let mut clicks = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let stripe = stripe.clone();
        clicks.spawn(async move {
            stripe
                .create_checkout_session(&new_session("order-1"))
                .await
                .unwrap()
                .id
        });
    }
    let ids = clicks.join_all().await;
    let again = stripe
        .create_checkout_session(&new_session("order-1"))
        .await
        .unwrap();
    assert!(
        ids.iter().all(|id| *id == again.id),
        "{ids:?} and {}",
        again.id
    );

    let other = stripe
        .create_checkout_session(&new_session("order-2"))
        .await
        .unwrap();
    assert_ne!(other.id, again.id);
    assert_eq!(
        retrieve(&sandbox, "").await["data"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn open_session_can_be_asked_for_and_ended_once() {
    let (_sandbox, stripe, _folder) = sandbox().await;
    let made = stripe
        .create_checkout_session(&new_session("order-1"))
        .await
        .unwrap();
    let found = stripe.checkout_session(&made.id).await.unwrap();
    assert_eq!(
        (found.id, found.url, found.status),
        (made.id.clone(), made.url, SessionStatus::Open)
    );

    let ended = stripe.expire_checkout_session(&made.id).await.unwrap();
    assert_eq!(ended.status, SessionStatus::Settled(PaymentFact::Expired));
    let found = stripe.checkout_session(&made.id).await.unwrap();
    assert_eq!(found.status, SessionStatus::Settled(PaymentFact::Expired));
    assert_eq!(found.url, None);

    let error = stripe.expire_checkout_session(&made.id).await.unwrap_err();
    assert_eq!(refusal(&error).0, 400);
}

#[tokio::test]
async fn paid_session_tells_its_payment() {
    let (sandbox, stripe, _folder) = sandbox().await;
    let made = stripe
        .create_checkout_session(&new_session("order-1"))
        .await
        .unwrap();
    pay(&made).await;

    let intent = retrieve(&sandbox, &format!("/{}", made.id)).await["payment_intent"]
        .as_str()
        .unwrap()
        .to_owned();
    let SessionStatus::Settled(PaymentFact::Captured(payment)) =
        stripe.checkout_session(&made.id).await.unwrap().status
    else {
        panic!("it is paid");
    };
    assert_eq!(payment.total, Money::new(6050, Currency::USD));
    assert_eq!(payment.payment_reference, Some(intent));
    assert_eq!(payment.email.as_deref(), Some("ada@example.com"));
    assert_eq!(
        refusal(&stripe.expire_checkout_session(&made.id).await.unwrap_err()).0,
        400
    );
}

#[tokio::test]
async fn session_is_read_without_the_members_that_nothing_acts_on() {
    let open = r#"{"id":"cs_test_1","object":"checkout.session","status":"open","url":"https://pay.example/1","automatic_tax":7}"#;
    let stub = StubStripe::start([Reply::Text(200, open)]).await;
    let stripe = stripe_at(&stub.base, KEY, fast_policy());
    let session = stripe
        .create_checkout_session(&new_session("order-1"))
        .await
        .unwrap();
    assert_eq!(session.id, "cs_test_1");
    assert_eq!(session.status, SessionStatus::Open);
    assert_eq!(session.url.as_deref(), Some("https://pay.example/1"));
}

#[tokio::test]
async fn failed_debit_is_read_from_the_payment_intent() {
    for (status, is_failed) in [
        ("requires_payment_method", true),
        ("canceled", true),
        ("processing", false),
    ] {
        let body = format!(
            r#"{{"id":"cs_test_1","status":"complete","payment_status":"unpaid","amount_total":100,"currency":"usd","payment_intent":{{"id":"pi_1","status":"{status}"}}}}"#
        );
        let stub = StubStripe::start([Reply::Full(200, &[], body)]).await;
        let stripe = stripe_at(&stub.base, KEY, fast_policy());
        let session = stripe.checkout_session("cs_test_1").await.unwrap();
        assert_eq!(
            session.status == SessionStatus::Settled(PaymentFact::Failed),
            is_failed,
            "{status}"
        );
        assert_eq!(stub.asked()[0].query, "expand[0]=payment_intent");
    }
}

#[tokio::test]
async fn restricted_key_that_may_not_read_intents_still_reads_sessions() {
    let refusal = r#"{"error":{"type":"invalid_request_error"}}"#;
    let open = r#"{"id":"cs_test_1","status":"open","url":"https://pay.example/1"}"#;
    let stub = StubStripe::start([Reply::Text(403, refusal), Reply::Text(200, open)]).await;
    let stripe = stripe_at(&stub.base, KEY, fast_policy());
    let session = stripe.checkout_session("cs_test_1").await.unwrap();
    assert_eq!(session.status, SessionStatus::Open);
    let queries: Vec<_> = stub.asked().into_iter().map(|asked| asked.query).collect();
    assert_eq!(queries, ["expand[0]=payment_intent", ""]);
}

#[tokio::test]
async fn stored_failure_differs_from_a_passing_one_and_is_not_retried() {
    let error = r#"{"error":{"type":"api_error"}}"#.to_owned();
    let stub = StubStripe::start([
        Reply::Full(500, &[], error.clone()),
        Reply::Full(500, &[("idempotent-replayed", "true")], error),
    ])
    .await;
    let stripe = stripe_at(&stub.base, KEY, fast_policy());
    let error = stripe
        .create_checkout_session(&new_session("order-1"))
        .await
        .unwrap_err();
    assert!(error.is_stored());
    assert_eq!(stub.asked().len(), 2, "the replay ends the attempts");
}

#[tokio::test]
async fn pay_page_shows_the_shops_name() {
    let (sandbox, stripe, _folder) = sandbox().await;
    let new = NewCheckoutSession {
        display_name: Some("Plotter & Press".to_owned()),
        ..new_session("order-1")
    };
    let session = stripe.create_checkout_session(&new).await.unwrap();
    let retrieved = retrieve(&sandbox, &format!("/{}", session.id)).await;
    assert_eq!(
        retrieved["branding_settings"]["display_name"],
        "Plotter & Press"
    );
}

#[tokio::test]
async fn next_attempt_has_another_idempotency_key() {
    let open = r#"{"id":"cs_test_1","status":"open"}"#;
    let stub = StubStripe::start([Reply::Text(200, open)]).await;
    let stripe = stripe_at(&stub.base, KEY, fast_policy());
    for attempt in [1, 2] {
        let new = NewCheckoutSession {
            attempt,
            ..new_session("order-1")
        };
        stripe.create_checkout_session(&new).await.unwrap();
    }
    let keys: Vec<_> = stub
        .asked()
        .into_iter()
        .map(|asked| asked.idempotency_key.unwrap())
        .collect();
    assert_eq!(keys, ["checkout-order-1", "checkout-order-1-2"]);
}

#[tokio::test]
async fn account_of_the_key_is_reported_by_the_sandbox() {
    let (_sandbox, stripe, _folder) = sandbox().await;
    assert!(stripe.account_id().await.unwrap().starts_with("acct_"));
}

#[tokio::test]
async fn session_of_an_unknown_status_is_not_taken_for_an_end() {
    for body in [
        r#"{"id":"cs_test_1","status":"paused"}"#,
        r#"{"id":"cs_test_1"}"#,
        r#"{"id":"cs_test_1","status":"complete","payment_status":"perhaps"}"#,
    ] {
        let stub = StubStripe::start([Reply::Text(200, body)]).await;
        let stripe = stripe_at(&stub.base, KEY, fast_policy());
        let session = stripe.checkout_session("cs_test_1").await.unwrap();
        assert_eq!(session.status, SessionStatus::Unknown, "{body}");
    }
}

#[tokio::test]
async fn refusal_of_stripe_is_returned_at_once_with_its_reason() {
    let (sandbox, stripe, _folder) = sandbox().await;
    let missing = stripe
        .checkout_session("cs_test_nowhere")
        .await
        .unwrap_err();
    assert_eq!(refusal(&missing), (404, "resource_missing"));

    let stranger = stripe_at(sandbox.base_url(), "sk_test_another", slow_policy());
    let error = stranger
        .create_checkout_session(&new_session("order-1"))
        .await
        .unwrap_err();
    assert!(matches!(error, ApiError::Configuration(_)), "{error:?}");

    let too_short = NewCheckoutSession {
        expires_at: 1,
        ..new_session("order-1")
    };
    match stripe
        .create_checkout_session(&too_short)
        .await
        .unwrap_err()
    {
        ApiError::Refused {
            status: 400, param, ..
        } => assert_eq!(param, "expires_at"),
        other => panic!("{other:?}"),
    }
    assert!(
        retrieve(&sandbox, "").await["data"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn refusal_is_not_asked_for_again() {
    let refusal = r#"{"error":{"type":"invalid_request_error","message":"No."}}"#;
    for status in [400, 402, 404] {
        let stub = StubStripe::start([Reply::Text(status, refusal)]).await;
        let stripe = stripe_at(&stub.base, KEY, slow_policy());
        let error = stripe
            .create_checkout_session(&new_session("order-1"))
            .await
            .unwrap_err();
        match error {
            ApiError::Refused {
                status: returned,
                code,
                ..
            } => {
                assert_eq!((returned, code.as_str()), (status, "invalid_request_error"));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(stub.asked().len(), 1, "after {status}");
    }
}

#[tokio::test]
async fn error_contains_no_key() {
    let refusal = r#"{"error":{"type":"invalid_request_error","message":"Invalid API Key: sk_test_sandbox"}}"#;
    for reply in [
        Reply::Text(401, refusal),
        Reply::Text(500, refusal),
        Reply::Text(200, "sk_test_sandbox"),
    ] {
        let stub = StubStripe::start([reply]).await;
        let stripe = stripe_at(&stub.base, KEY, fast_policy());
        let error = stripe.checkout_session("cs_test_1").await.unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(!text.contains("sk_test_sandbox"), "{text}");
        assert_eq!(
            stub.asked()[0].authorization.as_deref(),
            Some("Bearer sk_test_sandbox")
        );
    }
}

#[tokio::test]
async fn every_lost_answer_is_asked_for_again_with_the_same_key() {
    const TROUBLE: &str = r#"{"error":{"type":"api_error","message":"Trouble."}}"#;
    for reply in [
        Reply::Text(500, TROUBLE),
        Reply::Text(503, TROUBLE),
        Reply::Text(502, "<html>Bad Gateway</html>"),
        Reply::Text(500, ""),
        Reply::Text(429, TROUBLE),
        Reply::Text(409, TROUBLE),
        Reply::Text(200, "not what was asked for"),
        Reply::Text(200, r#"{"id":"cs_test_1"}"#),
        Reply::Silence,
    ] {
        let stub = StubStripe::start([reply.clone()]).await;
        let stripe = stripe_at(&stub.base, KEY, fast_policy());
        let error = stripe
            .create_checkout_session(&new_session("order-1"))
            .await
            .unwrap_err();
        assert!(is_unreachable(&error), "{reply:?} gave {error:?}");

        let asked = stub.asked();
        assert_eq!(asked.len(), 4, "{reply:?}");
        for request in &asked {
            assert_eq!(request.path, "/v1/checkout/sessions");
            assert_eq!(request.idempotency_key.as_deref(), Some("checkout-order-1"));
            assert_eq!(
                request.body, asked[0].body,
                "a key stands for one request, to the byte"
            );
        }
    }
}

#[tokio::test]
async fn session_whose_answer_was_lost_is_found_again_and_not_made_twice() {
    let (sandbox, _, _folder) = sandbox().await;
    let base = sandbox.base_url().to_owned();
    let stub = StubStripe::start([
        Reply::Text(502, "<html>Bad Gateway</html>"),
        Reply::Lose(base.clone()),
        Reply::Forward(base),
    ])
    .await;
    let policy = RetryPolicy {
        timeout: Duration::from_secs(3),
        backoff: vec![Duration::from_millis(5); 3],
        total: Duration::from_secs(30),
    };
    let stripe = stripe_at(&stub.base, KEY, policy);
    let session = stripe
        .create_checkout_session(&new_session("order-1"))
        .await
        .unwrap();
    let all = retrieve(&sandbox, "").await;
    let ids: Vec<_> = all["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|session| session["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, [session.id]);
    assert_eq!(stub.asked().len(), 3);
}

#[tokio::test]
async fn wait_for_a_closed_port_is_bounded() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let stripe = stripe_at(&base, KEY, fast_policy());
    let start = Instant::now();
    assert!(is_unreachable(
        &stripe
            .create_checkout_session(&new_session("order-1"))
            .await
            .unwrap_err()
    ));
    assert!(is_unreachable(
        &stripe.checkout_session("cs_test_1").await.unwrap_err()
    ));
    assert!(is_unreachable(
        &stripe
            .expire_checkout_session("cs_test_1")
            .await
            .unwrap_err()
    ));
    // Each call waits for four attempts of a quarter of a second at most.
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn slash_after_the_address_changes_nothing() {
    let stub = StubStripe::start([Reply::Text(404, "{}")]).await;
    for base in [stub.base.clone(), format!("{}/", stub.base)] {
        let stripe = stripe_at(
            &base,
            KEY,
            RetryPolicy {
                backoff: Vec::new(),
                ..fast_policy()
            },
        );
        stripe.checkout_session("cs_test_1").await.unwrap_err();
    }
    let paths: Vec<_> = stub.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(paths, ["/v1/checkout/sessions/cs_test_1"; 2]);
}

#[test]
fn invalid_api_base_is_refused() {
    let key = SecretKey::parse(KEY).unwrap();
    for base in ["", "not an address", "http://"] {
        let error = Stripe::new(&key, Some(base), RetryPolicy::default()).unwrap_err();
        assert!(
            matches!(error, ApiError::Configuration(_)),
            "{base:?}: {error:?}"
        );
    }
}

#[test]
fn pay_page_of_another_origin_is_an_error_that_names_the_setting() {
    let key = SecretKey::parse("sk_test_1").unwrap();
    let stripe = Stripe::new(&key, None, RetryPolicy::default()).unwrap();
    for url in [
        "https://checkout.stripe.com/c/pay/cs_test_1#fid",
        "https://CHECKOUT.stripe.com:443/c/pay/cs_test_1",
    ] {
        assert!(stripe.check_pay_page(url).is_ok(), "{url}");
    }
    for url in [
        "https://pay.shop.example/c/pay/cs_test_hush",
        "http://checkout.stripe.com/c/pay/cs_test_hush",
        "https://checkout.stripe.com@evil.example/c/pay/cs_test_hush",
        "https://checkout.stripe.com.evil.example/c/pay/cs_test_hush",
        "https://checkout.stripe.com:8443/c/pay/cs_test_hush",
        "javascript:alert('cs_test_hush')",
        "/c/pay/cs_test_hush",
        "",
    ] {
        let error = stripe.check_pay_page(url).unwrap_err().to_string();
        assert!(!error.contains("hush"), "{error}");
    }
    let url = "https://pay.shop.example/c/pay/cs_test_1";
    let error = stripe.check_pay_page(url).unwrap_err().to_string();
    let setting = "STRIPE_CHECKOUT_ORIGIN=https://pay.shop.example ";
    assert!(error.contains(setting), "{error}");
    let stripe = stripe.with_checkout_origin("https://Pay.shop.example:443");
    assert!(stripe.check_pay_page(url).is_ok());
}
