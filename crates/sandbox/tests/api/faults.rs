//! The switchboard: each thing that can go wrong, and that it goes wrong only where it should.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use reqwest::Method;
use sandbox::{Fault, Faults};
use serde_json::{Value, json};

use crate::api_client::{Answer, ApiClient, PAID, eventually, id, order};

async fn merchant_with(fault: Fault, value: u32) -> ApiClient {
    ApiClient::with(|config| config.faults = Some(Faults::default().with(fault, value))).await
}

async fn injected(client: &ApiClient, fault: Fault) -> u64 {
    let view = client.get("/sandbox/faults").await.body;
    view["injected"][fault.name()].as_u64().unwrap()
}

async fn switch_off(client: &ApiClient) {
    client
        .control("/sandbox/faults", &[("reset", "true")])
        .await;
}

async fn sessions(client: &ApiClient) -> usize {
    let list = client.get("/v1/checkout/sessions").await.body;
    list["data"].as_array().unwrap().len()
}

async fn expire(client: &ApiClient) -> Value {
    let session = client.session(&[]).await;
    let path = format!("/v1/checkout/sessions/{}/expire", id(&session));
    let answer = client.post(&path, &[]).await;
    assert_eq!(answer.status, 200);
    answer.body
}

/// Creates a session under an idempotency key.
async fn create(client: &ApiClient, key: &str) -> Answer {
    let request = client
        .request(Method::POST, "/v1/checkout/sessions")
        .header("idempotency-key", key)
        .form(&order());
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn the_switches_are_set_shown_kept_over_a_restart_and_reset() {
    let mut client = ApiClient::new().await;
    let path = "/sandbox/faults";
    let set = client
        .control(path, &[("seed", "7"), ("webhook_drop", "20")])
        .await;
    assert_eq!(
        (&set["seed"], &set["webhook_drop"]),
        (&json!(7), &json!(20))
    );
    let set = client.control(path, &[("api_slow_ms", "1")]).await;
    assert_eq!(
        (&set["webhook_drop"], &set["api_slow_ms"]),
        (&json!(20), &json!(1)),
        "what is not named stays"
    );
    client.restart().await;
    let shown = client.get(path).await.body;
    assert_eq!(
        (&shown["seed"], &shown["webhook_drop"]),
        (&json!(7), &json!(20))
    );
    let set = client
        .control(path, &[("reset", "true"), ("api_error", "3")])
        .await;
    assert_eq!(
        (&set["webhook_drop"], &set["api_error"]),
        (&json!(0), &json!(3))
    );
    for wrong in [
        ("webhook_drop", "101"),
        ("webhook_drop", "x"),
        ("webhook_dorp", "1"),
        ("reset", "yes"),
    ] {
        let answer = client.post(path, &[wrong]).await;
        assert_eq!(answer.status, 400, "{wrong:?}");
        assert_eq!(answer.error()["param"], wrong.0);
    }
    client.control("/sandbox/reset", &[]).await;
    assert_eq!(client.get(path).await.body["api_error"], 0);
}

#[tokio::test]
async fn faults_leave_the_pay_page_and_the_control_surface_alone() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    client
        .control("/sandbox/faults", &[("api_rate_limit", "100")])
        .await;
    assert_eq!(client.pay(&session, PAID).await.status, 303);
    assert_eq!(client.get("/sandbox/deliveries").await.status, 200);
    assert_eq!(client.get("/v1/events").await.status, 429);
    switch_off(&client).await;
    assert_eq!(client.retrieve(&session).await["status"], "complete");
}

#[tokio::test]
async fn the_same_seed_breaks_the_same_requests() {
    let client = ApiClient::new().await;
    let mut runs = Vec::new();
    for seed in ["1", "1", "2"] {
        client
            .control("/sandbox/faults", &[("seed", seed), ("api_error", "50")])
            .await;
        let mut statuses = Vec::new();
        for _ in 0..40 {
            statuses.push(client.get("/v1/events").await.status);
        }
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}

#[tokio::test]
async fn a_lock_timeout_is_no_rate_limit_and_forgets_the_request() {
    let client = merchant_with(Fault::ApiLockTimeout, 100).await;
    let refused = create(&client, "a").await;
    assert_eq!(
        (refused.status, &refused.error()["code"]),
        (429, &json!("lock_timeout"))
    );
    assert_eq!(refused.header("stripe-rate-limited-reason"), None);
    assert_eq!(refused.header("stripe-should-retry"), Some("true"));
    switch_off(&client).await;
    let made = create(&client, "a").await;
    assert_eq!(
        (made.status, made.header("idempotent-replayed")),
        (200, None)
    );
}

#[tokio::test]
async fn a_rate_limit_turns_a_request_away_and_forgets_it() {
    let client = merchant_with(Fault::ApiRateLimit, 100).await;
    let limited = create(&client, "order-1").await;
    assert_eq!(limited.status, 429);
    assert_eq!(limited.error()["code"], "rate_limit");
    assert_eq!(limited.error()["type"], "invalid_request_error");
    assert_eq!(
        limited.header("stripe-rate-limited-reason"),
        Some("global-rate")
    );
    assert_eq!(limited.header("stripe-should-retry"), Some("true"));
    assert!(limited.header("request-id").unwrap().starts_with("req_"));
    assert_eq!(injected(&client, Fault::ApiRateLimit).await, 1);
    switch_off(&client).await;
    assert_eq!(sessions(&client).await, 0);
    let created = create(&client, "order-1").await;
    assert_eq!(
        (created.status, created.header("idempotent-replayed")),
        (200, None)
    );
}

#[tokio::test]
async fn an_error_before_the_work_leaves_nothing_behind() {
    let client = merchant_with(Fault::ApiError, 100).await;
    let failed = create(&client, "order-1").await;
    assert_eq!(failed.status, 500);
    assert_eq!(failed.error()["type"], "api_error");
    assert_eq!(failed.header("stripe-should-retry"), Some("true"));
    assert_eq!(injected(&client, Fault::ApiError).await, 1);
    switch_off(&client).await;
    assert_eq!(sessions(&client).await, 0);
    assert_eq!(
        create(&client, "order-1")
            .await
            .header("idempotent-replayed"),
        None
    );
}

#[tokio::test]
async fn an_error_after_the_work_hides_a_success_that_the_key_brings_to_light() {
    let client = merchant_with(Fault::ApiErrorAfter, 100).await;
    let hidden = create(&client, "order-1").await;
    assert_eq!(hidden.status, 500);
    assert_eq!(hidden.header("stripe-should-retry"), Some("true"));
    let without_key = client.post("/v1/checkout/sessions", &order()).await;
    assert_eq!(
        (
            without_key.status,
            without_key.header("stripe-should-retry")
        ),
        (500, Some("false")),
        "a repetition would do the work twice"
    );
    switch_off(&client).await;
    assert_eq!(sessions(&client).await, 2);
    let replayed = create(&client, "order-1").await;
    assert_eq!(
        (replayed.status, replayed.header("idempotent-replayed")),
        (200, Some("true"))
    );
    assert_eq!(sessions(&client).await, 2);
}

#[tokio::test]
async fn garbage_is_a_gateways_page_and_nothing_is_done() {
    let client = merchant_with(Fault::ApiGarbage, 100).await;
    let request = client.request(Method::POST, "/v1/checkout/sessions");
    let answer = request.form(&order()).send().await.unwrap();
    assert_eq!(answer.status(), 502);
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    assert!(!answer.headers().contains_key("request-id"));
    assert!(answer.text().await.unwrap().contains("502 Bad Gateway"));
    switch_off(&client).await;
    assert_eq!(sessions(&client).await, 0);
}

#[tokio::test]
async fn a_lost_answer_closes_the_connection_after_the_work() {
    let client = merchant_with(Fault::ApiLoseAnswer, 100).await;
    let request = client
        .request(Method::POST, "/v1/checkout/sessions")
        .header("idempotency-key", "order-1");
    let error = request.form(&order()).send().await.unwrap_err();
    assert!(!error.is_connect() && !error.is_timeout(), "{error:?}");
    assert_eq!(injected(&client, Fault::ApiLoseAnswer).await, 1);
    switch_off(&client).await;
    assert_eq!(sessions(&client).await, 1);
    let replayed = create(&client, "order-1").await;
    assert_eq!(
        (replayed.status, replayed.header("idempotent-replayed")),
        (200, Some("true"))
    );
}

#[tokio::test]
async fn slow_answers_come_late() {
    let client = merchant_with(Fault::ApiSlowMs, 200).await;
    let begun = Instant::now();
    for _ in 0..10 {
        assert_eq!(client.get("/v1/events").await.status, 200);
    }
    // Ten throws of 0 to 200 ms: less than 200 ms together would take a loaded die.
    assert!(begun.elapsed() > Duration::from_millis(200));
    assert_eq!(injected(&client, Fault::ApiSlowMs).await, 10);
}

#[tokio::test]
async fn ordinary_errors_say_whether_a_repetition_may_help() {
    let client = ApiClient::new().await;
    let missing = client.get("/v1/events/evt_x").await;
    assert_eq!(missing.header("stripe-should-retry"), Some("false"));
    assert_eq!(
        client.get("/v1/events").await.header("stripe-should-retry"),
        None
    );
}

#[tokio::test]
async fn a_dropped_webhook_is_lost_and_the_log_says_so() {
    let client = merchant_with(Fault::WebhookDrop, 100).await;
    expire(&client).await;
    let deliveries = client.deliveries().await;
    assert_eq!(deliveries.len(), 1);
    assert_eq!(deliveries[0]["state"], "dropped");
    assert_eq!(deliveries[0]["attempts"], json!([]));
    assert_eq!(injected(&client, Fault::WebhookDrop).await, 1);
    let event = deliveries[0]["event"].as_str().unwrap();
    let stored = client.get(&format!("/v1/events/{event}")).await.body;
    assert_eq!(stored["pending_webhooks"], 0);
    client
        .control(&format!("/sandbox/events/{event}/resend"), &[])
        .await;
    eventually("what is sent again by hand comes", async || {
        client.endpoint.received().len() == 1
    })
    .await;
}

#[tokio::test]
async fn a_duplicate_is_the_same_event_twice() {
    let client = merchant_with(Fault::WebhookDuplicate, 100).await;
    expire(&client).await;
    eventually("it came twice", async || {
        client.endpoint.received().len() == 2
    })
    .await;
    let received = client.endpoint.received();
    assert_eq!(received[0].body, received[1].body);
    assert_eq!(injected(&client, Fault::WebhookDuplicate).await, 1);
}

#[tokio::test]
async fn a_delayed_webhook_waits_for_its_time() {
    let client = merchant_with(Fault::WebhookDelayMs, 60_000).await;
    for _ in 0..5 {
        expire(&client).await;
    }
    let pending = client.deliveries().await;
    let times: HashSet<i64> = pending
        .iter()
        .filter_map(|delivery| delivery["next_attempt_at"].as_i64())
        .collect();
    assert!(times.len() > 1, "the delays differ: {pending:?}");
    client.control("/sandbox/clock", &[("advance", "61")]).await;
    eventually("all came", async || client.endpoint.received().len() == 5).await;
}

#[tokio::test]
async fn a_reordered_webhook_comes_after_a_later_one() {
    let client = merchant_with(Fault::WebhookReorder, 100).await;
    let first = expire(&client).await;
    switch_off(&client).await;
    let second = expire(&client).await;
    eventually("both came", async || client.endpoint.received().len() == 2).await;
    let about: Vec<_> = client
        .endpoint
        .events()
        .iter()
        .map(|event| event["data"]["object"]["id"].clone())
        .collect();
    assert_eq!(about, [second["id"].clone(), first["id"].clone()]);
}

#[tokio::test]
async fn a_reordered_webhook_that_nothing_follows_comes_all_the_same() {
    let client = merchant_with(Fault::WebhookReorder, 100).await;
    expire(&client).await;
    client.control("/sandbox/clock", &[("advance", "3")]).await;
    eventually("it came", async || client.endpoint.received().len() == 1).await;
}
