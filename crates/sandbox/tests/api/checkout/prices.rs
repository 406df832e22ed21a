//! Prices: saved ones, and those given in place.

use serde_json::json;

use super::{Shop, amounts, message, saved_price};
use crate::api_client::id;

#[tokio::test]
async fn a_saved_price_is_sold_with_its_product() {
    let shop = Shop::new().await;
    let session = shop.session("3", &[]).await;
    assert_eq!(amounts(&session), [3100, 0, 0, 3100]);
    let path = format!(
        "/v1/checkout/sessions/{}?expand[]=line_items.data.price.product",
        id(&session)
    );
    let expanded = shop.client.get(&path).await.body;
    let item = &expanded["line_items"]["data"][0];
    assert_eq!(
        (
            &item["description"],
            &item["quantity"],
            &item["amount_total"]
        ),
        (&json!("Mug"), &json!(3), &json!(3000))
    );
    assert_eq!(item["price"]["id"], shop.price["id"]);
    assert_eq!(item["price"]["product"]["name"], "Mug");
}

#[tokio::test]
async fn a_price_is_refused_that_cannot_be_sold_here() {
    let shop = Shop::new().await;
    let recurring = shop
        .client
        .make(
            "/v1/prices",
            &[
                ("product_data[name]", "Club"),
                ("currency", "usd"),
                ("unit_amount", "500"),
                ("recurring[interval]", "month"),
            ],
        )
        .await;
    let retired = saved_price(&shop.client, "Old", "500").await;
    let path = format!("/v1/prices/{}", id(&retired));
    shop.client.make(&path, &[("active", "false")]).await;
    let orphan = saved_price(&shop.client, "Gone", "500").await;
    let path = format!("/v1/products/{}", orphan["product"].as_str().unwrap());
    shop.client.make(&path, &[("active", "false")]).await;
    let euro = shop
        .client
        .make(
            "/v1/prices",
            &[
                ("product_data[name]", "Tasse"),
                ("currency", "eur"),
                ("unit_amount", "900"),
            ],
        )
        .await;
    let unknown = json!({ "id": "price_x" });
    for (price, words) in [
        (&unknown, "No such price: 'price_x'"),
        (&recurring, "recurring price"),
        (&retired, "The price specified is inactive."),
        (&orphan, "its product is not active"),
        (
            &euro,
            "The price is in `eur`, and the Checkout Session is in `usd`.",
        ),
    ] {
        let answer = shop.ask("1", &[("line_items[1][price]", id(price))]).await;
        assert_eq!(answer.status, 400);
        assert!(message(&answer).contains(words), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_price_in_place_can_be_of_a_saved_product() {
    let shop = Shop::new().await;
    let product = shop.price["product"].as_str().unwrap();
    let form = [
        ("mode", "payment"),
        ("success_url", "https://shop.example/done"),
        ("line_items[0][quantity]", "1"),
        ("line_items[0][price_data][currency]", "usd"),
        ("line_items[0][price_data][unit_amount_decimal]", "750"),
        ("line_items[0][price_data][product]", product),
        ("expand[]", "line_items"),
    ];
    let session = shop.client.make("/v1/checkout/sessions", &form).await;
    let item = &session["line_items"]["data"][0];
    assert_eq!(
        (&item["description"], &item["amount_total"]),
        (&json!("Mug"), &json!(750))
    );
    let price = shop
        .client
        .get(&format!("/v1/prices/{}", id(&item["price"])))
        .await
        .body;
    assert_eq!((&price, &price["active"]), (&item["price"], &json!(false)));
}
