//! The pages' own style, script and icon, compiled in.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Serves one of the files by its name.
pub(crate) async fn serve(Path(name): Path<String>) -> Response {
    let (kind, text) = match name.as_str() {
        "sandbox.css" => (
            "text/css; charset=utf-8",
            include_str!("../../assets/sandbox.css"),
        ),
        "pay.js" => (
            "text/javascript; charset=utf-8",
            include_str!("../../assets/pay.js"),
        ),
        "icon.svg" => ("image/svg+xml", include_str!("../../assets/icon.svg")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    (
        [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, "no-cache"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        text,
    )
        .into_response()
}
