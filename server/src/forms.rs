use app::document::Shell;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use leptos::prelude::provide_context;
use leptos_axum::render_app_async_with_context;
use text::Text;

/// The most bytes of a form: all fields of the checkout at their longest, each character written as
/// `%F0%9F%91%A9`.
const MAX_FORM_BYTES: usize = 64 * 1024;

/// Renders the page that a form leads to, with the form as a context. The page answers itself and
/// not by a redirect, so that nothing that was typed has to travel in an address.
pub(crate) async fn render_with<T: Clone + Send + Sync + 'static>(
    parse: fn(&[u8]) -> T,
    provide: impl Fn() + Clone + Send + Sync + 'static,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_FORM_BYTES).await else {
        let text = Text::default().error().form_too_long();
        return (StatusCode::PAYLOAD_TOO_LARGE, text).into_response();
    };
    let form = parse(&body);
    let provide = move || {
        provide();
        provide_context(form.clone());
    };
    let render = render_app_async_with_context(provide, Shell);
    render(Request::from_parts(parts, Body::empty())).await
}
