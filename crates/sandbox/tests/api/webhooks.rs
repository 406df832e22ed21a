//! Webhooks: signatures, retries, order and the log.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sandbox::Webhook;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::api_client::{ApiClient, PAID, SECRET, eventually, id};

pub(crate) fn signature(secret: &str, time: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{time}.{body}").as_bytes());
    mac.finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

pub(crate) async fn settled(client: &ApiClient) -> Vec<Value> {
    eventually("no delivery is pending", async || {
        client
            .deliveries()
            .await
            .iter()
            .all(|delivery| delivery["state"] != "pending")
    })
    .await;
    client.deliveries().await
}

fn statuses(delivery: &Value) -> Vec<&Value> {
    delivery["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| &attempt["status"])
        .collect()
}

#[tokio::test]
async fn each_webhook_is_the_event_and_is_signed_with_every_secret() {
    let client =
        ApiClient::with(|config| config.webhooks[0].secret = format!("{SECRET},whsec_second"))
            .await;
    let session = client.session(&[]).await;
    client.pay(&session, PAID).await;
    eventually("four webhooks came", async || {
        client.endpoint.received().len() == 4
    })
    .await;
    for received in client.endpoint.received() {
        let mut parts = received.header("stripe-signature").split(',');
        let time = parts.next().unwrap().strip_prefix("t=").unwrap();
        for secret in [SECRET, "whsec_second"] {
            assert_eq!(
                parts.next().unwrap(),
                format!("v1={}", signature(secret, time, &received.body))
            );
        }
        assert_eq!(parts.next(), None);
        assert_eq!(
            received.header("content-type"),
            "application/json; charset=utf-8"
        );
        assert!(received.header("user-agent").starts_with("Stripe/1.0"));

        let event = received.json();
        let mut stored = client.get(&format!("/v1/events/{}", id(&event))).await.body;
        stored["pending_webhooks"] = json!(1);
        assert_eq!(event, stored);
    }
}

#[tokio::test]
async fn an_event_is_a_snapshot() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    client.pay(&session, "4000000000000002").await;
    client.pay(&session, PAID).await;
    let created = client
        .get("/v1/events?type=payment_intent.created")
        .await
        .body;
    assert_eq!(
        created["data"][0]["data"]["object"]["status"],
        "requires_payment_method"
    );
    assert_eq!(
        created["data"][0]["data"]["object"]["latest_charge"],
        Value::Null
    );
}

#[tokio::test]
async fn a_failure_is_retried_until_it_succeeds() {
    let client = ApiClient::new().await;
    client.endpoint.answer_next(&[500, 302, 404]);
    let session = client.session(&[]).await;
    client
        .post(
            &format!("/v1/checkout/sessions/{}/expire", id(&session)),
            &[],
        )
        .await;
    let deliveries = settled(&client).await;
    assert_eq!(
        (deliveries.len(), &deliveries[0]["state"]),
        (1, &json!("delivered"))
    );
    assert_eq!(statuses(&deliveries[0]), [500, 302, 404, 200]);
    assert_eq!(deliveries[0]["attempts"][0]["response"], "noted");
    let bodies: Vec<_> = client
        .endpoint
        .received()
        .into_iter()
        .map(|received| received.body)
        .collect();
    assert!(
        bodies.windows(2).all(|pair| pair[0] == pair[1]),
        "every attempt carries the same bytes"
    );
}

#[tokio::test]
async fn retries_come_to_an_end_and_an_event_can_be_sent_again() {
    let client = ApiClient::with(|config| config.retries = vec![Duration::ZERO]).await;
    client.endpoint.answer_next(&[500, 500]);
    let session = client.session(&[]).await;
    client
        .post(
            &format!("/v1/checkout/sessions/{}/expire", id(&session)),
            &[],
        )
        .await;
    let deliveries = settled(&client).await;
    assert_eq!(deliveries[0]["state"], "failed");
    assert_eq!(statuses(&deliveries[0]), [500, 500]);
    let counts = client.get("/sandbox/deliveries/counts").await.body;
    assert_eq!(
        counts,
        json!({ "pending": 0, "delivered": 0, "failed": 1, "dropped": 0, "canceled": 0 })
    );

    let event = deliveries[0]["event"].as_str().unwrap();
    client
        .control(&format!("/sandbox/events/{event}/resend"), &[])
        .await;
    eventually("it came a third time", async || {
        client.endpoint.received().len() == 3
    })
    .await;
    assert_eq!(
        client
            .post("/sandbox/events/evt_x/resend", &[])
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn moving_the_clock_fires_retries() {
    let client = ApiClient::with(|config| config.retries = vec![Duration::from_secs(3600)]).await;
    client.endpoint.answer_next(&[500]);
    let session = client.session(&[]).await;
    client
        .post(
            &format!("/v1/checkout/sessions/{}/expire", id(&session)),
            &[],
        )
        .await;
    eventually("the first attempt is logged", async || {
        statuses(&client.deliveries().await[0]).len() == 1
    })
    .await;
    client
        .control("/sandbox/clock", &[("advance", "3600")])
        .await;
    assert_eq!(statuses(&settled(&client).await[0]), [500, 200]);
}

#[tokio::test]
async fn pending_deliveries_are_made_after_a_restart() {
    let mut client = ApiClient::new().await;
    client
        .control("/sandbox/webhooks", &[("delivery", "held")])
        .await;
    let session = client.session(&[]).await;
    client.pay(&session, PAID).await;
    assert_eq!(client.endpoint.received().len(), 0);
    client.restart().await;
    eventually("it came", async || {
        client.endpoint.count("checkout.session.completed") == 1
    })
    .await;
}

#[tokio::test]
async fn held_webhooks_come_when_they_are_let_go() {
    let client = ApiClient::new().await;
    client
        .control("/sandbox/webhooks", &[("delivery", "held")])
        .await;
    let session = client.session(&[]).await;
    assert_eq!(client.pay(&session, PAID).await.status, 303);
    let event = &client.get("/v1/events").await.body["data"][0];
    assert_eq!(
        (&event["pending_webhooks"], client.endpoint.received().len()),
        (&json!(1), 0)
    );
    client
        .control("/sandbox/webhooks", &[("delivery", "immediate")])
        .await;
    eventually("all four came", async || {
        client.endpoint.received().len() == 4
    })
    .await;
    settled(&client).await;
    assert_eq!(
        client.get("/v1/events").await.body["data"][0]["pending_webhooks"],
        0
    );
}

#[tokio::test]
async fn webhooks_can_come_before_the_redirect() {
    let client = ApiClient::with(|config| config.retries = vec![Duration::from_secs(3600)]).await;
    client
        .control("/sandbox/webhooks", &[("delivery", "before_redirect")])
        .await;
    client.endpoint.answer_next(&[500]);
    for _ in 0..5 {
        let before = client.endpoint.received().len();
        let session = client.session(&[]).await;
        client.pay(&session, PAID).await;
        assert_eq!(client.endpoint.received().len(), before + 4);
    }
    assert_eq!(
        client
            .post("/sandbox/webhooks", &[("delivery", "never")])
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn every_endpoint_receives_every_event_and_one_that_is_down_does_not_hold_up_another() {
    let down = Webhook {
        url: "http://127.0.0.1:1/".to_owned(),
        secret: "whsec_x".to_owned(),
    };
    let client = ApiClient::with(|config| config.webhooks.push(down)).await;
    let session = client.session(&[]).await;
    client.pay(&session, PAID).await;
    let deliveries = settled(&client).await;
    assert_eq!(deliveries.len(), 8);
    let failed: Vec<_> = deliveries
        .iter()
        .filter(|delivery| delivery["state"] == "failed")
        .collect();
    assert_eq!(failed.len(), 4);
    assert_eq!(statuses(failed[0]), [&Value::Null; 4]);
    assert!(
        failed[0]["attempts"][0]["response"]
            .as_str()
            .unwrap()
            .contains("refused")
    );
}

#[tokio::test]
async fn an_edit_tells_what_was_there_before_and_one_that_changes_nothing_tells_nothing() {
    let client = ApiClient::new().await;
    let disputed = client.charge("4000000000000259").await;
    let dispute = client.get("/v1/disputes").await.body["data"][0].clone();
    let charge = client.charge(PAID).await;
    let refund = client.refund(&[("charge", id(&charge))]).await;
    let customer = client
        .make("/v1/customers", &[("payment_method", "pm_card_visa")])
        .await;
    let methods = format!("/v1/customers/{}/payment_methods", id(&customer));
    let method = client.get(&methods).await.body["data"][0].clone();
    let product = client.make("/v1/products", &[("name", "Print")]).await;
    let price = [
        ("currency", "usd"),
        ("unit_amount", "2100"),
        ("product", id(&product)),
    ];
    let price = client.make("/v1/prices", &price).await;
    let coupon = [("percent_off", "25"), ("duration", "once")];
    let coupon = client.make("/v1/coupons", &coupon).await;
    let code = [
        ("promotion[type]", "coupon"),
        ("promotion[coupon]", id(&coupon)),
    ];
    let code = client.make("/v1/promotion_codes", &code).await;
    for (collection, object, kind) in [
        ("charges", &disputed, "charge.updated"),
        ("disputes", &dispute, "charge.dispute.updated"),
        ("refunds", &refund, "refund.updated"),
        ("customers", &customer, "customer.updated"),
        ("payment_methods", &method, "payment_method.updated"),
        ("products", &product, "product.updated"),
        ("prices", &price, "price.updated"),
        ("coupons", &coupon, "coupon.updated"),
        ("promotion_codes", &code, "promotion_code.updated"),
    ] {
        let path = format!("/v1/{collection}/{}", id(object));
        // Evidence that is only staged is no answer to the bank.
        let staged = [("metadata[a]", "1"), ("submit", "false")];
        let form = &staged[..if collection == "disputes" { 2 } else { 1 }];
        for _ in 0..2 {
            client.make(&path, form).await;
        }
        let told = client.get(&format!("/v1/events?type={kind}")).await.body;
        let told = told["data"].as_array().unwrap();
        assert_eq!(told.len(), 1, "{kind}");
        let before = &told[0]["data"]["previous_attributes"]["metadata"];
        assert_eq!(*before, json!({ "a": null }), "{kind}");
    }
}
