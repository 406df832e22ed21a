//! Which names the sandbox goes by.
//!
//! Another site can give a name of its own the address of this machine. To a browser, what it then
//! asks for comes from that site itself, so that the origin of a form says nothing any more, but
//! the name still does.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::Shared;
use crate::http::ApiError;

/// Hands on what was asked of this machine or of the public address. Whoever allows other machines
/// to come cannot know by which names they do, and programs that name no host are no browsers.
pub(crate) async fn check(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let named = request.headers().get(header::HOST);
    let host = named.map(|host| host.to_str().unwrap_or_default());
    match host {
        Some(host) if !app.config.allow_remote && !is_own(host, &app.base_url) => {
            ApiError::forbidden(&format!(
                "This sandbox does not go by the name {host}. It is at {}; --public-url gives it another name.",
                app.base_url
            ))
            .into_response()
        }
        _ => next.run(request).await,
    }
}

/// True if a `Host` header names this machine or the host of `base_url`.
fn is_own(host: &str, base_url: &str) -> bool {
    let public = base_url.split_once("://").map(|(_, authority)| authority);
    public.is_some_and(|public| public.eq_ignore_ascii_case(host)) || is_loopback(host)
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => host.split(':').next(),
    };
    let name = name.unwrap_or_default();
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn names_of_this_machine_and_the_public_one_are_its_own() {
        for (host, own) in [
            ("127.0.0.1:12111", true),
            ("127.8.8.8", true),
            ("localhost:3000", true),
            ("LOCALHOST", true),
            ("[::1]:12111", true),
            ("stripe.example:8443", true),
            ("Stripe.Example:8443", true),
            ("stripe.example", false),
            ("evil.example:12111", false),
            ("127.0.0.1.evil.example", false),
            ("localhost.evil.example", false),
            ("10.0.0.1:12111", false),
            ("", false),
        ] {
            assert_eq!(is_own(host, "https://stripe.example:8443"), own, "{host}");
        }
    }
}
