//! Writing down what was exchanged, so that tests can hold every answer against Stripe's
//! specification.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::ids;

/// A request body above this size is left out of the record, in bytes.
const MAX_REQUEST: usize = 64 * 1024;

/// Marks an answer that is not meant to be one of the API, and that no specification knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InjectedFault;

/// The file in which exchanges are recorded, if they are. Each sandbox has a file of its own, with
/// one JSON object a line.
#[derive(Debug)]
pub(crate) struct Recorder(Option<Mutex<File>>);

impl Recorder {
    /// Opens a new file in `folder`, which is made if it is missing. An empty path is no folder: it
    /// is what a variable that is set to nothing becomes. `operations` are those that exist, such
    /// as `GET /v1/refunds/{id}`.
    pub(crate) fn open(
        folder: Option<&Path>,
        operations: impl Iterator<Item = String>,
    ) -> std::io::Result<Self> {
        let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty()) else {
            return Ok(Self(None));
        };
        std::fs::create_dir_all(folder)?;
        let path = folder.join(format!("{}.jsonl", ids::object("record")));
        let file = OpenOptions::new()
            .create_new(true)
            .append(true)
            .open(path)?;
        let recorder = Self(Some(Mutex::new(file)));
        recorder.write(&json!({ "operations": operations.collect::<Vec<_>>() }));
        Ok(recorder)
    }

    /// An event as an endpoint is about to receive it.
    pub(crate) fn event(&self, body: &str) {
        if self.is_on() {
            self.write(&json!({ "event": parsed(body.as_bytes()) }));
        }
    }

    fn is_on(&self) -> bool {
        self.0.is_some()
    }

    fn write(&self, line: &Value) {
        let Some(file) = &self.0 else { return };
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = file.write_all(format!("{line}\n").as_bytes()) {
            tracing::error!(%error, "could not record an exchange");
        }
    }
}

/// Passes a request on, and writes it down with its answer when it is one to the API.
pub(crate) async fn exchange(
    State(recorder): State<Arc<Recorder>>,
    request: Request,
    next: Next,
) -> Response {
    if !recorder.is_on() || !request.uri().path().starts_with("/v1/") {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    // What is too large is for the API to refuse, in its own words.
    let Ok(sent) = to_bytes(body, usize::MAX).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let method = head.method.to_string();
    let (path, query) = (
        head.uri.path().to_owned(),
        head.uri.query().map(str::to_owned),
    );
    let version = head.headers.get("stripe-version").cloned();
    let answer = next
        .run(Request::from_parts(head, Body::from(sent.clone())))
        .await;
    let (head, body) = answer.into_parts();
    let Ok(received) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    recorder.write(&json!({
        "method": method,
        "path": path,
        "query": query,
        "version": version.as_ref().and_then(|version| version.to_str().ok()),
        "request": (sent.len() <= MAX_REQUEST).then(|| text(&sent)),
        "status": head.status.as_u16(),
        "injected_fault": head.extensions.get::<InjectedFault>().is_some(),
        "response": parsed(&received),
    }));
    Response::from_parts(head, Body::from(received))
}

/// JSON, or a text where it is none.
fn parsed(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| Value::from(text(body)))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
