//! What a button could not do, told beside it on the page that it is on.

use axum::extract::Query;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use serde::Deserialize;

use crate::pages::escape;

/// How long the browser keeps it, in seconds: as long as a redirect takes on a bad day.
const KEPT: u32 = 30;

const COOKIE: &str = "refusal";

/// A refusal on its way to the page. It travels in a cookie, so that no link can put words on a page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Refusal {
    /// The path that the button's form posts to.
    pub(super) action: String,
    pub(super) message: String,
}

impl Refusal {
    /// The refusal that a browser brings along.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
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
            .append_pair("message", &self.message);
        let value = value.query()?;
        HeaderValue::from_str(&format!(
            "{COOKIE}={value}; Path=/; Max-Age={KEPT}; HttpOnly; SameSite=Strict"
        ))
        .ok()
    }

    /// A page's content with the refusal in the form that it is about; above everything, if that form is there no more.
    pub(super) fn tell(&self, main: &str) -> String {
        let told = format!(
            "<p class=\"refused\" role=\"alert\" tabindex=\"-1\" autofocus>{}</p>\n",
            escape(&self.message)
        );
        let form = format!("action=\"{}\" class=\"action\">", escape(&self.action));
        match main.split_once(&form) {
            Some((before, after)) => format!("{before}{form}\n{told}{after}"),
            None => told + main,
        }
    }
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
        assert_eq!(Refusal::of(&headers), None);
        headers.insert("cookie", format!("a=b; {value}").parse().unwrap());
        assert_eq!(Refusal::of(&headers), Some(refusal));
    }
}
