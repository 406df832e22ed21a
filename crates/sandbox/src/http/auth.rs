//! API keys: Bearer, or Basic with the key as the user name.

use axum::http::{HeaderMap, header};

use super::error::ApiError;

const MISSING: &str = "You did not provide an API key. You need to provide your API key in the Authorization header, \
    using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication \
    for details, or we can help at https://support.stripe.com/.";

/// However long a wrong key is, it is told in one line.
const MOST_STARS: usize = 100;

/// Checks that the request carries the key that this sandbox was started with.
///
/// A live key is refused in words of its own: whoever sends one here has mixed up the two worlds,
/// and should learn so before the key shows up in a test's log.
pub(crate) fn check(headers: &HeaderMap, expected: &str) -> Result<(), ApiError> {
    let Some(key) = key(headers) else {
        return Err(ApiError::unauthorized(MISSING));
    };
    if key == expected {
        return Ok(());
    }
    if key.starts_with("sk_live_") || key.starts_with("rk_live_") {
        return Err(ApiError::unauthorized(
            "This is a sandbox and takes no live keys. Treat this key as exposed and send real requests to Stripe.",
        ));
    }
    Err(ApiError::unauthorized(&format!(
        "Invalid API Key provided: {}",
        masked(&key)
    )))
}

fn key(headers: &HeaderMap) -> Option<String> {
    let (scheme, credentials) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .trim()
        .split_once(' ')?;
    let credentials = credentials.trim();
    let key = if scheme.eq_ignore_ascii_case("bearer") {
        credentials.to_owned()
    } else if scheme.eq_ignore_ascii_case("basic") {
        let decoded = String::from_utf8(base64_decode(credentials)?).ok()?;
        decoded.split(':').next()?.to_owned()
    } else {
        return None;
    };
    (!key.is_empty()).then_some(key)
}

/// The key with its middle starred out, as Stripe repeats it.
fn masked(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    let shown_at_start = letters.len().min(8);
    let end = letters.len().saturating_sub(4).max(shown_at_start);
    let hidden = "*".repeat((end - shown_at_start).min(MOST_STARS));
    letters[..shown_at_start].iter().collect::<String>()
        + &hidden
        + &letters[end..].iter().collect::<String>()
}

fn base64_decode(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for group in text.trim_end_matches('=').as_bytes().chunks(4) {
        let mut bits: u32 = 0;
        for letter in group {
            let value = ALPHABET.iter().position(|known| known == letter)?;
            bits = bits << 6 | u32::try_from(value).ok()?;
        }
        let aligned = bits << (6 * (4 - group.len()) + 8);
        bytes.extend_from_slice(&aligned.to_be_bytes()[..group.len() - 1]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{base64_decode, check, masked};
    use axum::http::{HeaderMap, header};

    #[test]
    fn base64_of_every_length_is_decoded() {
        for (encoded, plain) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("c2tfdGVzdDo=", "sk_test:"),
        ] {
            assert_eq!(base64_decode(encoded).unwrap(), plain.as_bytes());
        }
        assert!(base64_decode("Zg=a").is_none());
    }

    #[test]
    fn a_wrong_key_is_masked() {
        assert_eq!(masked("sk_test_1234567890"), "sk_test_******7890");
        assert_eq!(masked("short"), "short");
        assert_eq!(masked("é"), "é");
    }

    #[test]
    fn the_key_is_taken_from_bearer_and_basic() {
        for (value, good) in [
            ("Bearer sk_test_x", true),
            ("bearer  sk_test_x", true),
            ("Basic c2tfdGVzdF94Og==", true),
            ("Basic c2tfdGVzdF94", true),
            ("Bearer sk_live_x", false),
            ("Bearer", false),
            ("Digest sk_test_x", false),
            ("Basic !!", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            assert_eq!(check(&headers, "sk_test_x").is_ok(), good, "{value}");
        }
    }
}
