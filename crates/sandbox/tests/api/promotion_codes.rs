//! Coupons and promotion codes.

use serde_json::json;

use crate::api_client::{ApiClient, id};

#[tokio::test]
async fn a_coupon_takes_off_a_part_or_an_amount() {
    let client = ApiClient::new().await;
    let part = client
        .make("/v1/coupons", &[("percent_off", "25.5"), ("id", "SPRING")])
        .await;
    assert_eq!(part["percent_off"].to_string(), "25.5");
    assert_eq!(
        (&part["amount_off"], &part["duration"], &part["valid"]),
        (&json!(null), &json!("once"), &json!(true))
    );
    let amount = client
        .make(
            "/v1/coupons",
            &[
                ("amount_off", "500"),
                ("currency", "usd"),
                ("duration", "repeating"),
                ("duration_in_months", "3"),
            ],
        )
        .await;
    assert_eq!(id(&amount).len(), 8);
    for (form, code) in [
        (&[][..], Some("parameter_missing")),
        (&[("amount_off", "500")][..], None),
        (&[("percent_off", "0")][..], None),
        (&[("percent_off", "100.5")][..], None),
        (&[("percent_off", "5"), ("amount_off", "5")][..], None),
        (&[("percent_off", "5"), ("redeem_by", "1")][..], None),
        (&[("percent_off", "5"), ("id", "a b")][..], None),
        (
            &[("percent_off", "5"), ("id", "SPRING")][..],
            Some("resource_already_exists"),
        ),
    ] {
        let answer = client.post("/v1/coupons", form).await;
        assert_eq!(answer.status, 400, "{form:?}");
        if let Some(code) = code {
            assert_eq!(answer.error()["code"], code, "{form:?}");
        }
    }
}

#[tokio::test]
async fn a_deleted_coupon_frees_its_id_and_ends_its_codes() {
    let client = ApiClient::new().await;
    let form = [("percent_off", "10"), ("id", "TEN")];
    client.make("/v1/coupons", &form).await;
    client.make("/v1/coupons/TEN", &[("name", "Ten off")]).await;
    let event = client.last_event().await;
    assert_eq!(
        (&event["type"], &event["data"]["previous_attributes"]),
        (&json!("coupon.updated"), &json!({ "name": null }))
    );
    let left = client.delete("/v1/coupons/TEN").await.body;
    assert_eq!(
        left,
        json!({ "id": "TEN", "object": "coupon", "deleted": true })
    );
    assert_eq!(client.get("/v1/coupons/TEN").await.status, 404);
    assert_eq!(client.get("/v1/coupons").await.body["data"], json!([]));
    client.make("/v1/coupons", &form).await;
}

#[tokio::test]
async fn a_code_is_found_in_every_mixture_of_cases_and_active_once() {
    let client = ApiClient::new().await;
    client
        .make("/v1/coupons", &[("percent_off", "10"), ("id", "TEN")])
        .await;
    let form = |code: &'static str| {
        [
            ("promotion[type]", "coupon"),
            ("promotion[coupon]", "TEN"),
            ("code", code),
        ]
    };
    let code = client.make("/v1/promotion_codes", &form("Fall20")).await;
    assert_eq!(
        code["promotion"],
        json!({ "coupon": "TEN", "type": "coupon" })
    );
    let found = client.get("/v1/promotion_codes?code=FALL20").await.body;
    assert_eq!(found["data"], json!([code]));
    let second = client.post("/v1/promotion_codes", &form("FALL20")).await;
    assert_eq!(
        second.error()["message"],
        "An active promotion code with `code: FALL20` already exists."
    );
    let path = format!("/v1/promotion_codes/{}", id(&code));
    client.make(&path, &[("active", "false")]).await;
    client.make("/v1/promotion_codes", &form("FALL20")).await;
    assert_eq!(client.post(&path, &[("active", "true")]).await.status, 400);
    let expanded = client
        .get(&format!("{path}?expand[]=promotion.coupon"))
        .await
        .body;
    assert_eq!(
        expanded["promotion"]["coupon"]["percent_off"].to_string(),
        "10"
    );
}

#[tokio::test]
async fn time_ends_coupons_and_codes() {
    let client = ApiClient::new().await;
    let now = client.control("/sandbox/clock", &[("advance", "0")]).await["now"]
        .as_i64()
        .unwrap();
    let (soon, later) = ((now + 1000).to_string(), (now + 2000).to_string());
    client
        .make(
            "/v1/coupons",
            &[("percent_off", "10"), ("id", "TEN"), ("redeem_by", &later)],
        )
        .await;
    let form = [
        ("promotion[type]", "coupon"),
        ("promotion[coupon]", "TEN"),
        ("expires_at", &soon),
        ("restrictions[minimum_amount]", "5000"),
        ("restrictions[minimum_amount_currency]", "usd"),
    ];
    let code = client.make("/v1/promotion_codes", &form).await;
    assert_eq!(code["restrictions"]["minimum_amount"], 5000);
    let path = format!("/v1/promotion_codes/{}", id(&code));
    client
        .control("/sandbox/clock", &[("advance", "1001")])
        .await;
    assert_eq!(client.get(&path).await.body["active"], false);
    assert_eq!(client.get("/v1/coupons/TEN").await.body["valid"], true);
    client
        .control("/sandbox/clock", &[("advance", "1000")])
        .await;
    assert_eq!(client.get("/v1/coupons/TEN").await.body["valid"], false);
}
