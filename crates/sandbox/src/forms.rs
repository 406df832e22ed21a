//! Forms posted by browsers and tests: reading them, and refusing those that another site sent.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::body;
use crate::http::ApiError;
use crate::http::form::{Fields, Name, Node, decode, unescape};

/// A posted form.
#[derive(Debug, Default)]
pub(crate) struct Form(Fields);

impl Form {
    /// Reads a posted form.
    ///
    /// # Errors
    /// 403 when the browser says that the form came from another site, 400 when it cannot be
    /// decoded.
    pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, ApiError> {
        if !is_own(headers) {
            return Err(ApiError::forbidden("This form was sent by another site."));
        }
        let mut fields = Fields::new();
        decode(body, &mut fields)?;
        Ok(Self(fields))
    }

    /// All fields that hold a text, by name, without blanks around the texts.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (String, &str)> {
        self.0.iter().filter_map(|(name, node)| match node {
            Node::Text(text) => Some((name.to_string(), text.trim())),
            Node::Map(_) => None,
        })
    }

    /// A field without blanks around it; the empty text when it is absent.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.given(name).unwrap_or_default()
    }

    /// A field without blanks around it, if it was sent.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        match self.0.get(&Name::Text(name.to_owned())) {
            Some(Node::Text(text)) => Some(text.trim()),
            _ => None,
        }
    }
}

/// Hands a request on with its whole body, unless that is too large for a form or its address is no
/// text.
pub(crate) async fn limit(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    if String::from_utf8(unescape(path.as_bytes())).is_err() {
        return ApiError::unrecognized_url(&head.method, path).into_response();
    }
    match body::read(body).await {
        Some(body) => next.run(Request::from_parts(head, Body::from(body))).await,
        None => ApiError::too_large(body::LIMIT).into_response(),
    }
}

/// Browsers name the site a form came from; programs, which nobody can trick into posting, do not.
fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or("").to_owned())
    };
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = text(header::ORIGIN) else {
        return true;
    };
    let sender = origin.split_once("://").map(|(_, authority)| authority);
    sender.is_some() && sender.map(ToOwned::to_owned) == text(header::HOST)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::is_own;
    use axum::http::{HeaderMap, HeaderName};

    #[test]
    fn only_forms_of_this_site_and_of_programs_are_taken() {
        for (given, own) in [
            (&[][..], true),
            (
                &[("sec-fetch-site", "same-origin"), ("origin", "null")],
                true,
            ),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "http://sandbox:1"),
                ],
                false,
            ),
            (&[("origin", "http://sandbox:1")], true),
            (&[("origin", "http://sandbox:2")], false),
            (&[("origin", "null")], false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("host", "sandbox:1".parse().unwrap());
            for (name, value) in given {
                headers.insert(HeaderName::from_static(name), value.parse().unwrap());
            }
            assert_eq!(is_own(&headers), own, "{given:?}");
        }
    }
}
