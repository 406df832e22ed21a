//! The invoice as people see it: its page, its PDF, the dashboard.

use serde_json::{Value, json};

use super::{WANTED, invoice, invoice_of, session};
use crate::api_client::{ApiClient, id};

#[tokio::test]
async fn the_customer_sees_the_invoice_at_its_address() {
    let client = ApiClient::new().await;
    let data = [
        ("invoice_creation[invoice_data][description]", "Thank <you>"),
        (
            "invoice_creation[invoice_data][custom_fields][0][name]",
            "P&O",
        ),
        (
            "invoice_creation[invoice_data][custom_fields][0][value]",
            "<9>",
        ),
        ("line_items[0][quantity]", "2"),
    ];
    let session = session(&client, &data).await;
    let invoice = invoice(&client, &session, &[]).await;
    let url = invoice["hosted_invoice_url"].as_str().unwrap();
    let path = url.strip_prefix(client.base_url()).unwrap();
    let page = client.open(path).await;
    assert_eq!(page.status, 200);
    for part in [
        &format!(
            "<title>Invoice {}</title>",
            invoice["number"].as_str().unwrap()
        ),
        "Thank &lt;you&gt;",
        "<dt>P&amp;O</dt><dd>&lt;9&gt;</dd>",
        "Print &lt;A3&gt;",
        "2 × $21.00",
        "$42.00",
        "Visa •••• 4242",
        "Ada L<br>United States",
        "No real money moves",
    ] {
        assert!(page.html.contains(part), "{part} in {}", page.html);
    }
    for other in ["<script", " style=", "Refunded"] {
        assert!(!page.html.contains(other), "{other} in {}", page.html);
    }
    let intent = client.retrieve(&session).await["payment_intent"].clone();
    client
        .refund(&[
            ("payment_intent", intent.as_str().unwrap()),
            ("amount", "500"),
        ])
        .await;
    let page = client.open(path).await;
    assert!(page.html.contains("<dt>Refunded</dt><dd>$5.00</dd>"));
    let after = client.get(&format!("/v1/invoices/{}", id(&invoice))).await;
    assert_eq!(after.body, invoice);
    assert_eq!(client.open("/i/in_none").await.status, 404);
}

#[tokio::test]
async fn an_invoice_is_found_on_the_dashboard() {
    let client = ApiClient::new().await;
    let session = session(&client, &[]).await;
    let invoice = invoice(&client, &session, &["payments"]).await;
    let paid = client.retrieve(&session).await;
    let object = format!("/objects/{}", id(&invoice));
    for place in [
        "/invoices".to_owned(),
        format!("/objects/{}", id(&session)),
        format!("/objects/{}", paid["payment_intent"].as_str().unwrap()),
        format!("/objects/{}", paid["customer"].as_str().unwrap()),
        format!("/objects/{}", id(&invoice["payments"]["data"][0])),
    ] {
        let page = client.open(&place).await;
        assert!(page.html.contains(&object), "{place}: {}", page.html);
    }
    let page = client.open(&object).await;
    for part in [
        invoice["number"].as_str().unwrap(),
        &format!("href=\"/i/{}\"", id(&invoice)),
        "invoice.payment_succeeded",
        "invoice_payment.paid",
    ] {
        assert!(page.html.contains(part), "{part} in {}", page.html);
    }
}

async fn pdf(client: &ApiClient, invoice: &Value) -> (reqwest::header::HeaderMap, String) {
    let url = invoice["invoice_pdf"].as_str().unwrap();
    let response = client.http.get(url).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let headers = response.headers().clone();
    let bytes = response.bytes().await.unwrap();
    (headers, String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test]
async fn the_pdf_says_what_the_page_says() {
    let client = ApiClient::new().await;
    let data = [
        (
            "invoice_creation[invoice_data][description]",
            "Thank (you), Жанна",
        ),
        ("line_items[0][quantity]", "2"),
    ];
    let session = session(&client, &data).await;
    let invoice = invoice(&client, &session, &[]).await;
    let (headers, pdf) = pdf(&client, &invoice).await;
    let number = invoice["number"].as_str().unwrap();
    assert_eq!(headers["content-type"], "application/pdf");
    let disposition = headers["content-disposition"].to_str().unwrap();
    assert_eq!(
        disposition,
        format!("attachment; filename=\"Invoice-{number}.pdf\"")
    );
    assert!(pdf.starts_with("%PDF-") && pdf.ends_with("%%EOF"), "{pdf}");
    for part in [
        &format!("({number}) Tj"),
        "Thank (you), ?????) Tj",
        "(Print <A3>) Tj",
        "($42.00) Tj",
        "(ada@example.com) Tj",
        "No real money moves",
        "/Count 1\n",
    ] {
        assert!(pdf.contains(part), "{part} in {pdf}");
    }
    let missing = format!("{}/i/in_none/pdf", client.base_url());
    let missing = client.http.get(missing).send().await.unwrap();
    assert_eq!(missing.status(), 404);
}

#[tokio::test]
async fn a_long_pdf_goes_on_over_as_many_sheets_as_it_needs() {
    let client = ApiClient::new().await;
    let names: Vec<(String, String)> = (1..60)
        .flat_map(|at| {
            let price = format!("line_items[{at}][price_data]");
            [
                (format!("{price}[currency]"), "usd".to_owned()),
                (format!("{price}[unit_amount]"), "100".to_owned()),
                (format!("{price}[product_data][name]"), format!("Card {at}")),
                (format!("line_items[{at}][quantity]"), "1".to_owned()),
            ]
        })
        .collect();
    let form: Vec<(&str, &str)> = names
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let session = session(&client, &form).await;
    let invoice = invoice(&client, &session, &[]).await;
    let (_, pdf) = pdf(&client, &invoice).await;
    assert!(pdf.contains("/Count 3\n"), "{pdf}");
    for at in 1..60 {
        assert!(pdf.contains(&format!("(Card {at}) Tj")), "{at}");
    }
    assert!(pdf.contains("(Amount due) Tj"));
}

#[tokio::test]
async fn invoice_of_another_currency_of_a_price_is_in_that_currency() {
    let client = ApiClient::new().await;
    let price = client
        .make(
            "/v1/prices",
            &[
                ("currency", "usd"),
                ("unit_amount", "1000"),
                ("product_data[name]", "Mug"),
                ("currency_options[eur][unit_amount]", "900"),
            ],
        )
        .await;
    let form = [
        WANTED,
        ("mode", "payment"),
        ("success_url", "https://shop.example/done"),
        ("currency", "eur"),
        ("line_items[0][price]", id(&price)),
        ("line_items[0][quantity]", "2"),
    ];
    let session = client.make("/v1/checkout/sessions", &form).await;
    let invoice = invoice(&client, &session, &[]).await;
    let line = &invoice["lines"]["data"][0];
    assert_eq!(
        (&invoice["currency"], &line["amount"]),
        (&json!("eur"), &json!(1800))
    );
    assert_eq!(line["pricing"]["unit_amount_decimal"], "900");
}

#[tokio::test]
async fn the_invoice_names_the_network_of_the_card() {
    let client = ApiClient::new().await;
    for (number, told) in [
        ("6011111111111117", "Discover •••• 1117"),
        ("36227206271667", "Diners Club •••• 1667"),
        ("3566002020360505", "JCB •••• 0505"),
        ("6200000000000005", "UnionPay •••• 0005"),
    ] {
        let session = session(&client, &[]).await;
        client.pay(&session, number).await;
        let invoice = invoice_of(&client, &session, &[]).await;
        let page = client.open(&format!("/i/{}", id(&invoice))).await.html;
        assert!(page.contains(told), "{told} in {page}");
    }
}
