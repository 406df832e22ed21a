//! The refusal of a button's action, shown beside it on its page.

use std::borrow::Cow;

use axum::extract::Query;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use serde::Deserialize;

use crate::pages::escape;

/// The time that the browser keeps it, in seconds: as long as a redirect takes on a bad day.
const KEPT: u32 = 30;

const COOKIE: &str = "refusal";

/// The number of letters of a message that are kept at its beginning and at its end. Encoded, they
/// are fewer bytes than the 4096 above which browsers drop a cookie.
const KEPT_LETTERS: (usize, usize) = (200, 90);

/// A refusal on its way to the page. It travels in a cookie, so that no link can put words on a
/// page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Refusal {
    /// The path that the button's form posts to.
    pub(super) action: String,
    pub(super) message: String,
}

impl Refusal {
    /// The refusal that a browser brings along.
    pub(super) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
        let named = |cookie: &str| {
            let (name, value) = cookie.trim().split_once('=')?;
            (name == COOKIE).then(|| value.to_owned())
        };
        let value = cookies.split(';').find_map(named)?;
        let uri: Uri = format!("/?{value}").parse().ok()?;
        Query::try_from_uri(&uri).ok().map(|Query(refusal)| refusal)
    }

    /// The header that gives it to the browser.
    pub(super) fn cookie(&self) -> Option<HeaderValue> {
        let mut value = reqwest::Url::parse("http://cookie/").ok()?;
        value
            .query_pairs_mut()
            .append_pair("action", &self.action)
            .append_pair("message", &shortened(&self.message));
        let value = value.query()?;
        HeaderValue::from_str(&format!(
            "{COOKIE}={value}; Path=/; Max-Age={KEPT}; HttpOnly; SameSite=Strict"
        ))
        .ok()
    }

    /// A page's content with the refusal in the form that it is about; above everything, if that
    /// form is there no more.
    pub(super) fn insert_into(&self, main: &str) -> String {
        let notice = format!(
            "<p class=\"refused\" role=\"alert\" tabindex=\"-1\" autofocus>{}</p>\n",
            escape(&self.message)
        );
        let form = format!("action=\"{}\" class=\"action\">", escape(&self.action));
        match main.split_once(&form) {
            Some((before, after)) => format!("{before}{form}\n{notice}{after}"),
            None => notice + main,
        }
    }
}

/// A message without its middle, if it is a long one: what was typed is there, and the reason at
/// the end.
fn shortened(message: &str) -> Cow<'_, str> {
    let (first, last) = KEPT_LETTERS;
    let length = message.chars().count();
    if length <= first + last {
        return message.into();
    }
    let beginning = message.chars().take(first);
    let end = message.chars().skip(length - last);
    beginning.chain(['…']).chain(end).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Refusal;
    use axum::http::HeaderMap;

    #[test]
    fn a_browser_brings_back_what_it_was_given() {
        let refusal = Refusal {
            action: "/sandbox/charges/ch_1/refund".to_owned(),
            message: "Refund amount ($99; \"é\") = too & much, 100 %+1".to_owned(),
        };
        let cookie = refusal.cookie().unwrap();
        let (value, attributes) = cookie.to_str().unwrap().split_once("; ").unwrap();
        assert!(attributes.contains("HttpOnly") && !value.contains([' ', '"', ',', ';']));
        let mut headers = HeaderMap::new();
        assert_eq!(Refusal::from_headers(&headers), None);
        headers.insert("cookie", format!("a=b; {value}").parse().unwrap());
        assert_eq!(Refusal::from_headers(&headers), Some(refusal));
    }

    #[test]
    fn a_browser_keeps_what_it_is_given_however_much_was_typed() {
        let refusal = Refusal {
            action: "/sandbox/charges/ch_1/refund".to_owned(),
            message: format!("Invalid amount: {} is not an amount", "💶".repeat(5000)),
        };
        let cookie = refusal.cookie().unwrap();
        assert!(cookie.len() < 4096, "{}", cookie.len());
        let mut headers = HeaderMap::new();
        headers.insert("cookie", cookie);
        let message = Refusal::from_headers(&headers).unwrap().message;
        assert!(message.starts_with("Invalid amount: 💶💶"));
        assert!(message.ends_with("💶 is not an amount"));
        assert_eq!(message.matches('…').count(), 1);
    }
}
