use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The tolerance for the time of a signature, in seconds before and after our clock. Stripe's own
/// libraries use the same.
pub const TOLERANCE: i64 = 300;

/// The signing secrets of the endpoint (`whsec_…`): one, or several while one replaces another.
/// Never printed.
#[derive(Clone)]
pub struct Secrets(Vec<String>);

/// The error of a request that is not taken for Stripe's.
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

    /// True if there is none, so that nothing can be verified.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({}, redacted)", self.0.len())
    }
}

/// The number of `v1` signatures of a header that are looked at. Stripe sends one for each secret
/// that is valid, of which there are two while one replaces the other.
const MOST_SIGNATURES: usize = 16;

/// A `Stripe-Signature` header whose time is right, before anything is computed.
#[derive(Debug)]
pub struct Signature<'a> {
    time: &'a str,
    /// The first [`MOST_SIGNATURES`] that may be SHA-256 MACs.
    macs: Vec<[u8; 32]>,
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
    Signature::parse(header, now)?.verify(secrets, body)
}

impl<'a> Signature<'a> {
    /// Reads the header alone, which needs no body and costs next to nothing.
    ///
    /// # Errors
    /// When it cannot be Stripe's at `now` (Unix seconds), whatever the body is.
    pub fn parse(header: &'a str, now: i64) -> Result<Self, SignatureError> {
        let mut time = None;
        let mut signatures = 0_usize;
        let mut macs = Vec::new();
        for pair in header.split(',') {
            let (scheme, value) = pair
                .trim()
                .split_once('=')
                .ok_or(SignatureError::Malformed)?;
            match scheme {
                "t" => time = Some(value),
                "v1" => {
                    signatures += 1;
                    let mut mac = [0; 32];
                    if signatures <= MOST_SIGNATURES
                        && hex::decode_to_slice(value, &mut mac).is_ok()
                    {
                        macs.push(mac);
                    }
                }
                // Other schemes are not Stripe's production one; a test event carries a worthless
                // v0.
                _ => {}
            }
        }
        let time = time.ok_or(SignatureError::Malformed)?;
        let signed_at: i64 = time.parse().map_err(|_| SignatureError::Malformed)?;
        if signatures == 0 {
            return Err(SignatureError::Malformed);
        }
        match now.checked_sub(signed_at) {
            Some(age) if age.unsigned_abs() <= TOLERANCE.unsigned_abs() => {}
            _ => return Err(SignatureError::Stale),
        }
        if macs.is_empty() {
            return Err(SignatureError::Mismatch);
        }
        Ok(Self { time, macs })
    }

    /// Checks that `body`, to the byte, was signed with one of `secrets`. One MAC is computed for
    /// each secret, however many signatures there are.
    ///
    /// # Errors
    /// When it was not.
    pub fn verify(&self, secrets: &Secrets, body: &[u8]) -> Result<(), SignatureError> {
        let fits = secrets.0.iter().any(|secret| self.fits(secret, body));
        if fits {
            Ok(())
        } else {
            Err(SignatureError::Mismatch)
        }
    }

    /// Compares in constant time.
    fn fits(&self, secret: &str, body: &[u8]) -> bool {
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
            return false;
        };
        let mac = mac
            .chain_update(self.time)
            .chain_update(b".")
            .chain_update(body)
            .finalize();
        self.macs
            .iter()
            .any(|signature| mac == hmac::digest::CtOutput::new((*signature).into()))
    }
}
