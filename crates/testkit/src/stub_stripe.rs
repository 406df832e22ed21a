use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;

use crate::forward::{forward, serve};

/// A server in Stripe's place that answers as a test says, and remembers what it was asked.
pub struct StubStripe {
    pub base: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// A request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The connection that it came by.
    pub peer: SocketAddr,
    pub path: String,
    pub query: String,
    pub idempotency_key: Option<String>,
    pub authorization: Option<String>,
    pub body: Bytes,
}

/// The behavior of the stub.
#[derive(Clone, Debug)]
pub enum Reply {
    /// With this status and body.
    Text(u16, &'static str),
    /// With this status, these headers and this body.
    Full(u16, &'static [(&'static str, &'static str)], String),
    /// With this status and body, once the watched value is true.
    Hold(watch::Receiver<bool>, u16, &'static str),
    /// Not at all, and without hanging up.
    Silence,
    /// As the server at this origin does.
    Forward(String),
    /// The server at this origin does what it is asked, and its answer is lost.
    Lose(String),
}

#[derive(Clone)]
struct Script {
    asked: Arc<Mutex<Vec<Asked>>>,
    replies: Arc<[Reply]>,
}

impl StubStripe {
    /// Gives the replies in turn, and the last one from then on.
    pub async fn start(replies: impl Into<Arc<[Reply]>>) -> Self {
        let asked = Arc::default();
        let script = Script {
            asked: Arc::clone(&asked),
            replies: replies.into(),
        };
        let base = serve(Router::new().fallback(answer).with_state(script)).await;
        Self { base, asked }
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(
    State(script): State<Script>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let text = |name: &str| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    let reply = {
        let mut asked = script.asked.lock().unwrap();
        asked.push(Asked {
            peer,
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            idempotency_key: text("idempotency-key"),
            authorization: text("authorization"),
            body: body.clone(),
        });
        script.replies[asked.len().min(script.replies.len()) - 1].clone()
    };
    match reply {
        Reply::Text(status, text) => (StatusCode::from_u16(status).unwrap(), text).into_response(),
        Reply::Full(status, headers, text) => {
            let mut response = (StatusCode::from_u16(status).unwrap(), text).into_response();
            for (name, value) in headers {
                response.headers_mut().insert(*name, value.parse().unwrap());
            }
            response
        }
        Reply::Hold(mut is_over, status, text) => {
            is_over.wait_for(|is_over| *is_over).await.unwrap();
            (StatusCode::from_u16(status).unwrap(), text).into_response()
        }
        Reply::Silence => std::future::pending().await,
        Reply::Forward(base) => forward(&base, method, &uri, headers, body)
            .await
            .into_response(),
        Reply::Lose(base) => {
            let (status, _) = forward(&base, method, &uri, headers, body).await;
            assert!(status.is_success());
            std::future::pending().await
        }
    }
}
