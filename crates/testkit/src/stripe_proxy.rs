use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use crate::forward::{forward, serve};

/// A request that the shop made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub method: Method,
    pub path: String,
    pub idempotency_key: Option<String>,
}

/// An answer in place of the sandbox's: status, whether it is a replay, body.
pub type Canned = (u16, bool, &'static str);

type Rule = dyn Fn(&Asked) -> Option<Canned> + Send + Sync;

/// A wire to the sandbox on which some requests are answered as a rule says, and all are
/// remembered.
#[derive(Clone)]
pub struct StripeProxy {
    pub base: String,
    wire: Wire,
}

#[derive(Clone)]
struct Wire {
    sandbox: Arc<str>,
    rule: Arc<Rule>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// Stripe's answer when something went wrong on its side.
pub const FAULT: &str = r#"{"error":{"type":"api_error","message":"Trouble."}}"#;

impl StripeProxy {
    pub async fn start(
        sandbox: &str,
        rule: impl Fn(&Asked) -> Option<Canned> + Send + Sync + 'static,
    ) -> Self {
        let wire = Wire {
            sandbox: sandbox.into(),
            rule: Arc::new(rule),
            asked: Arc::default(),
        };
        let base = serve(Router::new().fallback(answer).with_state(wire.clone())).await;
        Self { base, wire }
    }

    /// The requests of a method to a path, in their order.
    pub fn asked(&self, method: &Method, path: &str) -> Vec<Asked> {
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
    forward(&wire.sandbox, method, &uri, headers, body)
        .await
        .into_response()
}
