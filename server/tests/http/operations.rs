use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::site::Site;

#[tokio::test]
async fn health_checks_answer_plainly() {
    let site = Site::open().await;
    for (path, body) in [("/healthz", "ok"), ("/readyz", "ready")] {
        let answer = site.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, body));
    }
}

#[tokio::test]
async fn metrics_with_the_token_show_calls_to_stripe() {
    let site =
        Site::open_with(|config| config.metrics_token = Some("a token for reading".to_owned()))
            .await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    browser.check_out().await;
    let read = async |token: &str| {
        let request = reqwest::Client::new().get(format!("{}/metrics", site.base));
        let answer = request.bearer_auth(token).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, text) = read("a token for reading").await;
    assert_eq!(status, 200);
    for line in [
        "# TYPE storefront_stripe_calls_total counter",
        "storefront_stripe_calls_total{operation=\"create_checkout_session\"} 1",
        "storefront_stripe_calls_total{operation=\"create_refund\"} 0",
        "storefront_stripe_failures_total{operation=\"create_checkout_session\",kind=\"refused\"} 0",
        "storefront_stripe_call_duration_seconds_bucket{operation=\"create_checkout_session\",le=\"+Inf\"} 1",
        "storefront_stripe_call_duration_seconds_count{operation=\"create_checkout_session\"} 1",
    ] {
        assert!(text.lines().any(|other| other == line), "{line}\n{text}");
    }
    assert_eq!(read("another token").await.0, 401);
    assert_eq!(site.get("/metrics").await.status, 401);
}

#[tokio::test]
async fn metrics_need_a_token() {
    let site = Site::open().await;
    assert_eq!(site.get("/metrics").await.status, 404);
}

#[tokio::test]
async fn search_engines_are_kept_from_what_is_personal() {
    let site = Site::open().await;
    let robots = site.get("/robots.txt").await;
    assert_eq!(robots.status, 200);
    for path in ["/admin", "/api"] {
        assert!(
            robots.body.contains(&format!("Disallow: {path}\n")),
            "{path}"
        );
    }
    // What may not be fetched is not seen to say noindex, and is listed by its address alone.
    for path in ["/cart", "/orders"] {
        assert!(!robots.body.contains(path), "{path}");
    }
    assert!(site.get("/cart").await.body.contains("noindex"));
}

#[tokio::test]
async fn stop_ends_in_order_and_a_new_start_knows_everything() {
    let mut site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "2").await;
    browser.check_out().await;
    let token = site
        .database
        .texts("SELECT token FROM orders")
        .await
        .remove(0);
    // The browser's connections are still open; they keep nobody from going home.
    let start = Instant::now();
    site.stop().await.unwrap();
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
    let addr = site.base.trim_start_matches("http://").to_owned();
    assert!(
        tokio::net::TcpStream::connect(&addr).await.is_err(),
        "nobody listens any more"
    );
    assert!(
        reqwest::get(&site.sandbox).await.is_err(),
        "the sandbox has stopped, too"
    );

    site.start().await;
    let page = site.get(&format!("/orders/{token}")).await;
    assert_eq!(page.order_status(), "Waiting for payment");
    assert_eq!(site.database.held("low-a4-mat").await, 2);
}

#[tokio::test]
async fn files_of_the_site_are_served_and_no_others() {
    let site = Site::open_with(|config| {
        let root = &config.leptos_site_root;
        std::fs::create_dir_all(root.join("pkg")).unwrap();
        std::fs::write(root.join("favicon.svg"), "<svg/>").unwrap();
        std::fs::write(root.join("pkg/start.1.js"), "start()").unwrap();
        std::fs::write(root.parent().unwrap().join("secret.txt"), "hush").unwrap();
    })
    .await;
    let icon = site.get("/favicon.svg").await;
    assert_eq!((icon.status.as_u16(), icon.body.as_str()), (200, "<svg/>"));
    assert_eq!(icon.header("content-type"), Some("image/svg+xml"));
    let script = site.get("/pkg/start.1.js").await;
    assert_eq!(
        script.header("cache-control"),
        Some("public, max-age=31536000, immutable")
    );
    assert_eq!(script.header("content-type"), Some("text/javascript"));

    for path in [
        "/../secret.txt",
        "/pkg/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/pkg/..%5c..%5csecret.txt",
        "//secret.txt",
        "/pkg//../../secret.txt",
    ] {
        let answer = raw(
            &site,
            &format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
        )
        .await;
        let status = answer.split(' ').nth(1).unwrap();
        assert!(matches!(status, "400" | "404"), "{path}: {status}");
        assert!(!answer.contains("hush"), "{path}");
    }
}

#[tokio::test]
async fn malformed_http_harms_nobody_else() {
    let site = Site::open().await;
    for request in [
        "nonsense\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n".to_owned(),
        format!(
            "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx: {}\r\n\r\n",
            "x".repeat(1 << 20)
        ),
    ] {
        let answer = raw(&site, &request).await;
        let status = answer.split(' ').nth(1).unwrap_or("none");
        assert!(
            !status.starts_with('5') && !status.starts_with('2'),
            "{:?}: {status}",
            &request[..20.min(request.len())]
        );
    }
    assert_eq!(site.get("/").await.status, 200);
}

/// Sends bytes as they are, and answers what comes back until the server hangs up.
pub(crate) async fn raw(site: &Site, request: &str) -> String {
    let addr = site.base.trim_start_matches("http://");
    let mut connection = tokio::net::TcpStream::connect(addr).await.unwrap();
    // The server may hang up before it has read everything.
    let _ = connection.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let read = connection.read_to_end(&mut answer);
    let _ = tokio::time::timeout(Duration::from_secs(15), read)
        .await
        .unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}
