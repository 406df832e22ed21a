use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::site::Site;

pub(crate) const SECRET: &str = "whsec_sandbox";

pub(crate) fn now() -> i64 {
    i64::try_from(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs(),
    )
    .unwrap()
}

pub(crate) fn sign(secret: &str, time: i64, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .unwrap()
        .chain_update(format!("{time}.{body}"));
    format!("t={time},v1={}", hex::encode(mac.finalize().into_bytes()))
}

async fn deliver(
    site: &Site,
    path: &str,
    signature: Option<&str>,
    body: impl Into<reqwest::Body>,
) -> StatusCode {
    let mut request = site.browser().request(Method::POST, path).body(body);
    if let Some(signature) = signature {
        request = request.header("stripe-signature", signature);
    }
    request.send().await.unwrap().status()
}

async fn recorded(site: &Site) -> Vec<String> {
    site.database
        .texts("SELECT outcome FROM webhook_events ORDER BY id")
        .await
}

/// An order that waits for payment, and the event that pays it.
async fn pending_order(site: &Site) -> Value {
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    browser.check_out().await;
    let order = site.database.texts("SELECT id FROM orders").await.remove(0);
    let session = site
        .database
        .texts("SELECT reference FROM payments")
        .await
        .remove(0);
    json!({
        "id": "evt_1",
        "type": "checkout.session.completed",
        "livemode": false,
        "data": { "object": {
            "id": session,
            "mode": "payment",
            "client_reference_id": order,
            "payment_status": "paid",
            "amount_total": 2400,
            "currency": "usd",
        }},
    })
}

async fn status(site: &Site) -> String {
    site.database
        .texts("SELECT status FROM orders")
        .await
        .remove(0)
}

#[tokio::test]
async fn signed_event_is_applied_once() {
    let site = Site::open().await;
    let body = pending_order(&site).await.to_string();
    let signature = sign(SECRET, now(), &body);
    for _ in 0..3 {
        assert_eq!(
            deliver(&site, "/webhooks/stripe", Some(&signature), body.clone()).await,
            200
        );
    }
    assert_eq!(status(&site).await, "paid");
    assert_eq!(recorded(&site).await, ["applied"]);
}

#[tokio::test]
async fn forged_webhook_changes_nothing() {
    let site = Site::open().await;
    let body = pending_order(&site).await.to_string();
    let good = sign(SECRET, now(), &body);
    let other_body = body.replace("2400", "2401");
    for (what, signature, body) in [
        ("none", None, body.clone()),
        ("empty", Some(String::new()), body.clone()),
        ("malformed", Some("nonsense".to_owned()), body.clone()),
        (
            "another secret",
            Some(sign("whsec_other", now(), &body)),
            body.clone(),
        ),
        (
            "an empty secret",
            Some(sign("", now(), &body)),
            body.clone(),
        ),
        (
            "stale",
            Some(sign(SECRET, now() - 400, &body)),
            body.clone(),
        ),
        (
            "from the future",
            Some(sign(SECRET, now() + 400, &body)),
            body.clone(),
        ),
        ("of another body", Some(good.clone()), other_body),
        ("of no body", Some(good.clone()), String::new()),
        (
            "of another scheme",
            Some(good.replace("v1=", "v0=")),
            body.clone(),
        ),
    ] {
        let status = deliver(&site, "/webhooks/stripe", signature.as_deref(), body).await;
        assert_eq!(status, 400, "signature: {what}");
    }
    assert_eq!(status(&site).await, "pending");
    assert!(recorded(&site).await.is_empty());
}

#[tokio::test]
async fn signature_that_is_no_text_is_refused() {
    let site = Site::open().await;
    let header = reqwest::header::HeaderValue::from_bytes(b"t=\xff,v1=\xfe").unwrap();
    let request = site
        .browser()
        .request(Method::POST, "/webhooks/stripe")
        .header("stripe-signature", header);
    assert_eq!(request.body("{}").send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn every_usual_address_takes_events_without_a_redirect() {
    let site = Site::open().await;
    for (number, path) in ["/webhooks/stripe", "/webhook", "/api/stripe/webhook"]
        .into_iter()
        .enumerate()
    {
        for slash in ["", "/"] {
            let path = format!("{path}{slash}");
            let id = format!("evt_{number}{}", slash.len());
            let body =
                json!({ "id": id, "type": "product.created", "data": { "object": {} }}).to_string();
            let signature = sign(SECRET, now(), &body);
            assert_eq!(
                deliver(&site, &path, Some(&signature), body).await,
                200,
                "{path}"
            );
            assert_eq!(deliver(&site, &path, None, "{}").await, 400, "{path}");
            for method in [Method::GET, Method::PUT, Method::DELETE] {
                let answer = site
                    .browser()
                    .request(method.clone(), &path)
                    .send()
                    .await
                    .unwrap();
                assert_eq!(answer.status(), 405, "{method} {path}");
            }
        }
    }
    assert_eq!(recorded(&site).await, ["ignored"; 6]);
}

#[tokio::test]
async fn body_over_a_megabyte_is_not_read() {
    let site = Site::open().await;
    let event = |padding: usize| {
        json!({ "id": "evt_1", "type": "a", "data": { "object": {} }, "padding": "x".repeat(padding) }).to_string()
    };
    let large = event(1024 * 1024);
    let signature = sign(SECRET, now(), &large);
    assert_eq!(
        deliver(&site, "/webhooks/stripe", Some(&signature), large).await,
        413
    );
    assert!(recorded(&site).await.is_empty());
    let fits = event(1024 * 1024 - 200);
    let signature = sign(SECRET, now(), &fits);
    assert_eq!(
        deliver(&site, "/webhooks/stripe", Some(&signature), fits).await,
        200
    );
}

#[tokio::test]
async fn event_of_the_other_mode_is_refused_and_not_recorded() {
    let site = Site::open().await;
    let mut event = pending_order(&site).await;
    event["livemode"] = json!(true);
    let body = event.to_string();
    let signature = sign(SECRET, now(), &body);
    assert_eq!(
        deliver(&site, "/webhooks/stripe", Some(&signature), body).await,
        409
    );
    assert_eq!(status(&site).await, "pending");
    assert!(recorded(&site).await.is_empty());
}

#[tokio::test]
async fn another_amount_flags_the_order() {
    let site = Site::open().await;
    let mut event = pending_order(&site).await;
    event["data"]["object"]["amount_total"] = json!(1);
    let body = event.to_string();
    let signature = sign(SECRET, now(), &body);
    assert_eq!(
        deliver(&site, "/webhooks/stripe", Some(&signature), body).await,
        200
    );
    assert_eq!(status(&site).await, "processing");
    assert_eq!(recorded(&site).await, ["flagged"]);
    let admin = site.admin().await;
    assert!(
        admin
            .get("/admin/orders")
            .await
            .body
            .contains("Needs review")
    );
    assert!(
        admin
            .get("/admin/orders/1001")
            .await
            .body
            .contains("Another amount")
    );
}

#[tokio::test]
async fn signed_body_that_is_no_event_is_refused_and_harms_nothing() {
    let site = Site::open().await;
    let deep = "[".repeat(20_000);
    for (body, expected) in [
        ("nonsense", 400),
        ("", 400),
        ("{}", 400),
        (deep.as_str(), 400),
        (
            r#"{"id":"evt_1","type":"checkout.session.completed","data":{"object":{"id":"cs_1","mode":"payment"}}}"#,
            422,
        ),
    ] {
        let signature = sign(SECRET, now(), body);
        let status = deliver(&site, "/webhooks/stripe", Some(&signature), body.to_owned()).await;
        assert_eq!(status, expected, "{}", &body[..body.len().min(40)]);
    }
    assert!(recorded(&site).await.is_empty());
    assert_eq!(site.get("/").await.status, 200);
}

#[tokio::test]
async fn two_secrets_both_count_while_one_replaces_the_other() {
    let site = Site::open_with(|config| {
        config.stripe_secret_key = Some("sk_test_elsewhere".to_owned());
        config.stripe_api_base = Some("http://127.0.0.1:9".to_owned());
        config.stripe_webhook_secret = Some("whsec_old, whsec_new".to_owned());
    })
    .await;
    for (secret, expected) in [
        ("whsec_old", 200),
        ("whsec_new", 200),
        ("whsec_sandbox", 400),
        ("", 400),
    ] {
        let body = json!({ "id": format!("evt_{secret}"), "type": "a", "data": { "object": {} }})
            .to_string();
        let signature = sign(secret, now(), &body);
        assert_eq!(
            deliver(&site, "/webhooks/stripe", Some(&signature), body).await,
            expected,
            "{secret}"
        );
    }
}

#[tokio::test]
async fn webhook_without_a_configured_secret_is_refused() {
    let site = Site::open_with(|config| {
        config.stripe_secret_key = Some("sk_test_elsewhere".to_owned());
        config.stripe_api_base = Some("http://127.0.0.1:9".to_owned());
    })
    .await;
    for secret in ["", "whsec_sandbox"] {
        let signature = sign(secret, now(), "{}");
        assert_eq!(
            deliver(&site, "/webhooks/stripe", Some(&signature), "{}").await,
            400
        );
    }
}
