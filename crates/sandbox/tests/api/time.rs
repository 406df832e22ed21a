//! The clock, and what becomes due when it moves.

use serde_json::json;

use crate::api_client::{ApiClient, PAID, eventually};

#[tokio::test]
async fn a_session_expires_when_its_time_is_up() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    client
        .control("/sandbox/clock", &[("advance", "86000")])
        .await;
    assert_eq!(client.retrieve(&session).await["status"], "open");
    client
        .control("/sandbox/clock", &[("advance", "400")])
        .await;
    assert_eq!(client.retrieve(&session).await["status"], "expired");
    assert_eq!(client.pay(&session, PAID).await.status, 410);
    eventually("the webhook came", async || {
        client.endpoint.count("checkout.session.expired") == 1
    })
    .await;
    assert_eq!(
        client.endpoint.events()[0]["request"],
        json!({ "id": null, "idempotency_key": null })
    );
}

#[tokio::test]
async fn a_session_expires_while_the_sandbox_is_down() {
    let mut client = ApiClient::new().await;
    let session = client.session(&[]).await;
    client
        .control("/sandbox/clock", &[("advance", "86390")])
        .await;
    client.restart().await;
    assert_eq!(
        client.retrieve(&session).await["status"],
        "open",
        "the clock stays moved"
    );
    client.control("/sandbox/clock", &[("advance", "60")]).await;
    assert_eq!(client.retrieve(&session).await["status"], "expired");
}

#[tokio::test]
async fn a_paid_session_does_not_expire() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    client.pay(&session, PAID).await;
    client
        .control("/sandbox/clock", &[("advance", "90000")])
        .await;
    assert_eq!(client.retrieve(&session).await["status"], "complete");
}

#[tokio::test]
async fn a_card_runs_out_by_the_moved_clock() {
    let client = ApiClient::new().await;
    let years = 9 * 366 * 24 * 60 * 60;
    client
        .control("/sandbox/clock", &[("advance", &years.to_string())])
        .await;
    let session = client.session(&[]).await;
    assert!(
        client
            .pay(&session, PAID)
            .await
            .html
            .contains("expiration year is invalid")
    );
}

#[tokio::test]
async fn the_clock_can_be_set_right_again() {
    let client = ApiClient::new().await;
    let moved = client
        .control("/sandbox/clock", &[("advance", "1000")])
        .await;
    assert_eq!(moved["offset"], 1000);
    assert_eq!(
        client.control("/sandbox/clock", &[("reset", "true")]).await["offset"],
        0
    );
    for wrong in [
        &[("advance", "-1")][..],
        &[("advance", "1e3")],
        &[("advance", "9999999999999")],
        &[],
    ] {
        assert_eq!(
            client.post("/sandbox/clock", wrong).await.status,
            400,
            "{wrong:?}"
        );
    }
}
