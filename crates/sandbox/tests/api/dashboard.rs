//! The dashboard: every page, and the buttons on it, as a browser without JavaScript sees them.

use reqwest::header::{ACCEPT, ORIGIN, REFERER};
use serde_json::Value;

use crate::api_client::{ApiClient, DECLINED, PAID, eventually, id};
use crate::debits;
use crate::webhooks::settled;

/// Clicks a button of a page, and returns the status and where the browser is sent.
async fn click(client: &ApiClient, on: &str, action: &str, form: &[(&str, &str)]) -> (u16, String) {
    let base = client.base_url();
    let request = client
        .http
        .post(format!("{base}{action}"))
        .header(ACCEPT, "text/html,application/xhtml+xml")
        .header(ORIGIN, base)
        .header(REFERER, format!("{base}{on}"))
        .form(form);
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let location = response.headers().get("location");
    let location = location.map(|value| value.to_str().unwrap().to_owned());
    (status, location.unwrap_or_default())
}

async fn paid(client: &ApiClient) -> Value {
    let session = client.session(&[]).await;
    client.pay(&session, DECLINED).await;
    client.pay(&session, PAID).await;
    client.retrieve(&session).await
}

#[tokio::test]
async fn every_place_can_be_opened_empty_and_filled() {
    let client = ApiClient::new().await;
    let places = [
        "/",
        "/sessions",
        "/invoices",
        "/refunds",
        "/disputes",
        "/customers",
        "/events",
        "/deliveries",
        "/endpoints",
        "/controls",
    ];
    for place in places {
        assert_eq!(client.open(place).await.status, 200, "{place}");
    }
    assert!(
        client
            .open("/")
            .await
            .html
            .contains("/v1/checkout/sessions")
    );
    let session = paid(&client).await;
    for place in places {
        let page = client.open(place).await;
        assert_eq!(page.status, 200, "{place}");
        assert!(page.html.contains("aria-current=\"page\""), "{place}");
        assert!(
            !page.html.contains("<script") && !page.html.contains("style="),
            "{place}"
        );
    }
    let payment = session["payment_intent"].as_str().unwrap();
    assert!(
        client
            .open("/")
            .await
            .html
            .contains(&format!("/objects/{payment}"))
    );
    assert_eq!(client.open("/objects/pi_nothing").await.status, 404);
    assert_eq!(client.open("/deliveries/999").await.status, 404);
}

#[tokio::test]
async fn its_pages_allow_no_script_and_forms_only_to_themselves() {
    let client = ApiClient::new().await;
    let url = format!("{}/controls", client.base_url());
    let response = client.http.get(url).send().await.unwrap();
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self';"));
    assert!(!policy.contains("script") && !policy.contains("unsafe"));
}

#[tokio::test]
async fn a_payment_shows_its_session_charges_and_what_happened() {
    let client = ApiClient::new().await;
    let session = paid(&client).await;
    settled(&client).await;
    let payment = session["payment_intent"].as_str().unwrap();
    let html = client.open(&format!("/objects/{payment}")).await.html;
    assert!(html.contains(id(&session)));
    assert_eq!(html.matches("<h2>Charge</h2>").count(), 2);
    for kind in [
        "charge.failed",
        "charge.succeeded",
        "checkout.session.completed",
    ] {
        assert!(html.contains(&format!("<td>{kind}</td>")), "{kind}");
    }
    assert!(html.contains("$21.00") && html.contains("visa •••• 4242"));
}

#[tokio::test]
async fn a_session_shows_its_order_and_a_customer_what_belongs_to_them() {
    let client = ApiClient::new().await;
    let customer = client
        .make("/v1/customers", &[("email", "ada@example.com")])
        .await;
    let coupon = [("id", "TEN"), ("percent_off", "10"), ("name", "Autumn")];
    client.make("/v1/coupons", &coupon).await;
    let rate = "shipping_options[0][shipping_rate_data]";
    let session = client
        .session(&[
            ("customer", id(&customer)),
            ("line_items[0][quantity]", "2"),
            ("discounts[0][coupon]", "TEN"),
            ("shipping_address_collection[allowed_countries][0]", "DE"),
            (&format!("{rate}[display_name]"), "Express"),
            (&format!("{rate}[type]"), "fixed_amount"),
            (&format!("{rate}[fixed_amount][amount]"), "1500"),
            (&format!("{rate}[fixed_amount][currency]"), "usd"),
        ])
        .await;
    let address = [
        ("shippingName", "Ada L"),
        ("shippingAddressLine1", "Unter den Linden 1"),
        ("shippingLocality", "Berlin"),
        ("shippingPostalCode", "10117"),
    ];
    assert_eq!(client.pay_with(&session, &address).await.status, 303);
    let html = client
        .open(&format!("/objects/{}", id(&session)))
        .await
        .html;
    for part in [
        "<td>$42.00</td>",
        "-$4.20 (by the merchant, Autumn)",
        "$15.00 (Express)",
        "<dd>$52.80</dd>",
        "Ada L, Unter den Linden 1, Berlin, 10117, Germany",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let html = client
        .open(&format!("/objects/{}", id(&customer)))
        .await
        .html;
    let payment = &client.retrieve(&session).await["payment_intent"];
    for belonging in [id(&session), payment.as_str().unwrap()] {
        assert!(html.contains(&format!("/objects/{belonging}")), "{html}");
    }
}

#[tokio::test]
async fn texts_of_the_merchant_are_escaped() {
    let client = ApiClient::new().await;
    let evil = "<script>alert(1)</script>";
    let session = client.session(&[("client_reference_id", evil)]).await;
    let html = client
        .open(&format!("/objects/{}", id(&session)))
        .await
        .html;
    assert!(!html.contains(evil) && html.contains("&lt;script&gt;"));
}

#[tokio::test]
async fn buttons_do_what_they_say_and_lead_back_with_a_word() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    let page = format!("/objects/{}", id(&session));
    let action = format!("/sandbox/sessions/{}/expire", id(&session));
    assert!(client.open(&page).await.html.contains(&action));
    let led = click(&client, &page, &action, &[]).await;
    assert_eq!(led, (303, format!("{page}?done=expire")));
    let html = client.open(&led.1).await.html;
    assert!(html.contains("The session has expired.") && !html.contains(&action));
    let again = click(&client, &page, &action, &[]).await;
    assert_eq!(again, (303, format!("{page}?refused=yes")));

    settled(&client).await;
    let event = client.get("/v1/events").await.body["data"][0].clone();
    let page = format!("/objects/{}", id(&event));
    let action = format!("/sandbox/events/{}/resend", id(&event));
    assert!(client.open(&page).await.html.contains(&action));
    assert_eq!(click(&client, &page, &action, &[]).await.0, 303);
    eventually("it came again", async || {
        client.endpoint.received().len() == 2
    })
    .await;

    let led = click(
        &client,
        "/controls",
        "/sandbox/clock",
        &[("advance", "3600")],
    )
    .await;
    assert_eq!(led.1, "/controls?done=clock");
    assert!(
        client
            .open("/controls")
            .await
            .html
            .contains("1 hour ahead of the machine")
    );
    let led = click(
        &client,
        "/controls",
        "/sandbox/faults",
        &[("api_error", "7"), ("seed", "3")],
    )
    .await;
    assert_eq!(led.1, "/controls?done=faults");
    assert!(
        client
            .open("/controls")
            .await
            .html
            .contains("name=\"api_error\" min=\"0\" max=\"100\" value=\"7\"")
    );
    let led = click(&client, "/controls", "/sandbox/reset", &[]).await;
    assert_eq!(led.1, "/?done=reset");
    assert!(client.open("/sessions").await.html.contains("Nothing yet."));
}

#[tokio::test]
async fn an_endpoint_is_switched_and_rolled_by_buttons() {
    let client = ApiClient::new().await;
    let endpoint = client.get("/v1/webhook_endpoints").await.body["data"][0].clone();
    let page = format!("/objects/{}", id(&endpoint));
    let path = format!("/sandbox/webhook_endpoints/{}", id(&endpoint));
    for (action, button) in [("disable", "Enable"), ("enable", "Disable")] {
        let led = click(&client, &page, &format!("{path}/{action}"), &[]).await;
        assert_eq!(led, (303, format!("{page}?done={action}")));
        assert!(
            client
                .open(&page)
                .await
                .html
                .contains(&format!("<button>{button}</button>"))
        );
    }
    let led = click(
        &client,
        &page,
        &format!("{path}/roll"),
        &[("expires_in", "3600")],
    )
    .await;
    assert_eq!(led.1, format!("{page}?done=roll"));
    let html = client.open(&page).await.html;
    assert!(html.contains("whsec_first") && html.matches("whsec_").count() == 2);
}

#[tokio::test]
async fn a_delivery_shows_each_attempt_with_its_request_and_answer() {
    let client = ApiClient::new().await;
    client.endpoint.answer_next(&[500]);
    let session = client.session(&[]).await;
    let action = format!("/sandbox/sessions/{}/expire", id(&session));
    client.control(&action, &[]).await;
    let delivery = settled(&client).await.remove(0);
    let html = client
        .open(&format!("/deliveries/{}", delivery["id"]))
        .await
        .html;
    for told in [
        "Attempt 1",
        "Attempt 2",
        "stripe-signature: t=",
        "noted",
        ">500<",
        ">200<",
        "checkout.session.expired",
    ] {
        assert!(html.contains(told), "{told}");
    }
}

#[tokio::test]
async fn buttons_of_another_site_do_nothing() {
    let client = ApiClient::new().await;
    let url = format!("{}/sandbox/reset", client.base_url());
    let request = client
        .http
        .post(url)
        .header(ACCEPT, "text/html")
        .header(ORIGIN, "https://evil.example")
        .header(REFERER, "https://evil.example/");
    assert_eq!(request.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn long_lists_go_on() {
    let client = ApiClient::new().await;
    for _ in 0..51 {
        client.session(&[]).await;
    }
    let html = client.open("/sessions").await.html;
    let next = html.split("href=\"/sessions?after=").nth(1).unwrap();
    let next = next.split('"').next().unwrap();
    let older = client.open(&format!("/sessions?after={next}")).await.html;
    assert_eq!(older.matches("<tr>").count(), 2, "the head and one row");
}

#[tokio::test]
async fn money_is_moved_by_buttons() {
    let client = ApiClient::new().await;
    let charge = client.charge(PAID).await;
    let page = format!("/objects/{}", charge["payment_intent"].as_str().unwrap());
    let refund = format!("/sandbox/charges/{}/refund", id(&charge));
    for (amount, outcome) in [
        ("22", "refused=yes"),
        ("1.234", "refused=yes"),
        ("-1", "refused=yes"),
        ("6.5", "done=refund"),
    ] {
        let led = click(&client, &page, &refund, &[("amount", amount)]).await;
        assert_eq!(led, (303, format!("{page}?{outcome}")), "{amount}");
    }
    let html = client.open(&page).await.html;
    assert!(html.contains("$6.50") && html.contains("placeholder=\"all: $14.50\""));

    let refunds = client.get("/v1/refunds").await.body;
    let fail = format!("/sandbox/refunds/{}/fail", id(&refunds["data"][0]));
    assert!(html.contains(&fail));
    let led = click(&client, &page, &fail, &[("failure_reason", "declined")]).await;
    assert_eq!(led, (303, format!("{page}?done=fail")));
    assert!(
        client
            .open(&page)
            .await
            .html
            .contains("placeholder=\"all: $21.00\"")
    );

    let dispute = format!("/sandbox/charges/{}/dispute", id(&charge));
    let form = [("reason", "product_not_received"), ("kind", "inquiry")];
    assert_eq!(click(&client, &page, &dispute, &form).await.0, 303);
    let disputes = client.get("/v1/disputes").await.body;
    let path = format!("/sandbox/disputes/{}", id(&disputes["data"][0]));
    for (decision, next) in [("escalate", "lose"), ("lose", "win"), ("win", "")] {
        let action = format!("{path}/{decision}");
        assert!(
            client.open(&page).await.html.contains(&action),
            "{decision}"
        );
        assert_eq!(
            click(&client, &page, &action, &[]).await.0,
            303,
            "{decision}"
        );
        let html = client.open(&page).await.html;
        assert!(html.contains(&format!("{path}/{next}\"")) || next.is_empty());
        // What was won back can be refunded.
        assert_eq!(html.contains(&refund), decision == "win", "{decision}");
    }
}

#[tokio::test]
async fn a_debit_is_settled_by_a_button() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    debits::pay_by_debit(&client, &session, debits::SUCCEEDS).await;
    let session = client.retrieve(&session).await;
    let intent = session["payment_intent"].as_str().unwrap();
    let page = format!("/objects/{intent}");
    let action = format!("/sandbox/payment_intents/{intent}/settle");
    assert!(client.open(&page).await.html.contains("Let the debit fail"));
    let led = click(&client, &page, &action, &[("outcome", "succeed")]).await;
    assert_eq!(led, (303, format!("{page}?done=settle")));
    let html = client.open(&page).await.html;
    assert!(!html.contains(&action) && html.contains("href=\"/objects/py_"));
    assert_eq!(client.retrieve(&session).await["payment_status"], "paid");
}
