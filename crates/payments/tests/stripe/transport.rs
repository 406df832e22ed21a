use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use payments::{
    ApiError, NewCheckoutSession, Operation, OperationStats, RetryPolicy, Stripe, Unreachable,
};
use testkit::stub_stripe::{Reply, StubStripe};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::client::{KEY, fast_policy, new_session, sandbox, stripe_at};

const REFUSAL: &str = r#"{"error":{"type":"invalid_request_error","code":"resource_missing","param":"session","message":"No such session for ada@example.com."}}"#;
const TROUBLE: &str = r#"{"error":{"type":"api_error","message":"Trouble."}}"#;

/// Waits for every answer as long as it takes.
fn lasting_policy() -> RetryPolicy {
    RetryPolicy {
        timeout: Duration::from_secs(60),
        backoff: vec![Duration::from_millis(5); 3],
        total: Duration::from_secs(60),
    }
}

fn full(status: u16, headers: &'static [(&'static str, &'static str)], body: &str) -> Reply {
    Reply::Full(status, headers, body.to_owned())
}

/// Asks for a session that is not told, and answers why.
async fn failure(stripe: &Stripe) -> ApiError {
    stripe.checkout_session("cs_test_1").await.unwrap_err()
}

fn unreachable(error: ApiError) -> Unreachable {
    match error {
        ApiError::Unreachable(why) => why,
        other => panic!("not unreachable but {other:?}"),
    }
}

fn stats(stripe: &Stripe, operation: Operation) -> OperationStats {
    let mut all = stripe.stats().into_iter();
    all.find(|stats| stats.operation == operation).unwrap()
}

#[tokio::test]
async fn stripe_says_whether_to_try_again() {
    const NO: &[(&str, &str)] = &[("stripe-should-retry", "false")];
    const YES: &[(&str, &str)] = &[("stripe-should-retry", "true")];
    for (status, headers, body, attempts) in [
        (500, NO, TROUBLE, 1),
        (429, NO, TROUBLE, 1),
        (409, NO, TROUBLE, 1),
        (502, NO, "<html>", 1),
        (400, YES, REFUSAL, 4),
        (402, YES, REFUSAL, 4),
        (400, &[], REFUSAL, 1),
        (404, &[("stripe-should-retry", "maybe")], REFUSAL, 1),
        (424, &[], TROUBLE, 4),
        (599, &[], TROUBLE, 4),
        (302, &[("location", "/elsewhere")], "", 1),
    ] {
        let stub = StubStripe::start([full(status, headers, body)]).await;
        let stripe = stripe_at(&stub.base, KEY, lasting_policy());
        let error = failure(&stripe).await;
        assert_eq!(stub.asked().len(), attempts, "{status} {headers:?}");
        let is_refusal = matches!(error, ApiError::Refused { .. });
        assert_eq!(is_refusal, body == REFUSAL && attempts == 1, "{error:?}");
    }
}

#[tokio::test]
async fn foreign_answer_keeps_its_status() {
    let html = full(502, &[("request-id", "req_b2")], "<html>Bad Gateway</html>");
    let stub = StubStripe::start([html]).await;
    let error = failure(&stripe_at(&stub.base, KEY, lasting_policy())).await;
    assert_eq!(
        error.to_string(),
        "Stripe cannot be reached: an answer that is not Stripe's (status 502) (request req_b2)"
    );
    let why = unreachable(error);
    assert_eq!(why.status, Some(502));
    assert_eq!(why.request_id.as_deref(), Some("req_b2"));
}

#[tokio::test]
async fn key_that_stripe_does_not_take_is_the_shops_own_fault() {
    for status in [401, 403] {
        let stub = StubStripe::start([Reply::Text(status, REFUSAL)]).await;
        let stripe = stripe_at(&stub.base, KEY, lasting_policy());
        let error = failure(&stripe).await;
        assert!(
            matches!(
                error,
                ApiError::Configuration(_) | ApiError::Forbidden { .. }
            ),
            "{error:?}"
        );
        // What a restricted key may not expand is asked for once more without it.
        let calls = if status == 403 { 2 } else { 1 };
        assert_eq!(stub.asked().len(), calls);
        let stats = stats(&stripe, Operation::RetrieveCheckoutSession);
        assert_eq!((stats.misconfigured, stats.retries), (calls as u64, 0));
    }
}

#[tokio::test]
async fn slow_answer_is_not_waited_for() {
    let stub = StubStripe::start([Reply::Silence]).await;
    let policy = RetryPolicy {
        backoff: Vec::new(),
        ..fast_policy()
    };
    let start = Instant::now();
    let error = failure(&stripe_at(&stub.base, KEY, policy)).await;
    assert_eq!(unreachable(error).why, "no answer in time");
    assert!(start.elapsed() >= Duration::from_millis(250));
    assert_eq!(stub.asked().len(), 1);
}

#[tokio::test]
async fn attempts_have_a_total_timeout() {
    let stub = StubStripe::start([Reply::Silence]).await;
    let policy = RetryPolicy {
        timeout: Duration::from_secs(60),
        total: Duration::from_millis(300),
        ..fast_policy()
    };
    let stripe = stripe_at(&stub.base, KEY, policy);
    assert_eq!(unreachable(failure(&stripe).await).why, "no answer in time");
    assert_eq!(
        stats(&stripe, Operation::RetrieveCheckoutSession).unreachable,
        1
    );
}

#[tokio::test]
async fn connection_that_breaks_is_tried_again_with_the_same_key() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let mut requests = Vec::new();
        for is_last in [false, false, true] {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = String::new();
            while !request.contains("success_url") {
                let mut part = [0; 8192];
                let length = stream.read(&mut part).await.unwrap();
                request.push_str(std::str::from_utf8(&part[..length]).unwrap());
            }
            requests.push(request);
            if is_last {
                let answer = "HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}";
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        }
        requests
    });
    let stripe = stripe_at(&base, KEY, lasting_policy());
    let error = stripe
        .create_checkout_session(&new_session("order-1"))
        .await
        .unwrap_err();
    assert_eq!(unreachable(error).status, Some(400));
    for request in server.await.unwrap() {
        assert!(
            request.contains("idempotency-key: checkout-order-1\r\n"),
            "{request}"
        );
    }
    assert_eq!(stats(&stripe, Operation::CreateCheckoutSession).retries, 2);
}

#[tokio::test]
async fn one_connection_serves_many_calls() {
    let stub = StubStripe::start([
        Reply::Text(404, REFUSAL),
        Reply::Text(500, TROUBLE),
        Reply::Text(502, "<html>Bad Gateway</html>"),
        Reply::Text(404, REFUSAL),
    ])
    .await;
    let stripe = stripe_at(&stub.base, KEY, lasting_policy());
    for _ in 0..5 {
        failure(&stripe.clone()).await;
    }
    let asked = stub.asked();
    assert_eq!(asked.len(), 7);
    let connections: HashSet<_> = asked.iter().map(|asked| asked.peer).collect();
    assert_eq!(connections.len(), 1);
}

#[tokio::test]
async fn concurrent_calls_are_bounded_and_none_is_lost() {
    let (release, is_over) = watch::channel(false);
    let stub = StubStripe::start([Reply::Hold(is_over, 404, REFUSAL)]).await;
    let stripe = stripe_at(&stub.base, KEY, lasting_policy());
    let mut calls = JoinSet::new();
    for _ in 0..40 {
        let stripe = stripe.clone();
        calls.spawn(async move { failure(&stripe).await });
    }
    while stats(&stripe, Operation::RetrieveCheckoutSession).calls < 40 || stub.asked().len() < 16 {
        tokio::task::yield_now().await;
    }
    // Each of the 40 has had its turn to run, and 16 of them are being served.
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(stub.asked().len(), 16);
    release.send(true).unwrap();
    for error in calls.join_all().await {
        assert!(matches!(error, ApiError::Refused { .. }), "{error:?}");
    }
    assert_eq!(stub.asked().len(), 40);
}

#[tokio::test]
async fn waiting_for_a_turn_counts_as_waiting() {
    let stub = StubStripe::start([Reply::Silence]).await;
    let policy = RetryPolicy {
        timeout: Duration::from_secs(60),
        backoff: Vec::new(),
        total: Duration::from_secs(2),
    };
    let stripe = stripe_at(&stub.base, KEY, policy);
    let start = Instant::now();
    let mut calls = JoinSet::new();
    for _ in 0..40 {
        let stripe = stripe.clone();
        calls.spawn(async move { unreachable(failure(&stripe).await).why });
    }
    assert_eq!(calls.join_all().await, ["no answer in time"; 40]);
    // In turns it would have been three times two seconds.
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn retry_after_is_honored() {
    let stub = StubStripe::start([
        full(429, &[("retry-after", "1")], TROUBLE),
        full(429, &[("retry-after", "3600")], TROUBLE),
    ])
    .await;
    let start = Instant::now();
    let error = failure(&stripe_at(&stub.base, KEY, lasting_policy())).await;
    assert!(start.elapsed() >= Duration::from_secs(1));
    // An hour is more than anybody waits here, so the answer is given at once.
    assert_eq!(unreachable(error).status, Some(429));
    assert_eq!(stub.asked().len(), 2);
}

#[tokio::test]
async fn every_call_is_counted_by_what_it_was_and_how_it_ended() {
    let (_sandbox, stripe, _folder) = sandbox().await;
    assert!(stripe.stats().iter().all(|stats| stats.calls == 0));
    let made = stripe
        .create_checkout_session(&new_session("order-1"))
        .await
        .unwrap();
    stripe.checkout_session(&made.id).await.unwrap();
    failure(&stripe).await;

    let created = stats(&stripe, Operation::CreateCheckoutSession);
    assert_eq!((created.calls, created.ended, created.refused), (1, 1, 0));
    assert!(created.total > Duration::ZERO);
    let asked = stats(&stripe, Operation::RetrieveCheckoutSession);
    assert_eq!((asked.calls, asked.ended, asked.refused), (2, 2, 1));
    assert!(
        asked.at_most.is_sorted(),
        "each bound holds the ones before"
    );
    assert_eq!(stats(&stripe, Operation::CreateRefund).calls, 0);

    let stub = StubStripe::start([Reply::Text(503, TROUBLE)]).await;
    let stripe = stripe_at(&stub.base, KEY, lasting_policy());
    failure(&stripe).await;
    let failed = stats(&stripe, Operation::RetrieveCheckoutSession);
    assert_eq!((failed.calls, failed.retries), (1, 3));
    assert_eq!((failed.unreachable, failed.refused), (1, 0));
}

#[test]
fn every_operation_has_its_own_name_and_numbers() {
    let names: HashSet<_> = Operation::ALL.map(Operation::as_str).into();
    assert_eq!(names.len(), Operation::ALL.len());
    for (index, operation) in Operation::ALL.into_iter().enumerate() {
        assert_eq!(operation as usize, index);
    }
}

/// The lines of a log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn log_names_each_failed_attempt_and_no_secret_and_no_shopper() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let stub = StubStripe::start([
        full(500, &[("request-id", "req_first")], TROUBLE),
        full(429, &[("request-id", "sk_test_sandbox")], TROUBLE),
        full(400, &[("request-id", "req_last")], REFUSAL),
    ])
    .await;
    let stripe = stripe_at(&stub.base, KEY, lasting_policy());
    let new = NewCheckoutSession {
        customer_email: Some("ada@example.com".to_owned()),
        ..new_session("order-1")
    };
    let error = stripe.create_checkout_session(&new).await.unwrap_err();

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let line = |part: &str| log.lines().find(|line| line.contains(part)).unwrap();
    assert!(
        line("req_first").contains("retrying a request to Stripe"),
        "{log}"
    );
    assert!(
        line("req_first").contains("create_checkout_session"),
        "{log}"
    );
    assert!(line("req_last").contains("Stripe failed"), "{log}");
    assert!(line("req_last").contains("resource_missing"), "{log}");
    for hidden in ["sk_test", "Bearer", "ada@example.com", "ada%40example.com"] {
        assert!(!format!("{log}{error}{error:?}").contains(hidden), "{log}");
    }
}
