//! Changes of an open session, by shoppers and merchants.

use serde_json::{Value, json};

use super::{Shop, amounts, message, saved_price};
use crate::api_client::id;

#[tokio::test]
async fn a_quantity_can_be_adjusted_within_its_bounds() {
    let shop = Shop::new().await;
    let large = [
        ("restrictions[minimum_amount]", "3000"),
        ("restrictions[minimum_amount_currency]", "usd"),
    ];
    shop.code("LARGE", &large).await;
    let session = shop
        .session(
            "3",
            &[
                ("line_items[0][adjustable_quantity][enabled]", "true"),
                ("line_items[0][adjustable_quantity][maximum]", "5"),
                ("allow_promotion_codes", "true"),
                ("expand[]", "line_items"),
            ],
        )
        .await;
    let items = &session["line_items"]["data"];
    assert_eq!(
        items[0]["adjustable_quantity"],
        json!({ "enabled": true, "maximum": 5, "minimum": 0 })
    );
    let page = shop.choose(&session, &[("promotion_code", "LARGE")]).await;
    assert_eq!(amounts(&page.body["session"]), [3100, 310, 0, 2790]);
    let adjust = async |line: &Value, quantity: &'static str| {
        let form = [
            ("line_items[0][id]", id(line)),
            ("line_items[0][quantity]", quantity),
        ];
        shop.choose(&session, &form).await
    };
    let more = adjust(&items[0], "5").await.body;
    assert_eq!(amounts(&more["session"]), [5100, 510, 0, 4590]);
    assert_eq!(more["summary"]["lines"][0]["bounds"], json!([1, 5]));
    let too_many = adjust(&items[0], "6").await;
    assert!(message(&too_many).contains("from 1 to 5"));
    let fixed = adjust(&items[1], "2").await;
    assert!(message(&fixed).contains("cannot be changed"));
    let fewer = adjust(&items[0], "1").await.body;
    assert_eq!(
        amounts(&fewer["session"]),
        [1100, 0, 0, 1100],
        "the order is too small for the code"
    );
    let outside = shop
        .ask(
            "3",
            &[
                ("line_items[0][adjustable_quantity][enabled]", "true"),
                ("line_items[0][adjustable_quantity][maximum]", "2"),
            ],
        )
        .await;
    assert_eq!(outside.error()["param"], "line_items[0][quantity]");
}

#[tokio::test]
async fn an_optional_item_is_added_and_left_out_again() {
    let shop = Shop::new().await;
    let spoon = saved_price(&shop.client, "Spoon", "250").await;
    let session = shop
        .session(
            "1",
            &[
                ("optional_items[0][price]", id(&spoon)),
                ("optional_items[0][quantity]", "2"),
            ],
        )
        .await;
    assert_eq!(
        session["optional_items"],
        json!([{ "adjustable_quantity": null, "price": spoon["id"], "quantity": 2 }])
    );
    let take = async |quantity: &'static str| {
        let form = [
            ("optional_items[0][price]", id(&spoon)),
            ("optional_items[0][quantity]", quantity),
        ];
        shop.choose(&session, &form).await
    };
    let page = take("2").await.body;
    assert_eq!(amounts(&page["session"]), [1600, 0, 0, 1600]);
    assert_eq!(page["summary"]["lines"][2]["name"], "Spoon");
    assert_eq!(
        page["summary"]["optional"][0]["line"],
        page["summary"]["lines"][2]["id"]
    );
    assert_eq!(take("3").await.status, 400);
    let page = take("0").await.body;
    assert_eq!(amounts(&page["session"]), [1100, 0, 0, 1100]);
    assert_eq!(take("2").await.status, 200);
    assert_eq!(shop.confirm(&session, &[]).await.status, 200);
    assert_eq!(shop.client.retrieve(&session).await["amount_total"], 1600);
}

#[tokio::test]
async fn an_open_session_is_changed_by_its_merchant() {
    let shop = Shop::new().await;
    let client = &shop.client;
    let session = shop
        .session("3", &[("metadata[a]", "1"), ("expand[]", "line_items")])
        .await;
    let path = format!("/v1/checkout/sessions/{}", id(&session));
    let mugs = id(&session["line_items"]["data"][0]);
    let spoon = saved_price(client, "Spoon", "250").await;
    let rate = "shipping_options[0][shipping_rate_data]";
    let names = [
        "[display_name]",
        "[fixed_amount][amount]",
        "[fixed_amount][currency]",
    ]
    .map(|member| format!("{rate}{member}"));
    let form = [
        ("line_items[0][id]", mugs),
        ("line_items[0][quantity]", "1"),
        ("line_items[1][price]", id(&spoon)),
        ("line_items[1][quantity]", "2"),
        (&names[0], "Post"),
        (&names[1], "400"),
        (&names[2], "usd"),
        ("metadata[b]", "2"),
        ("expand[]", "line_items"),
    ];
    let changed = client.make(&path, &form).await;
    assert_eq!(amounts(&changed), [1500, 0, 400, 1900]);
    assert_eq!(changed["metadata"], json!({ "a": "1", "b": "2" }));
    let items = changed["line_items"]["data"].as_array().unwrap();
    assert_eq!((items.len(), id(&items[0])), (2, mugs));
    assert_eq!(items[1]["description"], "Spoon");

    let unknown = client.post(&path, &[("line_items[0][id]", "li_x")]).await;
    assert_eq!(unknown.error()["param"], "line_items[0][id]");
    let changed = client.make(&path, &[("shipping_options", "")]).await;
    assert_eq!(amounts(&changed), [1500, 0, 0, 1500]);
    assert_eq!(changed["shipping_cost"], Value::Null);

    assert_eq!(shop.confirm(&session, &[]).await.status, 200);
    let closed = client.post(&path, &[("shipping_options", "")]).await;
    assert!(
        message(&closed).contains("Only the metadata"),
        "{}",
        closed.body
    );
    let changed = client.make(&path, &[("metadata", "")]).await;
    assert_eq!(
        (&changed["metadata"], &changed["status"]),
        (&json!({}), &json!("complete"))
    );
}
