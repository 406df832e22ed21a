//! Malformed requests, which no SDK and no browser would send: each is an error in its place's own
//! words, and nothing worse.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::api_client::{Answer, ApiClient, id, order};

/// Internal words that nobody outside shall ever read.
const INTERNAL: [&str; 8] = [
    "panicked",
    "sqlx",
    "SQLITE",
    "src/",
    ".rs:",
    "serde",
    "Failed to",
    "RUST_",
];

const MEGABYTES: usize = 10_000_000;

/// A body that nothing takes, what it is, and the status with which it is refused.
fn bodies() -> Vec<(&'static str, Vec<u8>, u16)> {
    vec![
        ("ten megabytes", vec![b'x'; MEGABYTES], 413),
        (
            "ten megabytes in a field",
            [b"email=".to_vec(), vec![b'x'; MEGABYTES]].concat(),
            413,
        ),
        ("invalid UTF-8, encoded", b"mode=%ff".to_vec(), 400),
        ("invalid UTF-8", b"mode=\xff\xfe".to_vec(), 400),
        ("a NUL byte, encoded", b"description=a%00b".to_vec(), 400),
        ("a NUL byte", b"description=a\0b".to_vec(), 400),
        ("a NUL byte in a name", b"%00=1".to_vec(), 400),
        (
            "20,000 nested brackets",
            format!("a{}=1", "[b]".repeat(20_000)).into_bytes(),
            400,
        ),
        (
            "brackets that never close",
            format!("a{}", "[".repeat(20_000)).into_bytes(),
            400,
        ),
        ("20,000 parameters", "a=1&".repeat(20_000).into_bytes(), 400),
        (
            "a value that is an object, too",
            b"email=1&email[a]=2".to_vec(),
            400,
        ),
        ("names that are empty", b"&&==&[]=".to_vec(), 400),
    ]
}

/// Every address of the API that takes a body, with ids of nothing.
const POSTED: [&str; 22] = [
    "/v1/checkout/sessions",
    "/v1/checkout/sessions/cs_x/expire",
    "/v1/payment_intents",
    "/v1/payment_intents/pi_x",
    "/v1/payment_intents/pi_x/confirm",
    "/v1/payment_methods",
    "/v1/payment_methods/pm_x/attach",
    "/v1/charges/ch_x",
    "/v1/charges/ch_x/capture",
    "/v1/refunds",
    "/v1/refunds/re_x",
    "/v1/refunds/re_x/cancel",
    "/v1/disputes/du_x",
    "/v1/disputes/du_x/close",
    "/v1/customers",
    "/v1/products",
    "/v1/prices",
    "/v1/coupons",
    "/v1/promotion_codes",
    "/v1/shipping_rates",
    "/v1/webhook_endpoints",
    "/v1/nothing",
];

fn form(request: RequestBuilder, body: &[u8]) -> RequestBuilder {
    request
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.to_vec())
}

/// The status and the text of an answer in which nothing internal stands.
async fn status_and_body(what: &str, request: RequestBuilder) -> (u16, String) {
    let answer = request.send().await.unwrap();
    let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
    for word in INTERNAL {
        assert!(!text.contains(word), "{what}: {text:.300}");
    }
    (status, text)
}

/// An answer of the API, which is an error in Stripe's shape.
async fn refused(what: &str, status: u16, request: RequestBuilder) -> Value {
    let (got, text) = status_and_body(what, request).await;
    assert_eq!(got, status, "{what}: {text:.300}");
    let body: Value = serde_json::from_str(&text).unwrap();
    let error = body["error"].clone();
    assert_eq!(error["type"], "invalid_request_error", "{what}: {error}");
    assert!(!error["message"].as_str().unwrap().is_empty(), "{what}");
    error
}

async fn works(client: &ApiClient) {
    let events = client.get("/v1/events").await.body;
    assert_eq!(events["data"], json!([]), "nothing happened");
    assert_eq!(client.get("/v1/customers").await.body["data"], json!([]));
    client.session(&[]).await;
}

#[tokio::test]
async fn the_api_refuses_bodies_that_cannot_be_read() {
    let client = ApiClient::new().await;
    for path in POSTED {
        for (what, body, status) in bodies() {
            let request = form(client.request(Method::POST, path), &body);
            refused(&format!("{what} to {path}"), status, request).await;
        }
        let request = client
            .request(Method::POST, path)
            .json(&json!({ "mode": "payment" }));
        let error = refused(&format!("JSON to {path}"), 400, request).await;
        assert!(
            error["message"]
                .as_str()
                .unwrap()
                .contains("x-www-form-urlencoded")
        );
    }
    works(&client).await;
}

#[tokio::test]
async fn the_api_refuses_queries_that_cannot_be_read() {
    let client = ApiClient::new().await;
    for path in [
        "/v1/charges",
        "/v1/events",
        "/v1/customers/cus_x",
        "/v1/account",
    ] {
        for query in [
            "limit=%ff",
            "limit=%00",
            "limit=99999999999999999999",
            "limit=ten",
            "starting_after[a]=1",
            "created[gt]=1e9",
            "expand=1&expand[]=2",
            &format!("expand{}=1", "[a]".repeat(2_000)),
        ] {
            let request = client.request(Method::GET, &format!("{path}?{query}"));
            refused(&format!("{path}?{query:.40}"), 400, request).await;
        }
    }
    works(&client).await;
}

#[tokio::test]
async fn the_api_refuses_methods_and_addresses_that_it_does_not_have() {
    let client = ApiClient::new().await;
    for (method, path) in [
        (Method::PUT, "/v1/charges"),
        (Method::PATCH, "/v1/customers/cus_x"),
        (Method::DELETE, "/v1/charges/ch_x"),
        (Method::POST, "/v1/events"),
        (Method::GET, "/v1"),
        (Method::GET, "/v1/"),
        (Method::GET, "/v2/core/events"),
        (Method::GET, "/v1/charges/ch_x/nothing"),
        (Method::GET, "/v1/..%2f..%2fetc/passwd"),
        (Method::GET, "/v1//charges"),
    ] {
        let request = client.request(method.clone(), path);
        let error = refused(&format!("{method} {path}"), 404, request).await;
        let message = error["message"].as_str().unwrap();
        assert!(
            message.starts_with("Unrecognized request URL ("),
            "{message}"
        );
    }
}

#[tokio::test]
async fn the_api_refuses_headers_of_64_kilobytes() {
    let client = ApiClient::new().await;
    let long = "x".repeat(64 * 1024);
    let request = |name: &str| {
        form(client.request(Method::POST, "/v1/customers"), b"name=Ada").header(name, &long)
    };
    refused("an idempotency key", 400, request("idempotency-key")).await;
    refused("a version", 400, request("stripe-version")).await;
    let url = format!("{}/v1/customers", client.base_url());
    let error = refused("a key", 401, client.http.get(url).bearer_auth(&long)).await;
    assert!(
        error["message"].as_str().unwrap().len() < 1_000,
        "it is not repeated"
    );
    let (status, _) = status_and_body("any other", request("x-nothing")).await;
    assert_eq!(status, 200, "it means nothing, and does no harm");
}

#[tokio::test]
async fn an_id_of_another_kind_is_not_found() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    let customer = client.make("/v1/customers", &[]).await;
    let id = id(&customer);
    for path in [
        "checkout/sessions",
        "payment_intents",
        "payment_methods",
        "charges",
        "refunds",
        "disputes",
        "radar/early_fraud_warnings",
        "balance_transactions",
        "events",
        "webhook_endpoints",
        "products",
        "prices",
        "coupons",
        "promotion_codes",
        "shipping_rates",
    ] {
        let request = client.request(Method::GET, &format!("/v1/{path}/{id}"));
        let error = refused(path, 404, request).await;
        assert_eq!(error["code"], "resource_missing", "{path}: {error}");
    }
    let session = session["id"].as_str().unwrap();
    for (path, param) in [
        ("/v1/refunds", "charge"),
        ("/v1/refunds", "payment_intent"),
        ("/v1/payment_methods/pm_card_visa/attach", "customer"),
    ] {
        let request = client.request(Method::POST, path).form(&[(param, session)]);
        let error = refused(path, 400, request).await;
        assert_eq!(
            (&error["code"], &error["param"]),
            (&json!("resource_missing"), &json!(param)),
            "{path}"
        );
    }
}

#[tokio::test]
async fn numbers_that_are_too_large_are_refused_wherever_they_are_given() {
    let client = ApiClient::new().await;
    let intent = client
        .make(
            "/v1/payment_intents",
            &[("amount", "2100"), ("currency", "usd")],
        )
        .await;
    let intent = format!("/v1/payment_intents/{}", id(&intent));
    let currency = ("currency", "usd");
    let card = [
        ("type", "card"),
        ("card[number]", "4242424242424242"),
        ("card[cvc]", "123"),
    ];
    let rate = [
        ("display_name", "Post"),
        ("type", "fixed_amount"),
        ("fixed_amount[currency]", "usd"),
    ];
    let coupon = [("duration", "once"), currency];
    for (path, given, name) in [
        ("/v1/payment_intents", &[currency][..], "amount"),
        (&intent, &[], "amount"),
        (
            "/v1/prices",
            &[currency, ("product_data[name]", "Print")],
            "unit_amount",
        ),
        ("/v1/coupons", &coupon, "amount_off"),
        ("/v1/coupons", &[("duration", "once")], "percent_off"),
        ("/v1/shipping_rates", &rate, "fixed_amount[amount]"),
        (
            "/v1/payment_methods",
            &[&card[..], &[("card[exp_month]", "12")]].concat(),
            "card[exp_year]",
        ),
        (
            "/v1/payment_methods",
            &[&card[..], &[("card[exp_year]", "2034")]].concat(),
            "card[exp_month]",
        ),
        ("/v1/checkout/sessions", &order(), "expires_at"),
        ("/v1/checkout/sessions", &order(), "line_items[0][quantity]"),
        (
            "/v1/checkout/sessions",
            &order(),
            "line_items[0][price_data][unit_amount]",
        ),
    ] {
        for number in [
            "9223372036854775807",
            "-9223372036854775808",
            "99999999999999999999999999",
            "1e400",
            "NaN",
        ] {
            let kept = given.iter().filter(|(other, _)| *other != name).copied();
            let form: Vec<_> = kept.chain([(name, number)]).collect();
            let (status, text) =
                status_and_body(name, client.request(Method::POST, path).form(&form)).await;
            assert!(
                [400, 402].contains(&status),
                "{path} {name}={number}: {status} {text}"
            );
        }
    }
}

#[tokio::test]
async fn last_of_two_equal_parameters_counts() {
    let client = ApiClient::new().await;
    let form = [
        ("name", "Ada"),
        ("metadata[a]", "1"),
        ("name", "Grace"),
        ("metadata[a]", "2"),
    ];
    let made = client.make("/v1/customers", &form).await;
    assert_eq!(
        (&made["name"], &made["metadata"]),
        (&json!("Grace"), &json!({ "a": "2" }))
    );
}

#[tokio::test]
async fn pages_and_the_control_surface_refuse_what_cannot_be_read() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    let page = format!("/c/pay/{}", id(&session));
    let authenticate = format!("{page}/authenticate");
    for path in [
        &*page,
        &authenticate,
        "/c/authenticate/pi_x",
        "/sandbox/clock",
        "/sandbox/webhooks",
        "/sandbox/faults",
        "/sandbox/charges/ch_x/refund",
        "/sandbox/charges/ch_x/dispute",
        "/sandbox/disputes/du_x/win",
        "/sandbox/refunds/re_x/fail",
        "/sandbox/payment_intents/pi_x/settle",
        "/sandbox/events/evt_x/resend",
        "/sandbox/sessions/cs_x/expire",
    ] {
        for (what, body, status) in bodies() {
            let request = client.http.post(format!("{}{path}", client.base_url()));
            let (got, text) =
                status_and_body(&format!("{what} to {path}"), form(request, &body)).await;
            assert!(
                got == status || got == 404,
                "{what} to {path}: {got} {text:.300}"
            );
        }
    }
    for path in [
        "/",
        "/c/pay/%00",
        "/c/pay/%ff",
        "/assets/..%2f..%2fCargo.toml",
        "/sandbox/deliveries/%ff",
        "/sandbox/nothing",
    ] {
        let (status, text) = status_and_body(
            path,
            client.http.get(format!("{}{path}", client.base_url())),
        )
        .await;
        assert!(
            status < 500 && (status >= 400 || path == "/"),
            "{path}: {status} {text:.300}"
        );
    }
    for path in [&*page, "/", "/sandbox/faults", "/sandbox/reset"] {
        let request = client.http.put(format!("{}{path}", client.base_url()));
        let (status, _) = status_and_body(path, request).await;
        assert!([404, 405].contains(&status), "PUT {path}: {status}");
    }
    let after = client.retrieve(&session).await;
    assert_eq!(after, session, "nothing happened to it");
    let answer = Answer::of(
        client
            .request(Method::GET, "/v1/events")
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(answer.body["data"], json!([]));
}
