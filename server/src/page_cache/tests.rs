#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::to_bytes;
use axum::http::{HeaderValue, Method, StatusCode, Uri};

use super::*;

fn key(uri: &str, version: i64) -> Key {
    let uri: Uri = uri.parse().unwrap();
    Key {
        address: Address::of(&Method::GET, &uri).unwrap(),
        version,
        encoding: Encoding::Identity,
    }
}

fn html(text: &str) -> Response {
    Response::new(Body::from(text.to_owned()))
}

/// The answer to a visitor, and true if it was rendered for them.
async fn visit(pages: &Pages, key: &Key, response: Response) -> (Response, bool) {
    if let Some(page) = pages.get(key) {
        return (page.respond(&HeaderMap::new()), false);
    }
    let is_rendered = AtomicUsize::new(0);
    let rendering = async {
        is_rendered.fetch_add(1, Ordering::Relaxed);
        response
    };
    let rendered = pages.rendered(key, rendering).await;
    (
        rendered.respond(&HeaderMap::new()),
        is_rendered.load(Ordering::Relaxed) > 0,
    )
}

async fn body(response: Response) -> String {
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn page_is_rendered_once_for_a_version() {
    let pages = Pages::default();
    for (version, is_rendered, text) in [(1, true, "one"), (1, false, "one"), (2, true, "two")] {
        let (response, was_rendered) = visit(&pages, &key("/", version), html(text)).await;
        assert_eq!(
            (was_rendered, body(response).await.as_str()),
            (is_rendered, text)
        );
    }
    assert_eq!(pages.kept.len(), 1, "an old version is kept");
}

#[tokio::test]
async fn stampede_renders_once() {
    let pages = Pages::default();
    let count = AtomicUsize::new(0);
    let key = key("/products/low-water", 1);
    let visit = async || {
        let rendering = async {
            count.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            html("page")
        };
        pages.rendered(&key, rendering).await
    };
    let visits = (0..100).map(|_| visit());
    let answers = futures_util::future::join_all(visits).await;
    assert_eq!(count.load(Ordering::Relaxed), 1);
    for answer in answers {
        assert_eq!(body(answer.respond(&HeaderMap::new())).await, "page");
    }
    // Somebody who goes away in the middle leaves the work to the next.
    let key = super::tests::key("/products", 1);
    let never = pages.rendered(&key, std::future::pending());
    let waits = pages.rendered(&key, async { html("list") });
    let (_, answer) = tokio::join!(
        tokio::time::timeout(std::time::Duration::from_millis(5), never),
        waits
    );
    assert_eq!(body(answer.respond(&HeaderMap::new())).await, "list");
    assert_eq!(pages.flights.len(), 0);
}

#[tokio::test]
async fn error_is_given_to_who_waits_and_not_kept() {
    let pages = Pages::default();
    let key = key("/products/nothing", 1);
    for status in [
        StatusCode::NOT_FOUND,
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::SEE_OTHER,
    ] {
        let mut response = html("no");
        *response.status_mut() = status;
        let (response, was_rendered) = visit(&pages, &key, response).await;
        assert!(was_rendered, "{status}");
        assert_eq!(response.status(), status);
    }
    assert_eq!(pages.kept.len(), 0);
    assert_eq!(pages.flights.len(), 0);
}

#[tokio::test]
async fn page_that_sets_a_cookie_is_not_kept_and_gives_its_cookie_to_nobody() {
    let pages = Pages::default();
    for _ in 0..2 {
        let mut response = html("page");
        let cookie = HeaderValue::from_static("cart_key=1");
        response.headers_mut().insert(header::SET_COOKIE, cookie);
        let (response, was_rendered) = visit(&pages, &key("/", 1), response).await;
        assert!(was_rendered);
        assert_eq!(response.headers().get(header::SET_COOKIE), None);
    }
    assert_eq!(pages.kept.len(), 0);
}

#[tokio::test]
async fn page_of_a_list_is_kept_when_a_kept_page_leads_to_it() {
    let pages = Pages::default();
    for number in 0..100 {
        let key = key(&format!("/products?after={number}.invented"), 1);
        assert!(visit(&pages, &key, html("list")).await.1);
    }
    assert_eq!(pages.kept.len(), 0);
    let list = |next: &'static str| {
        let mut response = html("list");
        let link = HeaderValue::from_static(next);
        response.headers_mut().insert(header::LINK, link);
        response
    };
    let first = list("</products?after=24.a>; rel=\"next\"");
    visit(&pages, &key("/products", 1), first).await;
    let second = list("</products?after=48.b>; rel=\"next\"");
    visit(&pages, &key("/products?after=24.a", 1), second).await;
    visit(&pages, &key("/products?after=48.b", 1), html("list")).await;
    assert_eq!(pages.kept.len(), 3);
    assert!(
        !visit(&pages, &key("/products?after=48.b", 1), html("list"))
            .await
            .1
    );
}

#[tokio::test]
async fn pages_are_bounded() {
    let pages = Pages::default();
    let large = "x".repeat(100_000);
    for number in 0..150 {
        visit(
            &pages,
            &key(&format!("/products/{number}"), 1),
            html(&large),
        )
        .await;
    }
    assert!(pages.kept.weight() <= CAPACITY, "{}", pages.kept.weight());
    for number in 0..13_000 {
        visit(&pages, &key(&format!("/products/{number}"), 1), html("")).await;
    }
    assert!(pages.kept.weight() <= CAPACITY);
    assert!(pages.kept.len() * OVERHEAD <= usize::try_from(CAPACITY).unwrap());
}
