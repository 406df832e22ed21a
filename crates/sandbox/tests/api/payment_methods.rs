//! Payment Methods.

use serde_json::{Value, json};

use crate::api_client::{ApiClient, id};

const PATH: &str = "/v1/payment_methods";

#[tokio::test]
async fn a_card_is_made_of_a_number_or_a_token() {
    let client = ApiClient::new().await;
    let by_number = client
        .post(
            PATH,
            &[
                ("type", "card"),
                ("card[number]", "5555555555554444"),
                ("card[exp_month]", "8"),
                ("card[exp_year]", "2034"),
                ("card[cvc]", "314"),
                ("billing_details[name]", "Ada"),
                ("billing_details[address][city]", "Berlin"),
                ("metadata[a]", "1"),
            ],
        )
        .await
        .body;
    assert_eq!(by_number["card"]["brand"], "mastercard");
    assert_eq!(
        (
            &by_number["card"]["exp_month"],
            &by_number["card"]["exp_year"]
        ),
        (&json!(8), &json!(2034))
    );
    assert_eq!(by_number["billing_details"]["address"]["city"], "Berlin");
    assert!(!by_number.to_string().contains("5555555555554444"));
    let by_token = client
        .post(PATH, &[("type", "card"), ("card[token]", "tok_visa")])
        .await
        .body;
    assert_eq!(by_token["card"]["last4"], "4242");
    let path = format!("{PATH}/{}", id(&by_token));
    assert_eq!(client.get(&path).await.body, by_token);
    assert_eq!(
        client.get(&format!("{PATH}/pm_card_amex")).await.body["card"]["brand"],
        "amex"
    );
    for (form, status, code, param) in [
        (
            &[
                ("card[number]", "4242424242424241"),
                ("card[exp_month]", "8"),
                ("card[exp_year]", "2034"),
            ][..],
            402,
            "incorrect_number",
            "number",
        ),
        (
            &[
                ("card[number]", "4242424242424242"),
                ("card[exp_month]", "13"),
                ("card[exp_year]", "2034"),
            ],
            402,
            "invalid_expiry_month",
            "exp_month",
        ),
        (
            &[
                ("card[number]", "4242424242424242"),
                ("card[exp_month]", "8"),
                ("card[exp_year]", "2020"),
            ],
            402,
            "invalid_expiry_year",
            "exp_year",
        ),
        (
            &[
                ("card[number]", "4242424242424242"),
                ("card[exp_month]", "8"),
                ("card[exp_year]", "2034"),
                ("card[cvc]", "99"),
            ],
            402,
            "invalid_cvc",
            "cvc",
        ),
        (
            &[("card[number]", "4242424242424242")],
            400,
            "parameter_missing",
            "card[exp_month]",
        ),
        (
            &[("card[token]", "tok_x")],
            400,
            "resource_missing",
            "token",
        ),
    ] {
        let answer = client
            .post(PATH, &[&[("type", "card")], form].concat())
            .await;
        let error = answer.error();
        assert_eq!(
            (answer.status, &error["code"]),
            (status, &json!(code)),
            "{form:?}"
        );
        assert_eq!(error["param"], param, "{form:?}");
    }
}

#[tokio::test]
async fn a_bank_account_is_made_of_its_number() {
    let client = ApiClient::new().await;
    let account = client
        .post(
            PATH,
            &[
                ("type", "us_bank_account"),
                ("us_bank_account[routing_number]", "110000000"),
                ("us_bank_account[account_number]", "000123456789"),
                ("us_bank_account[account_holder_type]", "individual"),
                ("billing_details[name]", "Ada"),
            ],
        )
        .await
        .body;
    assert_eq!(account["us_bank_account"]["last4"], "6789");
    let nameless = client
        .post(
            PATH,
            &[
                ("type", "sepa_debit"),
                ("sepa_debit[iban]", "DE89370400440532013000"),
            ],
        )
        .await;
    assert_eq!(nameless.error()["param"], "billing_details[name]");
    let wrong = client
        .post(PATH, &[("type", "sepa_debit"), ("sepa_debit[iban]", "DE1")])
        .await;
    assert_eq!(wrong.error()["param"], "sepa_debit[iban]");
}

#[tokio::test]
async fn a_payment_method_is_changed_with_an_event() {
    let client = ApiClient::new().await;
    let method = client
        .post(PATH, &[("type", "card"), ("card[token]", "tok_visa")])
        .await
        .body;
    let path = format!("{PATH}/{}", id(&method));
    let changed = client
        .post(
            &path,
            &[
                ("billing_details[email]", "ada@example.com"),
                ("card[exp_month]", "3"),
                ("metadata[a]", "1"),
            ],
        )
        .await
        .body;
    let data = &client.event("payment_method.updated").await["data"];
    assert_eq!(data["object"], changed);
    assert_eq!(
        data["previous_attributes"],
        json!({ "billing_details": { "email": null }, "card": { "exp_month": 12 }, "metadata": { "a": null } })
    );
    assert_eq!(
        client
            .post(&path, &[("card[exp_month]", "13")])
            .await
            .status,
        402
    );
    let detached = client.post(&format!("{path}/detach"), &[]).await;
    assert_eq!(detached.status, 400);
    let nobody = client
        .post(&format!("{path}/attach"), &[("customer", "cus_x")])
        .await;
    assert_eq!(nobody.error()["code"], "resource_missing");
}

#[tokio::test]
async fn a_customer_keeps_payment_methods() {
    let client = ApiClient::new().await;
    let customer = client.post("/v1/customers", &[("name", "Ada")]).await.body;
    let customer = id(&customer);
    let attached = client
        .post(
            &format!("{PATH}/pm_card_visa/attach"),
            &[("customer", customer)],
        )
        .await
        .body;
    assert_eq!(attached["customer"], customer);
    let data = &client.event("payment_method.attached").await["data"];
    assert_eq!(data["previous_attributes"], json!({ "customer": null }));
    let path = format!("{PATH}/{}", id(&attached));
    let other = client.make("/v1/customers", &[]).await;
    let again = client
        .post(&format!("{path}/attach"), &[("customer", id(&other))])
        .await;
    assert_eq!(again.error()["code"], "payment_method_unexpected_state");
    let declined = client
        .post(
            &format!("{PATH}/pm_card_chargeDeclined/attach"),
            &[("customer", customer)],
        )
        .await;
    assert_eq!(
        (declined.status, &declined.error()["code"]),
        (402, &json!("card_declined"))
    );

    let pay = |more: &[(&'static str, String)]| {
        let mut form = vec![
            ("amount", "2000".to_owned()),
            ("currency", "usd".to_owned()),
            ("payment_method_types[0]", "card".to_owned()),
            ("confirm", "true".to_owned()),
        ];
        form.extend_from_slice(more);
        form
    };
    let stranger = pay(&[("payment_method", id(&attached).to_owned())]);
    let stranger: Vec<_> = stranger
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let refused = client.post("/v1/payment_intents", &stranger).await;
    assert!(
        refused.error()["message"]
            .as_str()
            .unwrap()
            .contains("belongs to the Customer")
    );
    let kept = pay(&[
        (
            "payment_method",
            "pm_card_authenticationRequiredOnSetup".to_owned(),
        ),
        ("customer", customer.to_owned()),
        ("setup_future_usage", "off_session".to_owned()),
    ]);
    let kept: Vec<_> = kept
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let asked = client.post("/v1/payment_intents", &kept).await.body;
    assert_eq!(asked["status"], "requires_action");
    let bank = format!("/c/authenticate/{}", id(&asked));
    client.submit(&bank, &[("outcome", "complete")]).await;
    let list = client
        .get(&format!("/v1/customers/{customer}/payment_methods"))
        .await
        .body;
    assert_eq!(list["data"].as_array().unwrap().len(), 2);
    let later = pay(&[
        ("payment_method", id(&list["data"][0]).to_owned()),
        ("customer", customer.to_owned()),
        ("off_session", "true".to_owned()),
    ]);
    let later: Vec<_> = later
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let paid = client.post("/v1/payment_intents", &later).await.body;
    assert_eq!(
        paid["status"], "succeeded",
        "a card that was set up asks no more"
    );
    let charge = &client
        .get(&format!("/v1/charges?customer={customer}&limit=1"))
        .await
        .body["data"][0];
    assert_eq!(charge["payment_intent"], paid["id"]);

    let detached = client.post(&format!("{path}/detach"), &[]).await.body;
    assert_eq!(detached["customer"], Value::Null);
    let one = format!("/v1/customers/{customer}/payment_methods/{}", id(&attached));
    assert_eq!(client.get(&one).await.status, 404);
}
