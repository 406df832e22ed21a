//! The `Stripe-Signature` header.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Signs a body at a Unix second: one `v1` for each secret, as while a secret is being rolled.
pub(super) fn header<'a>(secrets: impl Iterator<Item = &'a str>, at: i64, body: &str) -> String {
    let signatures = secrets.map(|secret| format!(",v1={}", sign(secret, at, body)));
    format!("t={at}{}", signatures.collect::<String>())
}

fn sign(secret: &str, at: i64, body: &str) -> String {
    // HMAC takes keys of every length, so there is always a result; an empty one would fail every
    // check.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(format!("{at}.").as_bytes());
    mac.update(body.as_bytes());
    mac.finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::header;

    #[test]
    fn a_known_body_has_a_known_signature() {
        // Computed with `printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac
        // whsec_test`.
        let expected =
            "t=1700000000,v1=c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925";
        assert_eq!(
            header(
                ["whsec_test"].into_iter(),
                1_700_000_000,
                r#"{"id":"evt_1"}"#
            ),
            expected
        );
    }
}
