//! The pages people see: rendered on the server, complete without JavaScript.

pub(crate) mod assets;
pub(crate) mod authenticate;
pub(crate) mod brand;
mod closed;
mod icons;
pub(crate) mod invoice;
pub(crate) mod pay;
pub(crate) mod recover;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

pub(crate) use self::closed::not_found;

use crate::http::ApiError;

/// Nothing inline and nothing from elsewhere but product pictures. Forms may end at the shop:
/// browsers hold the redirect after a form against this too.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
    img-src 'self' http: https:; form-action 'self' http: https:; base-uri 'none'; frame-ancestors 'none'";

/// A page that is shown instead of the one that was asked for.
pub(crate) struct PageError(Response);

/// A text with everything escaped that means something in HTML, for text and for quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A page of the shopper's with one card in the middle. `title` is text, `main` is HTML.
fn page(status: StatusCode, title: &str, main: &str) -> Response {
    let body = format!("{}<main class=\"card\">\n{main}</main>", notice());
    document(status, title, "centered", "", &body)
}

/// The notice at the top of every page of the shopper's.
fn notice() -> &'static str {
    "<header class=\"notice\"><strong>Sandbox</strong> This is a test. No real money moves, and no real card is \
     accepted.</header>\n"
}

/// A whole document. `title` and `class` are text, `head` and `body` are HTML.
pub(crate) fn document(
    status: StatusCode,
    title: &str,
    class: &str,
    head: &str,
    body: &str,
) -> Response {
    let title = escape(title);
    let html = format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/sandbox.css">
{head}</head>
<body class="{class}">
{body}
</body>
</html>
"#
    );
    let mut response = (status, Html(html)).into_response();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not `no-referrer`: that would make the Origin of our own forms `null`.
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The host of an address, for links that say where they lead.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// Sends the shopper on to an address of the merchant's. A header holds it in ASCII, whatever
/// letters it was given with.
fn leave_to(url: &str) -> Response {
    match reqwest::Url::parse(url) {
        Ok(ascii) if !url.is_ascii() => Redirect::to(ascii.as_str()).into_response(),
        _ => Redirect::to(url).into_response(),
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        self.0
    }
}

impl From<ApiError> for PageError {
    fn from(error: ApiError) -> Self {
        let title = "This did not work";
        Self(closed::message(
            error.status,
            icons::STOP,
            title,
            error.message(),
            None,
        ))
    }
}

impl From<sqlx::Error> for PageError {
    fn from(error: sqlx::Error) -> Self {
        ApiError::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::{escape, host};

    #[test]
    fn nothing_escapes_escaping() {
        assert_eq!(
            escape(r#"<a href="x" id='y'>&"#),
            "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;"
        );
    }

    #[test]
    fn the_host_of_an_address_is_found() {
        assert_eq!(
            host("https://shop.example:8080/cart?x#y"),
            "shop.example:8080"
        );
        assert_eq!(host("http://shop.example"), "shop.example");
    }
}
