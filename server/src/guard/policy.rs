use app::document::SPECULATION_RULES;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The kind of a response, as the router that matched its route says it. It decides who may keep a
/// response and which sites may embed it. What no router has named is [`Content::Private`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// A page that is the same for everybody.
    StorePage,
    /// The cart, which is one shopper's.
    CartPage,
    /// A file of the build, whose name changes with its content.
    BuildFile,
    /// A file that keeps its name, such as a picture.
    PublicFile,
    /// Everything else: orders, forms, the admin's side, errors.
    Private,
}

/// Headers that every response carries.
pub(super) const HEADERS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // An order's address is the key to it, so no other site learns where a visitor comes from.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    // Pages embed nothing of other sites, so nothing is lost by it.
    (
        HeaderName::from_static("cross-origin-embedder-policy"),
        "require-corp",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// The inline scripts that Leptos puts at the end of a page without resources. They are always the
/// same, so the policy names them instead of allowing inline scripts.
const LEPTOS_SCRIPTS: [&str; 2] = [
    "__RESOLVED_RESOURCES=[];__SERIALIZED_ERRORS=[];__PENDING_RESOURCES=[];__RESOURCE_RESOLVERS=[];",
    "__INCOMPLETE_CHUNKS=[];",
];

/// The policy of pages: what they may load, and where their forms may lead, which is to `pay_pages`
/// beside the shop itself. Inline scripts and styles are those that are known beforehand, by their
/// hash.
pub(super) fn content_security_policy(pay_pages: &[String], style: Option<&str>) -> HeaderValue {
    let hash = |text: &str| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let scripts: String = LEPTOS_SCRIPTS
        .into_iter()
        .chain([SPECULATION_RULES])
        .map(hash)
        .collect();
    let style = style.map(hash).unwrap_or_default();
    let pay_pages = pay_pages.join(" ");
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'{style}; img-src 'self'; \
         connect-src 'self'; form-action 'self' {pay_pages}; base-uri 'none'; frame-ancestors 'none'"
    );
    // An origin that is no header value cannot be led to anyway.
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// The `Strict-Transport-Security` of a shop over https.
pub(super) const fn strict_transport_security(has_subdomains: bool) -> &'static str {
    if has_subdomains {
        "max-age=31536000; includeSubDomains"
    } else {
        "max-age=31536000"
    }
}

impl Content {
    /// The kind of a response with this status. An error is nothing that anybody keeps or embeds.
    pub(super) fn with_status(self, status: StatusCode) -> Self {
        if status.is_client_error() || status.is_server_error() {
            Self::Private
        } else {
            self
        }
    }

    /// The `Cache-Control` of a response of this kind.
    pub(super) const fn caching(self, sets_cookie: bool) -> &'static str {
        match self {
            // A cookie is for one browser; whoever kept the response would hand it to others.
            _ if sets_cookie => "private, no-store",
            Self::StorePage | Self::PublicFile => "no-cache",
            // Kept in the browser's memory for a step back, and asked for again otherwise.
            Self::CartPage => "private, no-cache",
            // A browser never has to ask again.
            Self::BuildFile => "public, max-age=31536000, immutable",
            Self::Private => "private, no-store",
        }
    }

    /// The `Cross-Origin-Resource-Policy`: pictures are shown in e-mails and on the pay page, the
    /// rest is the shop's own.
    pub(super) const fn resource_policy(self) -> &'static str {
        match self {
            Self::PublicFile => "cross-origin",
            Self::StorePage | Self::CartPage | Self::BuildFile | Self::Private => "same-origin",
        }
    }
}
