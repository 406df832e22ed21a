//! Checkout Sessions: what they come to, ask and offer.

mod changes;
mod currencies;
mod discounts;
mod features;
mod prices;
mod settings;
mod shipping;

use serde_json::Value;

use crate::api_client::{Answer, ApiClient, id};

/// A merchant with a product at 10 dollars (`price`), another at 1 dollar, and a coupon `TEN` for a
/// tenth.
struct Shop {
    client: ApiClient,
    price: Value,
    other: Value,
}

impl Shop {
    async fn new() -> Self {
        let client = ApiClient::new().await;
        let price = saved_price(&client, "Mug", "1000").await;
        let other = saved_price(&client, "Card", "100").await;
        client
            .make("/v1/coupons", &[("id", "TEN"), ("percent_off", "10")])
            .await;
        Self {
            client,
            price,
            other,
        }
    }

    /// Asks for a session for `quantity` mugs and a card.
    async fn ask(&self, quantity: &str, more: &[(&str, &str)]) -> Answer {
        let usual = [
            ("mode", "payment"),
            ("success_url", "https://shop.example/done"),
            ("line_items[0][price]", id(&self.price)),
            ("line_items[0][quantity]", quantity),
            ("line_items[1][price]", id(&self.other)),
            ("line_items[1][quantity]", "1"),
        ];
        self.client
            .post("/v1/checkout/sessions", &[&usual[..], more].concat())
            .await
    }

    async fn session(&self, quantity: &str, more: &[(&str, &str)]) -> Value {
        let answer = self.ask(quantity, more).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    /// A promotion code for the coupon `TEN`.
    async fn code(&self, code: &str, more: &[(&str, &str)]) -> Value {
        let usual = [
            ("promotion[type]", "coupon"),
            ("promotion[coupon]", "TEN"),
            ("code", code),
        ];
        self.client
            .make("/v1/promotion_codes", &[&usual[..], more].concat())
            .await
    }

    /// Makes choices on the pay page.
    async fn choose(&self, session: &Value, form: &[(&str, &str)]) -> Answer {
        let path = format!("/v1/payment_pages/{}", id(session));
        self.client.post(&path, form).await
    }

    /// Pays on the pay page with a card that succeeds.
    async fn confirm(&self, session: &Value, more: &[(&str, &str)]) -> Answer {
        let path = format!("/v1/payment_pages/{}/confirm", id(session));
        let usual = [
            ("payment_method", "pm_card_visa"),
            ("email", "ada@example.com"),
        ];
        self.client.post(&path, &[&usual[..], more].concat()).await
    }
}

async fn saved_price(client: &ApiClient, name: &str, amount: &str) -> Value {
    client
        .make(
            "/v1/prices",
            &[
                ("product_data[name]", name),
                ("currency", "usd"),
                ("unit_amount", amount),
            ],
        )
        .await
}

/// Subtotal, discount, shipping and total.
fn amounts(session: &Value) -> [i64; 4] {
    let details = &session["total_details"];
    [
        &session["amount_subtotal"],
        &details["amount_discount"],
        &details["amount_shipping"],
        &session["amount_total"],
    ]
    .map(|amount| amount.as_i64().unwrap())
}

fn message(answer: &Answer) -> &str {
    answer.error()["message"].as_str().unwrap()
}
