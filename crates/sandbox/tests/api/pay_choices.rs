//! Choices on the pay page: a promotion code, a shipping option, where the goods go.

use serde_json::{Value, json};

use crate::api_client::{AUTHENTICATED, ApiClient, PAID, Page, id};

/// A merchant with the code `SAVE10` for a tenth, and a session for one print at 21 dollars that is
/// shipped by ground for nothing or by express for 15 dollars, to Germany or the United States.
struct Shop {
    client: ApiClient,
    session: Value,
}

/// The fields that a shopper in Berlin fills in besides the card.
const BERLIN: &[(&str, &str)] = &[
    ("shippingName", "Ada L"),
    ("shippingCountry", "DE"),
    ("shippingAddressLine1", "Unter den Linden 1"),
    ("shippingLocality", "Berlin"),
    ("shippingPostalCode", "10117"),
    ("cardUseShippingAsBilling", "on"),
];

impl Shop {
    async fn new() -> Self {
        Self::with(&[]).await
    }

    /// A shop whose session has further parameters.
    async fn with(more: &[(&str, &str)]) -> Self {
        let client = ApiClient::new().await;
        let coupon = [("id", "TEN"), ("percent_off", "10"), ("name", "Autumn")];
        client.make("/v1/coupons", &coupon).await;
        let code = [
            ("promotion[type]", "coupon"),
            ("promotion[coupon]", "TEN"),
            ("code", "SAVE10"),
        ];
        client.make("/v1/promotion_codes", &code).await;
        let mut form = vec![
            ("allow_promotion_codes", "true".to_owned()),
            (
                "shipping_address_collection[allowed_countries][0]",
                "DE".to_owned(),
            ),
            (
                "shipping_address_collection[allowed_countries][1]",
                "US".to_owned(),
            ),
        ];
        let mut rates = Vec::new();
        for (name, amount) in [("Ground", "0"), ("Express", "1500")] {
            let rate = [
                ("display_name", name),
                ("type", "fixed_amount"),
                ("fixed_amount[amount]", amount),
                ("fixed_amount[currency]", "usd"),
                ("delivery_estimate[maximum][unit]", "business_day"),
                ("delivery_estimate[maximum][value]", "3"),
            ];
            rates.push(client.make("/v1/shipping_rates", &rate).await);
        }
        form.push((
            "shipping_options[0][shipping_rate]",
            id(&rates[0]).to_owned(),
        ));
        form.push((
            "shipping_options[1][shipping_rate]",
            id(&rates[1]).to_owned(),
        ));
        let form: Vec<_> = form
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let session = client.session(&[&form[..], more].concat()).await;
        Self { client, session }
    }

    async fn open(&self) -> Page {
        self.client
            .open(&format!("/c/pay/{}", id(&self.session)))
            .await
    }

    /// Fills in everything for Berlin and presses a button, which is Pay unless `action` is among
    /// the fields.
    async fn press(&self, fields: &[(&str, &str)]) -> Page {
        let form = [BERLIN, fields].concat();
        self.client.pay_with(&self.session, &form).await
    }

    fn express(&self) -> &str {
        self.session["shipping_options"][1]["shipping_rate"]
            .as_str()
            .unwrap()
    }

    async fn now(&self) -> Value {
        self.client.retrieve(&self.session).await
    }
}

#[track_caller]
fn assert_shows(page: &Page, parts: &[&str]) {
    assert_eq!(page.status, 200);
    for part in parts {
        assert!(page.html.contains(part), "{part} in {}", page.html);
    }
}

#[tokio::test]
async fn a_code_is_applied_and_taken_away_and_nothing_typed_is_lost() {
    let shop = Shop::new().await;
    let typed = "value=\"4242424242424242\"";
    let page = shop
        .press(&[("promotionCode", "save10"), ("action", "apply")])
        .await;
    assert_shows(
        &page,
        &[typed, "SAVE10", "-$2.10", "You pay $18.90", "Autumn"],
    );
    assert_shows(
        &page,
        &["Remove promotion code SAVE10\" autofocus", " open>"],
    );
    assert!(!page.html.contains("id=\"promotionCode\""));
    assert_eq!(shop.now().await["amount_total"], 1890);

    let page = shop.press(&[("action", "remove")]).await;
    assert_shows(&page, &[typed, "id=\"promotionCode\"", "You pay $21.00"]);
    assert_eq!(shop.now().await["amount_total"], 2100);
}

#[tokio::test]
async fn unknown_code_is_an_error_at_its_field() {
    let shop = Shop::new().await;
    for (code, message) in [("NOPE", "This code is invalid."), ("", "Required")] {
        let page = shop
            .press(&[("promotionCode", code), ("action", "apply")])
            .await;
        let value = format!("value=\"{code}\"");
        assert_shows(&page, &["promotionCode-error", message, &value, " open>"]);
    }
    let page = shop.press(&[("promotionCode", "NOPE")]).await;
    assert_shows(&page, &["promotionCode-error"]);
    assert_eq!(shop.now().await["status"], "open");
}

#[tokio::test]
async fn a_code_that_was_typed_and_not_applied_is_applied_before_anything_is_paid() {
    let shop = Shop::new().await;
    let page = shop
        .press(&[("promotionCode", "SAVE10"), ("expectedAmount", "2100")])
        .await;
    assert_shows(
        &page,
        &[
            "The total is $18.90 now. Nothing was charged",
            "name=\"expectedAmount\" value=\"1890\"",
        ],
    );
    assert_eq!(shop.now().await["status"], "open");
    assert_eq!(shop.press(&[("expectedAmount", "1890")]).await.status, 303);
    assert_eq!(shop.now().await["amount_total"], 1890);
}

#[tokio::test]
async fn the_total_follows_the_shipping_option_by_a_button() {
    let shop = Shop::new().await;
    assert_shows(
        &shop.open().await,
        &["Free", "up to 3 business days", "$15.00", "Update total"],
    );
    let chosen = format!("value=\"{}\" checked", shop.express());
    let page = shop
        .press(&[("shippingRate", shop.express()), ("action", "update")])
        .await;
    assert_shows(&page, &[&chosen, "You pay $36.00", "4242424242424242"]);
    let elsewhere = shop
        .press(&[("shippingRate", "shr_none"), ("action", "update")])
        .await;
    assert_shows(&elsewhere, &["shippingRate-error", &chosen]);
}

#[tokio::test]
async fn another_total_than_was_shown_is_never_charged() {
    let shop = Shop::new().await;
    let form = [("shippingRate", shop.express()), ("expectedAmount", "2100")];
    let page = shop.press(&form).await;
    assert_shows(
        &page,
        &[
            "role=\"alert\"",
            "The total is $36.00 now. Nothing was charged",
        ],
    );
    assert_eq!(
        shop.client.event_types().await.last().unwrap(),
        "promotion_code.created"
    );

    let form = [("shippingRate", shop.express()), ("expectedAmount", "3600")];
    assert_eq!(shop.press(&form).await.status, 303);
    let session = shop.now().await;
    assert_eq!(session["shipping_cost"]["amount_total"], 1500);
    let charge = &shop.client.get("/v1/charges").await.body["data"][0];
    assert_eq!(charge["amount"], 3600);
    assert_eq!(charge["shipping"]["address"]["city"], "Berlin");
}

#[tokio::test]
async fn the_shipping_address_is_asked_for_in_the_countries_of_the_session() {
    let shop = Shop::with(&[("billing_address_collection", "required")]).await;
    let page = shop.open().await;
    let shipping = page.html.split("name=\"shippingCountry\"").nth(1).unwrap();
    let countries = shipping.split("</select>").next().unwrap();
    assert_eq!(countries.matches("<option").count(), 2);
    assert_shows(
        &page,
        &[
            "value=\"US\" selected",
            "cardUseShippingAsBilling\" checked",
        ],
    );

    let missing = shop.client.pay(&shop.session, PAID).await;
    for field in [
        "shippingName",
        "shippingAddressLine1",
        "shippingLocality",
        "shippingPostalCode",
        "billingLocality",
    ] {
        assert_shows(&missing, &[&format!("id=\"{field}-error\"")]);
    }
    let abroad = shop.press(&[("shippingCountry", "FR")]).await;
    assert_shows(&abroad, &["shippingCountry-error"]);

    assert_eq!(shop.press(&[]).await.status, 303);
    let session = shop.now().await;
    let to = &session["collected_information"]["shipping_details"];
    assert_eq!(to["name"], "Ada L");
    assert_eq!(to["address"]["city"], "Berlin");
    assert_eq!(session["customer_details"]["address"], to["address"]);
}

#[tokio::test]
async fn the_card_may_live_elsewhere_than_the_goods() {
    let shop = Shop::new().await;
    let form = [("cardUseShippingAsBilling", ""), ("billingCountry", "FR")];
    assert_eq!(shop.press(&form).await.status, 303);
    let session = shop.now().await;
    assert_eq!(session["customer_details"]["address"]["country"], "FR");
    let to = &session["collected_information"]["shipping_details"];
    assert_eq!(to["address"]["country"], "DE");
}

#[tokio::test]
async fn typed_fields_are_kept_after_a_decline() {
    let shop = Shop::new().await;
    let asked = shop.press(&[("cardNumber", AUTHENTICATED)]).await;
    assert_eq!(asked.status, 303);
    let typed = ["value=\"Unter den Linden 1\"", "value=\"ada@example.com\""];
    assert_shows(&shop.open().await, &typed);
    let back = shop.client.authenticate(&shop.session, "fail").await;
    let page = shop.client.open(&back.location.unwrap()).await;
    assert_shows(
        &page,
        &[
            "cardNumber-error",
            "value=\"Unter den Linden 1\"",
            "value=\"10117\"",
            "value=\"Ada L\"",
        ],
    );
    assert_shows(
        &page,
        &[
            "value=\"DE\" selected",
            "cardUseShippingAsBilling\" checked",
        ],
    );
}

#[tokio::test]
async fn enter_presses_pay_and_no_other_button() {
    let shop = Shop::new().await;
    let page = shop.open().await;
    let form = page.html.split("<form").nth(1).unwrap();
    let first = form.split("<button").nth(1).unwrap();
    let first = first.split('>').next().unwrap();
    assert!(
        !first.contains("name=") && first.contains("aria-hidden=\"true\""),
        "{first}"
    );
}

#[tokio::test]
async fn a_code_for_everything_leaves_nothing_to_pay() {
    let shop = Shop::new().await;
    let all = [("id", "ALL"), ("percent_off", "100")];
    shop.client.make("/v1/coupons", &all).await;
    let code = [
        ("promotion[type]", "coupon"),
        ("promotion[coupon]", "ALL"),
        ("code", "GIFT"),
    ];
    shop.client.make("/v1/promotion_codes", &code).await;
    let page = shop
        .press(&[("promotionCode", "GIFT"), ("action", "apply")])
        .await;
    assert_shows(
        &page,
        &["There is nothing to pay.", "Complete order</button>"],
    );
    assert!(!page.html.contains("cardNumber"));
    assert_eq!(shop.press(&[("expectedAmount", "0")]).await.status, 303);
    assert_eq!(
        shop.now().await["payment_status"],
        json!("no_payment_required")
    );
}
