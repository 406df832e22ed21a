use std::net::SocketAddr;
use std::sync::Arc;

use app::context::Client;
use app::error::ActionError;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use shop::Shop;
use shop::admin::{self, SessionToken};

/// The policy that browsers are held to.
mod policy;

/// What the guards need to know.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    shop: Shop,
    policy: HeaderValue,
    is_https: bool,
    origin: Arc<str>,
}

impl Guard {
    /// `pay_page` is the origin that the checkout form may lead to beside Stripe's.
    pub(crate) fn new(shop: Shop, pay_page: Option<&str>) -> Self {
        let origin: Arc<str> = shop.site_url().into();
        Self {
            policy: policy::content_security_policy(pay_page),
            is_https: origin.starts_with("https:"),
            origin,
            shop,
        }
    }
}

/// Refuses requests that change something and come from another site's page. Browsers say where a request comes from;
/// what says nothing is no browser, and carries no shopper's cookies.
pub(crate) async fn demand_own_origin(
    State(guard): State<Guard>,
    request: Request,
    next: Next,
) -> Response {
    let is_safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if is_safe || is_own(request.headers(), &guard.origin) {
        return next.run(request).await;
    }
    (
        StatusCode::FORBIDDEN,
        "This form was sent from another site.",
    )
        .into_response()
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
            let host = origin.split_once("://").map(|(_, host)| host);
            origin == site || (host.is_some() && host == text(header::HOST))
        }
    }
}

/// Shows everybody but the owner the door, on every address under `/admin`.
pub(crate) async fn demand_owner(
    State(guard): State<Guard>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(ConnectInfo(addr)) = request.extensions().get::<ConnectInfo<SocketAddr>>() {
        let client = Client(addr.ip());
        request.extensions_mut().insert(client);
    }
    let path = request.uri().path();
    let is_behind_door =
        (path == "/admin" || path.starts_with("/admin/")) && path != "/admin/login";
    if !is_behind_door {
        return next.run(request).await;
    }
    match is_owner(&guard.shop, request.headers()).await {
        Ok(true) => next.run(request).await,
        Ok(false) => Redirect::to("/admin/login").into_response(),
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "cannot tell who this is"
            );
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn is_owner(shop: &Shop, headers: &HeaderMap) -> Result<bool, shop::Error> {
    let tokens = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == app::context::owner::SESSION_COOKIE);
    for (_, token) in tokens {
        if admin::authorize(shop, &SessionToken::from_cookie(token))
            .await?
            .is_some()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Gives an action's error the status that says the same: the framework answers 500 to all of them.
pub(crate) async fn status_of_action_error(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR
        || !response.headers().contains_key("serverfnerror")
    {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, 1024).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let status = serde_json::from_slice::<ActionError>(&body)
        .ok()
        .and_then(|error| StatusCode::from_u16(error.status()).ok());
    parts.status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Response::from_parts(parts, Body::from(body))
}

/// Tells the browser what it may do with the answer.
pub(crate) async fn set_headers(
    State(guard): State<Guard>,
    request: Request,
    next: Next,
) -> Response {
    let caching = policy::caching(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Some(caching) = caching {
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static(caching));
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, guard.policy.clone());
    for (name, value) in policy::HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if guard.is_https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    response
}
