use std::fmt::Write;
use std::sync::Arc;

use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use leptos::prelude::{WithUntracked, expect_context, use_context};
use leptos_router::hooks::use_params_map;
use leptos_router::location::Url;
use shop::{Client, Shop};

use crate::error::ActionError;

/// The cart of this request.
pub mod cart;
/// The order page of this request.
pub mod order;
/// The owner of this request.
pub mod owner;

/// What the built site consists of, and where it is.
#[derive(Clone, Debug)]
pub struct Site {
    /// The address of the script that starts the islands; none when the site was not built.
    pub script: Option<Arc<str>>,
    /// The address of the WASM that the script loads.
    pub wasm: Option<Arc<str>>,
    /// The address of the style sheet.
    pub style: Option<Arc<str>>,
}

/// What is said of an answer beside its content. The server provides it for each request, so that pages know nothing of
/// how they are served.
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

/// Where the owner sees what Stripe has, and does there what the shop leaves to Stripe.
#[derive(Clone, Debug)]
pub struct StripeDashboard(Arc<str>);

impl StripeDashboard {
    /// Stripe's own, for its test mode or for real money; or that of a sandbox at `sandbox`.
    pub fn new(sandbox: Option<&str>, is_test_mode: bool) -> Self {
        Self(match (sandbox, is_test_mode) {
            (Some(base), _) => base.into(),
            (None, true) => "https://dashboard.stripe.com/test".into(),
            (None, false) => "https://dashboard.stripe.com".into(),
        })
    }

    /// The page of a payment (`pi_…`), where its disputes are answered, too.
    pub(crate) fn payment(&self, payment_reference: &str) -> String {
        format!("{}/payments/{payment_reference}", self.0)
    }
}

/// The shop.
pub(crate) fn shop() -> Shop {
    expect_context::<Shop>()
}

/// The built site.
pub(crate) fn site() -> Site {
    expect_context::<Site>()
}

/// Where Stripe's own pages for the owner are.
pub(crate) fn stripe_dashboard() -> StripeDashboard {
    expect_context::<StripeDashboard>()
}

/// Whether the request is for `path`.
pub(crate) fn is_path(path: &str) -> bool {
    use_context::<Parts>().is_some_and(|parts| parts.uri.path() == path)
}

/// Whether the browser comes from a form whose action failed; the framework then leaves a note in the address.
pub(crate) fn has_failed() -> bool {
    use_context::<Parts>()
        .and_then(|parts| parts.uri.query().map(|query| query.contains("__err=")))
        .unwrap_or(false)
}

/// A named part of the page's address; empty when the address has none.
pub(crate) fn path_param(name: &str) -> String {
    use_params_map()
        .with_untracked(|params| params.get(name))
        .unwrap_or_default()
}

/// A parameter behind the question mark of the page's address, decoded once; the router's own map decodes it twice.
pub(crate) fn query_param(name: &str) -> Option<String> {
    let decode = |text: &str| Url::unescape(&text.replace('+', " "));
    let parts = use_context::<Parts>()?;
    parts.uri.query()?.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(key) == name).then(|| decode(value))
    })
}

/// The client that the request comes from; the server gives each request one, as an extension.
pub(crate) fn client() -> Client {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Client>().copied())
        .unwrap_or(Client::UNKNOWN)
}

/// The value of a cookie, if the browser sent one; of several with the name, the first.
pub(crate) fn cookie(name: &str) -> Option<String> {
    cookie_of(&cookies(), name).map(str::to_owned)
}

/// All cookies, as the browser sent them.
pub(crate) fn cookies() -> String {
    use_context::<Parts>().map_or_else(String::new, |parts| cookies_of(&parts.headers))
}

/// All cookies of a request. A foreign one may hold any bytes; it must not hide ours.
pub fn cookies_of(headers: &HeaderMap) -> String {
    let lines: Vec<_> = headers
        .get_all(header::COOKIE)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    lines.join("; ")
}

/// The value of a cookie among `cookies`; of several with the name, the first.
pub fn cookie_of<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    cookies
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// Who may read a cookie.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Scripts too.
    Page,
    /// The server alone.
    Server,
}

/// The name that a cookie of the server alone has. Over https it begins with `__Host-`: then browsers
/// take it from this very host and over TLS alone, so that no neighboring host can plant one. Over
/// plain http they would refuse the prefix.
pub(crate) fn host_cookie(shop: &Shop, name: &str) -> String {
    let prefix = if shop.is_https() { "__Host-" } else { "" };
    format!("{prefix}{name}")
}

/// Gives the browser a cookie for `seconds`; zero takes it away.
pub(crate) fn set_cookie(name: &str, value: &str, seconds: i64, reader: Reader, same_site: &str) {
    let mut text = format!("{name}={value}; Path=/; Max-Age={seconds}; SameSite={same_site}");
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
