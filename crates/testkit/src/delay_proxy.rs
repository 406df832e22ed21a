use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio::sync::{Notify, Semaphore};

use crate::forward::{forward, serve};

/// A wire to the sandbox on which answers wait until a test lets them through, or are cut off.
pub struct DelayProxy {
    pub base: String,
    wire: Wire,
}

#[derive(Clone)]
struct Wire {
    sandbox: Arc<str>,
    done: Arc<Notify>,
    answers: Arc<Semaphore>,
}

impl DelayProxy {
    pub async fn before(sandbox: &str) -> Self {
        let wire = Wire {
            sandbox: sandbox.into(),
            done: Arc::default(),
            answers: Arc::new(Semaphore::new(0)),
        };
        let base = serve(Router::new().fallback(delay).with_state(wire.clone())).await;
        Self { base, wire }
    }

    /// Waits until the sandbox has done what it was asked, though nobody knows yet.
    pub async fn done(&self) {
        self.wire.done.notified().await;
    }

    /// Lets everything through from now on.
    pub fn open(&self) {
        self.wire.answers.add_permits(Semaphore::MAX_PERMITS / 2);
    }

    /// Turns everything into an error from now on.
    pub fn cut(&self) {
        self.wire.answers.close();
    }
}

async fn delay(
    State(wire): State<Wire>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (status, body) = forward(&wire.sandbox, method, &uri, headers, body).await;
    wire.done.notify_one();
    match wire.answers.acquire().await {
        Ok(_permit) => (status, body).into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}
