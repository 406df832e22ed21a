//! What a client is told, and the headers that go with it.

use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::version::{self, Version};
use super::{ApiError, broken, idempotency};
use crate::app::App;
use crate::store::answers::Stored;

/// What a client is told.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: String,
    replayed: bool,
    /// Whether it was turned away because there are too many requests.
    limited: bool,
}

impl Answer {
    pub(super) fn ok(value: serde_json::Value) -> Self {
        Self {
            status: StatusCode::OK,
            body: format!("{value:#}\n"),
            replayed: false,
            limited: false,
        }
    }

    pub(super) fn replay(stored: Stored) -> Self {
        let status =
            StatusCode::from_u16(stored.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self {
            status,
            body: stored.body,
            replayed: true,
            limited: false,
        }
    }
}

impl From<&ApiError> for Answer {
    fn from(error: &ApiError) -> Self {
        Self {
            status: error.status,
            body: format!("{:#}\n", error.body()),
            replayed: false,
            limited: error.is_rate_limit(),
        }
    }
}

/// The answer as it goes over the wire.
pub(super) fn respond(app: &App, head: &Parts, answer: Answer, request_id: &str) -> Response {
    let unauthorized = answer.status == StatusCode::UNAUTHORIZED;
    let retry = broken::should_retry(&head.method, &head.headers, answer.status);
    let (replayed, limited) = (answer.replayed, answer.limited);
    let mut response = (answer.status, answer.body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache, no-store"),
    );
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert("request-id", value);
    }
    let version = Version::of(&head.headers, &app.config.api_version);
    let version = version
        .as_ref()
        .map_or(app.config.api_version.as_str(), Version::as_str);
    if let Ok(value) = HeaderValue::from_str(version) {
        headers.insert(version::HEADER, value);
    }
    if let Ok(Some(key)) = idempotency::key(&head.method, &head.headers)
        && let Ok(value) = HeaderValue::from_str(&key)
    {
        headers.insert(idempotency::HEADER, value);
    }
    if replayed {
        headers.insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    if limited {
        headers.insert(
            "stripe-rate-limited-reason",
            HeaderValue::from_static("global-rate"),
        );
    }
    if let Some(retry) = retry {
        let advice = if retry { "true" } else { "false" };
        headers.insert("stripe-should-retry", HeaderValue::from_static(advice));
    }
    if unauthorized {
        headers.insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"Stripe\""),
        );
    }
    response
}
