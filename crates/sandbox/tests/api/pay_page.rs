//! The pay page: what it shows, asks for and refuses.

use serde_json::json;

use crate::api_client::{ApiClient, PAID, id};

#[tokio::test]
async fn the_page_shows_the_order_and_escapes_it() {
    let client = ApiClient::new().await;
    let session = client
        .session(&[
            ("line_items[0][quantity]", "2"),
            ("customer_email", "a\"b@example.com"),
        ])
        .await;
    let page = client.open(&format!("/c/pay/{}", id(&session))).await;
    assert_eq!(page.status, 200);
    for part in [
        "Print &lt;A3&gt;",
        "$42.00",
        "$21.00 each",
        "value=\"a&quot;b@example.com\" required readonly",
        "Back to shop.example",
        "No real money moves",
        "Pay</button>",
    ] {
        assert!(page.html.contains(part), "{part} in {}", page.html);
    }
    assert!(!page.html.contains("<A3>"));
}

#[tokio::test]
async fn wrong_fields_have_errors_beside_them_and_charge_nothing() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
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
        let page = client.pay_with(&session, &[(field, value)]).await;
        let error = format!("id=\"{field}-error\"");
        assert!(
            page.html.contains(&error) && page.html.contains(message),
            "{field}: {}",
            page.html
        );
    }
    assert_eq!(client.event_types().await, [""; 0]);
}

#[tokio::test]
async fn several_wrong_fields_are_listed_first_with_links_to_them() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    let wrong = [
        ("cardNumber", "4242424242424241"),
        ("cardExpiry", "13 / 34"),
    ];
    let page = client.pay_with(&session, &wrong).await;
    for part in [
        "role=\"alert\" tabindex=\"-1\" autofocus",
        "<a href=\"#cardNumber\">Card number</a>: Your card number is incorrect.",
        "<a href=\"#cardExpiry\">Expiration</a>: Your card&#39;s expiration month is invalid.",
        "aria-invalid=\"true\" aria-describedby=\"cardExpiry-error\"",
        "<title>Error: ",
    ] {
        assert!(page.html.contains(part), "{part} in {}", page.html);
    }
    assert_eq!(page.html.matches("autofocus").count(), 1);

    let page = client.pay_with(&session, &wrong[..1]).await;
    let focused = "aria-describedby=\"cardNumber-error\" autofocus";
    assert!(page.html.contains(focused) && !page.html.contains("role=\"alert\""));
}

#[tokio::test]
async fn the_page_and_its_button_say_what_the_merchant_calls_it() {
    let client = ApiClient::new().await;
    for (submit_type, title, button) in [
        ("auto", "Pay shop.example", "Pay"),
        ("book", "Book with shop.example", "Book"),
        ("donate", "Donate to shop.example", "Donate"),
    ] {
        let session = client.session(&[("submit_type", submit_type)]).await;
        let page = client.open(&format!("/c/pay/{}", id(&session))).await;
        assert!(page.html.contains(&format!("<title>{title}</title>")));
        assert!(page.html.contains(&format!("{button}</button>")));
    }
}

#[tokio::test]
async fn the_page_looks_as_the_merchant_wants_it() {
    let client = ApiClient::new().await;
    let plain = client.session(&[]).await;
    let page = client.open(&format!("/c/pay/{}", id(&plain))).await;
    assert!(!page.html.contains("brand.css") && !page.html.contains("<img"));
    let settings = [
        ("branding_settings[display_name]", "Ada & Sons"),
        ("branding_settings[button_color]", "#ffcc00"),
        ("branding_settings[background_color]", "#102030"),
        ("branding_settings[border_style]", "pill"),
        ("branding_settings[icon][type]", "url"),
        (
            "branding_settings[icon][url]",
            "https://shop.example/icon.png",
        ),
    ];
    let session = client.session(&settings).await;
    let page = client.open(&format!("/c/pay/{}", id(&session))).await;
    for part in [
        "<title>Pay Ada &amp; Sons</title>",
        "Back to Ada &amp; Sons",
        "You allow Ada &amp; Sons to debit this account.",
        "<img src=\"https://shop.example/icon.png\" alt=\"\" width=\"24\"",
        "class=\"checkout-page pill\"",
        "href=\"/assets/brand.css?button=ffcc00&amp;background=102030\"",
    ] {
        assert!(page.html.contains(part), "{part} in {}", page.html);
    }
    let style = client.open("/assets/brand.css?button=ffcc00&background=102030");
    let style = style.await.html;
    assert!(style.contains("--accent: #ffcc00; --accent-ink: #000000;"));
    assert!(style.contains("background: #102030; color: #ffffff;"));
    for wrong in ["button=red;}", "button=ffcc00&button=ffcc00"] {
        let page = client.open(&format!("/assets/brand.css?{wrong}")).await;
        assert_eq!(page.status, 400, "{wrong}");
        assert!(
            page.html.contains("six hexadecimal digits"),
            "{}",
            page.html
        );
    }
    client.pay(&session, PAID).await;
    let page = client.open(&format!("/c/pay/{}", id(&session))).await;
    assert!(page.html.contains("Continue to Ada &amp; Sons"));
}

#[tokio::test]
async fn branding_of_the_session_counts_though_it_equals_the_account() {
    let client = ApiClient::new().await;
    let settings = [
        ("branding_settings[display_name]", "Sandbox"),
        ("branding_settings[button_color]", "#0074d4"),
        ("branding_settings[icon][type]", "file"),
        ("branding_settings[icon][file]", "file_1"),
        ("branding_settings[logo][type]", "url"),
        (
            "branding_settings[logo][url]",
            "https://shop.example/logo.png",
        ),
    ];
    let session = client.session(&settings).await;
    let page = client.open(&format!("/c/pay/{}", id(&session))).await;
    for part in [
        "<title>Pay Sandbox</title>",
        "href=\"/assets/brand.css?button=0074d4\"",
        "<img src=\"https://shop.example/logo.png\"",
    ] {
        assert!(page.html.contains(part), "{part} in {}", page.html);
    }
}

#[tokio::test]
async fn a_page_that_is_asked_for_nonsense_shows_what_it_can() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    let path = format!("/c/pay/{}?attempt=failed&attempt=failed", id(&session));
    let page = client.open(&path).await;
    assert_eq!(page.status, 200, "{}", page.html);
    assert!(page.html.contains("cardNumber"));
}

#[tokio::test]
async fn the_shopper_is_sent_to_an_address_in_ascii() {
    let client = ApiClient::new().await;
    let given = "https://münchen.example/größe?id={CHECKOUT_SESSION_ID}";
    let session = client.session(&[("success_url", given)]).await;
    assert_eq!(session["success_url"], given);
    let page = client.pay(&session, PAID).await;
    let expected = format!(
        "https://xn--mnchen-3ya.example/gr%C3%B6%C3%9Fe?id={}",
        id(&session)
    );
    assert_eq!(page.location, Some(expected));
}

#[tokio::test]
async fn nothing_on_the_page_needs_more_than_its_content_security_policy_allows() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    let page = client.pay_with(&session, &[("cardCvc", "1")]).await;
    for inline in [" style=", "<style", "<script>", " onclick=", "javascript:"] {
        assert!(!page.html.contains(inline), "{inline} in {}", page.html);
    }
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    let url = format!("{}/c/pay/{}", client.base_url(), id(&session));
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let response = client
            .http
            .post(&url)
            .header(name, value)
            .body("email=a")
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 403);
    }
    let url = format!("{}/sandbox/reset", client.base_url());
    let response = client
        .http
        .post(&url)
        .header("origin", "https://evil.example")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 403);
}

#[tokio::test]
async fn further_questions_of_the_merchant_are_on_the_page() {
    let client = ApiClient::new().await;
    let session = client
        .session(&[
            ("billing_address_collection", "required"),
            ("phone_number_collection[enabled]", "true"),
        ])
        .await;
    assert!(
        client
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
    assert_eq!(client.pay_with(&session, &address).await.status, 303);
    let details = &client.retrieve(&session).await["customer_details"];
    assert_eq!(
        (&details["address"]["city"], &details["phone"]),
        (&json!("Berlin"), &json!("+49 30 1"))
    );
}

#[tokio::test]
async fn the_country_is_one_of_the_list() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    let page = client.pay_with(&session, &[("billingCountry", "XX")]).await;
    assert!(page.html.contains("billingCountry-error"));
    let paid = client.pay_with(&session, &[("billingCountry", "CI")]).await;
    assert_eq!(paid.status, 303);
    let details = &client.retrieve(&session).await["customer_details"];
    assert_eq!(details["address"]["country"], "CI");
}

#[tokio::test]
async fn an_address_needs_what_addresses_of_its_country_have() {
    let client = ApiClient::new().await;
    let required = [("billing_address_collection", "required")];
    for (country, more, missing) in [
        ("HK", vec![], None),
        ("DE", vec![], Some("billingPostalCode-error")),
        (
            "US",
            vec![("billingPostalCode", "94110")],
            Some("billingAdministrativeArea-error"),
        ),
        (
            "US",
            vec![
                ("billingPostalCode", "94110"),
                ("billingAdministrativeArea", "CA"),
            ],
            None,
        ),
    ] {
        let session = client.session(&required).await;
        let address = [
            ("billingAddressLine1", "1 Main St"),
            ("billingLocality", "Town"),
            ("billingCountry", country),
        ];
        let page = client
            .pay_with(&session, &[&address[..], &more].concat())
            .await;
        match missing {
            None => assert_eq!(page.status, 303, "{country}: {}", page.html),
            Some(error) => assert!(page.html.contains(error), "{country}: {}", page.html),
        }
    }
}
