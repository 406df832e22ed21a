use std::fmt::Write;
use std::sync::Arc;

use http::{HeaderName, HeaderValue, StatusCode, header};
use leptos::prelude::expect_context;
use ui::error::ActionError;

use crate::request::shop;

/// The status and headers of an answer. The server provides it for each request, so that pages know
/// nothing of how they are served.
#[derive(Clone)]
pub struct Answer {
    set_status: Arc<dyn Fn(StatusCode) + Send + Sync>,
    append_header: Arc<dyn Fn(HeaderName, HeaderValue) + Send + Sync>,
}

impl Answer {
    /// `set_status` replaces the status, `append_header` adds a header to those that are there.
    pub fn new(
        set_status: impl Fn(StatusCode) + Send + Sync + 'static,
        append_header: impl Fn(HeaderName, HeaderValue) + Send + Sync + 'static,
    ) -> Self {
        Self {
            set_status: Arc::new(set_status),
            append_header: Arc::new(append_header),
        }
    }
}

/// The readers of a cookie.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Scripts too.
    Page,
    /// The server alone.
    Server,
}

/// Gives the browser a cookie for `seconds`; zero takes it away.
pub(crate) fn set_cookie(name: &str, value: &str, seconds: i64, reader: Reader, same_site: &str) {
    set_cookie_at("/", name, value, seconds, reader, same_site);
}

/// The same for a cookie that the browser sends to `path` and what is below it.
pub(crate) fn set_cookie_at(
    path: &str,
    name: &str,
    value: &str,
    seconds: i64,
    reader: Reader,
    same_site: &str,
) {
    let mut text = format!("{name}={value}; Path={path}; Max-Age={seconds}; SameSite={same_site}");
    if reader == Reader::Server {
        text.push_str("; HttpOnly");
    }
    if shop().is_https() {
        text.push_str("; Secure");
    }
    if let Ok(value) = HeaderValue::from_str(&text) {
        (answer().append_header)(header::SET_COOKIE, value);
    }
}

/// Sets the status of the page.
pub(crate) fn set_status(status: StatusCode) {
    (answer().set_status)(status);
}

/// Says which page comes before or after this one in a list.
///
/// Source: RFC 8288, section 3
pub(crate) fn link(relation: &str, address: &str) {
    if let Ok(value) = HeaderValue::from_str(&format!("<{address}>; rel=\"{relation}\"")) {
        (answer().append_header)(header::LINK, value);
    }
}

/// Answers that the request was one too many, and in how many seconds another is welcome.
pub(crate) fn too_many_requests(seconds: u32) {
    set_status(StatusCode::TOO_MANY_REQUESTS);
    (answer().append_header)(header::RETRY_AFTER, HeaderValue::from(seconds));
}

/// Sends the browser on with a GET, whatever it sent.
pub(crate) fn see_other(to: &str) {
    match HeaderValue::from_str(to) {
        Ok(location) => {
            (answer().append_header)(header::LOCATION, location);
            set_status(StatusCode::SEE_OTHER);
        }
        Err(_) => set_status(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// Asks to try again in `seconds`, where a redirect back to the form would only try again at once.
pub(crate) fn busy(seconds: u32) -> ActionError {
    (answer().append_header)(header::RETRY_AFTER, seconds.into());
    set_status(StatusCode::SERVICE_UNAVAILABLE);
    ActionError::Busy
}

/// Logs what went wrong with all its causes, and answers what the browser may know of it.
pub(crate) fn unavailable(error: &dyn std::error::Error) -> ActionError {
    let mut causes = String::new();
    let mut source = error.source();
    while let Some(cause) = source {
        let _ = write!(causes, ": {cause}");
        source = cause.source();
    }
    tracing::error!("{error}{causes}");
    ActionError::Unavailable
}

fn answer() -> Answer {
    expect_context::<Answer>()
}
