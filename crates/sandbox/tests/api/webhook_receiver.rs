//! A webhook endpoint that remembers what it received and answers as it was told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::Value;

/// One request that came in.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// The endpoint. It answers 200 unless answers were queued.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endpoint {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

impl Endpoint {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let endpoint = Self {
            url,
            ..Self::default()
        };
        let router = Router::new()
            .route("/hook", post(receive))
            .with_state(endpoint.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        endpoint
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Answers the next requests with these statuses, in this order.
    pub(crate) fn answer_next(&self, statuses: &[u16]) {
        self.answers.lock().unwrap().extend(statuses);
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// The events that were received, as JSON.
    pub(crate) fn events(&self) -> Vec<Value> {
        self.received().iter().map(Received::json).collect()
    }

    pub(crate) fn count(&self, kind: &str) -> usize {
        self.events()
            .iter()
            .filter(|event| event["type"] == kind)
            .count()
    }
}

impl Received {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

async fn receive(
    State(endpoint): State<Endpoint>,
    headers: HeaderMap,
    body: String,
) -> (StatusCode, [(&'static str, &'static str); 1], &'static str) {
    endpoint
        .received
        .lock()
        .unwrap()
        .push(Received { headers, body });
    let status = endpoint.answers.lock().unwrap().pop_front().unwrap_or(200);
    (
        StatusCode::from_u16(status).unwrap(),
        [("location", "/elsewhere")],
        "noted",
    )
}
