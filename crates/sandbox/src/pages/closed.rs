//! Pages that end the visit: paid already, expired, not found.

use axum::http::StatusCode;
use axum::response::Response;

use super::{PageError, escape, host, page};
use crate::objects::{Object, session};

/// The page of a session that was paid.
pub(super) fn paid(session: &Object) -> Response {
    let url = session::success_url(session);
    let label = format!("Continue to {}", host(&url));
    message(
        StatusCode::OK,
        "You have paid already",
        "There is nothing more to pay here.",
        Some((&url, &label)),
    )
}

/// The page of a session whose time is up.
pub(super) fn expired(session: &Object) -> Response {
    let text =
        "The time to pay is over, and nothing was charged. Go back to the shop to start again.";
    let url = session.text("cancel_url");
    let label = format!("Back to {}", host(url));
    message(
        StatusCode::GONE,
        "This payment page has expired",
        text,
        (!url.is_empty()).then_some((url, label.as_str())),
    )
}

/// The page for an id that does not exist.
pub(crate) fn not_found() -> PageError {
    let text = "Nothing has this address. If a shop sent you, go back to it to start again.";
    PageError(message(
        StatusCode::NOT_FOUND,
        "There is nothing here",
        text,
        None,
    ))
}

/// A page with one message and perhaps one link on it.
pub(super) fn message(
    status: StatusCode,
    title: &str,
    text: &str,
    link: Option<(&str, &str)>,
) -> Response {
    let link = link.map_or_else(String::new, |(url, label)| {
        format!(
            r#"<p><a class="button" href="{}">{}</a></p>"#,
            escape(url),
            escape(label)
        )
    });
    let main = format!(
        "<main class=\"card\">\n<h1>{}</h1>\n<p>{}</p>\n{link}\n</main>",
        escape(title),
        escape(text)
    );
    page(status, title, "centered", &main)
}
