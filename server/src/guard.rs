use std::sync::Arc;

use app::admin::{session_token, sign_in_page};
use app::request::cookies_of;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use shop::Shop;
use shop::admin;
use text::Text;
use tokio::runtime::Handle;
use tower::ServiceExt;
use ui::error::ActionError;
use url::{Position, Url};

use crate::low_priority::is_admin_page;
use crate::percent;

/// The client of a request, behind trusted proxies.
mod client;
/// Which paths mean the same to everybody.
mod path;
/// The policy that browsers are held to.
mod policy;
/// Turns: the number of requests of one client under way.
mod turns;

pub(crate) use client::{ClientResolver, identify, is_near};
pub(crate) use policy::Content;
pub(crate) use turns::{Turns, take_turns};

/// The context of the guards.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    pub(crate) clients: ClientResolver,
    /// The thread of the admin's pages.
    pub(crate) low_priority: Handle,
    /// The shop that is asked who the admin is.
    shop: Shop,
    policy: HeaderValue,
    /// The `Strict-Transport-Security`, over https.
    transport_security: Option<HeaderValue>,
    origin: Arc<str>,
}

impl Guard {
    /// `hsts_subdomains` says that all subdomains of the shop are https, too.
    /// `style` is the style sheet that pages may have inside them.
    pub(crate) fn new(
        shop: Shop,
        clients: ClientResolver,
        style: Option<&str>,
        low_priority: Handle,
        hsts_subdomains: bool,
    ) -> Self {
        let origin: Arc<str> = shop.site_url().into();
        let transport_security = policy::strict_transport_security(hsts_subdomains);
        Self {
            policy: policy::content_security_policy(shop.pay_pages(), style),
            transport_security: origin
                .starts_with("https:")
                .then_some(HeaderValue::from_static(transport_security)),
            origin,
            clients,
            low_priority,
            shop: shop.for_background(),
        }
    }
}

/// Answers 404 to a path that a proxy, a file system or a second decoding would read differently.
/// Nothing but the `not_found` page sees the request, and not its path.
pub(crate) async fn refuse_ambiguous_path(
    State(not_found): State<Router>,
    mut request: Request,
    next: Next,
) -> Response {
    if path::is_unambiguous(request.uri().path()) {
        return next.run(request).await;
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let text = Text::default().error().nothing_at_address();
        return (StatusCode::NOT_FOUND, text).into_response();
    }
    *request.uri_mut() = Uri::from_static("/not-found");
    match not_found.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// Answers 400 to a request without one host: whoever is between a browser and the shop could take
/// another one for it.
///
/// Source: RFC 9112, section 3.2
pub(crate) async fn refuse_ambiguous_host(request: Request, next: Next) -> Response {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let is_one = match (hosts.next(), hosts.next()) {
        (Some(host), None) => is_host(host),
        (None, None) => request.version() < Version::HTTP_11,
        _ => false,
    };
    if is_one {
        return next.run(request).await;
    }
    let text = Text::default().error().no_host();
    (StatusCode::BAD_REQUEST, text).into_response()
}

/// True if it is a name or address and perhaps a port, and nothing else.
fn is_host(host: &HeaderValue) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~:[]".contains(byte);
    let text = host.to_str().unwrap_or_default();
    let url = || Url::parse(&format!("http://{text}/"));
    !text.is_empty() && text.bytes().all(|byte| is_plain(&byte)) && url().is_ok()
}

/// Refuses requests that change something and come from another site's page. Browsers say where a
/// request comes from; what says nothing is no browser, and carries no shopper's cookies.
pub(crate) async fn require_same_origin(
    State(guard): State<Guard>,
    mut request: Request,
    next: Next,
) -> Response {
    let is_safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if is_safe {
        return next.run(request).await;
    }
    if is_own(request.headers(), &guard.origin) {
        keep_own_referer(request.headers_mut(), &guard.origin);
        return next.run(request).await;
    }
    let text = Text::default().error().other_site();
    (StatusCode::FORBIDDEN, text).into_response()
}

/// Redirects a visitor of another name of this machine (`localhost`) to the name that the shop uses
/// for itself: cookies belong to a name, and the way back from the pay page leads to this one.
pub(crate) async fn redirect_to_canonical_host(
    State(guard): State<Guard>,
    request: Request,
    next: Next,
) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD);
    match host {
        Some(host) if is_safe && is_other_name(host, &guard.origin) => {
            let path = request
                .uri()
                .path_and_query()
                .map_or("/", |path| path.as_str());
            Redirect::temporary(&format!("{}{path}", guard.origin)).into_response()
        }
        _ => next.run(request).await,
    }
}

/// True if both are names of this machine, at the same port, and not the same.
fn is_other_name(host: &str, origin: &str) -> bool {
    let loopback = |host: &str| {
        let (name, port) = host.rsplit_once(':')?;
        let is_loopback = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
        is_loopback.then(|| port.to_owned())
    };
    let home = origin.strip_prefix("http://").unwrap_or_default();
    host != home && loopback(home).is_some() && loopback(home) == loopback(host)
}

/// Drops a `Referer` that is not a page of ours, and reduces one that is to its origin, path and
/// query: the framework redirects a form without scripts to it.
fn keep_own_referer(headers: &mut HeaderMap, site: &str) {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let own = headers
        .get(header::REFERER)
        .and_then(|referer| referer.to_str().ok())
        .and_then(|referer| Url::parse(referer).ok())
        .filter(|referer| {
            let origin = referer.origin().ascii_serialization();
            origin == site
                || origin
                    .split_once("://")
                    .is_some_and(|(_, name)| name == host)
        })
        .and_then(|referer| {
            let page = &referer[Position::BeforePath..Position::AfterQuery];
            let origin = referer.origin().ascii_serialization();
            HeaderValue::from_str(&format!("{origin}{page}")).ok()
        });
    match own {
        Some(own) => headers.insert(header::REFERER, own),
        None => headers.remove(header::REFERER),
    };
}

fn is_own(headers: &HeaderMap, site: &str) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let fetch_site = text(header::HeaderName::from_static("sec-fetch-site"));
    if !matches!(fetch_site, None | Some("same-origin" | "none")) {
        return false;
    }
    match headers.get(header::ORIGIN) {
        None => true,
        Some(origin) => {
            let origin = origin.to_str().unwrap_or("null");
            // A page that came over plain http may be anybody's, also under the shop's name.
            let is_plain = site.starts_with("https:") && !origin.starts_with("https:");
            let host = origin.split_once("://").map(|(_, host)| host);
            origin == site || (!is_plain && host.is_some() && host == text(header::HOST))
        }
    }
}

/// Shows everybody but the admin the door, on every address under `/admin`.
pub(crate) async fn require_admin(
    State(guard): State<Guard>,
    request: Request,
    next: Next,
) -> Response {
    let decoded = percent::decode(request.uri().path().as_bytes());
    let path = String::from_utf8_lossy(&decoded);
    let is_behind_door = is_admin_page(&path) && path.trim_end_matches('/') != "/admin/login";
    if !is_behind_door {
        return next.run(request).await;
    }
    match is_admin(&guard.shop, request.headers()).await {
        Ok(true) => next.run(request).await,
        Ok(false) => {
            // A link leads where it points to after signing in; a form is not sent a second time.
            let next = request.uri().path_and_query().map(|next| next.as_str());
            let next = next.filter(|_| matches!(*request.method(), Method::GET | Method::HEAD));
            Redirect::to(&sign_in_page(None, next)).into_response()
        }
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "checking a sign-in session failed"
            );
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn is_admin(shop: &Shop, headers: &HeaderMap) -> Result<bool, shop::Error> {
    let cookies = cookies_of(headers);
    let Some(token) = session_token(shop, &cookies) else {
        return Ok(false);
    };
    let admin = admin::authorize(shop, &token).await?;
    Ok(admin.is_some())
}

/// Gives an action's error the status that says the same: the framework answers 500 to all of them,
/// and sends a form without scripts back to its page, which a form that is none of ours does not
/// have. An error that says when to try again is shown, too.
pub(crate) async fn status_of_action_error(response: Response) -> Response {
    let headers = response.headers();
    let is_form = headers.contains_key(header::LOCATION);
    let retry_after = headers.get(header::RETRY_AFTER).cloned();
    let is_server_error = response.status() == StatusCode::INTERNAL_SERVER_ERROR;
    if !headers.contains_key("serverfnerror")
        || !(is_form || is_server_error || retry_after.is_some())
    {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, 1024).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let error = serde_json::from_slice::<ActionError>(&body).ok();
    let status = error
        .and_then(|error| StatusCode::from_u16(error.status()).ok())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match error {
        Some(error) if is_form && (status.is_client_error() || retry_after.is_some()) => {
            let mut response = (status, error.message(Text::default())).into_response();
            if let Some(retry_after) = retry_after {
                let headers = response.headers_mut();
                headers.insert(header::RETRY_AFTER, retry_after);
            }
            response
        }
        _ if is_form => Response::from_parts(parts, Body::from(body)),
        _ => {
            parts.status = status;
            Response::from_parts(parts, Body::from(body))
        }
    }
}

/// Tells the browser what it may do with the answer.
pub(crate) async fn set_headers(
    State(guard): State<Guard>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let content: Option<Content> = response.extensions().get().copied();
    let content = content
        .unwrap_or(Content::Private)
        .with_status(response.status());
    let headers = response.headers_mut();
    let caching = content.caching(headers.contains_key(header::SET_COOKIE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::CONTENT_SECURITY_POLICY, guard.policy.clone());
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static(content.resource_policy()),
    );
    for (name, value) in policy::HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(value) = &guard.transport_security {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value.clone());
    }
    response
}
