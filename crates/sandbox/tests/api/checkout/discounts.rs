//! Discounts: by the merchant, and by the codes that shoppers enter.

use serde_json::json;

use super::{Shop, amounts, message, saved_price};
use crate::api_client::{PAID, id};

#[tokio::test]
async fn a_coupon_is_spread_over_the_lines_it_is_for() {
    let shop = Shop::new().await;
    let session = shop
        .session(
            "3",
            &[
                ("discounts[0][coupon]", "TEN"),
                ("expand[0]", "total_details.breakdown"),
                ("expand[1]", "line_items"),
                ("expand[2]", "discounts.coupon"),
            ],
        )
        .await;
    assert_eq!(amounts(&session), [3100, 310, 0, 2790]);
    let items = session["line_items"]["data"].as_array().unwrap();
    let discounts: Vec<i64> = items
        .iter()
        .map(|item| item["amount_discount"].as_i64().unwrap())
        .collect();
    assert_eq!(discounts, [300, 10]);
    assert_eq!(items[0]["amount_total"], 2700);
    let breakdown = &session["total_details"]["breakdown"]["discounts"][0];
    assert_eq!(breakdown["amount"], 310);
    assert_eq!(
        breakdown["discount"]["source"],
        json!({ "coupon": "TEN", "type": "coupon" })
    );
    assert_eq!(session["discounts"][0]["coupon"]["id"], "TEN");

    let product = shop.other["product"].as_str().unwrap();
    let form = [
        ("id", "CARDS"),
        ("amount_off", "500"),
        ("currency", "usd"),
        ("applies_to[products][0]", product),
    ];
    shop.client.make("/v1/coupons", &form).await;
    let session = shop
        .session("1", &[("discounts[0][coupon]", "CARDS")])
        .await;
    assert_eq!(amounts(&session), [1100, 100, 0, 1000]);
}

#[tokio::test]
async fn a_line_tells_its_part_of_the_discount_on_request() {
    let shop = Shop::new().await;
    let session = shop.session("1", &[("discounts[0][coupon]", "TEN")]).await;
    let path = format!("/v1/checkout/sessions/{}", id(&session));
    let plain = shop
        .client
        .get(&format!("{path}?expand[]=line_items"))
        .await
        .body;
    assert!(plain["line_items"]["data"][0].get("discounts").is_none());
    for (query, items) in [
        ("?expand[]=line_items.data.discounts", "/line_items/data"),
        ("/line_items?expand[]=data.discounts", "/data"),
    ] {
        let answer = shop.client.get(&format!("{path}{query}")).await.body;
        let item = &answer.pointer(items).unwrap()[0];
        assert_eq!(item["discounts"][0]["amount"], 100, "{query}");
        assert!(item.get("taxes").is_none());
    }
}

#[tokio::test]
async fn a_discount_is_refused_that_the_session_cannot_have() {
    let shop = Shop::new().await;
    let client = &shop.client;
    let euros = [("id", "EURO"), ("amount_off", "100"), ("currency", "eur")];
    client.make("/v1/coupons", &euros).await;
    let elsewhere = saved_price(client, "Print", "500").await;
    let product = elsewhere["product"].as_str().unwrap();
    let prints = [
        ("id", "PRINTS"),
        ("percent_off", "50"),
        ("applies_to[products][0]", product),
    ];
    client.make("/v1/coupons", &prints).await;
    let nearly_all = [("id", "NEARLY"), ("percent_off", "99")];
    client.make("/v1/coupons", &nearly_all).await;
    let large = shop
        .code(
            "LARGE",
            &[
                ("restrictions[minimum_amount]", "5000"),
                ("restrictions[minimum_amount_currency]", "usd"),
            ],
        )
        .await;
    let over = shop.code("OVER", &[("active", "false")]).await;
    let coupon = "discounts[0][coupon]";
    let code = "discounts[0][promotion_code]";
    for (form, words) in [
        (&[(coupon, "NONE")][..], "No such coupon: 'NONE'"),
        (&[(code, "promo_x")], "No such promotion code: 'promo_x'"),
        (&[(coupon, "EURO")], "takes off an amount in eur"),
        (&[(coupon, "PRINTS")], "none of the products"),
        (&[(coupon, "NEARLY")], "must add up to at least $0.50 usd"),
        (&[(code, id(&large))], "below its minimum of $50.00"),
        (&[(code, id(&over))], "no longer active"),
        (&[(coupon, "TEN"), (code, id(&large))], "only specify one"),
        (
            &[(coupon, "TEN"), ("discounts[1][coupon]", "TEN")],
            "exceeded maximum 1",
        ),
        (
            &[(coupon, "TEN"), ("allow_promotion_codes", "true")],
            "only specify one",
        ),
    ] {
        let answer = shop.ask("1", form).await;
        assert_eq!(answer.status, 400, "{form:?}");
        assert!(message(&answer).contains(words), "{}", answer.body);
    }
}

#[tokio::test]
async fn the_last_use_of_a_coupon_and_its_code_ends_them() {
    let shop = Shop::new().await;
    let code = shop.code("ONCE", &[("max_redemptions", "1")]).await;
    let first = shop
        .session("1", &[("allow_promotion_codes", "true")])
        .await;
    let late = shop
        .session("1", &[("allow_promotion_codes", "true")])
        .await;
    for session in [&first, &late] {
        let page = shop.choose(session, &[("promotion_code", "once")]).await;
        assert_eq!(page.body["summary"]["total"], 990, "{}", page.body);
    }
    let paid = shop.confirm(&first, &[("expected_amount", "990")]).await;
    assert_eq!(paid.body["session"]["status"], "complete", "{}", paid.body);
    let path = format!("/v1/promotion_codes/{}", id(&code));
    let used = shop.client.get(&path).await.body;
    assert_eq!(
        (&used["times_redeemed"], &used["active"]),
        (&json!(1), &json!(false))
    );
    let coupon = shop.client.get("/v1/coupons/TEN").await.body;
    assert_eq!(
        (&coupon["times_redeemed"], &coupon["valid"]),
        (&json!(1), &json!(true))
    );

    let answer = shop.confirm(&late, &[]).await;
    assert_eq!(
        (answer.status, &answer.error()["code"]),
        (400, &json!("coupon_expired"))
    );
    let late = shop.client.retrieve(&late).await;
    assert_eq!(amounts(&late), [1100, 0, 0, 1100]);
    assert_eq!(shop.client.pay(&late, PAID).await.status, 303);
    let charge = shop.client.get("/v1/charges?limit=1").await.body["data"][0].clone();
    assert_eq!(charge["amount"], 1100);
}

#[tokio::test]
async fn a_code_is_never_used_more_often_than_it_may() {
    let shop = Shop::new().await;
    let code = shop.code("THREE", &[("max_redemptions", "3")]).await;
    let mut sessions = Vec::new();
    for _ in 0..10 {
        let session = shop
            .session("1", &[("allow_promotion_codes", "true")])
            .await;
        shop.choose(&session, &[("promotion_code", "THREE")]).await;
        sessions.push(session);
    }
    // One of them waits at its bank while the others take all that is left.
    let slow = sessions.pop().unwrap();
    shop.confirm(
        &slow,
        &[("payment_method", "pm_card_authenticationRequired")],
    )
    .await;
    let mut requests = tokio::task::JoinSet::new();
    for session in &sessions {
        let path = format!("/v1/payment_pages/{}/confirm", id(session));
        let form = [
            ("payment_method", "pm_card_visa"),
            ("email", "ada@example.com"),
        ];
        let request = shop.client.request(reqwest::Method::POST, &path);
        requests.spawn(request.form(&form).send());
    }
    let answers = requests.join_all().await.into_iter().map(Result::unwrap);
    assert_eq!(answers.filter(|answer| answer.status() == 200).count(), 3);
    let back = shop.client.authenticate(&slow, "complete").await;
    let page = shop.client.open(&back.location.unwrap()).await.html;
    assert!(page.contains("This discount has ended"), "{page}");
    assert_eq!(
        amounts(&shop.client.retrieve(&slow).await),
        [1100, 0, 0, 1100]
    );
    let path = format!("/v1/promotion_codes/{}", id(&code));
    assert_eq!(shop.client.get(&path).await.body["times_redeemed"], 3);
}

#[tokio::test]
async fn a_shopper_enters_a_code_and_takes_it_away_again() {
    let shop = Shop::new().await;
    let code = shop.code("FALL", &[]).await;
    let session = shop
        .session("1", &[("allow_promotion_codes", "true")])
        .await;
    let wrong = shop.choose(&session, &[("promotion_code", "SPRING")]).await;
    assert_eq!(
        (wrong.status, message(&wrong)),
        (400, "This code is invalid.")
    );
    let page = shop
        .choose(&session, &[("promotion_code", "fall")])
        .await
        .body;
    assert_eq!(amounts(&page["session"]), [1100, 110, 0, 990]);
    assert_eq!(
        page["session"]["discounts"],
        json!([{ "coupon": null, "promotion_code": code["id"] }])
    );
    assert_eq!(
        page["summary"]["discount"],
        json!({ "amount": 110, "code": "FALL", "name": "10% off", "removable": true })
    );
    let page = shop.choose(&session, &[("promotion_code", "")]).await.body;
    assert_eq!(amounts(&page["session"]), [1100, 0, 0, 1100]);

    let closed = shop.session("1", &[]).await;
    let refused = shop.choose(&closed, &[("promotion_code", "FALL")]).await;
    assert!(message(&refused).contains("does not take promotion codes"));
}

#[tokio::test]
async fn a_code_changes_what_a_declined_payment_is_tried_with_next() {
    let shop = Shop::new().await;
    shop.code("FALL", &[]).await;
    let session = shop
        .session("1", &[("allow_promotion_codes", "true")])
        .await;
    let declined = shop
        .confirm(
            &session,
            &[("payment_method", "pm_card_visa_chargeDeclined")],
        )
        .await;
    assert_eq!(declined.status, 402);
    shop.choose(&session, &[("promotion_code", "FALL")]).await;
    assert_eq!(shop.client.pay(&session, PAID).await.status, 303);
    let paid = shop.client.retrieve(&session).await;
    let path = format!(
        "/v1/payment_intents/{}",
        paid["payment_intent"].as_str().unwrap()
    );
    assert_eq!(shop.client.get(&path).await.body["amount_received"], 990);
}

#[tokio::test]
async fn a_code_for_everything_needs_no_card() {
    let shop = Shop::new().await;
    let client = &shop.client;
    client
        .make("/v1/coupons", &[("id", "ALL"), ("percent_off", "100")])
        .await;
    let session = shop.session("1", &[("discounts[0][coupon]", "ALL")]).await;
    assert_eq!(session["payment_status"], "no_payment_required");
    let fields = [("cardNumber", "")];
    assert_eq!(client.pay_with(&session, &fields).await.status, 303);
    assert_eq!(
        client.event_types().await.pop().unwrap(),
        "checkout.session.completed"
    );
}
