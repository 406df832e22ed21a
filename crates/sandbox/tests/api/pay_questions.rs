//! What the pay page asks in the merchant's name, and what it lets the shopper adjust.

use serde_json::{Value, json};

use crate::merchant::{AUTHENTICATED, Merchant, PAID, id, order};

/// A session with an engraving, a size, terms and news to ask about.
async fn asking(merchant: &Merchant) -> Value {
    merchant
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
    let merchant = Merchant::new().await;
    let session = asking(&merchant).await;
    let page = merchant
        .open(&format!("/c/pay/{}", id(&session)))
        .await
        .html;
    for part in [
        "Engraving &lt;3&gt;",
        "value=\"Hi\"",
        "<option value=\"s\">Small</option>",
        "I accept the terms of service of shop.example",
        "Made for &lt;you&gt;",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let page = merchant
        .pay_with(&session, &[("customField0", "Countess")])
        .await;
    for part in [
        "Engraving &lt;3&gt;: At most 5 characters are allowed.",
        "Size: Required",
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
    assert_eq!(merchant.pay_with(&session, &answers).await.status, 303);
    let session = merchant.retrieve(&session).await;
    assert_eq!(session["custom_fields"][0]["text"]["value"], "Ada");
    assert_eq!(session["custom_fields"][1]["dropdown"]["value"], "s");
    assert_eq!(
        session["consent"],
        json!({ "promotions": "opt_out", "terms_of_service": "accepted" })
    );
}

#[tokio::test]
async fn answers_are_kept_over_the_bank_page() {
    let merchant = Merchant::new().await;
    let session = asking(&merchant).await;
    let answers = [
        ("cardNumber", AUTHENTICATED),
        ("customField0", "Ada"),
        ("customField1", "s"),
        ("termsOfServiceConsentCheckbox", "on"),
        ("promotionsConsentCheckbox", "on"),
    ];
    merchant.pay_with(&session, &answers).await;
    let failed = merchant.authenticate(&session, "fail").await;
    let page = merchant.open(&failed.location.unwrap()).await.html;
    assert!(page.contains("value=\"Ada\""), "{page}");
    assert!(page.contains("<option value=\"s\" selected>"), "{page}");
    merchant.pay_with(&session, &answers).await;
    merchant.authenticate(&session, "complete").await;
    let session = merchant.retrieve(&session).await;
    assert_eq!(session["consent"]["promotions"], "opt_in");
    assert_eq!(session["custom_fields"][0]["text"]["value"], "Ada");
}

#[tokio::test]
async fn quantities_are_adjusted_and_items_added_on_the_page() {
    let merchant = Merchant::new().await;
    let spoon = [
        ("product_data[name]", "Spoon"),
        ("currency", "usd"),
        ("unit_amount", "250"),
    ];
    let spoon = merchant.make("/v1/prices", &spoon).await;
    let more = [
        ("line_items[0][adjustable_quantity][enabled]", "true"),
        ("line_items[0][adjustable_quantity][maximum]", "3"),
        ("optional_items[0][price]", id(&spoon)),
        ("optional_items[0][quantity]", "2"),
        ("expand[]", "line_items"),
    ];
    let form = [&order()[..], &more].concat();
    let session = merchant.make("/v1/checkout/sessions", &form).await;
    let path = format!("/c/pay/{}", id(&session));
    let field = format!("quantity_{}", id(&session["line_items"]["data"][0]));
    let page = merchant.open(&path).await.html;
    assert!(page.contains(&format!("name=\"{field}\" value=\"1\" min=\"1\" max=\"3\"")));
    assert!(page.contains("Add to your order") && page.contains("aria-label=\"Add Spoon\""));

    let update = [(field.as_str(), "2"), ("action", "update")];
    let page = merchant.submit(&path, &update).await.html;
    assert!(page.contains("<p class=\"total\">$42.00</p>"), "{page}");
    let too_many = [(field.as_str(), "4"), ("action", "update")];
    let page = merchant.submit(&path, &too_many).await.html;
    assert!(page.contains("must be from 1 to 3"), "{page}");
    let page = merchant
        .submit(&path, &[("addItem", id(&spoon))])
        .await
        .html;
    assert!(page.contains("<p class=\"total\">$47.00</p>"), "{page}");
    assert!(page.contains("aria-label=\"Remove Spoon\""));
    let page = merchant
        .submit(&path, &[("leaveOutItem", id(&spoon))])
        .await
        .html;
    assert!(page.contains("<p class=\"total\">$42.00</p>"), "{page}");

    let unseen = [(field.as_str(), "3"), ("expectedAmount", "4200")];
    let page = merchant.pay_with(&session, &unseen).await;
    assert!(
        page.html.contains("The total is $63.00 now."),
        "{}",
        page.html
    );
    assert_eq!(merchant.pay(&session, PAID).await.status, 303);
    assert_eq!(merchant.retrieve(&session).await["amount_total"], 6300);
}

#[tokio::test]
async fn an_expired_page_leads_to_its_recovery() {
    let merchant = Merchant::new().await;
    let form = [("after_expiration[recovery][enabled]", "true")];
    let session = merchant.session(&form).await;
    let path = format!("/v1/checkout/sessions/{}/expire", id(&session));
    merchant.make(&path, &[]).await;
    let page = merchant.open(&format!("/c/pay/{}", id(&session))).await;
    let link = format!(
        "href=\"{}/c/recover/{}\"",
        merchant.base_url(),
        id(&session)
    );
    assert!(
        page.status == 410 && page.html.contains(&link),
        "{}",
        page.html
    );
}
