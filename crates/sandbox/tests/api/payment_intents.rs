//! Payment Intents without a Checkout Session.

use serde_json::{Value, json};

use crate::api_client::{ApiClient, PAID, eventually, id};

const PATH: &str = "/v1/payment_intents";

/// An intent over 20 dollars for cards, with further parameters.
async fn create(client: &ApiClient, more: &[(&str, &str)]) -> crate::api_client::Answer {
    let form = [
        ("amount", "2000"),
        ("currency", "usd"),
        ("payment_method_types[0]", "card"),
    ];
    client.post(PATH, &[&form[..], more].concat()).await
}

async fn created(client: &ApiClient, more: &[(&str, &str)]) -> Value {
    let answer = create(client, more).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

async fn act(
    client: &ApiClient,
    intent: &Value,
    verb: &str,
    form: &[(&str, &str)],
) -> crate::api_client::Answer {
    client
        .post(&format!("{PATH}/{}/{verb}", id(intent)), form)
        .await
}

#[tokio::test]
async fn an_intent_is_created_confirmed_and_listed() {
    let client = ApiClient::new().await;
    let intent = created(
        &client,
        &[("description", "Order 1"), ("metadata[order]", "1")],
    )
    .await;
    for (member, value) in [
        ("status", json!("requires_payment_method")),
        ("amount", json!(2000)),
        ("payment_method_types", json!(["card"])),
        ("automatic_payment_methods", json!(null)),
        ("description", json!("Order 1")),
        ("metadata", json!({ "order": "1" })),
    ] {
        assert_eq!(intent[member], value, "{member}");
    }
    let secret = intent["client_secret"].as_str().unwrap();
    assert!(secret.starts_with(&format!("{}_secret_", id(&intent))));
    let paid = act(
        &client,
        &intent,
        "confirm",
        &[("payment_method", "pm_card_visa")],
    )
    .await;
    assert_eq!(
        (&paid.body["status"], &paid.body["amount_received"]),
        (&json!("succeeded"), &json!(2000))
    );
    assert_eq!(
        client.event_types().await,
        [
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.succeeded"
        ]
    );
    let event = client.event("payment_intent.succeeded").await;
    assert_eq!(event["request"]["id"], paid.header("request-id").unwrap());
    assert_eq!(client.get(PATH).await.body["data"], json!([paid.body]));
    let path = format!("{PATH}/{}", id(&intent));
    assert_eq!(client.get(&path).await.body, paid.body);
    let wrong = client.get(&format!("{path}?client_secret=x")).await;
    assert_eq!(wrong.status, 400);

    let again = act(&client, &intent, "confirm", &[]).await;
    assert_eq!(again.error()["code"], "payment_intent_unexpected_state");
    assert_eq!(again.error()["payment_intent"], paid.body);
    let canceled = act(&client, &intent, "cancel", &[]).await;
    assert!(
        canceled.error()["message"]
            .as_str()
            .unwrap()
            .contains("because it has a status of succeeded")
    );
}

#[tokio::test]
async fn a_decline_is_402_and_stays_on_record() {
    let client = ApiClient::new().await;
    for (token, code, decline_code) in [
        (
            "pm_card_chargeDeclined",
            "card_declined",
            Some("generic_decline"),
        ),
        (
            "pm_card_visa_chargeDeclinedInsufficientFunds",
            "card_declined",
            Some("insufficient_funds"),
        ),
        (
            "pm_card_visa_chargeDeclinedLostCard",
            "card_declined",
            Some("lost_card"),
        ),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
        (
            "pm_card_chargeDeclinedProcessingError",
            "processing_error",
            None,
        ),
        ("pm_card_radarBlock", "card_declined", Some("fraudulent")),
        (
            "pm_card_chargeCustomerFail",
            "card_declined",
            Some("generic_decline"),
        ),
    ] {
        let form = [("confirm", "true"), ("payment_method", token)];
        let answer = create(&client, &form).await;
        let error = answer.error();
        assert_eq!(
            (answer.status, &error["type"]),
            (402, &json!("card_error")),
            "{token}"
        );
        assert_eq!(error["code"], code, "{token}");
        assert_eq!(
            error.get("decline_code").and_then(Value::as_str),
            decline_code
        );
        let intent = &error["payment_intent"];
        assert_eq!(intent["status"], "requires_payment_method");
        assert_eq!(intent["latest_charge"], error["charge"]);
        assert_eq!(error["payment_method"]["object"], "payment_method");
        let kept = client.get(&format!("{PATH}/{}", id(intent))).await.body;
        assert_eq!(kept, *intent, "what was declined is on record");
        let charge = error["charge"].as_str().unwrap();
        let charge = client.get(&format!("/v1/charges/{charge}")).await.body;
        assert_eq!(charge["status"], "failed");
    }
    eventually("the webhooks came", async || {
        client.endpoint.count("payment_intent.payment_failed") == 7
    })
    .await;
}

#[tokio::test]
async fn declined_request_with_a_key_gets_the_same_answer_again() {
    let client = ApiClient::new().await;
    let mut answers = Vec::new();
    for _ in 0..2 {
        let request = client
            .request(reqwest::Method::POST, PATH)
            .header("Idempotency-Key", "declined")
            .form(&[
                ("amount", "2000"),
                ("currency", "usd"),
                ("payment_method_types[0]", "card"),
                ("payment_method", "pm_card_chargeDeclined"),
                ("confirm", "true"),
            ]);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 402);
        answers.push(response.json::<Value>().await.unwrap());
    }
    assert_eq!(answers[0], answers[1]);
    let list = client.get("/v1/charges").await.body;
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_authorization_is_captured_in_part_or_given_back() {
    let client = ApiClient::new().await;
    let manual = [
        ("capture_method", "manual"),
        ("confirm", "true"),
        ("payment_method", "pm_card_visa"),
    ];
    let intent = created(&client, &manual).await;
    assert_eq!(
        (
            &intent["status"],
            &intent["amount_capturable"],
            &intent["amount_received"]
        ),
        (&json!("requires_capture"), &json!(2000), &json!(0))
    );
    let charge = format!("/v1/charges/{}", intent["latest_charge"].as_str().unwrap());
    assert_eq!(client.get(&charge).await.body["captured"], false);
    let refund = client
        .post("/v1/refunds", &[("payment_intent", id(&intent))])
        .await;
    assert_eq!(refund.status, 400, "nothing was taken yet");
    let too_much = act(
        &client,
        &intent,
        "capture",
        &[("amount_to_capture", "2001")],
    )
    .await;
    assert_eq!(too_much.error()["code"], "amount_too_large");
    let taken = act(
        &client,
        &intent,
        "capture",
        &[("amount_to_capture", "1500")],
    )
    .await;
    assert_eq!(
        (
            &taken.body["status"],
            &taken.body["amount_received"],
            &taken.body["amount_capturable"]
        ),
        (&json!("succeeded"), &json!(1500), &json!(0))
    );
    let captured = client.get(&charge).await.body;
    assert_eq!(
        (&captured["captured"], &captured["amount_captured"]),
        (&json!(true), &json!(1500))
    );
    assert_eq!(
        client.event_types().await,
        [
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.amount_capturable_updated",
            "charge.captured",
            "payment_intent.succeeded"
        ]
    );
    let data = &client.event("charge.captured").await["data"];
    assert_eq!(data["previous_attributes"]["captured"], false);
    let again = act(&client, &intent, "capture", &[]).await;
    assert_eq!(again.error()["code"], "payment_intent_unexpected_state");
    let refund = client.refund(&[("payment_intent", id(&intent))]).await;
    assert_eq!(refund["amount"], 1500);

    let intent = created(&client, &manual).await;
    let reason = [("cancellation_reason", "abandoned")];
    let canceled = act(&client, &intent, "cancel", &reason).await.body;
    assert_eq!(
        (&canceled["status"], &canceled["cancellation_reason"]),
        (&json!("canceled"), &json!("abandoned"))
    );
    let charge = format!("/v1/charges/{}", intent["latest_charge"].as_str().unwrap());
    assert_eq!(client.get(&charge).await.body["refunded"], true);

    let intent = created(&client, &manual).await;
    let charge = intent["latest_charge"].as_str().unwrap();
    let refused = client
        .post(&format!("/v1/charges/{charge}/capture"), &[])
        .await;
    assert_eq!(refused.status, 400, "the intent is what is captured");

    let intent = created(&client, &manual).await;
    client.advance(7 * 24 * 60 * 60).await;
    let expired = client.get(&format!("{PATH}/{}", id(&intent))).await.body;
    assert_eq!(
        (&expired["status"], &expired["cancellation_reason"]),
        (&json!("canceled"), &json!("automatic"))
    );
}

#[tokio::test]
async fn an_intent_asks_for_3d_secure_and_leads_back() {
    let client = ApiClient::new().await;
    let form = [
        ("confirm", "true"),
        ("payment_method", "pm_card_authenticationRequired"),
        ("return_url", "https://shop.example/back?x=1#end"),
    ];
    for (outcome, status, redirect) in [
        ("complete", "succeeded", "succeeded"),
        ("fail", "requires_payment_method", "failed"),
    ] {
        let intent = created(&client, &form).await;
        assert_eq!(intent["status"], "requires_action");
        let action = &intent["next_action"];
        assert_eq!(action["type"], "redirect_to_url");
        let url = action["redirect_to_url"]["url"].as_str().unwrap();
        let path = url.strip_prefix(client.base_url()).unwrap();
        let page = client.open(path).await;
        assert!(page.html.contains(">Complete</button>") && page.html.contains("$20.00"));
        for _ in 0..2 {
            let done = client.submit(path, &[("outcome", outcome)]).await;
            let secret = intent["client_secret"].as_str().unwrap();
            assert_eq!(
                done.location.unwrap(),
                format!(
                    "https://shop.example/back?x=1&payment_intent={}&payment_intent_client_secret={secret}\
                     &redirect_status={redirect}#end",
                    id(&intent)
                )
            );
        }
        let intent = client.get(&format!("{PATH}/{}", id(&intent))).await.body;
        assert_eq!(intent["status"], status);
    }
    let without_address = created(&client, &form[..2]).await;
    let path = format!("/c/authenticate/{}", id(&without_address));
    let done = client.submit(&path, &[("outcome", "complete")]).await;
    assert!(done.status == 200 && done.html.contains("Thank you"));
    assert_eq!(client.open("/c/authenticate/pi_x").await.status, 404);
    assert_eq!(
        client.submit(&path, &[("outcome", "maybe")]).await.status,
        400
    );

    let twice = created(
        &client,
        &[&form[..], &[("confirmation_method", "manual")]].concat(),
    )
    .await;
    let path = format!("/c/authenticate/{}", id(&twice));
    client.submit(&path, &[("outcome", "complete")]).await;
    let waiting = client.get(&format!("{PATH}/{}", id(&twice))).await.body;
    assert_eq!(waiting["status"], "requires_confirmation");
    let confirmed = act(&client, &twice, "confirm", &[]).await.body;
    assert_eq!(confirmed["status"], "succeeded");
}

#[tokio::test]
async fn nobody_is_asked_off_session() {
    let client = ApiClient::new().await;
    for flag in [
        ("off_session", "true"),
        ("error_on_requires_action", "true"),
    ] {
        let answer = create(
            &client,
            &[
                ("confirm", "true"),
                ("payment_method", "pm_card_authenticationRequired"),
                flag,
            ],
        )
        .await;
        assert_eq!(
            (answer.status, &answer.error()["code"]),
            (402, &json!("authentication_required"))
        );
    }
    let optional = [
        ("confirm", "true"),
        ("payment_method", "pm_card_threeDSecureOptional"),
    ];
    assert_eq!(created(&client, &optional).await["status"], "succeeded");
    let wanted = (
        "payment_method_options[card][request_three_d_secure]",
        "any",
    );
    let asked = created(&client, &[&optional[..], &[wanted]].concat()).await;
    assert_eq!(asked["status"], "requires_action");
}

#[tokio::test]
async fn dynamic_methods_need_an_address_to_lead_back_to() {
    let client = ApiClient::new().await;
    let form = [
        ("amount", "2000"),
        ("currency", "usd"),
        ("confirm", "true"),
        ("payment_method", "pm_card_visa"),
    ];
    let refused = client.post(PATH, &form).await;
    assert!(
        refused.error()["message"]
            .as_str()
            .unwrap()
            .contains("you must provide a `return_url`")
    );
    assert_eq!(
        client.get(PATH).await.body["data"],
        json!([]),
        "nothing is left of a refused request"
    );
    for more in [
        vec![("return_url", "https://shop.example/back")],
        vec![
            ("automatic_payment_methods[enabled]", "true"),
            ("automatic_payment_methods[allow_redirects]", "never"),
        ],
    ] {
        let paid = client.post(PATH, &[&form[..], &more].concat()).await.body;
        assert_eq!(paid["status"], "succeeded");
        assert_eq!(paid["automatic_payment_methods"]["enabled"], true);
        assert_eq!(
            paid["payment_method_types"],
            json!(["card", "us_bank_account"])
        );
    }
    let narrowed = client
        .post(
            PATH,
            &[
                ("amount", "2000"),
                ("currency", "usd"),
                ("allowed_payment_method_types[0]", "card"),
            ],
        )
        .await;
    assert_eq!(narrowed.body["payment_method_types"], json!(["card"]));
}

#[tokio::test]
async fn a_named_newer_version_has_no_payment_method_types() {
    let client = ApiClient::new().await;
    for (version, status) in [("2026-08-26.dahlia", 200), ("2026-09-30.endive", 400)] {
        let request = client
            .request(reqwest::Method::POST, PATH)
            .header("Stripe-Version", version)
            .form(&[
                ("amount", "2000"),
                ("currency", "usd"),
                ("payment_method_types[0]", "card"),
            ]);
        assert_eq!(
            request.send().await.unwrap().status().as_u16(),
            status,
            "{version}"
        );
    }
}

#[tokio::test]
async fn an_intent_is_changed_until_it_is_paid() {
    let client = ApiClient::new().await;
    let intent = created(&client, &[("metadata[a]", "1")]).await;
    let path = format!("{PATH}/{}", id(&intent));
    let changed = client
        .post(
            &path,
            &[
                ("amount", "3000"),
                ("metadata[b]", "2"),
                ("payment_method", "pm_card_mastercard"),
                ("shipping[name]", "Ada"),
                ("shipping[address][city]", "Berlin"),
            ],
        )
        .await
        .body;
    assert_eq!(
        (&changed["amount"], &changed["status"]),
        (&json!(3000), &json!("requires_confirmation"))
    );
    assert_eq!(changed["metadata"], json!({ "a": "1", "b": "2" }));
    assert_eq!(changed["shipping"]["address"]["city"], "Berlin");
    let paid = act(&client, &intent, "confirm", &[]).await.body;
    assert_eq!(paid["amount_received"], 3000);
    let late = client.post(&path, &[("amount", "1000")]).await;
    assert_eq!(late.error()["code"], "payment_intent_unexpected_state");
    let noted = client.post(&path, &[("description", "Sent")]).await.body;
    assert_eq!(
        (&noted["description"], &noted["status"]),
        (&json!("Sent"), &json!("succeeded"))
    );
}

#[tokio::test]
async fn the_intent_of_a_session_belongs_to_its_page() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    client.pay(&session, crate::api_client::DECLINED).await;
    let intent = client.retrieve(&session).await["payment_intent"].clone();
    let intent = json!({ "id": intent });
    for (verb, form) in [
        ("confirm", &[("payment_method", "pm_card_visa")][..]),
        ("cancel", &[]),
    ] {
        let refused = act(&client, &intent, verb, form).await;
        assert!(
            refused.error()["message"]
                .as_str()
                .unwrap()
                .contains("because it was created by the Checkout Session"),
            "{verb}: {}",
            refused.body
        );
    }
    assert_eq!(client.pay(&session, PAID).await.status, 303);

    let session = client
        .session(&[("payment_intent_data[capture_method]", "manual")])
        .await;
    client.pay(&session, PAID).await;
    let authorized = client.retrieve(&session).await;
    assert_eq!(
        (&authorized["status"], &authorized["payment_status"]),
        (&json!("complete"), &json!("unpaid"))
    );
    let intent = json!({ "id": authorized["payment_intent"] });
    assert_eq!(act(&client, &intent, "capture", &[]).await.status, 200);
    assert_eq!(client.retrieve(&session).await["payment_status"], "paid");
}

#[tokio::test]
async fn invalid_intents_are_refused() {
    let client = ApiClient::new().await;
    for (form, code, param) in [
        (
            &[("currency", "usd")][..],
            Some("parameter_missing"),
            Some("amount"),
        ),
        (
            &[("amount", "2000")],
            Some("parameter_missing"),
            Some("currency"),
        ),
        (
            &[("amount", "49"), ("currency", "usd")],
            Some("amount_too_small"),
            Some("amount"),
        ),
        (
            &[("amount", "100000000"), ("currency", "usd")],
            Some("amount_too_large"),
            Some("amount"),
        ),
        (
            &[("amount", "0"), ("currency", "usd")],
            Some("parameter_invalid_integer"),
            Some("amount"),
        ),
        (
            &[("amount", "2050"), ("currency", "ugx")],
            Some("parameter_invalid_integer"),
            Some("amount"),
        ),
        (
            &[("amount", "2000"), ("currency", "xyz")],
            None,
            Some("currency"),
        ),
        (
            &[
                ("amount", "2000"),
                ("currency", "usd"),
                ("customer", "cus_x"),
            ],
            Some("resource_missing"),
            Some("customer"),
        ),
        (
            &[
                ("amount", "2000"),
                ("currency", "usd"),
                ("payment_method", "pm_x"),
            ],
            Some("resource_missing"),
            Some("payment_method"),
        ),
        (
            &[("amount", "2000"), ("currency", "usd"), ("confirm", "true")],
            Some("payment_intent_unexpected_state"),
            None,
        ),
        (
            &[
                ("amount", "2000"),
                ("currency", "gbp"),
                ("payment_method", "pm_usBankAccount_success"),
            ],
            Some("payment_intent_incompatible_payment_method"),
            Some("payment_method"),
        ),
        (
            &[
                ("amount", "2000"),
                ("currency", "usd"),
                ("payment_method_options[card][network]", "visa"),
            ],
            None,
            Some("payment_method_options[card][network]"),
        ),
        (
            &[("amount", "2000"), ("currency", "usd"), ("foo", "1")],
            Some("parameter_unknown"),
            Some("foo"),
        ),
    ] {
        let answer = client.post(PATH, form).await;
        let error = answer.error();
        assert_eq!(answer.status, 400, "{form:?}: {}", answer.body);
        assert_eq!(
            error.get("code").and_then(Value::as_str),
            code,
            "{form:?}: {error}"
        );
        assert_eq!(
            error.get("param").and_then(Value::as_str),
            param,
            "{form:?}: {error}"
        );
    }
    assert_eq!(client.event_types().await, [""; 0]);
}

#[tokio::test]
async fn a_bank_account_pays_an_intent_later() {
    let client = ApiClient::new().await;
    let intent = client
        .post(
            PATH,
            &[
                ("amount", "1000"),
                ("currency", "eur"),
                ("payment_method_types[0]", "sepa_debit"),
                ("payment_method_data[type]", "sepa_debit"),
                (
                    "payment_method_data[sepa_debit][iban]",
                    "AT321904300235473204",
                ),
                ("payment_method_data[billing_details][name]", "Bob"),
                (
                    "payment_method_data[billing_details][email]",
                    "bob@example.com",
                ),
                ("mandate_data[customer_acceptance][type]", "offline"),
                ("confirm", "true"),
            ],
        )
        .await
        .body;
    assert_eq!(intent["status"], "processing", "{intent}");
    client.advance(60).await;
    let paid = client.get(&format!("{PATH}/{}", id(&intent))).await.body;
    assert_eq!(paid["status"], "succeeded");
}

#[tokio::test]
async fn a_charge_is_changed_with_an_event() {
    let client = ApiClient::new().await;
    let charge = client.charge(PAID).await;
    let path = format!("/v1/charges/{}", id(&charge));
    let changed = client
        .post(
            &path,
            &[
                ("description", "Print"),
                ("metadata[a]", "1"),
                ("fraud_details[user_report]", "safe"),
            ],
        )
        .await
        .body;
    let data = &client.event("charge.updated").await["data"];
    assert_eq!(data["object"], changed);
    assert_eq!(
        data["previous_attributes"],
        json!({ "description": null, "fraud_details": { "user_report": null }, "metadata": { "a": null } })
    );
    let created = client.event("charge.succeeded").await;
    assert_eq!(
        created["data"]["object"]["description"],
        json!(null),
        "a snapshot stays"
    );
    let captured = client.post(&format!("{path}/capture"), &[]).await;
    assert_eq!(captured.error()["code"], "charge_already_captured");
}
