use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Headers that every answer carries.
pub(super) const HEADERS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // An order's address is the key to it, so no other site learns where a visitor comes from.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// The inline scripts that Leptos puts at the end of a page without resources. They are always the same, so the policy
/// names them instead of allowing inline scripts.
const LEPTOS_SCRIPTS: [&str; 2] = [
    "__RESOLVED_RESOURCES=[];__SERIALIZED_ERRORS=[];__PENDING_RESOURCES=[];__RESOURCE_RESOLVERS=[];",
    "__INCOMPLETE_CHUNKS=[];",
];

/// What pages may load and where their forms may lead.
pub(super) fn content_security_policy(pay_page: Option<&str>) -> HeaderValue {
    let scripts: String = LEPTOS_SCRIPTS
        .iter()
        .map(|script| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script))))
        .collect();
    let pay_page = pay_page
        .map(|origin| format!(" {origin}"))
        .unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'; img-src 'self'; \
         connect-src 'self'; form-action 'self' https://checkout.stripe.com{pay_page}; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    // An origin that is no header value cannot be led to anyway.
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// How long an answer may be kept.
pub(super) fn caching(path: &str, status: StatusCode) -> &'static str {
    let is_below = |prefix: &str| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let is_private = ["/admin", "/orders", "/api"].into_iter().any(is_below);
    if is_private || status.is_client_error() || status.is_server_error() {
        "private, no-store"
    } else if is_below("/cart") {
        // Kept in the browser's memory for a step back, and asked for again otherwise.
        "private, no-cache"
    } else if is_below("/pkg") {
        // The name of each file changes with its content, so a browser never has to ask again.
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}
