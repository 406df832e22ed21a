//! Options of each kind of payment method: `payment_method_options` and the kinds that are left
//! out.

use serde_json::{Value, json};

use crate::api_client::{ApiClient, PAID, id, order};

/// A card that can be asked for 3-D Secure, and need not.
const OPTIONAL: &str = "4000000000003055";

const AMEX: &str = "378282246310005";

async fn intent_of(client: &ApiClient, session: &Value) -> Value {
    let session = client.retrieve(session).await;
    let path = format!(
        "/v1/payment_intents/{}",
        session["payment_intent"].as_str().unwrap()
    );
    client.get(&path).await.body
}

#[tokio::test]
async fn three_d_secure_is_asked_for_when_the_merchant_wants_it() {
    let client = ApiClient::new().await;
    let requests = "payment_method_options[card][request_three_d_secure]";
    for (request, card, authenticates) in [
        ("any", OPTIONAL, true),
        ("challenge", OPTIONAL, true),
        ("automatic", OPTIONAL, false),
        ("any", PAID, false),
    ] {
        let session = client.session(&[(requests, request)]).await;
        assert_eq!(
            session["payment_method_options"]["card"]["request_three_d_secure"],
            request
        );
        let page = client.pay(&session, card).await;
        let bank = format!("/c/pay/{}/authenticate", id(&session));
        assert_eq!(
            page.location.as_deref() == Some(&bank),
            authenticates,
            "{request} {card}"
        );
        if authenticates {
            assert_eq!(client.authenticate(&session, "complete").await.status, 303);
        }
        let intent = intent_of(&client, &session).await;
        assert_eq!(
            (
                &intent["status"],
                &intent["payment_method_options"]["card"]["request_three_d_secure"]
            ),
            (&json!("succeeded"), &json!(request))
        );
    }
}

#[tokio::test]
async fn blocked_card_is_an_error_at_its_field() {
    let client = ApiClient::new().await;
    let restrictions = "payment_method_options[card][restrictions]";
    let brands = format!("{restrictions}[brands_blocked][0]");
    let fundings = format!("{restrictions}[funding_types_blocked][0]");
    let session = client
        .session(&[(&brands, "american_express"), (&fundings, "prepaid")])
        .await;
    assert_eq!(
        session["payment_method_options"]["card"]["restrictions"],
        json!({ "brands_blocked": ["american_express"], "funding_types_blocked": ["prepaid"] })
    );
    for (number, cvc, message) in [
        (AMEX, "1234", "American Express cards are not accepted here"),
        (
            "5105105105105100",
            "123",
            "Prepaid cards are not accepted here",
        ),
    ] {
        let card = [("cardNumber", number), ("cardCvc", cvc)];
        let page = client.pay_with(&session, &card).await;
        assert_eq!(page.status, 200);
        for part in [
            message,
            "id=\"cardNumber-error\" data-code=\"card_not_supported\"",
        ] {
            assert!(page.html.contains(part), "{part}: {}", page.html);
        }
    }
    let path = format!("/v1/payment_pages/{}/confirm", id(&session));
    let form = [
        ("payment_method", "pm_card_amex"),
        ("email", "ada@example.com"),
    ];
    let refused = client.post(&path, &form).await;
    assert_eq!(
        (refused.status, &refused.error()["decline_code"]),
        (402, &json!("card_not_supported"))
    );
    let intent = &client.retrieve(&session).await["payment_intent"];
    assert_eq!(*intent, Value::Null, "nothing was tried");
    assert_eq!(client.pay(&session, PAID).await.status, 303);
    let options = &intent_of(&client, &session).await["payment_method_options"]["card"];
    assert_eq!(options["restrictions"], Value::Null);
}

#[tokio::test]
async fn only_cards_are_captured_later_when_only_their_options_say_so() {
    let client = ApiClient::new().await;
    let session = client
        .session(&[("payment_method_options[card][capture_method]", "manual")])
        .await;
    assert_eq!(
        session["payment_method_types"],
        json!(["card", "us_bank_account"])
    );
    client.pay(&session, PAID).await;
    let intent = intent_of(&client, &session).await;
    assert_eq!(
        (&intent["status"], &intent["capture_method"]),
        (&json!("requires_capture"), &json!("automatic_async"))
    );
    let path = format!("/v1/payment_intents/{}/capture", id(&intent));
    assert_eq!(client.make(&path, &[]).await["status"], "succeeded");
}

#[tokio::test]
async fn a_kind_of_payment_method_is_kept_as_its_options_say() {
    let client = ApiClient::new().await;
    let customer = client.make("/v1/customers", &[]).await;
    let card = "payment_method_options[card][setup_future_usage]";
    let debit = "payment_method_options[us_bank_account][setup_future_usage]";
    let all = "payment_intent_data[setup_future_usage]";
    for (more, method, is_kept, notice) in [
        (
            &[(card, "off_session")][..],
            "pm_card_visa",
            true,
            Some("allow shop.example to charge you for future payments"),
        ),
        (
            &[(debit, "on_session")],
            "pm_card_visa",
            false,
            Some("will be saved for future purchases from shop.example"),
        ),
        (
            &[(all, "off_session"), (debit, "none")],
            "pm_usBankAccount_success",
            false,
            Some("for future payments"),
        ),
        (&[(debit, "none")], "pm_card_visa", false, None),
    ] {
        let session = client
            .session(&[&[("customer", id(&customer))], more].concat())
            .await;
        let page = client.open(&format!("/c/pay/{}", id(&session))).await;
        match notice {
            Some(notice) => assert!(page.html.contains(notice), "{notice}: {}", page.html),
            None => assert!(!page.html.contains("future p"), "{}", page.html),
        }
        let path = format!("/v1/payment_pages/{}/confirm", id(&session));
        let form = [("payment_method", method), ("email", "ada@example.com")];
        client.make(&path, &form).await;
        let intent = intent_of(&client, &session).await;
        let path = format!(
            "/v1/payment_methods/{}",
            intent["payment_method"].as_str().unwrap()
        );
        let owner = &client.get(&path).await.body["customer"];
        assert_eq!(owner == &customer["id"], is_kept, "{more:?}");
    }
}

#[tokio::test]
async fn a_bank_account_is_debited_on_a_day_within_two_weeks() {
    let client = ApiClient::new().await;
    let target = "payment_method_options[us_bank_account][target_date]";
    for date in ["tomorrow", "2020-02-30", "2020-02-28", "2199-01-01"] {
        let answer = client
            .post(
                "/v1/checkout/sessions",
                &[&order()[..], &[(target, date)]].concat(),
            )
            .await;
        assert_eq!(
            (answer.status, &answer.error()["param"]),
            (400, &json!(target)),
            "{date}"
        );
    }
}

#[tokio::test]
async fn options_of_an_intent_are_changed_and_cleared() {
    let client = ApiClient::new().await;
    let intent = client
        .make(
            "/v1/payment_intents",
            &[
                ("amount", "2100"),
                ("currency", "usd"),
                (
                    "payment_method_options[card][request_three_d_secure]",
                    "any",
                ),
                (
                    "payment_method_options[card][setup_future_usage]",
                    "off_session",
                ),
                ("payment_method_options[card][capture_method]", "manual"),
                (
                    "payment_method_options[us_bank_account][verification_method]",
                    "instant",
                ),
            ],
        )
        .await;
    let card = &intent["payment_method_options"]["card"];
    assert_eq!(
        (&card["setup_future_usage"], &card["capture_method"]),
        (&json!("off_session"), &json!("manual"))
    );
    let path = format!("/v1/payment_intents/{}", id(&intent));
    let intent = client
        .make(
            &path,
            &[
                ("payment_method_options[card][capture_method]", ""),
                ("payment_method_options[us_bank_account]", ""),
            ],
        )
        .await;
    let options = &intent["payment_method_options"];
    assert_eq!(options["card"].get("capture_method"), None);
    assert_eq!(options["card"]["request_three_d_secure"], "any");
    assert_eq!(
        options["us_bank_account"]["verification_method"],
        "automatic"
    );
    let confirmed = client
        .make(
            &format!("{path}/confirm"),
            &[
                ("payment_method", "pm_card_visa"),
                ("return_url", "https://shop.example/back"),
            ],
        )
        .await;
    assert_eq!(confirmed["status"], "succeeded");
}

#[tokio::test]
async fn options_are_refused_that_nothing_here_could_honor() {
    let client = ApiClient::new().await;
    for (member, value, says) in [
        ("[card][request_three_d_secure]", "always", "must be one of"),
        (
            "[card][restrictions][brands_blocked][0]",
            "visa_electron",
            "must be one of",
        ),
        ("[card][installments][enabled]", "true", "only be false"),
        ("[card][color]", "red", "unknown parameter"),
        (
            "[us_bank_account][financial_connections][permissions][0]",
            "balances",
            "no Financial Connections",
        ),
        (
            "[us_bank_account][verification_method]",
            "microdeposits",
            "must be one of",
        ),
        (
            "[sepa_debit][mandate_options][reference_prefix]",
            "SHOP",
            "does not support",
        ),
        ("[wechat_pay][client]", "web", "does not support"),
        ("[gold][karat]", "24", "unknown parameter"),
    ] {
        let member = format!("payment_method_options{member}");
        let form = [&order()[..], &[(&member, value)]].concat();
        let answer = client.post("/v1/checkout/sessions", &form).await;
        let message = answer.error()["message"].as_str().unwrap().to_owned();
        assert_eq!(answer.status, 400, "{member}: {message}");
        assert!(message.contains(says), "{member}: {message}");
    }
}

#[tokio::test]
async fn a_kind_that_is_left_out_is_not_offered() {
    let client = ApiClient::new().await;
    let excluded = ("excluded_payment_method_types[0]", "us_bank_account");
    let session = client.session(&[excluded]).await;
    assert_eq!(session["payment_method_types"], json!(["card"]));
    assert_eq!(
        session["excluded_payment_method_types"],
        json!(["us_bank_account"])
    );
    let page = client.open(&format!("/c/pay/{}", id(&session))).await;
    assert!(!page.html.contains("routingNumber"), "{}", page.html);

    let intent = [("amount", "2100"), ("currency", "usd")];
    let intent = client
        .make("/v1/payment_intents", &[&intent[..], &[excluded]].concat())
        .await;
    assert_eq!(intent["payment_method_types"], json!(["card"]));
    let path = format!("/v1/payment_intents/{}", id(&intent));
    let other = ("allowed_payment_method_types[0]", "us_bank_account");
    let refused = client.post(&path, &[other]).await;
    assert_eq!(refused.status, 400, "what was left out before stays so");
    let cleared = client
        .make(&path, &[other, ("excluded_payment_method_types", "")])
        .await;
    assert_eq!(cleared["payment_method_types"], json!(["us_bank_account"]));
    assert_eq!(cleared["excluded_payment_method_types"], Value::Null);

    for (form, says) in [
        (
            vec![("excluded_payment_method_types[0]", "gold")],
            "must be one of",
        ),
        (
            vec![excluded, ("payment_method_types[0]", "card")],
            "You may only specify one",
        ),
        (
            vec![excluded, ("excluded_payment_method_types[1]", "card")],
            "No valid payment method types",
        ),
    ] {
        let answer = client
            .post("/v1/checkout/sessions", &[order(), form].concat())
            .await;
        let message = answer.error()["message"].as_str().unwrap().to_owned();
        assert!(
            answer.status == 400 && message.contains(says),
            "{says}: {message}"
        );
    }
}
