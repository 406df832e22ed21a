use std::sync::Arc;

use app::context::cookies_of;
use app::context::owner::session_token;
use app::error::ActionError;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use shop::Shop;
use shop::admin;

/// Where a request really comes from.
mod client;
/// The policy that browsers are held to.
mod policy;

pub(crate) use client::{ClientResolver, identify};

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

/// Leads a visitor of another name of this machine (`localhost`) to the name that the shop uses for itself: cookies
/// belong to a name, and the way back from the pay page leads to this one.
pub(crate) async fn lead_home(
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

/// Whether both are names of this machine, at the same port, and not the same.
fn is_other_name(host: &str, origin: &str) -> bool {
    let loopback = |host: &str| {
        let (name, port) = host.rsplit_once(':')?;
        let is_loopback = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
        is_loopback.then(|| port.to_owned())
    };
    let home = origin.strip_prefix("http://").unwrap_or_default();
    host != home && loopback(home).is_some() && loopback(home) == loopback(host)
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
    request: Request,
    next: Next,
) -> Response {
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
    let cookies = cookies_of(headers);
    let Some(token) = session_token(shop, &cookies) else {
        return Ok(false);
    };
    let admin = admin::authorize(shop, &token).await?;
    Ok(admin.is_some())
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
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let caching = policy::caching(&path, response.status());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
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
