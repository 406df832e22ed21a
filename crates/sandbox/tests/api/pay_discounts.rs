//! Discounts that turn out to be over when the shopper pays.

use serde_json::{Value, json};

use crate::api_client::{AUTHENTICATED, ApiClient, PAID, Page, id};

/// A merchant with a coupon and the code `HELLO` for it.
async fn shop(coupon: &[(&str, &str)], code: &[(&str, &str)]) -> ApiClient {
    let client = ApiClient::new().await;
    client
        .make("/v1/coupons", &[&[("id", "WELCOME")], coupon].concat())
        .await;
    let form = [
        ("promotion[type]", "coupon"),
        ("promotion[coupon]", "WELCOME"),
        ("code", "HELLO"),
    ];
    client
        .make("/v1/promotion_codes", &[&form, code].concat())
        .await;
    client
}

const FIRST: &[(&str, &str)] = &[("restrictions[first_time_transaction]", "true")];
const TENTH: &[(&str, &str)] = &[("percent_off", "10")];

/// A session that takes codes, and has `HELLO`.
async fn session(client: &ApiClient, more: &[(&str, &str)]) -> Value {
    let form = [&[("allow_promotion_codes", "true")], more].concat();
    let session = client.session(&form).await;
    let path = format!("/v1/payment_pages/{}", id(&session));
    client.make(&path, &[("promotion_code", "HELLO")]).await;
    session
}

#[track_caller]
fn assert_message(page: &Page, parts: &[&str]) {
    for part in parts {
        assert!(page.html.contains(part), "{part} in {}", page.html);
    }
}

#[tokio::test]
async fn a_code_for_a_first_purchase_looks_at_the_address_that_is_typed_later() {
    let client = shop(TENTH, FIRST).await;
    let first = session(&client, &[]).await;
    assert_eq!(client.pay(&first, PAID).await.status, 303);
    assert_eq!(client.retrieve(&first).await["amount_total"], 1890);

    let second = session(&client, &[]).await;
    let form = [("expectedAmount", "1890"), ("email", "ADA@example.com")];
    let page = client.pay_with(&second, &form).await;
    assert_message(
        &page,
        &[
            "id=\"promotionCode-error\" data-code=\"coupon_expired\"",
            "This code is for a first purchase, and this email address has paid here before. The total is $21.00 without \
             it. Nothing was charged",
            "name=\"expectedAmount\" value=\"2100\"",
            "value=\"ADA@example.com\"",
        ],
    );
    let now = client.retrieve(&second).await;
    assert_eq!(
        (&now["status"], &now["amount_total"]),
        (&json!("open"), &json!(2100))
    );
    let form = [("promotionCode", "HELLO"), ("action", "apply")];
    let page = client.pay_with(&second, &form).await;
    assert_message(&page, &["promotionCode-error", "has prior transactions"]);

    let third = session(&client, &[]).await;
    let new = [("email", "grace@example.com")];
    assert_eq!(client.pay_with(&third, &new).await.status, 303);
    assert_eq!(client.retrieve(&third).await["amount_total"], 1890);
}

#[tokio::test]
async fn a_first_purchase_that_another_tab_makes_meanwhile_is_seen_after_the_bank() {
    let client = shop(TENTH, FIRST).await;
    let slow = session(&client, &[]).await;
    assert_eq!(client.pay(&slow, AUTHENTICATED).await.status, 303);
    let quick = session(&client, &[]).await;
    assert_eq!(client.pay(&quick, PAID).await.status, 303);
    let back = client.authenticate(&slow, "complete").await;
    let page = client.open(&back.location.unwrap()).await;
    assert_message(
        &page,
        &["promotionCode-error", "The total is $21.00 without it."],
    );
    assert_eq!(client.retrieve(&slow).await["status"], "open");
}

#[tokio::test]
async fn programs_get_the_same_message() {
    let client = shop(TENTH, FIRST).await;
    let first = session(&client, &[]).await;
    client.pay(&first, PAID).await;
    let second = session(&client, &[]).await;
    let path = format!("/v1/payment_pages/{}/confirm", id(&second));
    let form = [
        ("payment_method", "pm_card_visa"),
        ("email", "ada@example.com"),
    ];
    let answer = client.post(&path, &form).await;
    assert_eq!(
        (answer.status, &answer.error()["code"]),
        (400, &json!("coupon_expired"))
    );
    let message = answer.error()["message"].as_str().unwrap();
    assert!(message.contains("has paid here before"), "{message}");
}

#[tokio::test]
async fn nothing_is_paid_where_the_rest_without_an_ended_discount_cannot_be_charged() {
    let once = [("percent_off", "100"), ("max_redemptions", "1")];
    let client = shop(&once, &[]).await;
    // Thirty cents are too few for a card, so that the session can be had for nothing or not at
    // all.
    let small = [
        ("line_items[0][price_data][unit_amount]", "30"),
        ("discounts[0][coupon]", "WELCOME"),
    ];
    let sessions = [client.session(&small).await, client.session(&small).await];
    let done = client.pay(&sessions[0], "").await;
    assert_eq!(done.status, 303, "{}", done.html);
    for _ in 0..2 {
        let page = client.pay(&sessions[1], "").await;
        assert_message(
            &page,
            &[
                "role=\"alert\"",
                "This discount has ended. Nothing was charged, and without it the order cannot be paid as it is.",
                "must add up to at least $0.50 usd.",
            ],
        );
    }
    let now = client.retrieve(&sessions[1]).await;
    assert_eq!(
        (&now["status"], &now["amount_total"]),
        (&json!("open"), &json!(0))
    );
}
