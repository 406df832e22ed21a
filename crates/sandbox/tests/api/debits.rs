//! Bank debits on the pay page: promised now, paid or failed later.

use serde_json::{Value, json};

use crate::api_client::{ApiClient, Page, id};

pub(crate) const SUCCEEDS: &str = "000123456789";
pub(crate) const FAILS: &str = "000222222227";

pub(crate) async fn pay_by_debit(client: &ApiClient, session: &Value, account: &str) -> Page {
    let fields = [
        ("paymentMethod", "us_bank_account"),
        ("cardNumber", ""),
        ("cardExpiry", ""),
        ("cardCvc", ""),
        ("billingName", ""),
        ("accountHolderName", "Ada L"),
        ("routingNumber", "110000000"),
        ("accountNumber", account),
    ];
    client.pay_with(session, &fields).await
}

async fn intent_of(client: &ApiClient, session: &Value) -> Value {
    let path = format!(
        "/v1/checkout/sessions/{}?expand[]=payment_intent.latest_charge&expand[]=payment_intent.payment_method",
        id(session)
    );
    client.get(&path).await.body["payment_intent"].clone()
}

#[tokio::test]
async fn a_debit_completes_the_session_now_and_pays_it_later() {
    let mut client = ApiClient::new().await;
    let session = client.session(&[]).await;
    assert_eq!(
        session["payment_method_types"],
        json!(["card", "us_bank_account"])
    );
    let page = pay_by_debit(&client, &session, SUCCEEDS).await;
    assert_eq!(page.status, 303, "{}", page.html);
    assert!(
        page.location
            .unwrap()
            .starts_with("https://shop.example/done")
    );
    let session = client.retrieve(&session).await;
    assert_eq!(
        (&session["status"], &session["payment_status"]),
        (&json!("complete"), &json!("unpaid"))
    );
    assert_eq!(session["customer_details"]["name"], "Ada L");
    let intent = intent_of(&client, &session).await;
    assert_eq!(intent["status"], "processing");
    let charge = &intent["latest_charge"];
    assert_eq!(
        (
            &charge["status"],
            &charge["paid"],
            &charge["balance_transaction"]
        ),
        (&json!("pending"), &json!(false), &json!(null))
    );
    assert!(id(charge).starts_with("py_"));
    assert_eq!(intent["payment_method"]["us_bank_account"]["last4"], "6789");
    let first = [
        "payment_intent.created",
        "charge.pending",
        "payment_intent.processing",
        "checkout.session.completed",
    ];
    assert_eq!(client.event_types().await, first);

    client.restart().await;
    client.advance(60).await;
    let session = client.retrieve(&session).await;
    assert_eq!(session["payment_status"], "paid");
    let intent = intent_of(&client, &session).await;
    assert_eq!(
        (&intent["status"], &intent["amount_received"]),
        (&json!("succeeded"), &json!(2100))
    );
    let then = [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ];
    assert_eq!(client.event_types().await, [&first[..], &then].concat());
    let event = client
        .event("checkout.session.async_payment_succeeded")
        .await;
    assert_eq!(event["data"]["object"], session);
    let entry = intent["latest_charge"]["balance_transaction"]
        .as_str()
        .unwrap();
    let entry = client
        .get(&format!("/v1/balance_transactions/{entry}"))
        .await
        .body;
    assert_eq!(
        (&entry["type"], &entry["fee"]),
        (&json!("payment"), &json!(17))
    );
    let refund = client.refund(&[("payment_intent", id(&intent))]).await;
    assert!(id(&refund).starts_with("pyr_"));
}

#[tokio::test]
async fn a_debit_that_fails_leaves_the_session_unpaid() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    pay_by_debit(&client, &session, FAILS).await;
    let unpaid = intent_of(&client, &session).await;
    let refused = client
        .post("/v1/refunds", &[("payment_intent", id(&unpaid))])
        .await;
    assert_eq!(refused.status, 400);
    client.advance(60).await;
    let session = client.retrieve(&session).await;
    assert_eq!(
        (&session["status"], &session["payment_status"]),
        (&json!("complete"), &json!("unpaid"))
    );
    let intent = intent_of(&client, &session).await;
    assert_eq!(intent["status"], "requires_payment_method");
    assert_eq!(intent["last_payment_error"]["code"], "insufficient_funds");
    assert_eq!(intent["latest_charge"]["status"], "failed");
    assert_eq!(
        client.event_types().await[4..],
        [
            "charge.failed",
            "payment_intent.payment_failed",
            "checkout.session.async_payment_failed"
        ]
    );
}

#[tokio::test]
async fn a_debit_can_be_settled_by_hand_once() {
    let client = ApiClient::new().await;
    for (account, outcome, status) in [
        (FAILS, "succeed", "succeeded"),
        (SUCCEEDS, "fail", "requires_payment_method"),
    ] {
        let session = client.session(&[]).await;
        pay_by_debit(&client, &session, account).await;
        let intent = intent_of(&client, &session).await;
        let path = format!("/sandbox/payment_intents/{}/settle", id(&intent));
        assert_eq!(
            client.post(&path, &[("outcome", "maybe")]).await.status,
            400
        );
        let settled = client.control(&path, &[("outcome", outcome)]).await;
        assert_eq!(settled["status"], status);
        assert_eq!(
            client.post(&path, &[("outcome", outcome)]).await.status,
            400
        );
        let before = client.event_types().await;
        client.advance(60).await;
        assert_eq!(client.event_types().await, before, "nothing happens later");
    }
    let none = client
        .post(
            "/sandbox/payment_intents/pi_x/settle",
            &[("outcome", "fail")],
        )
        .await;
    assert_eq!(none.status, 404);
}

#[tokio::test]
async fn an_iban_is_debited_in_euros() {
    let client = ApiClient::new().await;
    let euros = [("line_items[0][price_data][currency]", "eur")];
    let session = client.session(&euros).await;
    assert_eq!(
        session["payment_method_types"],
        json!(["card", "sepa_debit"])
    );
    let page = client.open(&format!("/c/pay/{}", id(&session))).await;
    assert!(page.html.contains("name=\"iban\"") && !page.html.contains("routingNumber"));
    assert!(
        page.html.contains("value=\"card\" checked"),
        "a card is the default"
    );
    let fields = |iban| {
        [
            ("paymentMethod", "sepa_debit"),
            ("accountHolderName", "Ada L"),
            ("iban", iban),
        ]
    };
    let wrong = client
        .pay_with(&session, &fields("DE00370400440532013000"))
        .await;
    assert!(
        wrong.html.contains("Your IBAN is invalid.") && wrong.html.contains("sepa_debit\" checked")
    );
    let paid = client
        .pay_with(&session, &fields("DE89 3704 0044 0532 0130 00"))
        .await;
    assert_eq!(paid.status, 303, "{}", paid.html);
    let intent = intent_of(&client, &session).await;
    assert_eq!(intent["payment_method"]["sepa_debit"]["country"], "DE");
}

#[tokio::test]
async fn the_merchant_decides_what_is_offered() {
    let client = ApiClient::new().await;
    let only_card = client
        .session(&[("allowed_payment_method_types[0]", "card")])
        .await;
    let page = client.open(&format!("/c/pay/{}", id(&only_card))).await;
    assert!(!page.html.contains("paymentMethod") && page.html.contains("cardNumber"));
    let refused = pay_by_debit(&client, &only_card, SUCCEEDS).await;
    assert!(refused.html.contains("cardNumber-error"));

    let only_debit = client
        .session(&[("allowed_payment_method_types[0]", "us_bank_account")])
        .await;
    let page = client.open(&format!("/c/pay/{}", id(&only_debit))).await;
    assert!(!page.html.contains("cardNumber") && page.html.contains("accountNumber"));
    let missing = client.pay_with(&only_debit, &[]).await;
    for field in ["accountHolderName", "routingNumber", "accountNumber"] {
        assert!(missing.html.contains(&format!("{field}-error")), "{field}");
    }
    assert_eq!(
        pay_by_debit(&client, &only_debit, SUCCEEDS).await.status,
        303
    );

    let pounds = client
        .session(&[("line_items[0][price_data][currency]", "gbp")])
        .await;
    assert_eq!(pounds["payment_method_types"], json!(["card"]));
    let capture_later = client
        .session(&[("payment_intent_data[capture_method]", "manual")])
        .await;
    assert_eq!(capture_later["payment_method_types"], json!(["card"]));
    let form = [
        crate::api_client::order(),
        vec![("allowed_payment_method_types[0]", "sepa_debit")],
    ];
    let none = client.post("/v1/checkout/sessions", &form.concat()).await;
    assert_eq!(none.status, 400);
}

#[tokio::test]
async fn the_country_of_an_account_that_is_debited_is_its_banks() {
    let client = ApiClient::new().await;
    for (currency, method, fields, country) in [
        (
            "eur",
            "sepa_debit",
            vec![("iban", "AT61 1904 3002 3457 3201")],
            "AT",
        ),
        (
            "usd",
            "us_bank_account",
            vec![
                ("routingNumber", "110000000"),
                ("accountNumber", "000123456789"),
            ],
            "US",
        ),
    ] {
        let session = client
            .session(&[("line_items[0][price_data][currency]", currency)])
            .await;
        // The browser sends the country beside the card, too.
        let form = [
            ("paymentMethod", method),
            ("accountHolderName", "Ada L"),
            ("billingCountry", "FR"),
        ];
        let page = client
            .pay_with(&session, &[&form[..], &fields].concat())
            .await;
        assert_eq!(page.status, 303, "{}", page.html);
        let details = &client.retrieve(&session).await["customer_details"];
        assert_eq!(details["address"]["country"], country);
    }
}

#[tokio::test]
async fn the_country_that_is_chosen_at_first_is_the_currencys() {
    let client = ApiClient::new().await;
    for (currency, country) in [("eur", "DE"), ("jpy", "JP"), ("usd", "US"), ("xof", "US")] {
        let session = client
            .session(&[("line_items[0][price_data][currency]", currency)])
            .await;
        let page = client.open(&format!("/c/pay/{}", id(&session))).await;
        let chosen = format!("<option value=\"{country}\" selected>");
        assert!(page.html.contains(&chosen), "{currency}: {}", page.html);
    }
}
