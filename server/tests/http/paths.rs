use crate::operations::raw;
use crate::site::{PASSWORD, Site};

/// A storefront with a built file, and the cookie of its admin.
async fn built() -> (Site, String) {
    let site = Site::open_with(|config| {
        let root = &config.leptos_site_root;
        std::fs::create_dir_all(root.join("pkg")).unwrap();
        std::fs::create_dir_all(root.join("art")).unwrap();
        std::fs::write(root.join("pkg/start.1.js"), "start()").unwrap();
        std::fs::write(root.join("art/hero.svg"), "<svg/>").unwrap();
    })
    .await;
    let form = [("password", PASSWORD)];
    let answer = site.browser().post("/api/sign_in", &form).await;
    let cookie = answer.header("set-cookie").unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    (site, cookie)
}

/// Asks for a path that no client would send as it is, as the admin. Answers the status and the
/// head.
async fn ask(site: &Site, cookie: &str, method: &str, path: &str) -> (String, String) {
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n"
    );
    let answer = raw(site, &request).await;
    let head = answer.split("\r\n\r\n").next().unwrap().to_lowercase();
    (
        answer.split(' ').nth(1).unwrap_or_default().to_owned(),
        head,
    )
}

#[tokio::test]
async fn ambiguous_path_is_not_found_and_kept_by_nobody() {
    let (site, cookie) = built().await;
    for path in [
        "/pkg/%2e%2e/admin/orders",
        "/pkg/.%2e/admin/orders",
        "/pkg/%2E./admin/orders",
        "/pkg/%2E%2e/admin/orders",
        "/pkg/../admin/orders",
        "/pkg/./start.1.js",
        "/pkg/%2e/start.1.js",
        "/pkg//start.1.js",
        "//admin/orders",
        "/admin//orders",
        "/cart//",
        "/pkg/..%2fadmin%2forders",
        "/pkg/%2e%2e%2fadmin/orders",
        "/pkg/..%5cadmin/orders",
        "/pkg/..\\admin\\orders",
        "/pkg/%252e%252e/admin/orders",
        "/pkg/%25252e%25252e/admin/orders",
        "/pkg/start.1.js%00",
        "/%00",
        "/admin/orders/%0d%0aset-cookie:a=b",
        "/api/..%2fadmin",
        "//evil.example/..",
    ] {
        for method in ["GET", "HEAD", "POST"] {
            let (status, head) = ask(&site, &cookie, method, path).await;
            assert!(
                matches!(status.as_str(), "404" | "400"),
                "{method} {path}: {status}"
            );
            assert!(
                !head.contains("max-age=31536000, immutable"),
                "{method} {path}"
            );
            assert!(!head.contains("location:"), "{method} {path}: {head}");
            if status == "404" {
                assert!(
                    head.contains("cache-control: private, no-store"),
                    "{path}: {head}"
                );
                assert!(head.contains("x-content-type-options: nosniff"), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn page_with_a_slash_at_the_end_leads_to_the_one_without() {
    let (site, cookie) = built().await;
    for (path, to) in [
        ("/products/", "/products"),
        ("/products/low-water/", "/products/low-water"),
        ("/products/nothing/", "/products/nothing"),
        ("/collections/tides/", "/collections/tides"),
        ("/cart/?notice=paid", "/cart?notice=paid"),
        ("/cart/?", "/cart?"),
        (
            "/orders/key/?session_id=cs_1&x=%2F",
            "/orders/key?session_id=cs_1&x=%2F",
        ),
        ("/admin/", "/admin"),
        (
            "/admin/login/?next=%2Fadmin%2Fholds",
            "/admin/login?next=%2Fadmin%2Fholds",
        ),
        ("/admin/orders/", "/admin/orders"),
        ("/admin/orders/1001/", "/admin/orders/1001"),
        (
            "/admin/orders/1001/refund/?amount=1",
            "/admin/orders/1001/refund?amount=1",
        ),
        ("/products/evil.example/", "/products/evil.example"),
        (
            "/products/http:evil.example/",
            "/products/http:evil.example",
        ),
    ] {
        for method in ["GET", "HEAD"] {
            let (status, head) = ask(&site, &cookie, method, path).await;
            assert_eq!(status, "308", "{method} {path}");
            let location = head
                .lines()
                .find_map(|line| line.strip_prefix("location: "));
            assert_eq!(
                location,
                Some(to.to_lowercase().as_str()),
                "{method} {path}"
            );
        }
    }
    // A form is not sent a second time, and what is no page leads nowhere.
    for (method, path, expected) in [
        ("POST", "/cart/", "405"),
        ("GET", "/nothing/", "404"),
        ("GET", "/art/", "404"),
        ("GET", "//evil.example/", "404"),
        ("GET", "/\\evil.example/", "404"),
        ("GET", "/products//evil.example/", "404"),
        ("GET", "//products/", "404"),
        ("GET", "/%2fevil.example/", "404"),
        ("GET", "/webhooks/stripe/", "405"),
        ("GET", "/webhook/", "405"),
        ("POST", "/webhooks/stripe/", "400"),
        ("POST", "/webhook/", "400"),
        ("POST", "/api/stripe/webhook/", "400"),
    ] {
        let (status, head) = ask(&site, &cookie, method, path).await;
        assert_eq!(status, expected, "{method} {path}");
        assert!(!head.contains("location:"), "{method} {path}: {head}");
    }
}

#[tokio::test]
async fn ambiguous_path_shows_the_page_that_says_so() {
    let (site, cookie) = built().await;
    for path in [
        "/orders/%00",
        "/products//low-water",
        "/cart//",
        "/pkg/..%2fadmin",
        "/%5c",
    ] {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n"
        );
        let answer = raw(&site, &request).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        assert!(answer.contains("Page not found"), "{path}: {answer}");
        assert!(answer.contains("href=\"/products\""), "{path}");
        assert!(
            answer
                .to_lowercase()
                .contains("cache-control: private, no-store")
        );
    }
}

#[tokio::test]
async fn caching_follows_the_route_and_not_the_beginning_of_the_path() {
    let (site, cookie) = built().await;
    for (path, status, caching) in [
        (
            "/pkg/start.1.js",
            "200",
            "public, max-age=31536000, immutable",
        ),
        ("/pkg/start.2.js", "404", "private, no-store"),
        ("/pkg", "404", "private, no-store"),
        ("/pkg/", "404", "private, no-store"),
        ("/pkg/products", "404", "private, no-store"),
        ("/pkg/admin/orders", "404", "private, no-store"),
        ("/art/hero.svg", "200", "no-cache"),
        ("/products/low-water", "200", "no-cache"),
        ("/product%73", "404", "private, no-store"),
        ("/%61dmin/orders", "404", "private, no-store"),
        ("/admin/orders", "200", "private, no-store"),
        ("/api/view_cart", "405", "private, no-store"),
    ] {
        let (found, head) = ask(&site, &cookie, "GET", path).await;
        assert_eq!(found, status, "{path}");
        let line = format!("cache-control: {caching}");
        assert!(head.contains(&line), "{path}: {head}");
    }
}

#[tokio::test]
async fn response_that_sets_a_cookie_is_kept_by_nobody() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    let first = browser.get("/cart").await;
    assert!(first.headers.contains_key("set-cookie"));
    assert_eq!(first.header("cache-control"), Some("private, no-store"));
    let second = browser.get("/cart").await;
    assert!(
        !second.headers.contains_key("set-cookie"),
        "{:?}",
        second.headers
    );
    assert_eq!(second.header("cache-control"), Some("private, no-cache"));
}

#[tokio::test]
async fn request_without_one_host_is_refused() {
    let (site, _) = built().await;
    for hosts in [
        "",
        "host: a\r\nhost: a\r\n",
        "host: a\r\nhost: evil.example\r\n",
        "host: \r\n",
        "host: a b\r\n",
        "host: a,b\r\n",
        "host: a/b\r\n",
        "host: user@a\r\n",
        "host: a:b:c\r\n",
    ] {
        for path in ["/", "/pkg/start.1.js", "/healthz"] {
            let request = format!("GET {path} HTTP/1.1\r\n{hosts}connection: close\r\n\r\n");
            let answer = raw(&site, &request).await;
            assert!(answer.starts_with("HTTP/1.1 400 "), "{hosts:?}: {answer}");
        }
    }
    for hosts in ["host: a\r\n", "host: a:80\r\n", "host: [::1]:3000\r\n"] {
        let request = format!("GET /healthz HTTP/1.1\r\n{hosts}connection: close\r\n\r\n");
        let answer = raw(&site, &request).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{hosts:?}: {answer}");
    }
    let answer = raw(&site, "GET /healthz HTTP/1.0\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.0 200 "), "{answer}");
}

#[tokio::test]
async fn name_that_no_file_can_have_is_not_found() {
    let (site, _) = built().await;
    let long = "a".repeat(9_000);
    for path in [
        format!("/{long}"),
        format!("/pkg/{long}"),
        "/pkg/start.1.js/".to_owned(),
        "/pkg/start.1.js/x".to_owned(),
        "/art".to_owned(),
        "/art/hero.svg/".to_owned(),
        "/%ff".to_owned(),
    ] {
        let answer = site.get(&path).await;
        assert_eq!(answer.status, 404, "{}", &path[..path.len().min(40)]);
        assert_eq!(answer.header("cache-control"), Some("private, no-store"));
    }
}

#[tokio::test]
async fn file_is_sent_in_an_encoding_that_is_accepted_and_once() {
    let site = Site::open_with(|config| {
        let root = config.leptos_site_root.join("pkg");
        std::fs::create_dir_all(&root).unwrap();
        for (name, content) in [
            ("a.js", "plain"),
            ("a.js.br", "br"),
            ("a.js.gz", "gz"),
            ("b.css", "b"),
        ] {
            std::fs::write(root.join(name), content).unwrap();
        }
    })
    .await;
    let ask = async |path: &str, name: &str, value: &str| {
        let request = site
            .browser()
            .request(reqwest::Method::GET, path)
            .header(name, value);
        testkit::browser::Answer::of(request.send().await.unwrap()).await
    };
    for (accepted, encoding, body) in [
        ("identity", None, "plain"),
        ("gzip, br", Some("br"), "br"),
        ("br;q=0, gzip", Some("gzip"), "gz"),
    ] {
        let answer = ask("/pkg/a.js", "accept-encoding", accepted).await;
        assert_eq!(
            (answer.header("content-encoding"), answer.body.as_str()),
            (encoding, body)
        );
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
        assert_eq!(answer.header("content-type"), Some("text/javascript"));
        assert_eq!(
            answer.header("content-length"),
            Some(body.len().to_string().as_str())
        );
        let caching = Some("public, max-age=31536000, immutable");
        assert_eq!(answer.header("cache-control"), caching);
    }
    let answer = ask("/pkg/b.css", "accept-encoding", "br, gzip").await;
    assert_eq!(
        (answer.header("content-encoding"), answer.header("vary")),
        (None, None)
    );
    let etag = answer.header("etag").unwrap().to_owned();
    for (known, status) in [
        (etag.as_str(), 304),
        (&format!("\"x\", W/{etag}"), 304),
        ("\"x\"", 200),
    ] {
        let answer = ask("/pkg/b.css", "if-none-match", known).await;
        assert_eq!(answer.status, status, "{known}");
        assert_eq!(answer.header("etag"), Some(etag.as_str()));
        assert_eq!(answer.body.is_empty(), status == 304);
    }
    let post = site.browser().post("/pkg/a.js", &[]).await;
    assert_eq!(
        (post.status.as_u16(), post.header("allow")),
        (405, Some("GET,HEAD"))
    );
}
