//! The control surface for people: after a button, the page it was on, with a word about what was
//! done.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::refusal::Refusal;
use crate::http::ApiError;
use crate::http::error::Refused;
use crate::pages::PageError;

/// The message after each action, by the last part of the path that it was posted to.
const DONE_MESSAGES: [(&str, &str); 17] = [
    ("clock", "The clock was set."),
    ("dispute", "The charge is disputed."),
    ("disable", "The endpoint is disabled."),
    ("enable", "The endpoint is enabled."),
    ("escalate", "The inquiry became a chargeback."),
    ("expire", "The session has expired."),
    ("fail", "It failed."),
    ("faults", "The switches were set."),
    ("lose", "The dispute was decided against the merchant."),
    ("refund", "The refund was made."),
    ("resend", "The event is sent again."),
    ("reset", "The sandbox is empty."),
    ("roll", "The endpoint has a new secret."),
    ("settle", "The bank has decided about the debit."),
    ("succeed", "It succeeded."),
    ("webhooks", "Webhooks go out as you said."),
    ("win", "The dispute was decided for the merchant."),
];

/// The message after an action that succeeded.
pub(super) fn done_message(action: &str) -> Option<&'static str> {
    DONE_MESSAGES
        .iter()
        .find(|(name, _)| *name == action)
        .map(|(_, text)| *text)
}

/// Turns the answer to a browser's form into a redirect to where it was sent from; a refusal is
/// told there, at the form.
pub(crate) async fn send_back(request: Request, next: Next) -> Response {
    let form = *request.method() == Method::POST && wants_page(request.headers());
    if !form {
        return next.run(request).await;
    }
    let from = origin_page(request.headers());
    let path = request.uri().path().to_owned();
    let action = path.rsplit('/').next().unwrap_or_default().to_owned();
    let response = next.run(request).await;
    if let Some(Refused(error)) = response.extensions().get::<Refused>() {
        return refused(from.as_deref(), path, error);
    }
    if !response.status().is_success() {
        return response;
    }
    let page = match action.as_str() {
        // What was being looked at is gone.
        "reset" => "/".to_owned(),
        _ => from.unwrap_or_else(|| "/".to_owned()),
    };
    Redirect::to(&format!("{page}?done={action}")).into_response()
}

/// The response to a browser about a refusal. Where it cannot be told at the form, or is no fault
/// of what was typed, it has a page of its own.
fn refused(from: Option<&str>, action: String, error: &ApiError) -> Response {
    let is_typed = matches!(
        error.status,
        StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND
    );
    let message = error.message().to_owned();
    let cookie = Refusal { action, message }.cookie();
    match (from, cookie) {
        (Some(page), Some(cookie)) if is_typed => {
            let to = Redirect::to(&format!("{page}?refused=yes"));
            ([(header::SET_COOKIE, cookie)], to).into_response()
        }
        _ => PageError::from(error.clone()).into_response(),
    }
}

/// Browsers ask for HTML, programs for JSON or whatever comes.
fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// The path of the page that a form was on, if it is one of this server's.
fn origin_page(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name)?.to_str().ok();
    let (_, rest) = text(header::REFERER)?.split_once("://")?;
    let path = rest.strip_prefix(text(header::HOST)?)?;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    (path.starts_with('/') && !path.starts_with("//")).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::origin_page;
    use axum::http::HeaderMap;

    #[test]
    fn only_pages_of_this_server_are_gone_back_to() {
        for (referer, page) in [
            (
                "http://sandbox:1/objects/pi_1?done=refund",
                Some("/objects/pi_1"),
            ),
            ("http://sandbox:1/", Some("/")),
            ("http://sandbox:1//evil.example", None),
            ("http://sandbox:12/", None),
            ("http://evil.example/sandbox:1/", None),
            ("nonsense", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("host", "sandbox:1".parse().unwrap());
            headers.insert("referer", referer.parse().unwrap());
            assert_eq!(origin_page(&headers).as_deref(), page, "{referer}");
        }
    }
}
