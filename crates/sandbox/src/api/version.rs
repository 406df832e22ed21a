//! The `Stripe-Version` of a request.

use axum::http::HeaderMap;

use super::error::ApiError;

pub(crate) const HEADER: &str = "stripe-version";

/// The first day of the versions named endive.
pub(crate) const ENDIVE: &str = "2026-09-30";

/// An API version such as `2026-09-30.endive`.
#[derive(Debug, Clone)]
pub(crate) struct Version(String);

impl Version {
    /// The version that the request names, or the default one.
    pub(crate) fn of(headers: &HeaderMap, default: &str) -> Result<Self, ApiError> {
        let Some(value) = headers.get(HEADER) else {
            return Ok(Self(default.to_owned()));
        };
        Self::parse(value.to_str().unwrap_or(""))
    }

    pub(crate) fn parse(text: &str) -> Result<Self, ApiError> {
        if is_version(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ApiError::invalid(format!(
                "Invalid Stripe API version: {text}"
            )))
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the parameter `payment_method_types` still exists; endive took it away.
    pub(crate) fn has_payment_method_types(&self) -> bool {
        self.0.as_str() < ENDIVE
    }
}

fn is_version(text: &str) -> bool {
    let (date, name) = text.split_once('.').unwrap_or((text, "x"));
    let shape = date
        .bytes()
        .map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    shape.eq(*b"0000-00-00")
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_lowercase())
}
