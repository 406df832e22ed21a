//! The `Stripe-Version` of a request.

use axum::http::HeaderMap;

use super::error::ApiError;
use crate::api_version::{CLOVER, DAHLIA, ENDIVE};

pub(crate) const HEADER: &str = "stripe-version";

/// The number of characters that are repeated of a wrong version.
const MOST_SHOWN: usize = 100;

/// An API version such as `2026-09-30.endive`.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    text: String,
    /// True if the request named it, and so its author knows what it has.
    named: bool,
}

impl Version {
    /// The version that the request names, or the default one.
    pub(crate) fn from_headers(headers: &HeaderMap, default: &str) -> Result<Self, ApiError> {
        let Some(value) = headers.get(HEADER) else {
            return Ok(Self {
                text: default.to_owned(),
                named: false,
            });
        };
        Self::parse(value.to_str().unwrap_or(""))
    }

    pub(crate) fn parse(text: &str) -> Result<Self, ApiError> {
        if is_version(text) {
            Ok(Self {
                text: text.to_owned(),
                named: true,
            })
        } else {
            let shown: String = text.chars().take(MOST_SHOWN).collect();
            Err(ApiError::invalid(format!(
                "Invalid Stripe API version: {shown}"
            )))
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// True if the request named its version. The Stripe CLI does not, and sends parameters of
    /// older ones.
    pub(crate) fn is_named(&self) -> bool {
        self.named
    }

    /// True if the `ui_mode` of sessions is named `hosted_page`; before dahlia it was `hosted`.
    pub(crate) fn has_hosted_page(&self) -> bool {
        self.text.as_str() >= DAHLIA
    }

    /// True if a promotion code is made with `promotion[coupon]`; before clover it was `coupon`.
    pub(crate) fn has_promotion(&self) -> bool {
        self.text.as_str() >= CLOVER
    }

    /// True if the parameter `payment_method_types` still exists; endive took it away.
    pub(crate) fn has_payment_method_types(&self) -> bool {
        self.text.as_str() < ENDIVE
    }
}

fn is_version(text: &str) -> bool {
    let (date, name) = text.split_once('.').unwrap_or((text, "x"));
    let shape = date
        .bytes()
        .map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    shape.eq(*b"0000-00-00")
        && ("01"..="12").contains(&&date[5..7])
        && ("01"..="31").contains(&&date[8..])
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_lowercase())
}
