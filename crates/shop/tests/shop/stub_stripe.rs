use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

/// A request that the shop made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) idempotency_key: Option<String>,
}

/// An answer in place of the sandbox's: status, whether it is a replay, body.
pub(crate) type Canned = (u16, bool, &'static str);

type Rule = dyn Fn(&Asked) -> Option<Canned> + Send + Sync;

/// A wire to the sandbox on which some requests are answered as a rule says, and all are
/// remembered.
#[derive(Clone)]
pub(crate) struct StubStripe {
    pub(crate) base: String,
    wire: Wire,
}

#[derive(Clone)]
struct Wire {
    sandbox: Arc<str>,
    rule: Arc<Rule>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// What Stripe says when something went wrong on its side.
pub(crate) const FAULT: &str = r#"{"error":{"type":"api_error","message":"Trouble."}}"#;

impl StubStripe {
    pub(crate) async fn start(
        sandbox: &str,
        rule: impl Fn(&Asked) -> Option<Canned> + Send + Sync + 'static,
    ) -> Self {
        let wire = Wire {
            sandbox: sandbox.into(),
            rule: Arc::new(rule),
            asked: Arc::default(),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(wire.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base, wire }
    }

    /// The requests of a method to a path, in their order.
    pub(crate) fn asked(&self, method: &Method, path: &str) -> Vec<Asked> {
        let asked = self.wire.asked.lock().unwrap();
        let is_meant = |asked: &&Asked| asked.method == *method && asked.path == path;
        asked.iter().filter(is_meant).cloned().collect()
    }
}

async fn answer(
    State(wire): State<Wire>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let asked = Asked {
        method: method.clone(),
        path: uri.path().to_owned(),
        idempotency_key: headers
            .get("idempotency-key")
            .map(|key| key.to_str().unwrap().to_owned()),
    };
    wire.asked.lock().unwrap().push(asked.clone());
    if let Some((status, is_replay, text)) = (wire.rule)(&asked) {
        let status = StatusCode::from_u16(status).unwrap();
        return if is_replay {
            (status, [("idempotent-replayed", "true")], text).into_response()
        } else {
            (status, text).into_response()
        };
    }
    let answer = reqwest::Client::new()
        .request(method, format!("{}{uri}", wire.sandbox))
        .headers(headers)
        .body(body)
        .send()
        .await
        .unwrap();
    (answer.status(), answer.bytes().await.unwrap()).into_response()
}
