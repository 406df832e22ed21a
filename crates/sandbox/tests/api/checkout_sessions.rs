//! Creating, reading and expiring Checkout Sessions.

use serde_json::json;

use crate::api_client::{ApiClient, DECLINED, PAID, eventually, id};

#[tokio::test]
async fn a_new_session_is_open_and_carries_what_was_asked_for() {
    let client = ApiClient::new().await;
    let session = client
        .session(&[
            ("line_items[1][price_data][currency]", "usd"),
            ("line_items[1][price_data][unit_amount]", "500"),
            ("line_items[1][price_data][product_data][name]", "Card"),
            ("line_items[1][quantity]", "3"),
            ("client_reference_id", "order_1"),
            ("metadata[order]", "order_1"),
            ("customer_email", "ada@example.com"),
        ])
        .await;
    assert!(id(&session).starts_with("cs_test_a1") && id(&session).len() == 66);
    assert_eq!(
        session["url"],
        format!("{}/c/pay/{}", client.base_url(), id(&session))
    );
    for (member, value) in [
        ("status", json!("open")),
        ("payment_status", json!("unpaid")),
        ("payment_intent", json!(null)),
        ("amount_subtotal", json!(3600)),
        ("amount_total", json!(3600)),
        ("currency", json!("usd")),
        ("client_reference_id", json!("order_1")),
        ("metadata", json!({ "order": "order_1" })),
        ("customer_email", json!("ada@example.com")),
        (
            "success_url",
            json!("https://shop.example/done?session_id={CHECKOUT_SESSION_ID}"),
        ),
        ("payment_method_types", json!(["card", "us_bank_account"])),
        ("livemode", json!(false)),
    ] {
        assert_eq!(session[member], value, "{member}");
    }
    let lifetime = session["expires_at"].as_i64().unwrap() - session["created"].as_i64().unwrap();
    assert_eq!(lifetime, 24 * 60 * 60);
    assert!(session.get("line_items").is_none());
    assert_eq!(client.retrieve(&session).await, session);
}

#[tokio::test]
async fn line_items_are_listed_in_their_order_and_expanded_on_request() {
    let client = ApiClient::new().await;
    let session = client
        .session(&[
            ("line_items[1][price_data][currency]", "usd"),
            ("line_items[1][price_data][unit_amount]", "500"),
            ("line_items[1][price_data][product_data][name]", "Card"),
            (
                "line_items[1][price_data][product_data][metadata][sku]",
                "C-1",
            ),
            ("line_items[1][quantity]", "3"),
        ])
        .await;
    let path = format!("/v1/checkout/sessions/{}", id(&session));
    let list = client
        .get(&format!("{path}/line_items?expand[]=data.price.product"))
        .await
        .body;
    assert_eq!(list["has_more"], false);
    assert_eq!(list["data"][0]["description"], "Print <A3>");
    assert_eq!(list["data"][1]["amount_total"], 1500);
    assert_eq!(
        list["data"][1]["price"]["product"]["metadata"]["sku"],
        "C-1"
    );

    let first = client.get(&format!("{path}/line_items?limit=1")).await.body;
    assert_eq!(first["has_more"], true);
    let after = format!("{path}/line_items?starting_after={}", id(&first["data"][0]));
    assert_eq!(
        client.get(&after).await.body["data"][0]["description"],
        "Card"
    );

    let expanded = client
        .get(&format!("{path}?expand%5B0%5D=line_items"))
        .await
        .body;
    assert_eq!(expanded["line_items"]["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_open_session_can_be_expired_once() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    let path = format!("/v1/checkout/sessions/{}/expire", id(&session));
    let expired = client.post(&path, &[]).await;
    assert_eq!(
        (expired.status, &expired.body["status"]),
        (200, &json!("expired"))
    );
    assert_eq!(expired.body["url"], json!(null));

    let again = client.post(&path, &[]).await;
    assert_eq!(again.status, 400);
    assert_eq!(
        again.error()["message"],
        "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of expired."
    );

    let page = client.pay(&session, PAID).await;
    assert_eq!(page.status, 410);
    assert!(page.html.contains("Back to shop.example"));

    eventually("the webhook came", async || {
        client.endpoint.count("checkout.session.expired") == 1
    })
    .await;
    let event = &client.endpoint.events()[0];
    assert_eq!(event["data"]["object"], expired.body);
    assert_eq!(
        event["request"]["id"],
        expired.header("request-id").unwrap()
    );
}

#[tokio::test]
async fn a_session_with_nothing_to_pay_completes_without_a_card() {
    let client = ApiClient::new().await;
    let session = client
        .session(&[("line_items[0][price_data][unit_amount]", "0")])
        .await;
    assert_eq!(session["payment_status"], "no_payment_required");
    let page = client.open(&format!("/c/pay/{}", id(&session))).await;
    assert!(!page.html.contains("cardNumber") && page.html.contains("Complete order"));
    assert_eq!(
        client
            .pay_with(&session, &[("cardNumber", "")])
            .await
            .status,
        303
    );
    let session = client.retrieve(&session).await;
    assert_eq!(
        (&session["status"], &session["payment_intent"]),
        (&json!("complete"), &json!(null))
    );
    assert_eq!(session["payment_status"], "no_payment_required");
    assert_eq!(client.event_types().await, ["checkout.session.completed"]);
}

#[tokio::test]
async fn everything_survives_a_restart() {
    let mut client = ApiClient::new().await;
    let paid = client.session(&[]).await;
    let open = client.session(&[]).await;
    client.pay(&paid, PAID).await;
    let before = client.retrieve(&paid).await;
    client.restart().await;
    assert_eq!(client.retrieve(&paid).await, before);
    assert_eq!(client.pay(&open, PAID).await.status, 303);
}

#[tokio::test]
async fn a_reset_deletes_everything() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    client.pay(&session, PAID).await;
    client.control("/sandbox/reset", &[]).await;
    for list in [
        "/v1/checkout/sessions",
        "/v1/payment_intents",
        "/v1/charges",
        "/v1/events",
        "/sandbox/deliveries",
    ] {
        assert_eq!(client.get(list).await.body["data"], json!([]), "{list}");
    }
}

#[tokio::test]
async fn the_payment_of_an_expired_session_ends_with_it() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    client.pay(&session, DECLINED).await;
    let path = format!("/v1/checkout/sessions/{}/expire", id(&session));
    let expired = client.make(&path, &[]).await;
    let path = format!(
        "/v1/payment_intents/{}",
        expired["payment_intent"].as_str().unwrap()
    );
    let intent = client.get(&path).await.body;
    assert_eq!(
        (&intent["status"], &intent["cancellation_reason"]),
        (&json!("canceled"), &json!("expired"))
    );
    let types = client.event_types().await;
    assert_eq!(
        types[types.len() - 2..],
        ["payment_intent.canceled", "checkout.session.expired"]
    );
}
