//! Questions of the pay page in the merchant's name, and what it lets the shopper adjust.

use serde_json::{Value, json};

use crate::api_client::{AUTHENTICATED, ApiClient, id};

/// A session with an engraving, a size, terms and news to ask about.
async fn asking(client: &ApiClient) -> Value {
    client
        .session(&[
            ("custom_fields[0][key]", "engraving"),
            ("custom_fields[0][label][type]", "custom"),
            ("custom_fields[0][label][custom]", "Engraving <3>"),
            ("custom_fields[0][type]", "text"),
            ("custom_fields[0][text][default_value]", "Hi"),
            ("custom_fields[0][text][maximum_length]", "5"),
            ("custom_fields[1][key]", "size"),
            ("custom_fields[1][label][type]", "custom"),
            ("custom_fields[1][label][custom]", "Size"),
            ("custom_fields[1][type]", "dropdown"),
            ("custom_fields[1][dropdown][options][0][label]", "Small"),
            ("custom_fields[1][dropdown][options][0][value]", "s"),
            ("consent_collection[terms_of_service]", "required"),
            ("consent_collection[promotions]", "auto"),
            ("custom_text[submit][message]", "Made for <you>"),
        ])
        .await
}

#[tokio::test]
async fn the_merchants_questions_are_asked_and_answered() {
    let client = ApiClient::new().await;
    let session = asking(&client).await;
    let page = client.open(&format!("/c/pay/{}", id(&session))).await.html;
    for part in [
        "Engraving &lt;3&gt;",
        "value=\"Hi\"",
        "<option value=\"s\">Small</option>",
        "I accept the terms of service of shop.example",
        "Made for &lt;you&gt;",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let page = client
        .pay_with(&session, &[("customField0", "Countess")])
        .await;
    for part in [
        "Engraving &lt;3&gt;</a>: At most 5 characters are allowed.",
        "Size</a>: Required",
        "Please accept the terms of service",
        "href=\"#customField0\"",
        "value=\"Countess\"",
    ] {
        assert!(page.html.contains(part), "{part}: {}", page.html);
    }
    let answers = [
        ("customField0", "Ada"),
        ("customField1", "s"),
        ("termsOfServiceConsentCheckbox", "on"),
    ];
    assert_eq!(client.pay_with(&session, &answers).await.status, 303);
    let session = client.retrieve(&session).await;
    assert_eq!(session["custom_fields"][0]["text"]["value"], "Ada");
    assert_eq!(session["custom_fields"][1]["dropdown"]["value"], "s");
    assert_eq!(
        session["consent"],
        json!({ "promotions": "opt_out", "terms_of_service": "accepted" })
    );
}

#[tokio::test]
async fn answers_are_kept_over_the_bank_page() {
    let client = ApiClient::new().await;
    let session = asking(&client).await;
    let answers = [
        ("cardNumber", AUTHENTICATED),
        ("customField0", "Ada"),
        ("customField1", "s"),
        ("termsOfServiceConsentCheckbox", "on"),
        ("promotionsConsentCheckbox", "on"),
    ];
    client.pay_with(&session, &answers).await;
    let failed = client.authenticate(&session, "fail").await;
    let page = client.open(&failed.location.unwrap()).await.html;
    assert!(page.contains("value=\"Ada\""), "{page}");
    assert!(page.contains("<option value=\"s\" selected>"), "{page}");
    client.pay_with(&session, &answers).await;
    client.authenticate(&session, "complete").await;
    let session = client.retrieve(&session).await;
    assert_eq!(session["consent"]["promotions"], "opt_in");
    assert_eq!(session["custom_fields"][0]["text"]["value"], "Ada");
}

#[tokio::test]
async fn an_expired_page_leads_to_its_recovery() {
    let client = ApiClient::new().await;
    let form = [("after_expiration[recovery][enabled]", "true")];
    let session = client.session(&form).await;
    let path = format!("/v1/checkout/sessions/{}/expire", id(&session));
    client.make(&path, &[]).await;
    let page = client.open(&format!("/c/pay/{}", id(&session))).await;
    let link = format!("href=\"{}/c/recover/{}\"", client.base_url(), id(&session));
    assert!(
        page.status == 410 && page.html.contains(&link),
        "{}",
        page.html
    );
}
