use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio::sync::{Notify, Semaphore};

/// A wire to the sandbox on which answers wait until a test lets them through, or are cut off.
pub(crate) struct DelayProxy {
    pub(crate) base: String,
    wire: Wire,
}

#[derive(Clone)]
struct Wire {
    sandbox: Arc<str>,
    done: Arc<Notify>,
    answers: Arc<Semaphore>,
}

impl DelayProxy {
    pub(crate) async fn before(sandbox: &str) -> Self {
        let wire = Wire {
            sandbox: sandbox.into(),
            done: Arc::default(),
            answers: Arc::new(Semaphore::new(0)),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(forward).with_state(wire.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base, wire }
    }

    /// Waits until the sandbox has done what it was asked, though nobody knows yet.
    pub(crate) async fn done(&self) {
        self.wire.done.notified().await;
    }

    /// Lets everything through from now on.
    pub(crate) fn open(&self) {
        self.wire.answers.add_permits(Semaphore::MAX_PERMITS / 2);
    }

    /// Turns everything into an error from now on.
    pub(crate) fn cut(&self) {
        self.wire.answers.close();
    }
}

async fn forward(
    State(wire): State<Wire>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = reqwest::Client::new()
        .request(method, format!("{}{uri}", wire.sandbox))
        .headers(headers)
        .body(body)
        .send()
        .await
        .unwrap();
    let (status, body) = (answer.status(), answer.bytes().await.unwrap());
    wire.done.notify_one();
    match wire.answers.acquire().await {
        Ok(_permit) => (status, body).into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}
