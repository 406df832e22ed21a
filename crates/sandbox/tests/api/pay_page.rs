//! What the pay page shows, asks for and refuses.

use serde_json::json;

use crate::merchant::{Merchant, PAID, id};

#[tokio::test]
async fn the_page_shows_the_order_and_escapes_it() {
    let merchant = Merchant::new().await;
    let session = merchant
        .session(&[
            ("line_items[0][quantity]", "2"),
            ("customer_email", "a\"b@example.com"),
        ])
        .await;
    let page = merchant.open(&format!("/c/pay/{}", id(&session))).await;
    assert_eq!(page.status, 200);
    for part in [
        "Print &lt;A3&gt;",
        "$42.00",
        "$21.00 each",
        "value=\"a&quot;b@example.com\" required readonly",
        "Back to shop.example",
        "No real money moves",
        "type=\"submit\">Pay</button>",
    ] {
        assert!(page.html.contains(part), "{part} in {}", page.html);
    }
    assert!(!page.html.contains("<A3>"));
}

#[tokio::test]
async fn wrong_fields_are_told_beside_the_field_and_charge_nothing() {
    let merchant = Merchant::new().await;
    let session = merchant.session(&[]).await;
    for (field, value, message) in [
        ("email", "", "Required"),
        ("email", "nobody", "Your email is invalid."),
        (
            "cardNumber",
            "4242424242424241",
            "Your card number is incorrect.",
        ),
        (
            "cardExpiry",
            "13 / 34",
            "Your card&#39;s expiration month is invalid.",
        ),
        (
            "cardExpiry",
            "12 / 20",
            "Your card&#39;s expiration year is invalid.",
        ),
        ("cardCvc", "99", "Your card&#39;s security code is invalid."),
        ("billingName", "", "Required"),
    ] {
        let page = merchant.pay_with(&session, &[(field, value)]).await;
        let error = format!("id=\"{field}-error\"");
        assert!(
            page.html.contains(&error) && page.html.contains(message),
            "{field}: {}",
            page.html
        );
    }
    assert_eq!(merchant.event_types().await, [""; 0]);
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let merchant = Merchant::new().await;
    let session = merchant.session(&[]).await;
    let url = format!("{}/c/pay/{}", merchant.base_url(), id(&session));
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let response = merchant
            .http
            .post(&url)
            .header(name, value)
            .body("email=a")
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 403);
    }
    let url = format!("{}/sandbox/reset", merchant.base_url());
    let response = merchant
        .http
        .post(&url)
        .header("origin", "https://evil.example")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 403);
}

#[tokio::test]
async fn what_the_merchant_asks_for_further_is_asked_of_the_shopper() {
    let merchant = Merchant::new().await;
    let session = merchant
        .session(&[
            ("billing_address_collection", "required"),
            ("phone_number_collection[enabled]", "true"),
        ])
        .await;
    assert!(
        merchant
            .pay(&session, PAID)
            .await
            .html
            .contains("billingPostalCode-error")
    );
    let address = [
        ("billingAddressLine1", "1 Main St"),
        ("billingLocality", "Berlin"),
        ("billingPostalCode", "10115"),
        ("billingCountry", "DE"),
        ("phoneNumber", "+49 30 1"),
    ];
    assert_eq!(merchant.pay_with(&session, &address).await.status, 303);
    let details = &merchant.retrieve(&session).await["customer_details"];
    assert_eq!(
        (&details["address"]["city"], &details["phone"]),
        (&json!("Berlin"), &json!("+49 30 1"))
    );
}
