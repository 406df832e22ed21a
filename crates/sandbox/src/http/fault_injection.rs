//! Requests that are broken on purpose.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::answer::Answer;
use super::error::ApiError;
use crate::faults::{Fate, Fault};
use crate::recorder::InjectedFault;

const BAD_GATEWAY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad \
    Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

/// Stops a request whose fate is to fail before anything is done.
pub(crate) async fn before(fate: Fate) -> Result<(), ApiError> {
    fate.wait().await;
    match fate.fault {
        Some(Fault::ApiRateLimit) => Err(ApiError::rate_limited()),
        Some(Fault::ApiLockTimeout) => Err(ApiError::lock_timeout()),
        Some(Fault::ApiError | Fault::ApiGarbage) => Err(ApiError::injected()),
        _ => Ok(()),
    }
}

/// Hides an answer whose fate is to get lost. Its work is done, and stored under the idempotency
/// key if it has one.
pub(crate) async fn after(fate: Fate, answer: Answer) -> Result<Answer, ApiError> {
    fate.wait().await;
    match fate.fault {
        Some(Fault::ApiErrorAfter) => Err(ApiError::injected()),
        _ => Ok(answer),
    }
}

/// The page of a gateway that could not reach the API.
pub(crate) fn bad_gateway() -> Response {
    let mut response = (StatusCode::BAD_GATEWAY, Html(BAD_GATEWAY)).into_response();
    response.extensions_mut().insert(InjectedFault);
    response
}
