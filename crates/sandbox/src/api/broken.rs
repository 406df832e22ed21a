//! Requests that are broken on purpose.

use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::ApiError;
use super::answer::Answer;
use super::idempotency;
use crate::faults::{Fate, Fault};
use crate::record::NotTheApi;

const BAD_GATEWAY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad \
    Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

/// Stops a request whose fate is to fail before anything is done.
pub(super) async fn before(fate: Fate) -> Result<(), ApiError> {
    fate.wait().await;
    match fate.fault {
        Some(Fault::ApiRateLimit) => Err(ApiError::rate_limited()),
        Some(Fault::ApiLockTimeout) => Err(ApiError::lock_timeout()),
        Some(Fault::ApiError | Fault::ApiGarbage) => Err(ApiError::injected()),
        _ => Ok(()),
    }
}

/// Hides an answer whose fate is to get lost. Its work is done, and stored under the idempotency key if it has one.
pub(super) async fn after(fate: Fate, answer: Answer) -> Result<Answer, ApiError> {
    fate.wait().await;
    match fate.fault {
        Some(Fault::ApiErrorAfter) => Err(ApiError::injected()),
        _ => Ok(answer),
    }
}

/// What a gateway says when it could not reach the API.
pub(super) fn bad_gateway() -> Response {
    let mut response = (StatusCode::BAD_GATEWAY, Html(BAD_GATEWAY)).into_response();
    response.extensions_mut().insert(NotTheApi);
    response
}

/// The advice of `Stripe-Should-Retry`: to repeat what was turned away or collided, and what failed inside if the
/// repetition cannot do the work twice.
pub(super) fn should_retry(
    method: &Method,
    headers: &HeaderMap,
    status: StatusCode,
) -> Option<bool> {
    if status.is_success() {
        return None;
    }
    let turned_away = matches!(status, StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS);
    let harmless = *method != Method::POST || headers.contains_key(idempotency::HEADER);
    Some(turned_away || status.is_server_error() && harmless)
}
