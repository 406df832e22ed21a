//! Settings of a session: what it asks and tells, and what happens when it expires.

use serde_json::{Value, json};

use super::{Shop, amounts};
use crate::api_client::{PAID, id};

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
    let expired = shop.client.make(&path, &[]).await;
    let recovery = &expired["after_expiration"]["recovery"];
    let days = recovery["expires_at"].as_i64().unwrap() - session["created"].as_i64().unwrap();
    assert_eq!(days / (24 * 60 * 60), 30);
    let address = recovery["url"]
        .as_str()
        .unwrap()
        .strip_prefix(shop.client.base_url())
        .unwrap()
        .to_owned();
    let first = shop.client.open(&address).await.location.unwrap();
    let again = shop.client.open(&address).await.location.unwrap();
    assert_eq!(first, again);
    let list = shop.client.get("/v1/checkout/sessions?limit=1").await.body;
    let recovered = &list["data"][0];
    assert_eq!(first, format!("/c/pay/{}", id(recovered)));
    assert_eq!(
        (&recovered["recovered_from"], &recovered["status"]),
        (&session["id"], &json!("open"))
    );
    assert_eq!(amounts(recovered), [2100, 210, 0, 1890]);
    assert_eq!(shop.client.pay(recovered, PAID).await.status, 303);

    let plain = shop.session("1", &[]).await;
    let path = format!("/v1/checkout/sessions/{}/expire", id(&plain));
    shop.client.make(&path, &[]).await;
    let page = shop
        .client
        .open(&format!("/c/recover/{}", id(&plain)))
        .await;
    assert_eq!(page.status, 410);
}

#[tokio::test]
async fn answers_of_the_shopper_are_recorded() {
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
            .client
            .request(reqwest::Method::POST, "/v1/checkout/sessions");
        if let Some(version) = version {
            request = request.header("stripe-version", version);
        }
        let answer = request.form(&form).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{version:?} {name}");
    }
}
