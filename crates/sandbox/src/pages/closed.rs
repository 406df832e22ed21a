//! Pages that end the visit: paid already, expired, not found.

use axum::http::StatusCode;
use axum::response::Response;

use super::{PageError, brand, escape, icons, page};
use crate::currency::money;
use crate::objects::CheckoutSession;

/// The page of a session whose shopper has done what was theirs to do.
pub(super) fn paid(session: &CheckoutSession) -> Response {
    let url = session.success_url();
    let shop = brand::shop(session);
    let amount = money(session.integer("amount_total"), session.text("currency"));
    let (title, text) = match session.text("payment_status") {
        "paid" => (
            "You have paid already",
            format!("{shop} has received {amount}. There is nothing more to pay here."),
        ),
        "no_payment_required" => (
            "Your order is complete",
            "There is nothing to pay.".to_owned(),
        ),
        _ => (
            "Your payment is on its way",
            format!(
                "{shop} will tell you when the {amount} have come. There is nothing more to do here."
            ),
        ),
    };
    let label = format!("Continue to {shop}");
    message(
        StatusCode::OK,
        icons::DONE,
        title,
        &text,
        Some((&url, &label)),
    )
}

/// The page of a session whose time is up.
pub(super) fn expired(session: &CheckoutSession) -> Response {
    let recovery = session.get("after_expiration")["recovery"]["url"].as_str();
    let (text, link) = match (recovery, session.text("cancel_url")) {
        (Some(url), _) => (
            "You can take it up again.",
            Some((url, "Start again".to_owned())),
        ),
        (None, "") => ("Go back to the shop to start again.", None),
        (None, url) => (
            "Go back to the shop to start again.",
            Some((url, format!("Back to {}", brand::shop(session)))),
        ),
    };
    message(
        StatusCode::GONE,
        icons::TIME,
        "This payment page has expired",
        &format!("The time to pay is over, and nothing was charged. {text}"),
        link.as_ref().map(|(url, label)| (*url, label.as_str())),
    )
}

/// The page for an id that does not exist.
pub(crate) fn not_found() -> PageError {
    let text = "Nothing has this address. If a shop sent you, go back to it to start again.";
    PageError(message(
        StatusCode::NOT_FOUND,
        icons::STOP,
        "There is nothing here",
        text,
        None,
    ))
}

/// A page with one message and perhaps one link on it. `icon` is HTML.
pub(super) fn message(
    status: StatusCode,
    icon: &str,
    title: &str,
    text: &str,
    link: Option<(&str, &str)>,
) -> Response {
    let link = link.map_or_else(String::new, |(url, label)| {
        format!(
            "<p><a class=\"button\" href=\"{}\">{}</a></p>\n",
            escape(url),
            escape(label)
        )
    });
    let main = format!(
        "{icon}<h1>{}</h1>\n<p>{}</p>\n{link}",
        escape(title),
        escape(text)
    );
    page(status, title, &main)
}
