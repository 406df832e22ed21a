//! Refused requests, and the words of their errors.

use reqwest::Method;
use serde_json::{Value, json};

use crate::api_client::{Answer, ApiClient, PAID, id, order};

/// Parameters that replace usual ones, and the code, the parameter (unless it does not matter) and
/// the beginning of the message with which they are refused.
type Case<'a> = (
    &'a [(&'a str, &'a str)],
    Option<&'a str>,
    Option<&'a str>,
    &'a str,
);

#[tokio::test]
async fn parameters_are_refused_with_stripes_messages() {
    let client = ApiClient::new().await;
    let price = |member: &str| format!("line_items[0][price_data][{member}]");
    let (unit_amount, currency) = (price("unit_amount"), price("currency"));
    let long = "x".repeat(501);
    let cases: &[Case<'_>] = &[
        (
            &[("foo", "1")],
            Some("parameter_unknown"),
            Some("foo"),
            "Received unknown parameter: foo",
        ),
        (
            &[("line_items[0][color]", "red")],
            Some("parameter_unknown"),
            Some("line_items[0][color]"),
            "Received unknown parameter: line_items[0][color]",
        ),
        (
            &[(&unit_amount, "12.5")],
            Some("parameter_invalid_integer"),
            Some(&unit_amount),
            "Invalid integer: 12.5",
        ),
        (
            &[(&unit_amount, "-1")],
            Some("parameter_invalid_integer"),
            Some(&unit_amount),
            "This value must be greater",
        ),
        (
            &[(&unit_amount, "49")],
            Some("amount_too_small"),
            None,
            "The Checkout Session's total amount due must add up to at least $0.50 usd",
        ),
        (
            &[(&unit_amount, "100000000")],
            Some("amount_too_large"),
            Some(&unit_amount),
            "Invalid amount",
        ),
        (
            &[("line_items[0][quantity]", "999999")],
            Some("amount_too_large"),
            Some("line_items"),
            "The Checkout Session's total",
        ),
        (
            &[("line_items[0][quantity]", "0")],
            Some("parameter_invalid_integer"),
            Some("line_items[0][quantity]"),
            "This value",
        ),
        (
            &[(&currency, "xyz")],
            None,
            Some(&currency),
            "Invalid currency: xyz.",
        ),
        (
            &[(&unit_amount, "2150"), (&currency, "isk")],
            Some("parameter_invalid_integer"),
            Some(&unit_amount),
            "",
        ),
        (
            &[("success_url", "javascript:alert(1)")],
            Some("url_invalid"),
            Some("success_url"),
            "Not a valid URL",
        ),
        (
            &[("cancel_url", "")],
            Some("parameter_invalid_empty"),
            Some("cancel_url"),
            "You passed an empty string for 'cancel_url'.",
        ),
        (
            &[("customer_email", "nobody")],
            Some("email_invalid"),
            Some("customer_email"),
            "Invalid email address: nobody",
        ),
        (
            &[("mode", "gift")],
            None,
            Some("mode"),
            "Invalid mode: must be one of payment, setup, or subscription",
        ),
        (
            &[("metadata[k]", &long)],
            None,
            Some("metadata[k]"),
            "Metadata values can have up to 500 characters",
        ),
        (
            &[("metadata[0123456789012345678901234567890123456789x]", "v")],
            None,
            None,
            "Metadata keys can have up to 40",
        ),
        (
            &[("expires_at", "1")],
            None,
            Some("expires_at"),
            "The `expires_at` timestamp must be at least 30 minutes",
        ),
        (
            &[("expires_at", "99999999999")],
            None,
            Some("expires_at"),
            "The `expires_at` timestamp must be less than 24 hours",
        ),
        (
            &[("automatic_tax[enabled]", "true")],
            None,
            Some("automatic_tax[enabled]"),
            "This sandbox does not support",
        ),
        (
            &[("line_items[0][price]", "price_x")],
            None,
            Some("line_items[0][price_data]"),
            "You may only specify one of these parameters: price, price_data.",
        ),
        (
            &[("line_items[1][quantity]", "1")],
            Some("parameter_missing"),
            None,
            "You must specify either",
        ),
    ];
    for (more, code, param, message) in cases {
        let answer = client.post("/v1/checkout/sessions", &replaced(more)).await;
        let error = answer.error();
        assert_eq!(
            (answer.status, &error["type"]),
            (400, &json!("invalid_request_error")),
            "{more:?}"
        );
        assert_eq!(
            error.get("code").and_then(Value::as_str),
            *code,
            "{more:?}: {error}"
        );
        if param.is_some() {
            assert_eq!(
                error.get("param").and_then(Value::as_str),
                *param,
                "{more:?}: {error}"
            );
        }
        assert!(
            error["message"].as_str().unwrap().starts_with(message),
            "{more:?}: {error}"
        );
    }
}

#[tokio::test]
async fn missing_parameters_are_named() {
    let client = ApiClient::new().await;
    for name in [
        "mode",
        "success_url",
        "line_items[0][quantity]",
        "line_items[0][price_data][currency]",
        "line_items[0][price_data][unit_amount]",
    ] {
        let form: Vec<_> = order()
            .into_iter()
            .filter(|(other, _)| *other != name)
            .collect();
        let answer = client.post("/v1/checkout/sessions", &form).await;
        assert_eq!(answer.error()["code"], "parameter_missing", "{name}");
        assert_eq!(answer.error()["param"], name);
    }
}

#[tokio::test]
async fn an_older_version_still_has_payment_method_types() {
    let client = ApiClient::new().await;
    let request = client
        .request(Method::POST, "/v1/checkout/sessions")
        .header("Stripe-Version", "2026-08-26.dahlia");
    let form = [order(), vec![("payment_method_types[0]", "card")]].concat();
    let answer = Answer::of(request.form(&form).send().await.unwrap()).await;
    assert_eq!(
        (answer.status, answer.header("stripe-version")),
        (200, Some("2026-08-26.dahlia"))
    );
    let request = client
        .request(Method::POST, "/v1/checkout/sessions")
        .header("Stripe-Version", "2026-09-30.endive");
    let refused = Answer::of(request.form(&form).send().await.unwrap()).await;
    assert_eq!(
        (&refused.error()["code"], &refused.error()["param"]),
        (&json!("parameter_unknown"), &json!("payment_method_types"))
    );
    let form = [order(), vec![("allowed_payment_method_types[0]", "card")]].concat();
    let newer = client.post("/v1/checkout/sessions", &form).await;
    assert_eq!(newer.body["allowed_payment_method_types"], json!(["card"]));
}

#[tokio::test]
async fn keys_are_checked() {
    let client = ApiClient::new().await;
    let url = format!("{}/v1/charges", client.base_url());
    for (request, message) in [
        (client.http.get(&url), "You did not provide an API key."),
        (
            client.http.get(&url).bearer_auth("sk_test_other"),
            "Invalid API Key provided: sk_test_*ther",
        ),
        (
            client.http.get(&url).bearer_auth("sk_live_real"),
            "This is a sandbox and takes no live keys.",
        ),
    ] {
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(
            (answer.status, answer.header("www-authenticate")),
            (401, Some("Bearer realm=\"Stripe\""))
        );
        assert!(
            answer.error()["message"]
                .as_str()
                .unwrap()
                .starts_with(message),
            "{}",
            answer.body
        );
    }
    let basic = client
        .http
        .get(&url)
        .basic_auth("sk_test_sandbox", None::<&str>)
        .send()
        .await
        .unwrap();
    assert_eq!(basic.status(), 200);
}

#[tokio::test]
async fn unknown_ids_are_404() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    client.pay(&session, PAID).await;
    let charge = id(&client.get("/v1/charges").await.body["data"][0]).to_owned();
    for (method, path, message) in [
        (
            Method::GET,
            "/v1/x",
            "Unrecognized request URL (GET: /v1/x).",
        ),
        (
            Method::GET,
            "/v1/payment_intents/search?query=x",
            "Unrecognized request URL (GET: /v1/payment_intents/search).",
        ),
        (
            Method::GET,
            "/elsewhere",
            "Unrecognized request URL (GET: /elsewhere).",
        ),
        (
            Method::DELETE,
            "/v1/checkout/sessions",
            "Unrecognized request URL (DELETE: /v1/checkout/sessions).",
        ),
        (Method::GET, "/v1/events/evt_x", "No such event: 'evt_x'"),
        (
            Method::GET,
            &format!("/v1/payment_intents/{charge}"),
            &format!("No such payment_intent: '{charge}'"),
        ),
    ] {
        let answer = Answer::of(client.request(method, path).send().await.unwrap()).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.error()["message"], message);
        assert!(answer.header("request-id").unwrap().starts_with("req_"));
    }
    assert_eq!(client.open("/c/pay/cs_test_x").await.status, 404);
}

#[tokio::test]
async fn a_sandbox_starts_only_with_a_test_key_and_on_loopback() {
    let live = sandbox::Config {
        secret_key: "sk_live_x".to_owned(),
        ..sandbox::Config::default()
    };
    assert!(matches!(
        sandbox::start(live).await,
        Err(sandbox::StartError::NotATestKey)
    ));
    let open = sandbox::Config {
        addr: ([0, 0, 0, 0], 0).into(),
        ..sandbox::Config::default()
    };
    assert!(matches!(
        sandbox::start(open).await,
        Err(sandbox::StartError::NotLoopback(_))
    ));
}

/// The usual order with some parameters replaced or added.
fn replaced<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = order()
        .into_iter()
        .filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.chain(more.iter().copied()).collect()
}
