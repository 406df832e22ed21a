//! The invoice that a paid session leaves.

mod pdf;
mod requests;

use serde_json::{Value, json};

use crate::api_client::{AUTHENTICATED, ApiClient, DECLINED, PAID, id};
use crate::debits::{FAILS, SUCCEEDS, pay_by_debit};

const WANTED: (&str, &str) = ("invoice_creation[enabled]", "true");

/// A session for one print at 21 dollars that leaves an invoice.
async fn session(client: &ApiClient, more: &[(&str, &str)]) -> Value {
    client.session(&[&[WANTED][..], more].concat()).await
}

/// Pays a session with a card and returns its invoice, with what was asked to be expanded.
async fn invoice(client: &ApiClient, session: &Value, expand: &[&str]) -> Value {
    let page = client.pay(session, PAID).await;
    assert_eq!(page.status, 303, "{}", page.html);
    invoice_of(client, session, expand).await
}

async fn invoice_of(client: &ApiClient, session: &Value, expand: &[&str]) -> Value {
    let session = client.retrieve(session).await;
    let query: String = expand
        .iter()
        .map(|path| format!("expand[]={path}&"))
        .collect();
    let invoice = session["invoice"].as_str().unwrap();
    let answer = client.get(&format!("/v1/invoices/{invoice}?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

async fn invoices(client: &ApiClient) -> usize {
    let list = client.get("/v1/invoices").await.body;
    list["data"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_paid_session_leaves_its_invoice_before_it_completes() {
    let client = ApiClient::new().await;
    let session = session(&client, &[]).await;
    assert_eq!(session["invoice"], Value::Null);
    let invoice = invoice(&client, &session, &["payments"]).await;
    for (member, value) in [
        ("status", json!("paid")),
        ("billing_reason", json!("manual")),
        ("amount_due", json!(2100)),
        ("amount_paid", json!(2100)),
        ("amount_remaining", json!(0)),
        ("subtotal", json!(2100)),
        ("total", json!(2100)),
        ("customer_email", json!("ada@example.com")),
        ("customer_name", json!("Ada L")),
        ("attempt_count", json!(1)),
        ("shipping_cost", Value::Null),
    ] {
        assert_eq!(invoice[member], value, "{member}");
    }
    let times = &invoice["status_transitions"];
    assert_eq!(times["paid_at"], invoice["created"]);
    assert_eq!(times["finalized_at"], invoice["created"]);
    let line = &invoice["lines"]["data"][0];
    assert!(id(line).starts_with("il_"));
    assert_eq!(
        (&line["description"], &line["amount"], &line["quantity"]),
        (&json!("Print <A3>"), &json!(2100), &json!(1))
    );
    let paid = client.retrieve(&session).await;
    let payment = &invoice["payments"]["data"][0];
    assert!(id(payment).starts_with("inpay_"));
    assert_eq!(payment["payment"]["payment_intent"], paid["payment_intent"]);
    assert_eq!(
        (&payment["status"], &payment["amount_paid"]),
        (&json!("paid"), &json!(2100))
    );
    assert_eq!(
        client.event_types().await,
        [
            "customer.created",
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.succeeded",
            "invoice.created",
            "customer.updated",
            "invoice.finalized",
            "invoice.updated",
            "invoice.paid",
            "invoice.payment_succeeded",
            "invoice_payment.paid",
            "checkout.session.completed",
        ]
    );
    let completed = client.event("checkout.session.completed").await;
    assert_eq!(completed["data"]["object"]["invoice"], invoice["id"]);
}

#[tokio::test]
async fn each_event_tells_the_step_that_the_invoice_took() {
    let client = ApiClient::new().await;
    let session = session(&client, &[]).await;
    let invoice = invoice(&client, &session, &[]).await;
    for (kind, status, number, remaining) in [
        ("invoice.created", "draft", &Value::Null, 2100),
        ("invoice.finalized", "open", &invoice["number"], 2100),
        ("invoice.paid", "paid", &invoice["number"], 0),
    ] {
        let told = client.event(kind).await["data"]["object"].clone();
        assert_eq!(
            (&told["status"], &told["number"], &told["amount_remaining"]),
            (&json!(status), number, &json!(remaining)),
            "{kind}"
        );
    }
    let updated = client.event("invoice.updated").await;
    assert_eq!(
        updated["data"]["previous_attributes"],
        json!({
            "amount_paid": 0,
            "amount_remaining": 2100,
            "attempt_count": 0,
            "attempted": false,
            "status": "open",
            "status_transitions": { "paid_at": null },
        })
    );
    assert_eq!(
        client.event("customer.updated").await["data"]["previous_attributes"],
        json!({ "next_invoice_sequence": 1 })
    );
}

#[tokio::test]
async fn discounts_and_shipping_are_on_the_invoice_as_they_were_sold() {
    let client = ApiClient::new().await;
    client
        .make("/v1/coupons", &[("id", "THIRD"), ("percent_off", "33.3")])
        .await;
    let session = session(
        &client,
        &[
            ("discounts[0][coupon]", "THIRD"),
            ("line_items[0][quantity]", "3"),
            ("line_items[1][price_data][currency]", "usd"),
            ("line_items[1][price_data][unit_amount]", "1"),
            ("line_items[1][price_data][product_data][name]", "Pin"),
            ("line_items[1][quantity]", "1"),
            ("phone_number_collection[enabled]", "true"),
            ("shipping_address_collection[allowed_countries][0]", "DE"),
            (
                "shipping_options[0][shipping_rate_data][display_name]",
                "Post",
            ),
            (
                "shipping_options[0][shipping_rate_data][fixed_amount][amount]",
                "500",
            ),
            (
                "shipping_options[0][shipping_rate_data][fixed_amount][currency]",
                "usd",
            ),
            (
                "shipping_options[0][shipping_rate_data][type]",
                "fixed_amount",
            ),
        ],
    )
    .await;
    let address = [
        ("phoneNumber", "+49 30 1"),
        ("shippingName", "Grace H"),
        ("shippingCountry", "DE"),
        ("shippingAddressLine1", "1 Main St"),
        ("shippingLocality", "Berlin"),
        ("shippingPostalCode", "10115"),
    ];
    let page = client.pay_with(&session, &address).await;
    assert_eq!(page.status, 303, "{}", page.html);
    let expand = [
        "discounts",
        "total_discount_amounts.discount",
        "shipping_cost.shipping_rate",
    ];
    let invoice = invoice_of(&client, &session, &expand).await;
    let discount = &invoice["discounts"][0];
    assert_eq!(discount["source"]["coupon"], "THIRD");
    let off = &invoice["total_discount_amounts"][0];
    assert_eq!((&off["amount"], &off["discount"]), (&json!(2098), discount));
    for (member, value) in [
        ("subtotal", 6301),
        ("amount_shipping", 500),
        ("total", 4703),
        ("amount_paid", 4703),
    ] {
        assert_eq!(invoice[member], value, "{member}");
    }
    let lines = invoice["lines"]["data"].as_array().unwrap();
    let shares: Vec<_> = lines
        .iter()
        .map(|line| (&line["amount"], &line["discount_amounts"][0]["amount"]))
        .collect();
    assert_eq!(
        shares,
        [(&json!(6300), &json!(2098)), (&json!(1), &Value::Null)]
    );
    assert_eq!(lines[0]["discount_amounts"][0]["discount"], discount["id"]);
    let cost = &invoice["shipping_cost"];
    assert_eq!(
        (
            &cost["amount_total"],
            &cost["shipping_rate"]["display_name"]
        ),
        (&json!(500), &json!("Post"))
    );
    let to = &invoice["shipping_details"];
    assert_eq!(
        (&to["name"], &to["phone"], &to["address"]["city"]),
        (&json!("Grace H"), &json!("+49 30 1"), &json!("Berlin"))
    );
}

#[tokio::test]
async fn invoice_has_the_texts_of_the_merchant() {
    let client = ApiClient::new().await;
    let data = [
        ("invoice_creation[invoice_data][description]", "Thank you"),
        ("invoice_creation[invoice_data][footer]", "No returns"),
        ("invoice_creation[invoice_data][metadata][order]", "7"),
        (
            "invoice_creation[invoice_data][custom_fields][0][name]",
            "VAT",
        ),
        (
            "invoice_creation[invoice_data][custom_fields][0][value]",
            "DE1",
        ),
        ("invoice_creation[invoice_data][issuer][type]", "self"),
        ("invoice_creation[invoice_data][account_tax_ids]", ""),
        (
            "invoice_creation[invoice_data][rendering_options][amount_tax_display]",
            "exclude_tax",
        ),
        (
            "invoice_creation[invoice_data][rendering_options][template]",
            "inrtem_1",
        ),
    ];
    let session = session(&client, &data).await;
    let fields = json!([{ "name": "VAT", "value": "DE1" }]);
    assert_eq!(
        session["invoice_creation"],
        json!({
            "enabled": true,
            "invoice_data": {
                "account_tax_ids": null,
                "custom_fields": fields,
                "description": "Thank you",
                "footer": "No returns",
                "issuer": { "type": "self" },
                "metadata": { "order": "7" },
                "rendering_options": { "amount_tax_display": "exclude_tax", "template": "inrtem_1" },
            },
        })
    );
    let invoice = invoice(&client, &session, &[]).await;
    for (member, value) in [
        ("custom_fields", fields),
        ("description", json!("Thank you")),
        ("footer", json!("No returns")),
        ("issuer", json!({ "type": "self" })),
        ("metadata", json!({ "order": "7" })),
    ] {
        assert_eq!(invoice[member], value, "{member}");
    }
    assert_eq!(invoice["rendering"]["template"], "inrtem_1");
}

#[tokio::test]
async fn the_numbers_of_a_customer_count_up_and_its_settings_fill_in_what_is_not_said() {
    let client = ApiClient::new().await;
    let customer = client
        .make(
            "/v1/customers",
            &[
                ("email", "grace@example.com"),
                ("invoice_prefix", "GRACE"),
                ("next_invoice_sequence", "41"),
                ("invoice_settings[footer]", "Usual footer"),
                ("invoice_settings[custom_fields][0][name]", "PO"),
                ("invoice_settings[custom_fields][0][value]", "9"),
            ],
        )
        .await;
    let of = [("customer", id(&customer))];
    let first = session(&client, &of).await;
    let first = invoice(&client, &first, &[]).await;
    let footer = ("invoice_creation[invoice_data][footer]", "Another");
    let second = session(&client, &[of[0], footer]).await;
    let second = invoice(&client, &second, &["customer"]).await;
    assert_eq!(
        (&first["number"], &second["number"]),
        (&json!("GRACE-0041"), &json!("GRACE-0042"))
    );
    assert_eq!(
        (&first["footer"], &second["footer"]),
        (&json!("Usual footer"), &json!("Another"))
    );
    assert_eq!(second["custom_fields"][0]["value"], "9");
    assert_eq!(second["customer_email"], "grace@example.com");
    assert_eq!(second["customer"]["next_invoice_sequence"], 43);
}

#[tokio::test]
async fn a_guest_becomes_a_customer_with_the_first_number() {
    let client = ApiClient::new().await;
    let session = session(&client, &[("customer_creation", "if_required")]).await;
    assert_eq!(session["customer_creation"], "if_required");
    let invoice = invoice(&client, &session, &["customer"]).await;
    let prefix = invoice["customer"]["invoice_prefix"].as_str().unwrap();
    assert_eq!(invoice["number"], format!("{prefix}-0001"));
    let paid = client.retrieve(&session).await;
    assert_eq!(paid["customer"], invoice["customer"]["id"]);
}

#[tokio::test]
async fn a_debit_leaves_its_invoice_when_the_money_has_come_and_none_if_it_never_does() {
    let client = ApiClient::new().await;
    let good = session(&client, &[]).await;
    pay_by_debit(&client, &good, SUCCEEDS).await;
    let bad = session(&client, &[]).await;
    pay_by_debit(&client, &bad, FAILS).await;
    assert_eq!(invoices(&client).await, 0);
    let before = client.event_types().await.len();
    client.advance(60).await;
    let invoice = invoice_of(&client, &good, &[]).await;
    assert_eq!(invoice["status"], "paid");
    assert_eq!(invoices(&client).await, 1);
    assert_eq!(client.retrieve(&bad).await["invoice"], Value::Null);
    let types = client.event_types().await;
    assert_eq!(
        types[before..before + 10],
        [
            "charge.succeeded",
            "payment_intent.succeeded",
            "invoice.created",
            "customer.updated",
            "invoice.finalized",
            "invoice.updated",
            "invoice.paid",
            "invoice.payment_succeeded",
            "invoice_payment.paid",
            "checkout.session.async_payment_succeeded",
        ]
    );
    let told = client
        .event("checkout.session.async_payment_succeeded")
        .await;
    assert_eq!(told["data"]["object"]["invoice"], invoice["id"]);
}

#[tokio::test]
async fn a_debit_of_a_customer_who_is_gone_is_paid_without_an_invoice() {
    let client = ApiClient::new().await;
    let session = session(&client, &[]).await;
    pay_by_debit(&client, &session, SUCCEEDS).await;
    let customer = client.retrieve(&session).await["customer"].clone();
    let path = format!("/v1/customers/{}", customer.as_str().unwrap());
    assert_eq!(client.delete(&path).await.status, 200);
    client.advance(60).await;
    let session = client.retrieve(&session).await;
    assert_eq!(
        (&session["payment_status"], &session["invoice"]),
        (&json!("paid"), &Value::Null)
    );
}

#[tokio::test]
async fn an_order_that_costs_nothing_leaves_an_invoice_without_a_payment() {
    let client = ApiClient::new().await;
    client
        .make("/v1/coupons", &[("id", "ALL"), ("percent_off", "100")])
        .await;
    let session = session(&client, &[("discounts[0][coupon]", "ALL")]).await;
    let invoice = invoice(&client, &session, &["payments"]).await;
    assert_eq!(
        (
            &invoice["status"],
            &invoice["total"],
            &invoice["attempt_count"]
        ),
        (&json!("paid"), &json!(0), &json!(0))
    );
    assert_eq!(invoice["payments"]["data"], json!([]));
    let types = client.event_types().await;
    assert!(types.contains(&"invoice.payment_succeeded".to_owned()));
    assert!(!types.contains(&"invoice_payment.paid".to_owned()));
    let page = client.open(&format!("/i/{}", id(&invoice))).await;
    assert!(page.html.contains("-$21.00"), "{}", page.html);
}

#[tokio::test]
async fn attempts_that_fail_leave_no_invoice_and_the_one_that_pays_leaves_one() {
    let client = ApiClient::new().await;
    let session = session(&client, &[]).await;
    client.pay(&session, DECLINED).await;
    client.pay(&session, AUTHENTICATED).await;
    client.authenticate(&session, "fail").await;
    assert_eq!(invoices(&client).await, 0);
    client.pay(&session, AUTHENTICATED).await;
    assert_eq!(client.authenticate(&session, "complete").await.status, 303);
    let invoice = invoice_of(&client, &session, &[]).await;
    assert!(invoice["number"].as_str().unwrap().ends_with("-0001"));
    assert_eq!(invoices(&client).await, 1);
}
