//! Requests about invoices, and those that are refused.

use serde_json::{Value, json};

use super::{WANTED, invoice, session};
use crate::api_client::{Answer, ApiClient, id};

fn refusal(answer: &Answer) -> (u16, &str) {
    let param = answer.error()["param"].as_str();
    (answer.status, param.unwrap_or_default())
}

#[tokio::test]
async fn invalid_invoice_parameters_are_refused() {
    let client = ApiClient::new().await;
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
        let form = [&crate::api_client::order()[..], form].concat();
        let answer = client.post("/v1/checkout/sessions", &form).await;
        let status = if param.is_empty() { 200 } else { 400 };
        assert_eq!(refusal(&answer), (status, param), "{}", answer.body);
    }
}

#[tokio::test]
async fn invoices_and_their_payments_are_listed_and_found() {
    let client = ApiClient::new().await;
    let mut made = Vec::new();
    for _ in 0..2 {
        let session = session(&client, &[]).await;
        made.push(invoice(&client, &session, &["payments"]).await);
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
        let answer = client.get(&path).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let found = answer.body["data"].as_array().unwrap();
        assert_eq!(found.len(), count, "{path}");
    }
    let path = format!(
        "/v1/invoice_payments/{}?expand[]=payment.payment_intent.latest_charge&expand[]=invoice",
        id(payment)
    );
    let found = client.get(&path).await.body;
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
        assert_eq!(refusal(&client.get(path).await), (status, param), "{path}");
    }
}

#[tokio::test]
async fn an_invoice_with_many_lines_carries_the_first_ten() {
    let client = ApiClient::new().await;
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
    let session = session(&client, &form).await;
    let invoice = invoice(&client, &session, &[]).await;
    let lines = &invoice["lines"];
    assert_eq!(
        (lines["data"].as_array().unwrap().len(), &lines["has_more"]),
        (10, &json!(true))
    );
    let url = lines["url"].as_str().unwrap();
    let last = id(&lines["data"][9]);
    let rest = client
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
    let page = client
        .get(&format!("{url}?limit=2&ending_before={last}&{expand}"))
        .await
        .body;
    let line = &page["data"][1];
    assert_eq!(line["description"], "Card 8");
    assert_eq!(
        line["pricing"]["price_details"]["price"]["unit_amount"],
        100
    );
    let none = client.get(&format!("{url}?starting_after=il_none")).await;
    assert_eq!(refusal(&none), (400, "starting_after"));
}

#[tokio::test]
async fn texts_of_an_invoice_can_be_changed_and_amounts_cannot() {
    let client = ApiClient::new().await;
    let session = session(&client, &[]).await;
    let invoice = invoice(&client, &session, &[]).await;
    let path = format!("/v1/invoices/{}", id(&invoice));
    let changes = [
        ("metadata[a]", "1"),
        ("description", "Thanks"),
        ("footer", "Foot"),
        ("custom_fields[0][name]", "PO"),
        ("custom_fields[0][value]", "9"),
    ];
    let changed = client.make(&path, &changes).await;
    assert_eq!(changed["metadata"], json!({ "a": "1" }));
    assert_eq!(changed["custom_fields"][0]["name"], "PO");
    let event = client.last_event().await;
    assert_eq!(event["type"], "invoice.updated");
    assert_eq!(
        event["data"]["previous_attributes"],
        json!({ "custom_fields": null, "description": null, "footer": null, "metadata": { "a": null } })
    );
    client.make(&path, &changes).await;
    assert_eq!(client.last_event().await["id"], event["id"]);
    let cleared = client
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
    let refused = client
        .post(&path, &[("collection_method", "send_invoice")])
        .await;
    assert_eq!(refusal(&refused), (400, "collection_method"));
    assert_eq!(refused.error()["code"], "invoice_not_editable");
    let unknown = client.post(&path, &[("color", "red")]).await;
    assert_eq!(refusal(&unknown), (400, "color"));
    let missing = client.post("/v1/invoices/in_none", &[]).await;
    assert_eq!(refusal(&missing), (404, "invoice"));
}

#[tokio::test]
async fn everything_of_an_invoice_is_reached_from_its_session() {
    let client = ApiClient::new().await;
    let session = session(&client, &[]).await;
    invoice(&client, &session, &["payments.data.payment.payment_intent"]).await;
    let path = format!(
        "/v1/checkout/sessions/{}?expand[]=invoice.payments.data&expand[]=invoice.customer",
        id(&session)
    );
    let session = client.get(&path).await.body;
    let payment = &session["invoice"]["payments"]["data"][0];
    assert_eq!(payment["invoice"], session["invoice"]["id"]);
    assert_eq!(session["invoice"]["customer"]["email"], "ada@example.com");
    let list = client
        .get("/v1/invoices?expand[]=data.payments.data.payment")
        .await;
    assert_eq!(list.status, 200, "{}", list.body);
    let unknown = client.get("/v1/invoices?expand[]=data.charge").await;
    assert_eq!(unknown.status, 400);
}
