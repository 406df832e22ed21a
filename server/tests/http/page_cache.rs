use std::io::Read;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use reqwest::{Method, Response};

use crate::site::Site;

/// Every page that is the same for everybody.
const STORE_PAGES: [&str; 4] = [
    "/",
    "/products",
    "/products/low-water",
    "/collections/tides",
];

async fn ask(site: &Site, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = site.browser().request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    let value = response.headers().get(name)?;
    Some(value.to_str().unwrap())
}

fn unpacked(encoding: &str, bytes: &[u8]) -> String {
    let mut text = String::new();
    match encoding {
        "br" => brotli::Decompressor::new(bytes, 4096).read_to_string(&mut text),
        "gzip" => GzDecoder::new(bytes).read_to_string(&mut text),
        _ => {
            let mut bytes = bytes;
            bytes.read_to_string(&mut text)
        }
    }
    .unwrap();
    text
}

#[tokio::test]
async fn store_page_has_an_etag_and_a_length_in_every_encoding() {
    let site = Site::open().await;
    for path in STORE_PAGES {
        let plain = site.get(path).await.body;
        let mut etags = Vec::new();
        for encoding in ["br", "gzip", "identity"] {
            let accept = [("accept-encoding", encoding)];
            let head = ask(&site, Method::HEAD, path, &accept).await;
            let page = ask(&site, Method::GET, path, &accept).await;
            for name in [
                "etag",
                "vary",
                "content-length",
                "content-type",
                "content-encoding",
                "cache-control",
            ] {
                assert_eq!(header(&head, name), header(&page, name), "{path} {name}");
            }
            assert_eq!(head.bytes().await.unwrap().len(), 0, "{path}");
            assert_eq!(page.status(), 200);
            assert_eq!(header(&page, "vary"), Some("accept-encoding"));
            assert_eq!(header(&page, "cache-control"), Some("no-cache"));
            let etag = header(&page, "etag").unwrap().to_owned();
            let length: usize = header(&page, "content-length").unwrap().parse().unwrap();
            let bytes = page.bytes().await.unwrap();
            assert_eq!(bytes.len(), length, "{path}");
            assert_eq!(unpacked(encoding, &bytes), plain, "{path}");

            let known = [
                ("accept-encoding", encoding),
                ("if-none-match", &format!("\"other\", W/{etag}")),
            ];
            for method in [Method::GET, Method::HEAD] {
                let answer = ask(&site, method, path, &known).await;
                assert_eq!(answer.status(), 304, "{path}");
                assert_eq!(header(&answer, "etag"), Some(etag.as_str()));
                assert_eq!(header(&answer, "vary"), Some("accept-encoding"));
                assert_eq!(header(&answer, "content-encoding"), None);
                assert_eq!(answer.bytes().await.unwrap().len(), 0);
            }
            etags.push(etag);
        }
        etags.sort();
        etags.dedup();
        assert_eq!(etags.len(), 3, "{path}: {etags:?}");
    }
}

#[tokio::test]
async fn store_page_is_the_same_for_everybody() {
    let mut site = Site::open().await;
    let guest = site.browser();
    // A shopper with a cart, who is the admin as well, opens each page first.
    let admin = site.admin().await;
    admin.add("low-a4-mat", "2").await;
    admin.check_out().await;
    for path in STORE_PAGES {
        let own = admin
            .request(Method::GET, path)
            .header("accept-language", "de")
            .header("authorization", "Bearer x");
        let own = own.send().await.unwrap();
        assert_eq!(own.headers().get("set-cookie"), None, "{path}");
        assert_eq!(header(&own, "vary"), Some("accept-encoding"));
        let own = own.text().await.unwrap();
        let others = guest.get(path).await;
        assert_eq!(others.header("set-cookie"), None, "{path}");
        assert_eq!(others.body, own, "{path}");
        assert!(!own.contains("nonce"), "{path}");
    }
    // As it is after a start, when nothing is kept yet and a guest comes first.
    let kept = guest.get("/products/low-water").await.body;
    site.stop().await.unwrap();
    site.start().await;
    assert_eq!(site.get("/products/low-water").await.body, kept);
}

#[tokio::test]
async fn store_page_is_kept_without_notices_and_parameters() {
    let site = Site::open().await;
    for path in STORE_PAGES {
        let failed = site.get(&format!("{path}?__path=x&__err=e30")).await;
        assert!(failed.body.contains("role=\"alert\""), "{path}");
        assert_eq!(failed.header("etag"), None, "{path}");
        let page = site.get(path).await;
        assert!(!page.body.contains("role=\"alert\""), "{path}");
        for query in [
            "notice=checkout&secret=s3cr3t",
            "utm_source=%3Cscript%3E",
            "page=7",
            "&&=&",
        ] {
            let same = site.get(&format!("{path}?{query}")).await;
            assert_eq!(same.header("etag"), page.header("etag"), "{path}?{query}");
        }
    }
    let other = site.get("/products/%6cow-wate%72?x").await;
    let page = site.get("/products/low-water").await;
    assert_eq!(other.header("etag"), page.header("etag"));
}

#[tokio::test]
async fn personal_page_has_no_etag_and_may_be_kept_by_nobody() {
    let site = Site::open().await;
    let admin = site.admin().await;
    admin.add("low-a4-mat", "1").await;
    let order = admin.check_out().await;
    assert!(order.contains("/c/pay/"));
    let token = site.database.texts("SELECT token FROM orders").await;
    for path in [
        "/cart",
        "/cart?notice=checkout",
        &format!("/orders/{}", token[0]),
        "/admin/orders",
        "/admin/login",
        "/nothing",
        "/products/nothing",
    ] {
        let page = admin.get(path).await;
        assert_eq!(page.header("etag"), None, "{path}");
        assert_eq!(page.header("content-encoding"), None, "{path}");
        let caching = page.header("cache-control").unwrap();
        assert!(caching.starts_with("private"), "{path}: {caching}");
    }
}

#[tokio::test]
async fn store_page_shows_what_the_shop_itself_changed_at_once() {
    let site = Site::open().await;
    let on_hand = site
        .database
        .number("SELECT on_hand FROM variants WHERE id = 'low-a4-mat'")
        .await;
    site.database
        .run("DELETE FROM variants WHERE product_slug = 'low-water' AND id <> 'low-a4-mat'")
        .await;
    site.database
        .run("UPDATE variants SET on_hand = 2 WHERE id = 'low-a4-mat'")
        .await;
    assert!(on_hand > 3);
    let browser = site.browser();
    browser.get_until("/products/low-water", "Few left").await;
    browser.add("low-a4-mat", "2").await;
    let pay_page = browser.check_out().await;
    let says = async |text: &str| {
        for path in ["/products/low-water", "/products", "/collections/tides"] {
            let page = site.get(path).await.body;
            assert!(page.contains(text), "{path} does not say {text}");
        }
    };
    says("In somebody").await;
    site.deliver("before_redirect").await;
    browser.pay(&pay_page, "4242424242424242").await;
    says("Sold out").await;
}

#[tokio::test]
async fn store_page_shows_what_others_changed_within_a_second() {
    let site = Site::open().await;
    for (sql, path, text) in [
        (
            "UPDATE variants SET unit_amount = 123456 WHERE product_slug = 'low-water'",
            "/products/low-water",
            "$1,234.56",
        ),
        (
            "UPDATE products SET title = 'High Water' WHERE slug = 'low-water'",
            "/products",
            "High Water",
        ),
        (
            "UPDATE collections SET title = 'Ebbs' WHERE slug = 'tides'",
            "/",
            "Ebbs",
        ),
    ] {
        assert!(!site.get(path).await.body.contains(text));
        site.database.run(sql).await;
        let start = Instant::now();
        site.browser().get_until(path, text).await;
        let time = start.elapsed();
        // A second, and what a busy machine needs for one rendering.
        assert!(time < Duration::from_millis(1500), "{path}: {time:?}");
    }
}
