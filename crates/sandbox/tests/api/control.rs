//! The control surface: what it refuses, and starting afresh.

use reqwest::header::{CONTENT_TYPE, HOST};

use crate::merchant::{Merchant, id};

#[tokio::test]
async fn addresses_that_make_no_sense_are_refused_in_words_for_people() {
    let merchant = Merchant::new().await;
    for (path, status, kind) in [
        ("/sandbox/deliveries?limit=abc", 400, "application/json"),
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
        for path in ["/", "/controls", "/sandbox/deliveries"] {
            let request = merchant.http.get(format!("{origin}{path}"));
            let answer = request.header(HOST, host).send().await.unwrap();
            assert_eq!(answer.status(), status, "{host} {path}");
        }
    }
    let reset = merchant.http.post(format!("{origin}/sandbox/reset"));
    let answer = reset.header(HOST, "evil.example").send().await.unwrap();
    assert_eq!(answer.status(), 403);
    let sessions = merchant.get("/v1/checkout/sessions").await.body;
    assert_eq!(sessions["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn no_event_falls_into_the_gap_while_everything_starts_afresh() {
    let merchant = Merchant::new().await;
    for _ in 0..20 {
        let happens = async {
            let session = merchant.session(&[]).await;
            let path = format!("/v1/checkout/sessions/{}/expire", id(&session));
            merchant.post(&path, &[]).await;
        };
        tokio::join!(happens, merchant.control("/sandbox/reset", &[]));
        let events = merchant.get("/v1/events").await.body;
        for event in events["data"].as_array().unwrap() {
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
