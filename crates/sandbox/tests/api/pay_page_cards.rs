//! The pay page, with cards that succeed and fail.

use serde_json::{Value, json};

use crate::api_client::{ApiClient, DECLINED, PAID, id};

const PAID_EVENTS: [&str; 4] = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
];

#[tokio::test]
async fn paying_completes_the_session_and_leads_back_to_the_shop() {
    let client = ApiClient::new().await;
    let session = client
        .session(&[
            ("payment_intent_data[metadata][order]", "1"),
            ("payment_intent_data[description]", "Order 1"),
        ])
        .await;
    let page = client.pay(&session, PAID).await;
    assert_eq!(page.status, 303);
    assert_eq!(
        page.location.unwrap(),
        format!("https://shop.example/done?session_id={}", id(&session))
    );

    let path = format!(
        "/v1/checkout/sessions/{}?expand[]=payment_intent.latest_charge",
        id(&session)
    );
    let session = client.get(&path).await.body;
    assert_eq!(session["status"], "complete");
    assert_eq!(session["payment_status"], "paid");
    assert_eq!(session["url"], Value::Null);
    assert_eq!(session["customer_details"]["email"], "ada@example.com");
    assert_eq!(session["customer_details"]["name"], "Ada L");
    let intent = &session["payment_intent"];
    assert_eq!(
        (&intent["status"], &intent["amount_received"]),
        (&json!("succeeded"), &json!(2100))
    );
    assert_eq!(
        (&intent["metadata"]["order"], &intent["description"]),
        (&json!("1"), &json!("Order 1"))
    );
    let charge = &intent["latest_charge"];
    assert_eq!(
        (&charge["paid"], &charge["amount_captured"]),
        (&json!(true), &json!(2100))
    );
    assert_eq!(charge["billing_details"]["name"], "Ada L");
    let card = &charge["payment_method_details"]["card"];
    assert_eq!(
        (&card["brand"], &card["last4"], &card["exp_month"]),
        (&json!("visa"), &json!("4242"), &json!(12))
    );
    assert_eq!(client.event_types().await, PAID_EVENTS);

    let again = client.open(&format!("/c/pay/{}", id(&session))).await;
    assert!(again.status == 200 && again.html.contains("You have paid already"));
}

#[tokio::test]
async fn a_decline_leaves_the_session_open_for_another_card() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    let page = client.pay(&session, DECLINED).await;
    assert_eq!(page.status, 200);
    assert!(
        page.html.contains("Your card was declined.")
            && page.html.contains("aria-invalid=\"true\"")
    );
    assert!(
        page.html.contains("value=\"ada@example.com\""),
        "what was typed is kept"
    );

    let session = client.retrieve(&session).await;
    assert_eq!(
        (&session["status"], &session["payment_status"]),
        (&json!("open"), &json!("unpaid"))
    );
    let path = format!(
        "/v1/payment_intents/{}",
        session["payment_intent"].as_str().unwrap()
    );
    let intent = client.get(&path).await.body;
    assert_eq!(intent["status"], "requires_payment_method");
    assert_eq!(
        intent["last_payment_error"]["decline_code"],
        "generic_decline"
    );
    assert_eq!(
        intent["last_payment_error"]["charge"],
        intent["latest_charge"]
    );

    assert_eq!(client.pay(&session, PAID).await.status, 303);
    assert_eq!(
        client.get(&path).await.body["last_payment_error"],
        Value::Null
    );
    assert_eq!(
        client.event_types().await,
        [
            &[
                "payment_intent.created",
                "charge.failed",
                "payment_intent.payment_failed"
            ],
            &PAID_EVENTS[1..]
        ]
        .concat()
    );
}

#[tokio::test]
async fn each_declining_card_says_why() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    for (card, code, message) in [
        (
            "4000000000009995",
            "insufficient_funds",
            "Your card has insufficient funds.",
        ),
        ("4000000000009987", "lost_card", "Your card was declined."),
        ("4000000000009979", "stolen_card", "Your card was declined."),
        (
            "4000000000006975",
            "card_velocity_exceeded",
            "Your card was declined for making repeated attempts",
        ),
        ("4000000000000069", "expired_card", "Your card has expired."),
        (
            "4000000000000127",
            "incorrect_cvc",
            "Your card&#39;s security code is incorrect.",
        ),
        (
            "4000000000000119",
            "processing_error",
            "An error occurred while processing your card.",
        ),
        ("4100000000000019", "fraudulent", "Your card was declined."),
        (
            "4539578763621486",
            "test_mode_live_card",
            "Your request was in test mode",
        ),
    ] {
        let page = client.pay(&session, card).await;
        assert!(page.html.contains(message), "{card}");
        let charges = client
            .get("/v1/charges?limit=1&expand[]=data.payment_intent")
            .await
            .body;
        let charge = &charges["data"][0];
        let error = &charge["payment_intent"]["last_payment_error"];
        let told = if error["decline_code"].is_null() {
            &error["code"]
        } else {
            &error["decline_code"]
        };
        assert_eq!(
            (told, &charge["status"]),
            (&json!(code), &json!("failed")),
            "{card}"
        );
    }
}

#[tokio::test]
async fn many_clicks_at_once_charge_once() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    let clicks = tokio::join!(
        client.pay(&session, PAID),
        client.pay(&session, PAID),
        client.pay(&session, PAID),
        client.pay(&session, PAID),
    );
    for page in [clicks.0, clicks.1, clicks.2, clicks.3] {
        assert_eq!(page.status, 303);
        assert!(
            page.location
                .unwrap()
                .starts_with("https://shop.example/done")
        );
    }
    assert_eq!(
        client.get("/v1/charges").await.body["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(client.event_types().await, PAID_EVENTS);
}
