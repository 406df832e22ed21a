//! The invoice that a paid session leaves.

use serde_json::{Value, json};

use crate::debits::{FAILS, SUCCEEDS, pay_by_debit};
use crate::merchant::{AUTHENTICATED, Answer, DECLINED, Merchant, PAID, id};

const WANTED: (&str, &str) = ("invoice_creation[enabled]", "true");

/// A session for one print at 21 dollars that leaves an invoice.
async fn session(merchant: &Merchant, more: &[(&str, &str)]) -> Value {
    merchant.session(&[&[WANTED][..], more].concat()).await
}

/// Pays a session with a card and returns its invoice, with what was asked to be expanded.
async fn invoice(merchant: &Merchant, session: &Value, expand: &[&str]) -> Value {
    let page = merchant.pay(session, PAID).await;
    assert_eq!(page.status, 303, "{}", page.html);
    invoice_of(merchant, session, expand).await
}

async fn invoice_of(merchant: &Merchant, session: &Value, expand: &[&str]) -> Value {
    let session = merchant.retrieve(session).await;
    let query: String = expand
        .iter()
        .map(|path| format!("expand[]={path}&"))
        .collect();
    let invoice = session["invoice"].as_str().unwrap();
    let answer = merchant
        .get(&format!("/v1/invoices/{invoice}?{query}"))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

async fn invoices(merchant: &Merchant) -> usize {
    let list = merchant.get("/v1/invoices").await.body;
    list["data"].as_array().unwrap().len()
}

fn refusal(answer: &Answer) -> (u16, &str) {
    let param = answer.error()["param"].as_str();
    (answer.status, param.unwrap_or_default())
}

#[tokio::test]
async fn a_paid_session_leaves_its_invoice_before_it_completes() {
    let merchant = Merchant::new().await;
    let session = session(&merchant, &[]).await;
    assert_eq!(session["invoice"], Value::Null);
    let invoice = invoice(&merchant, &session, &["payments"]).await;
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
    let paid = merchant.retrieve(&session).await;
    let payment = &invoice["payments"]["data"][0];
    assert!(id(payment).starts_with("inpay_"));
    assert_eq!(payment["payment"]["payment_intent"], paid["payment_intent"]);
    assert_eq!(
        (&payment["status"], &payment["amount_paid"]),
        (&json!("paid"), &json!(2100))
    );
    assert_eq!(
        merchant.event_types().await,
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
    let completed = merchant.event("checkout.session.completed").await;
    assert_eq!(completed["data"]["object"]["invoice"], invoice["id"]);
}

#[tokio::test]
async fn each_event_tells_the_step_that_the_invoice_took() {
    let merchant = Merchant::new().await;
    let session = session(&merchant, &[]).await;
    let invoice = invoice(&merchant, &session, &[]).await;
    for (kind, status, number, remaining) in [
        ("invoice.created", "draft", &Value::Null, 2100),
        ("invoice.finalized", "open", &invoice["number"], 2100),
        ("invoice.paid", "paid", &invoice["number"], 0),
    ] {
        let told = merchant.event(kind).await["data"]["object"].clone();
        assert_eq!(
            (&told["status"], &told["number"], &told["amount_remaining"]),
            (&json!(status), number, &json!(remaining)),
            "{kind}"
        );
    }
    let updated = merchant.event("invoice.updated").await;
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
        merchant.event("customer.updated").await["data"]["previous_attributes"],
        json!({ "next_invoice_sequence": 1 })
    );
}

#[tokio::test]
async fn discounts_and_shipping_are_on_the_invoice_as_they_were_sold() {
    let merchant = Merchant::new().await;
    merchant
        .make("/v1/coupons", &[("id", "THIRD"), ("percent_off", "33.3")])
        .await;
    let session = session(
        &merchant,
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
    let page = merchant.pay_with(&session, &address).await;
    assert_eq!(page.status, 303, "{}", page.html);
    let expand = [
        "discounts",
        "total_discount_amounts.discount",
        "shipping_cost.shipping_rate",
    ];
    let invoice = invoice_of(&merchant, &session, &expand).await;
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
async fn what_the_merchant_wants_on_it_is_on_it() {
    let merchant = Merchant::new().await;
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
    let session = session(&merchant, &data).await;
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
    let invoice = invoice(&merchant, &session, &[]).await;
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
    let merchant = Merchant::new().await;
    let customer = merchant
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
    let first = session(&merchant, &of).await;
    let first = invoice(&merchant, &first, &[]).await;
    let footer = ("invoice_creation[invoice_data][footer]", "Another");
    let second = session(&merchant, &[of[0], footer]).await;
    let second = invoice(&merchant, &second, &["customer"]).await;
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
    let merchant = Merchant::new().await;
    let session = session(&merchant, &[("customer_creation", "if_required")]).await;
    assert_eq!(session["customer_creation"], "if_required");
    let invoice = invoice(&merchant, &session, &["customer"]).await;
    let prefix = invoice["customer"]["invoice_prefix"].as_str().unwrap();
    assert_eq!(invoice["number"], format!("{prefix}-0001"));
    let paid = merchant.retrieve(&session).await;
    assert_eq!(paid["customer"], invoice["customer"]["id"]);
}

#[tokio::test]
async fn a_debit_leaves_its_invoice_when_the_money_has_come_and_none_if_it_never_does() {
    let merchant = Merchant::new().await;
    let good = session(&merchant, &[]).await;
    pay_by_debit(&merchant, &good, SUCCEEDS).await;
    let bad = session(&merchant, &[]).await;
    pay_by_debit(&merchant, &bad, FAILS).await;
    assert_eq!(invoices(&merchant).await, 0);
    let before = merchant.event_types().await.len();
    merchant.advance(60).await;
    let invoice = invoice_of(&merchant, &good, &[]).await;
    assert_eq!(invoice["status"], "paid");
    assert_eq!(invoices(&merchant).await, 1);
    assert_eq!(merchant.retrieve(&bad).await["invoice"], Value::Null);
    let types = merchant.event_types().await;
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
    let told = merchant
        .event("checkout.session.async_payment_succeeded")
        .await;
    assert_eq!(told["data"]["object"]["invoice"], invoice["id"]);
}

#[tokio::test]
async fn a_debit_of_a_customer_who_is_gone_is_paid_without_an_invoice() {
    let merchant = Merchant::new().await;
    let session = session(&merchant, &[]).await;
    pay_by_debit(&merchant, &session, SUCCEEDS).await;
    let customer = merchant.retrieve(&session).await["customer"].clone();
    let path = format!("/v1/customers/{}", customer.as_str().unwrap());
    assert_eq!(merchant.delete(&path).await.status, 200);
    merchant.advance(60).await;
    let session = merchant.retrieve(&session).await;
    assert_eq!(
        (&session["payment_status"], &session["invoice"]),
        (&json!("paid"), &Value::Null)
    );
}

#[tokio::test]
async fn an_order_that_costs_nothing_leaves_an_invoice_without_a_payment() {
    let merchant = Merchant::new().await;
    merchant
        .make("/v1/coupons", &[("id", "ALL"), ("percent_off", "100")])
        .await;
    let session = session(&merchant, &[("discounts[0][coupon]", "ALL")]).await;
    let invoice = invoice(&merchant, &session, &["payments"]).await;
    assert_eq!(
        (
            &invoice["status"],
            &invoice["total"],
            &invoice["attempt_count"]
        ),
        (&json!("paid"), &json!(0), &json!(0))
    );
    assert_eq!(invoice["payments"]["data"], json!([]));
    let types = merchant.event_types().await;
    assert!(types.contains(&"invoice.payment_succeeded".to_owned()));
    assert!(!types.contains(&"invoice_payment.paid".to_owned()));
    let page = merchant.open(&format!("/i/{}", id(&invoice))).await;
    assert!(page.html.contains("-$21.00"), "{}", page.html);
}

#[tokio::test]
async fn attempts_that_fail_leave_no_invoice_and_the_one_that_pays_leaves_one() {
    let merchant = Merchant::new().await;
    let session = session(&merchant, &[]).await;
    merchant.pay(&session, DECLINED).await;
    merchant.pay(&session, AUTHENTICATED).await;
    merchant.authenticate(&session, "fail").await;
    assert_eq!(invoices(&merchant).await, 0);
    merchant.pay(&session, AUTHENTICATED).await;
    assert_eq!(
        merchant.authenticate(&session, "complete").await.status,
        303
    );
    let invoice = invoice_of(&merchant, &session, &[]).await;
    assert!(invoice["number"].as_str().unwrap().ends_with("-0001"));
    assert_eq!(invoices(&merchant).await, 1);
}

#[tokio::test]
async fn what_cannot_be_on_an_invoice_is_refused() {
    let merchant = Merchant::new().await;
    let long = "x".repeat(1501);
    let field = |at: usize, member: &str| {
        format!("invoice_creation[invoice_data][custom_fields][{at}][{member}]")
    };
    let five: Vec<String> = (0..5)
        .flat_map(|at| [field(at, "name"), field(at, "value")])
        .collect();
    let five: Vec<(&str, &str)> = five.iter().map(|name| (name.as_str(), "a")).collect();
    let (name, value) = (field(0, "name"), field(0, "value"));
    for (form, param) in [
        (&[][..], ""),
        (
            &[("invoice_creation[invoice_data][footer]", "Without enabled")][..],
            "invoice_creation[enabled]",
        ),
        (
            &[WANTED, ("payment_intent_data[capture_method]", "manual")],
            WANTED.0,
        ),
        (
            &[
                WANTED,
                ("payment_method_options[card][capture_method]", "manual"),
            ],
            WANTED.0,
        ),
        (
            &[
                WANTED,
                ("invoice_creation[invoice_data][description]", &long),
            ],
            "invoice_creation[invoice_data][description]",
        ),
        (
            &[
                WANTED,
                (
                    "invoice_creation[invoice_data][account_tax_ids][0]",
                    "txi_1",
                ),
            ],
            "invoice_creation[invoice_data][account_tax_ids][0]",
        ),
        (
            &[
                WANTED,
                ("invoice_creation[invoice_data][issuer][type]", "account"),
            ],
            "invoice_creation[invoice_data][issuer][type]",
        ),
        (
            &[
                WANTED,
                (
                    "invoice_creation[invoice_data][rendering_options][pdf]",
                    "1",
                ),
            ],
            "invoice_creation[invoice_data][rendering_options][pdf]",
        ),
        (&[WANTED, (&name, "a")], &value),
        (&[WANTED, (&name, &long[..41]), (&value, "a")], &name),
        (&[WANTED, (&name, "a"), (&value, &long[..141])], &value),
        (
            &[&[WANTED][..], &five].concat(),
            "invoice_creation[invoice_data][custom_fields]",
        ),
    ] {
        let form = [&crate::merchant::order()[..], form].concat();
        let answer = merchant.post("/v1/checkout/sessions", &form).await;
        let status = if param.is_empty() { 200 } else { 400 };
        assert_eq!(refusal(&answer), (status, param), "{}", answer.body);
    }
}

#[tokio::test]
async fn invoices_and_their_payments_are_listed_and_found() {
    let merchant = Merchant::new().await;
    let mut made = Vec::new();
    for _ in 0..2 {
        let session = session(&merchant, &[]).await;
        made.push(invoice(&merchant, &session, &["payments"]).await);
    }
    let customer = made[0]["customer"].as_str().unwrap();
    let payment = &made[0]["payments"]["data"][0];
    let intent = payment["payment"]["payment_intent"].as_str().unwrap();
    let by_intent = format!("payment[type]=payment_intent&payment[payment_intent]={intent}");
    for (path, count) in [
        ("/v1/invoices?status=paid".to_owned(), 2),
        ("/v1/invoices?status=open".to_owned(), 0),
        (
            "/v1/invoices?collection_method=charge_automatically".to_owned(),
            2,
        ),
        ("/v1/invoices?collection_method=send_invoice".to_owned(), 0),
        ("/v1/invoices?created[lt]=1".to_owned(), 0),
        (format!("/v1/invoices?customer={customer}"), 1),
        (format!("/v1/invoices?starting_after={}", id(&made[1])), 1),
        ("/v1/invoice_payments".to_owned(), 2),
        (format!("/v1/invoice_payments?invoice={}", id(&made[1])), 1),
        (format!("/v1/invoice_payments?{by_intent}"), 1),
        (
            "/v1/invoice_payments?payment[type]=payment_record".to_owned(),
            0,
        ),
        ("/v1/invoice_payments?status=open".to_owned(), 0),
    ] {
        let answer = merchant.get(&path).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let found = answer.body["data"].as_array().unwrap();
        assert_eq!(found.len(), count, "{path}");
    }
    let path = format!(
        "/v1/invoice_payments/{}?expand[]=payment.payment_intent.latest_charge&expand[]=invoice",
        id(payment)
    );
    let found = merchant.get(&path).await.body;
    assert_eq!(found["invoice"]["number"], made[0]["number"]);
    assert_eq!(
        found["payment"]["payment_intent"]["latest_charge"]["paid"],
        true
    );
    for (path, status, param) in [
        ("/v1/invoices/in_none", 404, "invoice"),
        ("/v1/invoices/in_none/lines", 404, "invoice"),
        ("/v1/invoice_payments/inpay_none", 404, "invoice_payment"),
        ("/v1/invoices?status=late", 400, "status"),
        ("/v1/invoices?subscription=sub_1", 400, "subscription"),
        (
            "/v1/invoice_payments?payment[payment_intent]=pi_1",
            400,
            "payment[type]",
        ),
    ] {
        assert_eq!(
            refusal(&merchant.get(path).await),
            (status, param),
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_invoice_with_many_lines_carries_the_first_ten() {
    let merchant = Merchant::new().await;
    let members = ["[currency]", "[unit_amount]", "[product_data][name]"];
    let names: Vec<(String, String)> = (1..12)
        .flat_map(|at| {
            let values = ["usd".to_owned(), "100".to_owned(), format!("Card {at}")];
            let prices = members.map(|member| format!("line_items[{at}][price_data]{member}"));
            let quantity = (format!("line_items[{at}][quantity]"), "1".to_owned());
            prices.into_iter().zip(values).chain([quantity])
        })
        .collect();
    let form: Vec<(&str, &str)> = names
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let session = session(&merchant, &form).await;
    let invoice = invoice(&merchant, &session, &[]).await;
    let lines = &invoice["lines"];
    assert_eq!(
        (lines["data"].as_array().unwrap().len(), &lines["has_more"]),
        (10, &json!(true))
    );
    let url = lines["url"].as_str().unwrap();
    let last = id(&lines["data"][9]);
    let rest = merchant
        .get(&format!("{url}?starting_after={last}"))
        .await
        .body;
    let rest: Vec<_> = rest["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["description"].as_str().unwrap())
        .collect();
    assert_eq!(rest, ["Card 10", "Card 11"]);
    let expand = "expand[]=data.pricing.price_details.price";
    let page = merchant
        .get(&format!("{url}?limit=2&ending_before={last}&{expand}"))
        .await
        .body;
    let line = &page["data"][1];
    assert_eq!(line["description"], "Card 8");
    assert_eq!(
        line["pricing"]["price_details"]["price"]["unit_amount"],
        100
    );
    let none = merchant.get(&format!("{url}?starting_after=il_none")).await;
    assert_eq!(refusal(&none), (400, "starting_after"));
}

#[tokio::test]
async fn texts_of_an_invoice_can_be_changed_and_amounts_cannot() {
    let merchant = Merchant::new().await;
    let session = session(&merchant, &[]).await;
    let invoice = invoice(&merchant, &session, &[]).await;
    let path = format!("/v1/invoices/{}", id(&invoice));
    let changes = [
        ("metadata[a]", "1"),
        ("description", "Thanks"),
        ("footer", "Foot"),
        ("custom_fields[0][name]", "PO"),
        ("custom_fields[0][value]", "9"),
    ];
    let changed = merchant.make(&path, &changes).await;
    assert_eq!(changed["metadata"], json!({ "a": "1" }));
    assert_eq!(changed["custom_fields"][0]["name"], "PO");
    let event = merchant.last_event().await;
    assert_eq!(event["type"], "invoice.updated");
    assert_eq!(
        event["data"]["previous_attributes"],
        json!({ "custom_fields": null, "description": null, "footer": null, "metadata": { "a": null } })
    );
    merchant.make(&path, &changes).await;
    assert_eq!(merchant.last_event().await["id"], event["id"]);
    let cleared = merchant
        .make(
            &path,
            &[("custom_fields", ""), ("metadata", ""), ("footer", "")],
        )
        .await;
    assert_eq!(
        (
            &cleared["custom_fields"],
            &cleared["metadata"],
            &cleared["footer"]
        ),
        (&Value::Null, &json!({}), &Value::Null)
    );
    let refused = merchant
        .post(&path, &[("collection_method", "send_invoice")])
        .await;
    assert_eq!(refusal(&refused), (400, "collection_method"));
    assert_eq!(refused.error()["code"], "invoice_not_editable");
    let unknown = merchant.post(&path, &[("color", "red")]).await;
    assert_eq!(refusal(&unknown), (400, "color"));
    let missing = merchant.post("/v1/invoices/in_none", &[]).await;
    assert_eq!(refusal(&missing), (404, "invoice"));
}

#[tokio::test]
async fn everything_of_an_invoice_is_reached_from_its_session() {
    let merchant = Merchant::new().await;
    let session = session(&merchant, &[]).await;
    invoice(
        &merchant,
        &session,
        &["payments.data.payment.payment_intent"],
    )
    .await;
    let path = format!(
        "/v1/checkout/sessions/{}?expand[]=invoice.payments.data&expand[]=invoice.customer",
        id(&session)
    );
    let session = merchant.get(&path).await.body;
    let payment = &session["invoice"]["payments"]["data"][0];
    assert_eq!(payment["invoice"], session["invoice"]["id"]);
    assert_eq!(session["invoice"]["customer"]["email"], "ada@example.com");
    let list = merchant
        .get("/v1/invoices?expand[]=data.payments.data.payment")
        .await;
    assert_eq!(list.status, 200, "{}", list.body);
    let unknown = merchant.get("/v1/invoices?expand[]=data.charge").await;
    assert_eq!(unknown.status, 400);
}

#[tokio::test]
async fn the_customer_sees_the_invoice_at_its_address() {
    let merchant = Merchant::new().await;
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
    let session = session(&merchant, &data).await;
    let invoice = invoice(&merchant, &session, &[]).await;
    let url = invoice["hosted_invoice_url"].as_str().unwrap();
    let path = url.strip_prefix(merchant.base_url()).unwrap();
    let page = merchant.open(path).await;
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
    let intent = merchant.retrieve(&session).await["payment_intent"].clone();
    merchant
        .refund(&[
            ("payment_intent", intent.as_str().unwrap()),
            ("amount", "500"),
        ])
        .await;
    let page = merchant.open(path).await;
    assert!(page.html.contains("<dt>Refunded</dt><dd>$5.00</dd>"));
    let after = merchant
        .get(&format!("/v1/invoices/{}", id(&invoice)))
        .await;
    assert_eq!(after.body, invoice);
    assert_eq!(merchant.open("/i/in_none").await.status, 404);
}

#[tokio::test]
async fn an_invoice_is_found_on_the_dashboard() {
    let merchant = Merchant::new().await;
    let session = session(&merchant, &[]).await;
    let invoice = invoice(&merchant, &session, &["payments"]).await;
    let paid = merchant.retrieve(&session).await;
    let object = format!("/objects/{}", id(&invoice));
    for place in [
        "/invoices".to_owned(),
        format!("/objects/{}", id(&session)),
        format!("/objects/{}", paid["payment_intent"].as_str().unwrap()),
        format!("/objects/{}", paid["customer"].as_str().unwrap()),
        format!("/objects/{}", id(&invoice["payments"]["data"][0])),
    ] {
        let page = merchant.open(&place).await;
        assert!(page.html.contains(&object), "{place}: {}", page.html);
    }
    let page = merchant.open(&object).await;
    for part in [
        invoice["number"].as_str().unwrap(),
        &format!("href=\"/i/{}\"", id(&invoice)),
        "invoice.payment_succeeded",
        "invoice_payment.paid",
    ] {
        assert!(page.html.contains(part), "{part} in {}", page.html);
    }
}

async fn pdf(merchant: &Merchant, invoice: &Value) -> (reqwest::header::HeaderMap, String) {
    let url = invoice["invoice_pdf"].as_str().unwrap();
    let response = merchant.http.get(url).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let headers = response.headers().clone();
    let bytes = response.bytes().await.unwrap();
    (headers, String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test]
async fn the_pdf_says_what_the_page_says() {
    let merchant = Merchant::new().await;
    let data = [
        (
            "invoice_creation[invoice_data][description]",
            "Thank (you), Жанна",
        ),
        ("line_items[0][quantity]", "2"),
    ];
    let session = session(&merchant, &data).await;
    let invoice = invoice(&merchant, &session, &[]).await;
    let (headers, pdf) = pdf(&merchant, &invoice).await;
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
    let missing = format!("{}/i/in_none/pdf", merchant.base_url());
    let missing = merchant.http.get(missing).send().await.unwrap();
    assert_eq!(missing.status(), 404);
}

#[tokio::test]
async fn a_long_pdf_goes_on_over_as_many_sheets_as_it_needs() {
    let merchant = Merchant::new().await;
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
    let session = session(&merchant, &form).await;
    let invoice = invoice(&merchant, &session, &[]).await;
    let (_, pdf) = pdf(&merchant, &invoice).await;
    assert!(pdf.contains("/Count 3\n"), "{pdf}");
    for at in 1..60 {
        assert!(pdf.contains(&format!("(Card {at}) Tj")), "{at}");
    }
    assert!(pdf.contains("(Amount due) Tj"));
}

#[tokio::test]
async fn what_is_sold_in_another_currency_of_its_price_is_on_the_invoice_in_that_one() {
    let merchant = Merchant::new().await;
    let price = merchant
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
    let session = merchant.make("/v1/checkout/sessions", &form).await;
    let invoice = invoice(&merchant, &session, &[]).await;
    let line = &invoice["lines"]["data"][0];
    assert_eq!(
        (&invoice["currency"], &line["amount"]),
        (&json!("eur"), &json!(1800))
    );
    assert_eq!(line["pricing"]["unit_amount_decimal"], "900");
}
