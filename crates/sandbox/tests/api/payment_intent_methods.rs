//! Which payment methods an intent takes, after more than one request had a say in it.

use serde_json::{Value, json};

use crate::api_client::{Answer, ApiClient, id};

const PAYMENTS: &str = "/v1/payment_intents";
const SETUPS: &str = "/v1/setup_intents";
const BACK: (&str, &str) = ("return_url", "https://shop.example/back");

/// Makes an intent and answers where it is.
async fn made(client: &ApiClient, path: &str, form: &[(&str, &str)]) -> String {
    let usual: &[(&str, &str)] = match path {
        PAYMENTS => &[("amount", "2100"), ("currency", "usd")],
        _ => &[],
    };
    let intent = client.make(path, &[usual, form].concat()).await;
    format!("{path}/{}", id(&intent))
}

/// The message of an answer that must be 400.
fn refusal(answer: &Answer) -> &str {
    assert_eq!(answer.status, 400, "{}", answer.body);
    answer.error()["message"].as_str().unwrap()
}

async fn attempts(client: &ApiClient, path: &str) -> Vec<Value> {
    let intent = path.rsplit('/').next().unwrap();
    let list = format!("/v1/setup_attempts?setup_intent={intent}");
    let list = client.get(&list).await.body;
    let attempts = list["data"].as_array().unwrap();
    attempts.iter().map(|one| one["status"].clone()).collect()
}

#[tokio::test]
async fn an_attempt_is_abandoned_when_another_payment_method_is_named() {
    let client = ApiClient::new().await;
    let asking = [
        ("payment_method", "pm_card_authenticationRequired"),
        ("confirm", "true"),
        BACK,
    ];
    let path = made(&client, SETUPS, &asking).await;
    assert_eq!(attempts(&client, &path).await, ["requires_action"]);
    let other = [("payment_method", "pm_card_visa")];
    let confirm = format!("{path}/confirm");
    let done = client.make(&confirm, &other).await;
    assert_eq!(done["status"], "succeeded");
    assert_eq!(
        attempts(&client, &path).await,
        ["succeeded", "abandoned"],
        "at its confirmation"
    );

    let path = made(&client, SETUPS, &asking).await;
    client.make(&path, &[("description", "Later")]).await;
    assert_eq!(attempts(&client, &path).await, ["requires_action"]);
    client.make(&path, &other).await;
    assert_eq!(
        attempts(&client, &path).await,
        ["abandoned"],
        "before it is confirmed"
    );
}

#[tokio::test]
async fn a_method_that_was_chosen_earlier_must_still_fit_when_it_is_used() {
    let client = ApiClient::new().await;
    let owner = client.make("/v1/customers", &[]).await;
    let stranger = client.make("/v1/customers", &[]).await;
    let card = client
        .make(
            "/v1/payment_methods/pm_card_visa/attach",
            &[("customer", id(&owner))],
        )
        .await;
    let chosen = [("customer", id(&owner)), ("payment_method", id(&card))];
    for kind in [PAYMENTS, SETUPS] {
        for (change, says) in [
            (
                ("customer", id(&stranger)),
                "does not belong to the Customer",
            ),
            (
                ("allowed_payment_method_types[0]", "us_bank_account"),
                "(card) is not allowed",
            ),
        ] {
            let path = made(&client, kind, &chosen).await;
            client.make(&path, &[change]).await;
            let refused = client.post(&format!("{path}/confirm"), &[BACK]).await;
            assert!(refusal(&refused).contains(says), "{}", refused.body);
            let kept = client.get(&path).await.body;
            assert_eq!(kept["status"], "requires_confirmation", "{kind}");
        }
    }
    assert_eq!(
        client.get("/v1/charges").await.body["data"],
        json!([]),
        "nobody paid with what is not theirs"
    );
}

#[tokio::test]
async fn nothing_is_changed_under_the_page_of_the_bank_that_does_not_fit_its_method() {
    let client = ApiClient::new().await;
    let owner = client.make("/v1/customers", &[]).await;
    let stranger = client.make("/v1/customers", &[]).await;
    let card = client
        .make(
            "/v1/payment_methods/pm_card_authenticationRequired/attach",
            &[("customer", id(&owner))],
        )
        .await;
    let asking = [
        ("customer", id(&owner)),
        ("payment_method", id(&card)),
        ("confirm", "true"),
        BACK,
    ];
    for kind in [PAYMENTS, SETUPS] {
        let path = made(&client, kind, &asking).await;
        let refused = client.post(&path, &[("customer", id(&stranger))]).await;
        assert!(
            refusal(&refused).contains("does not belong to the Customer"),
            "{}",
            refused.body
        );
        client.make(&path, &[("description", "Later")]).await;
        let kept = client.get(&path).await.body;
        assert_eq!(
            (&kept["status"], &kept["customer"]),
            (&json!("requires_action"), &owner["id"]),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn kinds_that_were_listed_stay_listed() {
    let client = ApiClient::new().await;
    for (kind, all) in [
        (PAYMENTS, json!(["card", "us_bank_account"])),
        (SETUPS, json!(["card", "us_bank_account", "sepa_debit"])),
    ] {
        let path = made(&client, kind, &[("payment_method_types[0]", "card")]).await;
        let excluded = ("excluded_payment_method_types[0]", "klarna");
        let intent = client.make(&path, &[excluded]).await;
        assert_eq!(intent["payment_method_types"], json!(["card"]), "{kind}");
        assert_eq!(intent["excluded_payment_method_types"], json!(["klarna"]));
        let intent = client.make(&path, &[("payment_method_types", "")]).await;
        assert_eq!(intent["payment_method_types"], all, "{kind}");
    }
}

#[tokio::test]
async fn an_empty_value_is_as_if_nothing_had_been_said() {
    let client = ApiClient::new().await;
    let empty = [
        ("allowed_payment_method_types", ""),
        ("excluded_payment_method_types", ""),
    ];
    let path = made(&client, PAYMENTS, &empty).await;
    let setup = made(&client, SETUPS, &empty).await;
    let session = client.session(&empty).await;
    for made in [
        client.get(&path).await.body,
        client.get(&setup).await.body,
        session,
    ] {
        assert_eq!(
            (
                &made["allowed_payment_method_types"],
                &made["excluded_payment_method_types"]
            ),
            (&Value::Null, &Value::Null)
        );
        let types = made["payment_method_types"].as_array().unwrap();
        assert!(types.contains(&json!("us_bank_account")), "{made}");
    }
}

#[tokio::test]
async fn the_kinds_follow_the_currency_and_the_capture() {
    let client = ApiClient::new().await;
    let path = made(&client, PAYMENTS, &[]).await;
    for (change, types) in [
        (("currency", "eur"), json!(["card", "sepa_debit"])),
        (("capture_method", "manual"), json!(["card"])),
        (("currency", "usd"), json!(["card"])),
        (
            ("capture_method", "automatic"),
            json!(["card", "us_bank_account"]),
        ),
    ] {
        let intent = client.make(&path, &[change]).await;
        assert_eq!(intent["payment_method_types"], types, "{change:?}");
        let options = intent["payment_method_options"].as_object().unwrap();
        assert_eq!(json!(options.keys().collect::<Vec<_>>()), types);
    }
    let debit = ("payment_method_types[0]", "us_bank_account");
    let path = made(&client, PAYMENTS, &[debit]).await;
    let refused = client.post(&path, &[("currency", "eur")]).await;
    assert!(refusal(&refused).contains("No valid payment method types"));
    let kept = client.get(&path).await.body;
    assert_eq!(kept["currency"], "usd", "nothing is half done");
}

#[tokio::test]
async fn a_mandate_is_read_to_its_last_member() {
    let client = ApiClient::new().await;
    for (mandate, says) in [
        (&[("[x]", "y")][..], "unknown parameter: mandate_data[x]"),
        (
            &[("[customer_acceptance][accepted_at]", "1")],
            "Missing required param: mandate_data[customer_acceptance][type]",
        ),
        (
            &[("[customer_acceptance][type]", "verbal")],
            "must be one of offline or online",
        ),
        (
            &[
                ("[customer_acceptance][type]", "offline"),
                ("[customer_acceptance][offline][x]", "y"),
            ],
            "unknown parameter: mandate_data[customer_acceptance][offline][x]",
        ),
        (
            &[
                ("[customer_acceptance][type]", "online"),
                ("[customer_acceptance][online][browser]", "y"),
            ],
            "unknown parameter: mandate_data[customer_acceptance][online][browser]",
        ),
    ] {
        let named: Vec<_> = mandate
            .iter()
            .map(|(member, value)| (format!("mandate_data{member}"), *value))
            .collect();
        let mut form = vec![
            ("payment_method", "pm_card_visa"),
            ("confirm", "true"),
            BACK,
        ];
        form.extend(named.iter().map(|(member, value)| (&member[..], *value)));
        let setup = client.post(SETUPS, &form).await;
        assert!(refusal(&setup).contains(says), "{says}: {}", setup.body);
        form.extend([("amount", "2100"), ("currency", "usd")]);
        let payment = client.post(PAYMENTS, &form).await;
        assert!(refusal(&payment).contains(says), "{says}: {}", payment.body);
    }
    let accepted = "mandate_data[customer_acceptance]";
    let (at, kind) = (
        format!("{accepted}[accepted_at]"),
        format!("{accepted}[type]"),
    );
    let (address, browser) = (
        format!("{accepted}[online][ip_address]"),
        format!("{accepted}[online][user_agent]"),
    );
    let form = [
        ("payment_method", "pm_card_visa"),
        ("confirm", "true"),
        BACK,
        (&at[..], "1700000000"),
        (&kind[..], "online"),
        (&address[..], "203.0.113.7"),
        (&browser[..], "Mozilla/5.0"),
    ];
    let whole = client.make(SETUPS, &form).await;
    assert_eq!(whole["status"], "succeeded");
}
