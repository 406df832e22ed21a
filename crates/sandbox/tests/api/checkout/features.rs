//! Features of a session: what it asks of the shopper by name, how its page looks, what it saves,
//! and what can only be switched off.

use serde_json::{Value, json};

use super::Shop;
use crate::api_client::{AUTHENTICATED, id};

const INDIVIDUAL: (&str, &str) = ("name_collection[individual][enabled]", "true");
const BUSINESS: (&str, &str) = ("name_collection[business][enabled]", "true");
const OPTIONAL: (&str, &str) = ("name_collection[business][optional]", "true");

#[tokio::test]
async fn names_are_asked_for_and_written_down() {
    let shop = Shop::new().await;
    let always = ("customer_creation", "always");
    let session = shop
        .session("1", &[INDIVIDUAL, BUSINESS, OPTIONAL, always])
        .await;
    assert_eq!(
        session["name_collection"],
        json!({
            "business": { "enabled": true, "optional": true },
            "individual": { "enabled": true, "optional": false },
        })
    );
    let page = shop.client.pay_with(&session, &[]).await.html;
    for part in [
        "id=\"individualName-error\" data-code=\"parameter_missing\"",
        "<label for=\"businessName\">Business name <span class=\"optional\">(optional)</span></label>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let names = [
        ("individualName", "Ada Lovelace"),
        ("businessName", "Analytical & Co"),
        ("cardNumber", AUTHENTICATED),
    ];
    shop.client.pay_with(&session, &names).await;
    let failed = shop.client.authenticate(&session, "fail").await;
    let page = shop.client.open(&failed.location.unwrap()).await.html;
    assert!(page.contains("value=\"Analytical &amp; Co\""), "{page}");
    shop.client.pay_with(&session, &names).await;
    shop.client.authenticate(&session, "complete").await;
    let session = shop.client.retrieve(&session).await;
    let customer = format!("/v1/customers/{}", session["customer"].as_str().unwrap());
    let customer = shop.client.get(&customer).await.body;
    for place in [
        &session["collected_information"],
        &session["customer_details"],
        &customer,
    ] {
        assert_eq!(
            (&place["individual_name"], &place["business_name"]),
            (&json!("Ada Lovelace"), &json!("Analytical & Co"))
        );
    }
    assert_eq!(session["customer_details"]["name"], "Ada L");
}

#[tokio::test]
async fn names_are_given_without_a_browser() {
    let shop = Shop::new().await;
    let asking = shop.session("1", &[INDIVIDUAL]).await;
    let plain = shop.session("1", &[]).await;
    let name = ("individual_name", "Ada Lovelace");
    for (session, form) in [(&asking, &[][..]), (&plain, &[name])] {
        let refused = shop.confirm(session, form).await;
        assert_eq!(
            (refused.status, &refused.error()["param"]),
            (400, &json!("individual_name"))
        );
    }
    let paid = shop.confirm(&asking, &[name]).await.body["session"].clone();
    let collected = &paid["collected_information"];
    assert_eq!(
        (&collected["individual_name"], &collected["business_name"]),
        (&json!("Ada Lovelace"), &Value::Null)
    );
}

#[tokio::test]
async fn a_shopper_may_save_the_payment_method() {
    let shop = Shop::new().await;
    let save = (
        "saved_payment_method_options[payment_method_save]",
        "enabled",
    );
    let refused = shop.ask("1", &[save]).await;
    assert_eq!(
        (refused.status, &refused.error()["param"]),
        (400, &json!(save.0)),
        "nobody would be its customer"
    );
    let customer = shop.client.make("/v1/customers", &[]).await;
    let owner = ("customer", id(&customer));
    let usage = ("payment_intent_data[setup_future_usage]", "off_session");
    let said = ("payment_method_data[allow_redisplay]", "always");
    let checked = ("savePaymentMethod", "on");
    for (more, form, kept, redisplay, future) in [
        (
            &[owner, save][..],
            &[checked][..],
            true,
            "always",
            json!("on_session"),
        ),
        (&[owner, save], &[], false, "unspecified", Value::Null),
        (&[owner], &[checked], false, "unspecified", Value::Null),
        (&[owner, usage], &[], true, "limited", json!("off_session")),
        (
            &[owner, save, usage],
            &[checked],
            true,
            "always",
            json!("off_session"),
        ),
        (&[owner, said], &[], false, "always", Value::Null),
    ] {
        let session = shop.session("1", more).await;
        let page = shop.client.open(&format!("/c/pay/{}", id(&session))).await;
        assert_eq!(
            page.html.contains("name=\"savePaymentMethod\""),
            more.contains(&save)
        );
        assert_eq!(shop.client.pay_with(&session, form).await.status, 303);
        let path = "/v1/payment_intents?limit=1&expand[]=data.payment_method";
        let intent = &shop.client.get(path).await.body["data"][0];
        let method = &intent["payment_method"];
        assert_eq!(
            (
                method["customer"] == customer["id"],
                &method["allow_redisplay"],
                &intent["setup_future_usage"]
            ),
            (kept, &json!(redisplay), &future),
            "{more:?} {form:?}"
        );
    }
}

#[tokio::test]
async fn a_page_looks_as_the_merchant_wants() {
    let shop = Shop::new().await;
    let session = shop
        .session(
            "1",
            &[
                ("branding_settings[display_name]", "Analytical & Co"),
                ("branding_settings[button_color]", "#112233"),
                ("branding_settings[background_color]", ""),
                ("branding_settings[border_style]", "pill"),
                ("branding_settings[logo][type]", "url"),
                (
                    "branding_settings[logo][url]",
                    "https://shop.example/logo.png",
                ),
            ],
        )
        .await;
    assert_eq!(
        session["branding_settings"],
        json!({
            "background_color": "#ffffff",
            "border_style": "pill",
            "button_color": "#112233",
            "display_name": "Analytical & Co",
            "font_family": "default",
            "icon": null,
            "logo": { "type": "url", "url": "https://shop.example/logo.png" },
        })
    );
    for (member, value) in [
        ("button_color", "red"),
        ("background_color", "#12345g"),
        ("font_family", "comic_sans"),
        ("logo][url", "logo.png"),
    ] {
        let param = format!("branding_settings[{member}]");
        let answer = shop
            .ask(
                "1",
                &[("branding_settings[logo][type]", "url"), (&param, value)],
            )
            .await;
        assert_eq!(answer.status, 400, "{param}: {}", answer.body);
    }
}

#[tokio::test]
async fn unsupported_switches_can_only_be_off() {
    let shop = Shop::new().await;
    for feature in ["automatic_tax", "tax_id_collection", "managed_payments"] {
        let param = format!("{feature}[enabled]");
        let session = shop.session("1", &[(&param, "false")]).await;
        assert_eq!(session[feature]["enabled"], false);
        let refused = shop.ask("1", &[(&param, "true")]).await;
        assert_eq!(
            (refused.status, &refused.error()["param"]),
            (400, &json!(param))
        );
    }
    let link = ("wallet_options[link][display]", "never");
    let session = shop.session("1", &[link]).await;
    assert_eq!(
        session["wallet_options"],
        json!({ "link": { "display": "never" } })
    );
}

#[tokio::test]
async fn parameters_of_other_pages_and_modes_are_refused() {
    let shop = Shop::new().await;
    for (param, says) in [
        (
            "permissions[update_shipping_details]",
            "`ui_mode` is `elements`",
        ),
        ("redirect_on_completion", "`ui_mode` is `embedded_page`"),
        ("return_url", "`ui_mode` is `elements` or `embedded_page`"),
        ("setup_intent_data[description]", "in `setup` mode"),
        ("subscription_data[description]", "in `subscription` mode"),
        (
            "saved_payment_method_options[payment_method_remove]",
            "shows no saved payment methods",
        ),
        (
            "saved_payment_method_options[allow_redisplay_filters][0]",
            "does not support",
        ),
    ] {
        let answer = shop.ask("1", &[(param, "enabled")]).await;
        let message = answer.error()["message"].as_str().unwrap();
        assert!(
            answer.status == 400 && message.contains(says),
            "{param}: {message}"
        );
    }
    let session = shop.session("1", &[]).await;
    let path = format!("/v1/checkout/sessions/{}", id(&session));
    for param in [
        "collected_information[shipping_details][name]",
        "payment_intent_data[description]",
    ] {
        let answer = shop.client.post(&path, &[(param, "Ada")]).await;
        let message = answer.error()["message"].as_str().unwrap();
        assert!(
            answer.status == 400 && message.contains("this one is `hosted_page`"),
            "{param}: {message}"
        );
    }
}
