//! Shipping: where goods go and what that costs.

use serde_json::json;

use super::{Shop, amounts, message};
use crate::api_client::id;

#[tokio::test]
async fn goods_are_shipped_at_the_chosen_rate_to_a_country_of_the_list() {
    let shop = Shop::new().await;
    let rate = shop
        .client
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
        .client
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
    let session = shop.client.get(&path).await.body;
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
    let euro = shop.client.make("/v1/shipping_rates", &form).await;
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
async fn collected_details_outlive_the_bank_page() {
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
    shop.client.authenticate(&session, "complete").await;
    let session = shop.client.retrieve(&session).await;
    assert_eq!(session["status"], "complete");
    assert_eq!(session["customer_details"]["email"], "ada@example.com");
    let details = &session["collected_information"]["shipping_details"];
    assert_eq!(details["name"], "Ada L");
}
