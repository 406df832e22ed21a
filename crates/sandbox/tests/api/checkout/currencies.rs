//! Prices, coupons, codes and shipping rates in several currencies, of which a session chooses one.

use serde_json::{Value, json};

use super::{amounts, message};
use crate::api_client::{ApiClient, PAID, id};

/// A merchant with a mug at 10 dollars, 9 euros or 1,500 yen, a coupon for 2 dollars or 1 euro, its
/// code from 15 dollars or 12 euros, and a shipping rate at 5 dollars or 4 euros.
struct Shop {
    client: ApiClient,
    price: Value,
    coupon: Value,
    code: Value,
    rate: Value,
}

impl Shop {
    async fn new() -> Self {
        let client = ApiClient::new().await;
        let price = [
            ("product_data[name]", "Mug"),
            ("currency", "usd"),
            ("unit_amount", "1000"),
            ("currency_options[eur][unit_amount]", "900"),
            ("currency_options[eur][tax_behavior]", "inclusive"),
            ("currency_options[jpy][unit_amount_decimal]", "1500.0"),
        ];
        let coupon = [
            ("amount_off", "200"),
            ("currency", "usd"),
            ("currency_options[eur][amount_off]", "100"),
        ];
        let coupon = client.make("/v1/coupons", &coupon).await;
        let code = [
            ("promotion[type]", "coupon"),
            ("promotion[coupon]", id(&coupon)),
            ("code", "MUGS"),
            ("restrictions[minimum_amount]", "1500"),
            ("restrictions[minimum_amount_currency]", "usd"),
            (
                "restrictions[currency_options][eur][minimum_amount]",
                "1200",
            ),
        ];
        let rate = [
            ("display_name", "Post"),
            ("type", "fixed_amount"),
            ("fixed_amount[amount]", "500"),
            ("fixed_amount[currency]", "usd"),
            ("fixed_amount[currency_options][eur][amount]", "400"),
        ];
        Self {
            price: client.make("/v1/prices", &price).await,
            code: client.make("/v1/promotion_codes", &code).await,
            rate: client.make("/v1/shipping_rates", &rate).await,
            coupon,
            client,
        }
    }

    fn form<'a>(
        &'a self,
        quantity: &'a str,
        more: &[(&'a str, &'a str)],
    ) -> Vec<(&'a str, &'a str)> {
        let usual = [
            ("mode", "payment"),
            ("success_url", "https://shop.example/done"),
            ("line_items[0][price]", id(&self.price)),
            ("line_items[0][quantity]", quantity),
        ];
        [&usual[..], more].concat()
    }

    async fn session(&self, quantity: &str, more: &[(&str, &str)]) -> Value {
        let form = self.form(quantity, more);
        self.client.make("/v1/checkout/sessions", &form).await
    }
}

#[tokio::test]
async fn a_session_is_in_the_currency_that_was_chosen() {
    let shop = Shop::new().await;
    let all = [
        ("discounts[0][coupon]", id(&shop.coupon)),
        ("shipping_options[0][shipping_rate]", id(&shop.rate)),
        ("invoice_creation[enabled]", "true"),
        ("expand[]", "line_items"),
    ];
    for (more, currency, sums, total) in [
        (&[][..], "usd", [2000, 200, 500, 2300], "$23.00"),
        (
            &[("currency", "EUR")],
            "eur",
            [1800, 100, 400, 2100],
            "€21.00",
        ),
    ] {
        let session = shop.session("2", &[&all[..], more].concat()).await;
        assert_eq!(
            (amounts(&session), &session["currency"]),
            (sums, &json!(currency))
        );
        assert_eq!(session["shipping_options"][0]["shipping_amount"], sums[2]);
        let item = &session["line_items"]["data"][0];
        assert_eq!(
            (
                &item["currency"],
                &item["amount_subtotal"],
                item.get("unit_amount")
            ),
            (&json!(currency), &json!(sums[0]), None)
        );
        assert_eq!(item["price"]["unit_amount"], 1000, "the price is as it is");
        let page = shop.client.open(&format!("/c/pay/{}", id(&session))).await;
        assert!(page.html.contains(total), "{}", page.html);
        assert_eq!(shop.client.pay(&session, PAID).await.status, 303);
        let path = format!("/v1/checkout/sessions/{}?expand[]=invoice", id(&session));
        let invoice = &shop.client.get(&path).await.body["invoice"];
        assert_eq!(
            invoice["lines"]["data"][0]["pricing"]["unit_amount_decimal"],
            (sums[0] / 2).to_string()
        );
        let charge = &shop.client.get("/v1/charges?limit=1").await.body["data"][0];
        assert_eq!(
            (&charge["currency"], &charge["amount"]),
            (&json!(currency), &json!(sums[3]))
        );
    }
    let yen = shop.session("1", &[("currency", "jpy")]).await;
    assert_eq!(amounts(&yen), [1500, 0, 0, 1500]);
}

#[tokio::test]
async fn items_added_later_are_in_the_currency_of_the_session() {
    let shop = Shop::new().await;
    let session = shop
        .session(
            "1",
            &[
                ("currency", "eur"),
                ("allow_promotion_codes", "true"),
                ("optional_items[0][price]", id(&shop.price)),
                ("optional_items[0][quantity]", "1"),
            ],
        )
        .await;
    let path = format!("/v1/payment_pages/{}", id(&session));
    let code = [("promotion_code", "mugs")];
    let refused = shop.client.post(&path, &code).await;
    assert!(message(&refused).contains("below its minimum of €12.00"));
    let item = [
        ("optional_items[0][price]", id(&shop.price)),
        ("optional_items[0][quantity]", "1"),
    ];
    let page = shop.client.make(&path, &item).await;
    assert_eq!(page["summary"]["optional"][0]["unit_amount"], 900);
    let page = shop.client.make(&path, &code).await;
    assert_eq!(amounts(&page["session"]), [1800, 100, 0, 1700]);
    let changed = [
        ("line_items[0][price]", id(&shop.price)),
        ("line_items[0][quantity]", "3"),
    ];
    let path = format!("/v1/checkout/sessions/{}", id(&session));
    let changed = shop.client.make(&path, &changed).await;
    assert_eq!(amounts(&changed), [2700, 100, 0, 2600]);
}

#[tokio::test]
async fn a_currency_that_something_is_not_in_is_refused() {
    let shop = Shop::new().await;
    let line = |currency| {
        [
            ("line_items[1][price_data][currency]", currency),
            ("line_items[1][price_data][unit_amount]", "100"),
            ("line_items[1][price_data][product_data][name]", "Card"),
            ("line_items[1][quantity]", "1"),
        ]
    };
    let coupon = ("discounts[0][coupon]", id(&shop.coupon));
    let rate = ("shipping_options[0][shipping_rate]", id(&shop.rate));
    for (more, param, says) in [
        (
            &[("currency", "gbp")][..],
            "line_items[0][price]",
            "The price is in `usd`, and the Checkout Session is in `gbp`.",
        ),
        (
            &[("currency", "gold")],
            "currency",
            "Invalid currency: gold",
        ),
        (
            &line("eur"),
            "line_items[1][price_data][currency]",
            "The price is in `eur`, and the Checkout Session is in `usd`.",
        ),
        (
            &[("currency", "jpy"), coupon],
            "discounts[0][coupon]",
            "takes off an amount in usd",
        ),
        (
            &[("currency", "jpy"), rate],
            "shipping_options[0][shipping_rate]",
            "The shipping rate is in `usd`",
        ),
    ] {
        let answer = shop
            .client
            .post("/v1/checkout/sessions", &shop.form("1", more))
            .await;
        assert_eq!(
            (answer.status, &answer.error()["param"]),
            (400, &json!(param))
        );
        assert!(message(&answer).contains(says), "{}", message(&answer));
    }
    let form = shop.form(
        "1",
        &[
            ("currency", "eur"),
            line("eur")[0],
            line("eur")[1],
            line("eur")[2],
            line("eur")[3],
        ],
    );
    let session = shop.client.make("/v1/checkout/sessions", &form).await;
    assert_eq!(amounts(&session), [1000, 0, 0, 1000]);
}

#[tokio::test]
async fn options_are_shown_on_request_and_changed() {
    let shop = Shop::new().await;
    let expand = "?expand[]=currency_options";
    let path = format!("/v1/prices/{}", id(&shop.price));
    assert_eq!(shop.price.get("currency_options"), None);
    let option = |amount: i64, behavior: &str| {
        json!({
            "custom_unit_amount": null,
            "tax_behavior": behavior,
            "unit_amount": amount,
            "unit_amount_decimal": amount.to_string(),
        })
    };
    let price = shop.client.get(&format!("{path}{expand}")).await.body;
    assert_eq!(
        price["currency_options"],
        json!({
            "eur": option(900, "inclusive"),
            "jpy": option(1500, "unspecified"),
            "usd": option(1000, "unspecified"),
        })
    );
    let changes = [
        ("currency_options[jpy]", ""),
        ("currency_options[eur][unit_amount]", "950"),
        ("currency_options[gbp][unit_amount]", "850"),
        ("expand[]", "currency_options"),
    ];
    let price = shop.client.make(&path, &changes).await;
    assert_eq!(
        price["currency_options"],
        json!({
            "eur": option(950, "inclusive"),
            "gbp": option(850, "unspecified"),
            "usd": option(1000, "unspecified"),
        })
    );
    assert_ne!(shop.client.last_event().await["type"], "price.updated");

    let path = format!("/v1/coupons/{}", id(&shop.coupon));
    let more = [
        ("currency_options[gbp][amount_off]", "90"),
        ("expand[]", "currency_options"),
    ];
    assert_eq!(
        shop.client.make(&path, &more).await["currency_options"],
        json!({
            "eur": { "amount_off": 100 }, "gbp": { "amount_off": 90 }, "usd": { "amount_off": 200 },
        })
    );
    let path = format!("/v1/promotion_codes/{}", id(&shop.code));
    let more = [
        (
            "restrictions[currency_options][gbp][minimum_amount]",
            "1100",
        ),
        ("expand[]", "restrictions.currency_options"),
    ];
    assert_eq!(
        shop.client.make(&path, &more).await["restrictions"]["currency_options"]["gbp"],
        json!({ "minimum_amount": 1100 })
    );
    let path = format!("/v1/shipping_rates/{}", id(&shop.rate));
    let more = [
        ("fixed_amount[currency_options][gbp][amount]", "350"),
        ("expand[]", "fixed_amount.currency_options"),
    ];
    assert_eq!(
        shop.client.make(&path, &more).await["fixed_amount"]["currency_options"],
        json!({
            "eur": { "amount": 400, "tax_behavior": "unspecified" },
            "gbp": { "amount": 350, "tax_behavior": "unspecified" },
            "usd": { "amount": 500, "tax_behavior": "unspecified" },
        })
    );
}

#[tokio::test]
async fn options_that_mean_nothing_are_refused() {
    let shop = Shop::new().await;
    let price = format!("/v1/prices/{}", id(&shop.price));
    let percent = [
        ("percent_off", "10"),
        ("currency_options[eur][amount_off]", "5"),
    ];
    let answer = shop.client.post("/v1/coupons", &percent).await;
    assert_eq!(answer.error()["param"], "currency_options");
    for (form, says) in [
        (
            [("currency_options[gold][unit_amount]", "5")],
            "Invalid currency: gold",
        ),
        (
            [("currency_options[usd][unit_amount]", "5")],
            "the amount is in already",
        ),
        (
            [("currency_options[gbp][tax_behavior]", "inclusive")],
            "Missing required param",
        ),
        (
            [("currency_options[eur][unit_amount]", "-5")],
            "greater than or equal to 0",
        ),
        (
            [("currency_options[eur][tiers][0][up_to]", "inf")],
            "does not support",
        ),
        (
            [("currency_options[eur][color]", "red")],
            "unknown parameter",
        ),
        ([("currency_options", "eur")], "Invalid object"),
    ] {
        let answer = shop.client.post(&price, &form).await;
        assert!(
            answer.status == 400 && message(&answer).contains(says),
            "{says}: {}",
            message(&answer)
        );
    }
}

#[tokio::test]
async fn discount_of_a_coupon_cannot_be_changed() {
    let shop = Shop::new().await;
    let path = format!("/v1/coupons/{}", id(&shop.coupon));
    let form = [("currency_options[eur][amount_off]", "900")];
    let answer = shop.client.post(&path, &form).await;
    assert_eq!(
        (answer.status, &answer.error()["param"]),
        (400, &json!("currency_options[eur]"))
    );
    let expanded = format!("{path}?expand[]=currency_options");
    let coupon = shop.client.get(&expanded).await.body;
    assert_eq!(coupon["currency_options"]["eur"]["amount_off"], 100);
}
