//! The dashboard: what happened, and the buttons that make more of it happen.
//!
//! Its pages are complete without JavaScript. Their forms post to the control surface, which
//! answers programs with JSON and sends browsers back to where they came from.

mod actions;
mod controls;
mod deliveries;
mod filters;
mod html;
mod lists;
mod object;
mod order;
mod redirect_back;
mod refusal;
mod view;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;

use self::view::View;
use crate::app::{App, Shared};
use crate::pages;

pub(crate) use self::redirect_back::send_back;

/// Stricter than the pay page's: there is no script, and forms stay here.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// The places that every page leads to.
const PLACES: [(&str, &str); 10] = [
    ("/", "Payments"),
    ("/sessions", "Sessions"),
    ("/invoices", "Invoices"),
    ("/refunds", "Refunds"),
    ("/disputes", "Disputes"),
    ("/customers", "Customers"),
    ("/events", "Events"),
    ("/deliveries", "Deliveries"),
    ("/endpoints", "Endpoints"),
    ("/controls", "Controls"),
];

/// The pages.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/", get(lists::payments))
        .route("/sessions", get(lists::sessions))
        .route("/invoices", get(lists::invoices))
        .route("/refunds", get(lists::refunds))
        .route("/disputes", get(lists::disputes))
        .route("/customers", get(lists::customers))
        .route("/events", get(lists::events))
        .route("/endpoints", get(lists::endpoints))
        .route("/objects/{id}", get(object::show))
        // The address that Stripe's own Dashboard has for a payment.
        .route("/payments/{id}", get(object::show))
        .route("/deliveries", get(deliveries::list))
        .route("/deliveries/{id}", get(deliveries::show))
        .route("/controls", get(controls::show))
}

/// A whole page. `here` is the place of the navigation that it belongs to, `main` is HTML.
fn page(app: &App, view: &View, here: &str, title: &str, main: &str) -> Response {
    let links: String = PLACES
        .iter()
        .map(|(path, name)| {
            let current = if *path == here {
                " aria-current=\"page\""
            } else {
                ""
            };
            format!("<li><a href=\"{path}\"{current}>{name}</a></li>\n")
        })
        .collect();
    let ahead = match app.clock.offset_seconds() {
        0 => "",
        _ => " <span class=\"tag pending\">moved</span>",
    };
    let done = view
        .done
        .as_deref()
        .and_then(redirect_back::done_message)
        .map_or_else(String::new, |text| {
            format!("<p class=\"done\" role=\"status\">{text}</p>\n")
        });
    let body = format!(
        r##"<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
<p class="brand"><a href="/"><strong>Stripe sandbox</strong></a></p>
<p class="now"><a href="/controls#clock">{now} UTC</a>{ahead}</p>
<nav aria-label="Dashboard"><ul>
{links}</ul></nav>
</header>
<main class="overview" id="main">
{done}<h1>{title}</h1>
{main}
</main>"##,
        main = view.tell(main),
        now = html::time(app.clock.now()),
        title = pages::escape(title),
    );
    let mut response = pages::document(StatusCode::OK, title, "overview-page", "", &body);
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(CONTENT_SECURITY_POLICY),
    );
    response
}
