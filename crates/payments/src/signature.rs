use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How old, or how far ahead of our clock, a signature may be, in seconds. Stripe's own libraries use the same.
pub const TOLERANCE: i64 = 300;

/// The signing secrets of the endpoint (`whsec_…`): one, or several while one replaces another. Never printed.
#[derive(Clone)]
pub struct Secrets(Vec<String>);

/// Why a request is not taken for Stripe's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The header is missing or not of the form `t=…,v1=…`.
    #[error("the Stripe-Signature header is missing or malformed")]
    Malformed,
    /// No signature fits any secret.
    #[error("no signature fits")]
    Mismatch,
    /// It fits, but was made too long ago or in the future, so it may be a replay.
    #[error("the signature is outside the tolerance of {TOLERANCE} s")]
    Stale,
}

impl Secrets {
    /// Reads secrets that are separated by commas.
    pub fn parse(text: &str) -> Self {
        Self(
            text.split(',')
                .map(str::trim)
                .filter(|secret| !secret.is_empty())
                .map(str::to_owned)
                .collect(),
        )
    }

    /// Whether there is none, so that nothing can be verified.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({}, redacted)", self.0.len())
    }
}

/// Checks that `body`, to the byte, was signed with one of `secrets` at about `now` (Unix seconds).
///
/// Source: <https://docs.stripe.com/webhooks#verify-manually>
///
/// # Errors
/// When it was not.
pub fn verify(
    secrets: &Secrets,
    header: &str,
    body: &[u8],
    now: i64,
) -> Result<(), SignatureError> {
    let mut time = None;
    let mut signatures = Vec::new();
    for pair in header.split(',') {
        let (scheme, value) = pair
            .trim()
            .split_once('=')
            .ok_or(SignatureError::Malformed)?;
        match scheme {
            "t" => time = Some(value),
            "v1" => signatures.push(value),
            // Other schemes are not Stripe's production one; a test event carries a worthless v0.
            _ => {}
        }
    }
    let time = time.ok_or(SignatureError::Malformed)?;
    let signed_at: i64 = time.parse().map_err(|_| SignatureError::Malformed)?;
    if signatures.is_empty() {
        return Err(SignatureError::Malformed);
    }
    let fits = signatures
        .iter()
        .filter_map(|signature| hex::decode(signature).ok())
        .any(|signature| {
            secrets
                .0
                .iter()
                .any(|secret| fits(secret, time, body, &signature))
        });
    if !fits {
        return Err(SignatureError::Mismatch);
    }
    match now.checked_sub(signed_at) {
        Some(age) if age.unsigned_abs() <= TOLERANCE.unsigned_abs() => Ok(()),
        _ => Err(SignatureError::Stale),
    }
}

/// Compares in constant time.
fn fits(secret: &str, time: &str, body: &[u8], signature: &[u8]) -> bool {
    Hmac::<Sha256>::new_from_slice(secret.as_bytes()).is_ok_and(|mac| {
        mac.chain_update(time)
            .chain_update(b".")
            .chain_update(body)
            .verify_slice(signature)
            .is_ok()
    })
}
