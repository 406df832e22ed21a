//! The response to a client, and the headers that go with it.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::error::ApiError;
use super::idempotency;
use super::version::{self, Version};
use crate::app::App;
use crate::store::answers::Stored;

/// The response to a client.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: String,
    replayed: bool,
    /// True if it was turned away because there are too many requests.
    limited: bool,
}

impl Answer {
    pub(crate) fn ok(value: serde_json::Value) -> Self {
        Self {
            status: StatusCode::OK,
            body: format!("{value:#}\n"),
            replayed: false,
            limited: false,
        }
    }

    pub(crate) fn replay(stored: Stored) -> Self {
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
pub(crate) fn respond(app: &App, head: &Parts, answer: Answer, request_id: &str) -> Response {
    let unauthorized = answer.status == StatusCode::UNAUTHORIZED;
    let retry = should_retry(&head.method, &head.headers, answer.status);
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
    let version = Version::from_headers(&head.headers, &app.config.api_version);
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

/// The advice of `Stripe-Should-Retry`: to repeat what was turned away or collided, and what failed
/// inside if the repetition cannot do the work twice.
fn should_retry(method: &Method, headers: &HeaderMap, status: StatusCode) -> Option<bool> {
    if status.is_success() {
        return None;
    }
    let turned_away = matches!(status, StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS);
    let harmless = *method != Method::POST || headers.contains_key(idempotency::HEADER);
    Some(turned_away || status.is_server_error() && harmless)
}
