//! What a Checkout Session comes to: saved prices, discounts, shipping.

use serde_json::{Value, json};

use crate::merchant::{Answer, Merchant, PAID, id};

/// A merchant with a product at 10 dollars (`price`), another at 1 dollar, and a coupon `TEN` for a tenth.
struct Shop {
    merchant: Merchant,
    price: Value,
    other: Value,
}

impl Shop {
    async fn new() -> Self {
        let merchant = Merchant::new().await;
        let price = saved_price(&merchant, "Mug", "1000").await;
        let other = saved_price(&merchant, "Card", "100").await;
        merchant
            .make("/v1/coupons", &[("id", "TEN"), ("percent_off", "10")])
            .await;
        Self {
            merchant,
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
        self.merchant
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
        self.merchant
            .make("/v1/promotion_codes", &[&usual[..], more].concat())
            .await
    }

    /// Makes choices on the pay page.
    async fn choose(&self, session: &Value, form: &[(&str, &str)]) -> Answer {
        let path = format!("/v1/payment_pages/{}", id(session));
        self.merchant.post(&path, form).await
    }

    /// Pays on the pay page with a card that succeeds.
    async fn confirm(&self, session: &Value, more: &[(&str, &str)]) -> Answer {
        let path = format!("/v1/payment_pages/{}/confirm", id(session));
        let usual = [
            ("payment_method", "pm_card_visa"),
            ("email", "ada@example.com"),
        ];
        self.merchant
            .post(&path, &[&usual[..], more].concat())
            .await
    }
}

async fn saved_price(merchant: &Merchant, name: &str, amount: &str) -> Value {
    merchant
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

#[tokio::test]
async fn a_saved_price_is_sold_with_its_product() {
    let shop = Shop::new().await;
    let session = shop.session("3", &[]).await;
    assert_eq!(amounts(&session), [3100, 0, 0, 3100]);
    let path = format!(
        "/v1/checkout/sessions/{}?expand[]=line_items.data.price.product",
        id(&session)
    );
    let expanded = shop.merchant.get(&path).await.body;
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
        .merchant
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
    let retired = saved_price(&shop.merchant, "Old", "500").await;
    let path = format!("/v1/prices/{}", id(&retired));
    shop.merchant.make(&path, &[("active", "false")]).await;
    let orphan = saved_price(&shop.merchant, "Gone", "500").await;
    let path = format!("/v1/products/{}", orphan["product"].as_str().unwrap());
    shop.merchant.make(&path, &[("active", "false")]).await;
    let euro = shop
        .merchant
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
        (&euro, "must have the same currency"),
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
    let session = shop.merchant.make("/v1/checkout/sessions", &form).await;
    let item = &session["line_items"]["data"][0];
    assert_eq!(
        (&item["description"], &item["amount_total"]),
        (&json!("Mug"), &json!(750))
    );
    let price = shop
        .merchant
        .get(&format!("/v1/prices/{}", id(&item["price"])))
        .await
        .body;
    assert_eq!((&price, &price["active"]), (&item["price"], &json!(false)));
}

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
    shop.merchant.make("/v1/coupons", &form).await;
    let session = shop
        .session("1", &[("discounts[0][coupon]", "CARDS")])
        .await;
    assert_eq!(amounts(&session), [1100, 100, 0, 1000]);
}

#[tokio::test]
async fn a_discount_is_refused_that_the_session_cannot_have() {
    let shop = Shop::new().await;
    let merchant = &shop.merchant;
    let euros = [("id", "EURO"), ("amount_off", "100"), ("currency", "eur")];
    merchant.make("/v1/coupons", &euros).await;
    let elsewhere = saved_price(merchant, "Print", "500").await;
    let product = elsewhere["product"].as_str().unwrap();
    let prints = [
        ("id", "PRINTS"),
        ("percent_off", "50"),
        ("applies_to[products][0]", product),
    ];
    merchant.make("/v1/coupons", &prints).await;
    let nearly_all = [("id", "NEARLY"), ("percent_off", "99")];
    merchant.make("/v1/coupons", &nearly_all).await;
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
    let used = shop.merchant.get(&path).await.body;
    assert_eq!(
        (&used["times_redeemed"], &used["active"]),
        (&json!(1), &json!(false))
    );
    let coupon = shop.merchant.get("/v1/coupons/TEN").await.body;
    assert_eq!(
        (&coupon["times_redeemed"], &coupon["valid"]),
        (&json!(1), &json!(true))
    );

    let answer = shop.confirm(&late, &[]).await;
    assert_eq!(
        (answer.status, &answer.error()["code"]),
        (400, &json!("coupon_expired"))
    );
    let late = shop.merchant.retrieve(&late).await;
    assert_eq!(amounts(&late), [1100, 0, 0, 1100]);
    assert_eq!(shop.merchant.pay(&late, PAID).await.status, 303);
    let charge = shop.merchant.get("/v1/charges?limit=1").await.body["data"][0].clone();
    assert_eq!(charge["amount"], 1100);
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
    assert_eq!(shop.merchant.pay(&session, PAID).await.status, 303);
    let paid = shop.merchant.retrieve(&session).await;
    let path = format!(
        "/v1/payment_intents/{}",
        paid["payment_intent"].as_str().unwrap()
    );
    assert_eq!(shop.merchant.get(&path).await.body["amount_received"], 990);
}

#[tokio::test]
async fn a_code_for_everything_needs_no_card() {
    let shop = Shop::new().await;
    let merchant = &shop.merchant;
    merchant
        .make("/v1/coupons", &[("id", "ALL"), ("percent_off", "100")])
        .await;
    let session = shop.session("1", &[("discounts[0][coupon]", "ALL")]).await;
    assert_eq!(session["payment_status"], "no_payment_required");
    let fields = [("cardNumber", "")];
    assert_eq!(merchant.pay_with(&session, &fields).await.status, 303);
    assert_eq!(
        merchant.event_types().await.pop().unwrap(),
        "checkout.session.completed"
    );
}

#[tokio::test]
async fn goods_are_shipped_at_the_chosen_rate_to_a_country_of_the_list() {
    let shop = Shop::new().await;
    let rate = shop
        .merchant
        .make(
            "/v1/shipping_rates",
            &[
                ("display_name", "Ground"),
                ("type", "fixed_amount"),
                ("fixed_amount[amount]", "500"),
                ("fixed_amount[currency]", "usd"),
            ],
        )
        .await;
    let express = "shipping_options[1][shipping_rate_data]";
    let names = [
        "[display_name]",
        "[type]",
        "[fixed_amount][amount]",
        "[fixed_amount][currency]",
        "[delivery_estimate][minimum][unit]",
        "[delivery_estimate][minimum][value]",
        "[delivery_estimate][maximum][unit]",
        "[delivery_estimate][maximum][value]",
    ]
    .map(|member| format!("{express}{member}"));
    let values = [
        "Express",
        "fixed_amount",
        "1500",
        "usd",
        "business_day",
        "1",
        "business_day",
        "2",
    ];
    let mut form: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(values).collect();
    form.extend([
        ("shipping_options[0][shipping_rate]", id(&rate)),
        ("shipping_address_collection[allowed_countries][0]", "US"),
        ("shipping_address_collection[allowed_countries][1]", "CA"),
        ("discounts[0][coupon]", "TEN"),
    ]);
    let session = shop.session("1", &form).await;
    assert_eq!(amounts(&session), [1100, 110, 500, 1490]);
    assert_eq!(session["shipping_cost"]["shipping_rate"], rate["id"]);
    let page = shop
        .merchant
        .get(&format!("/v1/payment_pages/{}", id(&session)))
        .await
        .body;
    let option = &page["summary"]["shipping"][1];
    assert_eq!(
        (&option["name"], &option["estimate"], &option["chosen"]),
        (
            &json!("Express"),
            &json!("1-2 business days"),
            &json!(false)
        )
    );
    let rate = option["id"].as_str().unwrap();
    let page = shop.choose(&session, &[("shipping_rate", rate)]).await.body;
    assert_eq!(amounts(&page["session"]), [1100, 110, 1500, 2490]);
    assert_eq!(
        shop.choose(&session, &[("shipping_rate", "shr_x")])
            .await
            .status,
        400
    );

    let to = |country: &'static str| {
        [
            ("shipping[name]", "Ada L"),
            ("shipping[address][line1]", "1 Main St"),
            ("shipping[address][city]", "Springfield"),
            ("shipping[address][postal_code]", "12345"),
            ("shipping[address][country]", country),
        ]
    };
    assert_eq!(
        shop.confirm(&session, &[]).await.error()["param"],
        "shipping"
    );
    let refused = shop.confirm(&session, &to("DE")).await;
    assert!(
        message(&refused).contains("only to US, CA"),
        "{}",
        refused.body
    );
    let paid = shop.confirm(&session, &to("CA")).await;
    assert_eq!(paid.status, 200, "{}", paid.body);

    let path = format!(
        "/v1/checkout/sessions/{}?expand[]=payment_intent.latest_charge&expand[]=shipping_cost.shipping_rate",
        id(&session)
    );
    let session = shop.merchant.get(&path).await.body;
    let details = &session["collected_information"]["shipping_details"];
    assert_eq!(
        (&details["name"], &details["address"]["country"]),
        (&json!("Ada L"), &json!("CA"))
    );
    assert_eq!(
        session["shipping_cost"]["shipping_rate"]["display_name"],
        "Express"
    );
    let intent = &session["payment_intent"];
    assert_eq!(intent["shipping"]["address"], details["address"]);
    assert_eq!(intent["latest_charge"]["shipping"], intent["shipping"]);
    assert_eq!(intent["latest_charge"]["amount"], 2490);
}

#[tokio::test]
async fn a_shipping_option_is_refused_that_the_session_cannot_have() {
    let shop = Shop::new().await;
    let form = [
        ("display_name", "Post"),
        ("fixed_amount[amount]", "500"),
        ("fixed_amount[currency]", "eur"),
    ];
    let euro = shop.merchant.make("/v1/shipping_rates", &form).await;
    let option = "shipping_options[0][shipping_rate]";
    let country = "shipping_address_collection[allowed_countries][0]";
    for (form, words) in [
        (&[(option, "shr_x")][..], "No such shipping rate: 'shr_x'"),
        (&[(option, id(&euro))], "The shipping rate is in `eur`"),
        (&[(country, "us")], "Invalid country: us"),
        (
            &[
                (country, "US"),
                ("payment_intent_data[shipping][name]", "Ada"),
                ("payment_intent_data[shipping][address][line1]", "1 Main St"),
            ],
            "only specify one",
        ),
    ] {
        let answer = shop.ask("1", form).await;
        assert_eq!(answer.status, 400, "{form:?}");
        assert!(message(&answer).contains(words), "{}", answer.body);
    }
}

#[tokio::test]
async fn what_was_collected_outlives_the_bank_page() {
    let shop = Shop::new().await;
    let form = [("shipping_address_collection[allowed_countries][0]", "US")];
    let session = shop.session("1", &form).await;
    let answer = shop
        .confirm(
            &session,
            &[
                ("payment_method", "pm_card_authenticationRequired"),
                ("shipping[name]", "Ada L"),
                ("shipping[address][line1]", "1 Main St"),
                ("shipping[address][country]", "US"),
            ],
        )
        .await;
    assert_eq!(answer.body["session"]["status"], "open", "{}", answer.body);
    shop.merchant.authenticate(&session, "complete").await;
    let session = shop.merchant.retrieve(&session).await;
    assert_eq!(session["status"], "complete");
    assert_eq!(session["customer_details"]["email"], "ada@example.com");
    let details = &session["collected_information"]["shipping_details"];
    assert_eq!(details["name"], "Ada L");
}

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
    let spoon = saved_price(&shop.merchant, "Spoon", "250").await;
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
    assert_eq!(shop.merchant.retrieve(&session).await["amount_total"], 1600);
}

#[tokio::test]
async fn an_open_session_is_changed_by_its_merchant() {
    let shop = Shop::new().await;
    let merchant = &shop.merchant;
    let session = shop
        .session("3", &[("metadata[a]", "1"), ("expand[]", "line_items")])
        .await;
    let path = format!("/v1/checkout/sessions/{}", id(&session));
    let mugs = id(&session["line_items"]["data"][0]);
    let spoon = saved_price(merchant, "Spoon", "250").await;
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
    let changed = merchant.make(&path, &form).await;
    assert_eq!(amounts(&changed), [1500, 0, 400, 1900]);
    assert_eq!(changed["metadata"], json!({ "a": "1", "b": "2" }));
    let items = changed["line_items"]["data"].as_array().unwrap();
    assert_eq!((items.len(), id(&items[0])), (2, mugs));
    assert_eq!(items[1]["description"], "Spoon");

    let unknown = merchant.post(&path, &[("line_items[0][id]", "li_x")]).await;
    assert_eq!(unknown.error()["param"], "line_items[0][id]");
    let changed = merchant.make(&path, &[("shipping_options", "")]).await;
    assert_eq!(amounts(&changed), [1500, 0, 0, 1500]);
    assert_eq!(changed["shipping_cost"], Value::Null);

    assert_eq!(shop.confirm(&session, &[]).await.status, 200);
    let closed = merchant.post(&path, &[("shipping_options", "")]).await;
    assert!(
        message(&closed).contains("Only the metadata"),
        "{}",
        closed.body
    );
    let changed = merchant.make(&path, &[("metadata", "")]).await;
    assert_eq!(
        (&changed["metadata"], &changed["status"]),
        (&json!({}), &json!("complete"))
    );
}

#[tokio::test]
async fn a_line_tells_its_part_of_the_discount_on_request() {
    let shop = Shop::new().await;
    let session = shop.session("1", &[("discounts[0][coupon]", "TEN")]).await;
    let path = format!("/v1/checkout/sessions/{}", id(&session));
    let plain = shop
        .merchant
        .get(&format!("{path}?expand[]=line_items"))
        .await
        .body;
    assert!(plain["line_items"]["data"][0].get("discounts").is_none());
    for (query, items) in [
        ("?expand[]=line_items.data.discounts", "/line_items/data"),
        ("/line_items?expand[]=data.discounts", "/data"),
    ] {
        let answer = shop.merchant.get(&format!("{path}{query}")).await.body;
        let item = &answer.pointer(items).unwrap()[0];
        assert_eq!(item["discounts"][0]["amount"], 100, "{query}");
        assert!(item.get("taxes").is_none());
    }
}

#[tokio::test]
async fn an_expired_session_is_recovered_as_one_new_session() {
    let shop = Shop::new().await;
    let session = shop
        .session(
            "2",
            &[
                ("discounts[0][coupon]", "TEN"),
                ("after_expiration[recovery][enabled]", "true"),
            ],
        )
        .await;
    let path = format!("/v1/checkout/sessions/{}/expire", id(&session));
    let expired = shop.merchant.make(&path, &[]).await;
    let recovery = &expired["after_expiration"]["recovery"];
    let days = recovery["expires_at"].as_i64().unwrap() - session["created"].as_i64().unwrap();
    assert_eq!(days / (24 * 60 * 60), 30);
    let address = recovery["url"]
        .as_str()
        .unwrap()
        .strip_prefix(shop.merchant.base_url())
        .unwrap()
        .to_owned();
    let first = shop.merchant.open(&address).await.location.unwrap();
    let again = shop.merchant.open(&address).await.location.unwrap();
    assert_eq!(first, again);
    let list = shop
        .merchant
        .get("/v1/checkout/sessions?limit=1")
        .await
        .body;
    let recovered = &list["data"][0];
    assert_eq!(first, format!("/c/pay/{}", id(recovered)));
    assert_eq!(
        (&recovered["recovered_from"], &recovered["status"]),
        (&session["id"], &json!("open"))
    );
    assert_eq!(amounts(recovered), [2100, 210, 0, 1890]);
    assert_eq!(shop.merchant.pay(recovered, PAID).await.status, 303);

    let plain = shop.session("1", &[]).await;
    let path = format!("/v1/checkout/sessions/{}/expire", id(&plain));
    shop.merchant.make(&path, &[]).await;
    let page = shop
        .merchant
        .open(&format!("/c/recover/{}", id(&plain)))
        .await;
    assert_eq!(page.status, 410);
}

#[tokio::test]
async fn what_the_shopper_answers_is_written_down() {
    let shop = Shop::new().await;
    let session = shop
        .session(
            "1",
            &[
                ("custom_fields[0][key]", "engraving"),
                ("custom_fields[0][label][type]", "custom"),
                ("custom_fields[0][label][custom]", "Engraving"),
                ("custom_fields[0][type]", "text"),
                ("custom_fields[0][text][maximum_length]", "5"),
                ("custom_fields[1][key]", "size"),
                ("custom_fields[1][label][type]", "custom"),
                ("custom_fields[1][label][custom]", "Size"),
                ("custom_fields[1][type]", "dropdown"),
                ("custom_fields[1][dropdown][options][0][label]", "Small"),
                ("custom_fields[1][dropdown][options][0][value]", "s"),
                ("custom_fields[1][optional]", "true"),
                ("consent_collection[terms_of_service]", "required"),
                ("consent_collection[promotions]", "auto"),
                ("custom_text[submit][message]", "Thank you!"),
            ],
        )
        .await;
    assert_eq!(session["custom_text"]["submit"]["message"], "Thank you!");
    assert_eq!(session["custom_fields"][0]["text"]["value"], Value::Null);
    let answer = ("custom_fields[engraving]", "Ada");
    let terms = ("consent[terms_of_service]", "accepted");
    for (form, param) in [
        (&[terms][..], "custom_fields[engraving]"),
        (
            &[terms, ("custom_fields[engraving]", "Countess")],
            "custom_fields[engraving]",
        ),
        (
            &[terms, answer, ("custom_fields[size]", "m")],
            "custom_fields[size]",
        ),
        (
            &[terms, answer, ("custom_fields[color]", "red")],
            "custom_fields[color]",
        ),
        (&[answer], "consent[terms_of_service]"),
    ] {
        let refused = shop.confirm(&session, form).await;
        assert_eq!(
            (refused.status, &refused.error()["param"]),
            (400, &json!(param))
        );
    }
    let form = [answer, terms, ("consent[promotions]", "opt_in")];
    let paid = shop.confirm(&session, &form).await.body["session"].clone();
    assert_eq!(paid["custom_fields"][0]["text"]["value"], "Ada");
    assert_eq!(paid["custom_fields"][1]["dropdown"]["value"], Value::Null);
    assert_eq!(
        paid["consent"],
        json!({ "promotions": "opt_in", "terms_of_service": "accepted" })
    );
}

#[tokio::test]
async fn settings_are_refused_that_mean_nothing() {
    let shop = Shop::new().await;
    let field = |key: &'static str, kind: &'static str| {
        [
            ("custom_fields[0][key]", key),
            ("custom_fields[0][label][type]", "custom"),
            ("custom_fields[0][label][custom]", "Field"),
            ("custom_fields[0][type]", kind),
        ]
    };
    for (form, param) in [
        (&field("a b", "text")[..], "custom_fields[0][key]"),
        (&field("a", "color"), "custom_fields[0][type]"),
        (&field("a", "dropdown"), "custom_fields[0][dropdown]"),
        (&field("a", "text")[..3], "custom_fields[0][type]"),
        (
            &[("custom_text[submit][message]", "")],
            "custom_text[submit][message]",
        ),
        (
            &[("consent_collection[promotions]", "yes")],
            "consent_collection[promotions]",
        ),
        (
            &[("after_expiration[recovery][allow_promotion_codes]", "true")],
            "after_expiration[recovery][enabled]",
        ),
        (
            &[("invoice_creation[enabled]", "true")],
            "invoice_creation[enabled]",
        ),
    ] {
        let answer = shop.ask("1", form).await;
        assert_eq!(
            (answer.status, &answer.error()["param"]),
            (400, &json!(param))
        );
    }
    let answer = shop
        .ask("1", &[("invoice_creation[enabled]", "false")])
        .await;
    assert_eq!(answer.body["invoice_creation"]["enabled"], false);
}

#[tokio::test]
async fn the_hosted_page_has_the_name_of_its_version() {
    let shop = Shop::new().await;
    for (version, name, status) in [
        (Some("2025-09-30.clover"), "hosted", 200),
        (Some("2025-09-30.clover"), "hosted_page", 400),
        (Some("2026-09-30.endive"), "hosted", 400),
        (Some("2026-09-30.endive"), "hosted_page", 200),
        (None, "hosted", 200),
        (None, "embedded", 400),
    ] {
        let form = [
            ("mode", "payment"),
            ("success_url", "https://shop.example/done"),
            ("line_items[0][price]", id(&shop.price)),
            ("line_items[0][quantity]", "1"),
            ("ui_mode", name),
        ];
        let mut request = shop
            .merchant
            .request(reqwest::Method::POST, "/v1/checkout/sessions");
        if let Some(version) = version {
            request = request.header("stripe-version", version);
        }
        let answer = request.form(&form).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{version:?} {name}");
    }
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
        let request = shop.merchant.request(reqwest::Method::POST, &path);
        requests.spawn(request.form(&form).send());
    }
    let answers = requests.join_all().await.into_iter().map(Result::unwrap);
    assert_eq!(answers.filter(|answer| answer.status() == 200).count(), 3);
    let back = shop.merchant.authenticate(&slow, "complete").await;
    let page = shop.merchant.open(&back.location.unwrap()).await.html;
    assert!(page.contains("This discount has ended"), "{page}");
    assert_eq!(
        amounts(&shop.merchant.retrieve(&slow).await),
        [1100, 0, 0, 1100]
    );
    let path = format!("/v1/promotion_codes/{}", id(&code));
    assert_eq!(shop.merchant.get(&path).await.body["times_redeemed"], 3);
}
