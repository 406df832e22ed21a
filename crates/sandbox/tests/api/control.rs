//! The control surface: what it refuses, and starting afresh.

use std::cell::Cell;

use reqwest::header::{CONTENT_TYPE, HOST};

use crate::api_client::{ApiClient, id};

#[tokio::test]
async fn malformed_paths_are_refused_with_a_message_for_people() {
    let client = ApiClient::new().await;
    for (path, status, kind) in [
        ("/sandbox/deliveries?limit=abc", 400, "application/json"),
        (
            "/sandbox/deliveries?limit=1&limit=2",
            400,
            "application/json",
        ),
        ("/sandbox/deliveries/abc", 404, "application/json"),
        (
            "/sandbox/deliveries/99999999999999999999",
            404,
            "application/json",
        ),
        ("/sandbox/deliveries/%ff", 404, "application/json"),
        ("/deliveries/abc", 404, "text/html; charset=utf-8"),
        ("/objects/%ff", 404, "application/json"),
        ("/c/pay/%ff", 404, "application/json"),
    ] {
        let url = format!("{}{path}", client.base_url());
        let answer = client.http.get(url).send().await.unwrap();
        assert_eq!(
            (
                answer.status().as_u16(),
                answer.headers()[CONTENT_TYPE].to_str().unwrap()
            ),
            (status, kind),
            "{path}"
        );
        let text = answer.text().await.unwrap();
        assert!(
            !text.contains("i64") && !text.contains("deserialize"),
            "{path}: {text}"
        );
    }
}

#[tokio::test]
async fn requests_under_a_foreign_host_name_see_and_change_nothing() {
    let client = ApiClient::new().await;
    client.session(&[]).await;
    let origin = client.base_url();
    for (host, status) in [("evil.example:12111", 403), ("localhost:12111", 200)] {
        for path in [
            "/",
            "/controls",
            "/sandbox/deliveries",
            "/assets/sandbox.css",
            "/v1/checkout/sessions",
            "/v1/events",
        ] {
            let request = client.http.get(format!("{origin}{path}"));
            let request = request.header(HOST, host).bearer_auth("sk_test_sandbox");
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), status, "{host} {path}");
        }
    }
    for path in ["/sandbox/reset", "/v1/checkout/sessions"] {
        let request = client.http.post(format!("{origin}{path}"));
        let request = request.bearer_auth("sk_test_sandbox");
        let answer = request.header(HOST, "evil.example").send().await.unwrap();
        assert_eq!(answer.status(), 403, "{path}");
    }
    let sessions = client.get("/v1/checkout/sessions").await.body;
    assert_eq!(sessions["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn no_event_falls_into_the_gap_while_everything_starts_afresh() {
    let client = ApiClient::new().await;
    for _ in 0..5 {
        // While the reset is under way others always wait for their turn, and each has one more
        // after it.
        let is_reset = Cell::new(false);
        let happens = async || {
            loop {
                let is_last = is_reset.get();
                client.make("/v1/customers", &[]).await;
                if is_last {
                    break;
                }
            }
        };
        let reset = async {
            client.make("/v1/customers", &[]).await;
            client.control("/sandbox/reset", &[]).await;
            is_reset.set(true);
        };
        tokio::join!(happens(), happens(), happens(), happens(), reset);
        let events = client.get("/v1/events?limit=100").await.body;
        assert_eq!(events["has_more"], false);
        let events = events["data"].as_array().unwrap();
        assert!(events.len() >= 4, "{events:?}");
        for event in events {
            let url = format!(
                "{}/sandbox/deliveries?event={}",
                client.base_url(),
                id(event)
            );
            let deliveries: serde_json::Value = client
                .http
                .get(url)
                .send()
                .await
                .unwrap()
                .json()
                .await
                .unwrap();
            assert_eq!(deliveries["data"].as_array().unwrap().len(), 1, "{event}");
        }
    }
}
