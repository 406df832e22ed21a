//! The control surface: what it refuses, and starting afresh.

use std::cell::Cell;

use reqwest::header::{CONTENT_TYPE, HOST};

use crate::merchant::{Merchant, id};

#[tokio::test]
async fn addresses_that_make_no_sense_are_refused_in_words_for_people() {
    let merchant = Merchant::new().await;
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
        let url = format!("{}{path}", merchant.base_url());
        let answer = merchant.http.get(url).send().await.unwrap();
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
async fn who_came_by_a_name_of_another_site_sees_and_changes_nothing() {
    let merchant = Merchant::new().await;
    merchant.session(&[]).await;
    let origin = merchant.base_url();
    for (host, status) in [("evil.example:12111", 403), ("localhost:12111", 200)] {
        for path in [
            "/",
            "/controls",
            "/sandbox/deliveries",
            "/assets/sandbox.css",
            "/v1/checkout/sessions",
            "/v1/events",
        ] {
            let request = merchant.http.get(format!("{origin}{path}"));
            let request = request.header(HOST, host).bearer_auth("sk_test_sandbox");
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), status, "{host} {path}");
        }
    }
    for path in ["/sandbox/reset", "/v1/checkout/sessions"] {
        let request = merchant.http.post(format!("{origin}{path}"));
        let request = request.bearer_auth("sk_test_sandbox");
        let answer = request.header(HOST, "evil.example").send().await.unwrap();
        assert_eq!(answer.status(), 403, "{path}");
    }
    let sessions = merchant.get("/v1/checkout/sessions").await.body;
    assert_eq!(sessions["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn no_event_falls_into_the_gap_while_everything_starts_afresh() {
    let merchant = Merchant::new().await;
    for _ in 0..5 {
        // While the reset is under way others always wait for their turn, and each has one more after it.
        let is_reset = Cell::new(false);
        let happens = async || {
            loop {
                let is_last = is_reset.get();
                merchant.make("/v1/customers", &[]).await;
                if is_last {
                    break;
                }
            }
        };
        let reset = async {
            merchant.make("/v1/customers", &[]).await;
            merchant.control("/sandbox/reset", &[]).await;
            is_reset.set(true);
        };
        tokio::join!(happens(), happens(), happens(), happens(), reset);
        let events = merchant.get("/v1/events?limit=100").await.body;
        assert_eq!(events["has_more"], false);
        let events = events["data"].as_array().unwrap();
        assert!(events.len() >= 4, "{events:?}");
        for event in events {
            let url = format!(
                "{}/sandbox/deliveries?event={}",
                merchant.base_url(),
                id(event)
            );
            let deliveries: serde_json::Value = merchant
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
