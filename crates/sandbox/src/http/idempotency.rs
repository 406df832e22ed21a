//! Idempotency keys: the first answer is kept for a day and given again.

use axum::http::{HeaderMap, Method};

use super::error::ApiError;
use super::form::Fields;

pub(crate) const HEADER: &str = "idempotency-key";

/// The time that an answer is kept, in seconds.
pub(crate) const KEPT: i64 = 24 * 60 * 60;

const MAX_LENGTH: usize = 255;

/// The key of a request. Only POST has one; on GET and DELETE the header means nothing.
pub(crate) fn key(method: &Method, headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get(HEADER).filter(|_| *method == Method::POST) else {
        return Ok(None);
    };
    match value.to_str() {
        Ok("") => Ok(None),
        Ok(key) if key.len() <= MAX_LENGTH => Ok(Some(key.to_owned())),
        _ => Err(ApiError::invalid(format!(
            "Idempotency keys may have at most {MAX_LENGTH} characters, all of them printable ASCII."
        ))),
    }
}

/// The hash that is equal for two equal requests.
pub(crate) fn fingerprint(path: &str, fields: &Fields) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(format!("{path}\n{fields:?}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
