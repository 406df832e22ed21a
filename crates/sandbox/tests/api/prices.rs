//! Products, their prices, and shipping rates.

use serde_json::json;

use crate::api_client::{ApiClient, id};

#[tokio::test]
async fn a_product_has_prices_and_can_be_deleted_only_without() {
    let client = ApiClient::new().await;
    let lamp = client
        .make(
            "/v1/products",
            &[
                ("id", "lamp"),
                ("name", "Lamp"),
                ("images[]", "https://shop.example/lamp.jpg"),
                ("metadata[sku]", "L-1"),
            ],
        )
        .await;
    assert_eq!(id(&lamp), "lamp");
    let again = client
        .post("/v1/products", &[("id", "lamp"), ("name", "Lamp")])
        .await;
    assert_eq!(again.error()["code"], "resource_already_exists");
    let price = client
        .make(
            "/v1/prices",
            &[
                ("product", "lamp"),
                ("currency", "EUR"),
                ("unit_amount", "4900"),
                ("lookup_key", "lamp_eur"),
            ],
        )
        .await;
    assert_eq!(
        (
            &price["currency"],
            &price["unit_amount_decimal"],
            &price["type"]
        ),
        (&json!("eur"), &json!("4900"), &json!("one_time"))
    );
    let edited = client
        .make(
            "/v1/products/lamp",
            &[("default_price", id(&price)), ("images", "")],
        )
        .await;
    assert_eq!(edited["images"], json!([]));
    let event = client.last_event().await;
    assert_eq!(event["type"], "product.updated");
    assert_eq!(
        event["data"]["previous_attributes"]["default_price"],
        json!(null)
    );
    let expanded = client
        .get("/v1/products/lamp?expand[]=default_price")
        .await
        .body;
    assert_eq!(expanded["default_price"], price);

    let refused = client.delete("/v1/products/lamp").await;
    assert_eq!(refused.status, 400);
    let vase = client.make("/v1/products", &[("name", "Vase")]).await;
    let path = format!("/v1/products/{}", id(&vase));
    assert_eq!(client.delete(&path).await.body["deleted"], true);
    assert_eq!(client.get(&path).await.status, 404);
    let listed = client.get("/v1/products?active=true").await.body;
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_price_may_bring_its_product_and_a_product_its_price() {
    let client = ApiClient::new().await;
    let price = client
        .make(
            "/v1/prices",
            &[
                ("currency", "usd"),
                ("unit_amount_decimal", "1500.0"),
                ("product_data[name]", "Print"),
                ("nickname", "standard"),
            ],
        )
        .await;
    let expanded = client
        .get(&format!("/v1/prices/{}?expand[]=product", id(&price)))
        .await
        .body;
    assert_eq!(expanded["product"]["name"], "Print");
    let product = client
        .make(
            "/v1/products?expand[]=default_price",
            &[
                ("name", "Card"),
                ("default_price_data[currency]", "usd"),
                ("default_price_data[unit_amount]", "300"),
            ],
        )
        .await;
    assert_eq!(product["default_price"]["unit_amount"], 300);
    assert_eq!(
        client.event_types().await,
        [
            "product.created",
            "price.created",
            "product.created",
            "price.created"
        ]
    );
}

#[tokio::test]
async fn a_lookup_key_belongs_to_one_price_and_can_be_handed_over() {
    let client = ApiClient::new().await;
    let form = [
        ("currency", "usd"),
        ("unit_amount", "100"),
        ("product_data[name]", "Print"),
        ("lookup_key", "print"),
    ];
    let first = client.make("/v1/prices", &form).await;
    assert_eq!(client.post("/v1/prices", &form).await.status, 400);
    let second = client
        .make(
            "/v1/prices",
            &[&form[..], &[("transfer_lookup_key", "true")]].concat(),
        )
        .await;
    let found = client
        .get("/v1/prices?lookup_keys[]=print&lookup_keys[]=other")
        .await
        .body;
    assert_eq!(found["data"], json!([second]));
    let first = client.get(&format!("/v1/prices/{}", id(&first))).await.body;
    assert_eq!(first["lookup_key"], json!(null));
}

#[tokio::test]
async fn wrong_prices_are_refused() {
    let client = ApiClient::new().await;
    let good = [
        ("currency", "usd"),
        ("unit_amount", "100"),
        ("product_data[name]", "Print"),
    ];
    for (more, param) in [
        (("unit_amount", "-1"), "unit_amount"),
        (("unit_amount", "100000000"), "unit_amount"),
        (("currency", "xyz"), "currency"),
        (("product", "prod_x"), "product"),
        (("unit_amount_decimal", "1.5"), "unit_amount_decimal"),
        (("unit_amount_decimal", "1"), "unit_amount"),
        (("tiers_mode", "volume"), "tiers_mode"),
    ] {
        let kept = good.into_iter().filter(|(name, _)| *name != more.0);
        let form: Vec<_> = kept.chain([more]).collect();
        let answer = client.post("/v1/prices", &form).await;
        assert_eq!(
            (answer.status, &answer.error()["param"]),
            (400, &json!(param))
        );
    }
    let none = client
        .post("/v1/prices", &[("product", "prod_x"), ("currency", "usd")])
        .await;
    assert_eq!(none.error()["message"], "No such product: 'prod_x'");
}

#[tokio::test]
async fn shipping_rates_are_kept() {
    let client = ApiClient::new().await;
    let rate = client
        .make(
            "/v1/shipping_rates",
            &[
                ("display_name", "Ground"),
                ("type", "fixed_amount"),
                ("fixed_amount[amount]", "500"),
                ("fixed_amount[currency]", "usd"),
                ("delivery_estimate[minimum][unit]", "business_day"),
                ("delivery_estimate[minimum][value]", "3"),
            ],
        )
        .await;
    assert_eq!(
        rate["fixed_amount"],
        json!({ "amount": 500, "currency": "usd" })
    );
    assert_eq!(
        rate["delivery_estimate"],
        json!({ "maximum": null, "minimum": { "unit": "business_day", "value": 3 } })
    );
    let path = format!("/v1/shipping_rates/{}", id(&rate));
    let archived = client.make(&path, &[("active", "false")]).await;
    assert_eq!(archived["active"], false);
    for (query, found) in [("active=true", 0), ("active=false&currency=USD", 1)] {
        let list = client.get(&format!("/v1/shipping_rates?{query}")).await;
        assert_eq!(
            list.body["data"].as_array().unwrap().len(),
            found,
            "{query}"
        );
    }
    let missing = client.get("/v1/shipping_rates/shr_x").await;
    assert_eq!(missing.error()["message"], "No such shipping rate: 'shr_x'");
}
