use std::io::Read;

use flate2::read::GzDecoder;
use reqwest::Method;
use testkit::browser::Answer;

use crate::site::Site;

/// Every page that anybody may see.
pub(crate) const PAGES: [&str; 6] = [
    "/",
    "/products",
    "/products/low-water",
    "/collections/tides",
    "/cart",
    "/admin/login",
];

#[tokio::test]
async fn every_page_is_there() {
    let site = Site::open().await;
    for (path, text) in PAGES.into_iter().zip([
        "Drawn by code",
        "All prints",
        "Low Water",
        "Tides",
        "Your cart is empty.",
        "Sign in",
    ]) {
        let page = site.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains(text), "{path} does not say {text}");
        assert!(page.body.starts_with("<!DOCTYPE html>"), "{path}");
        assert!(
            page.header("content-type")
                .unwrap()
                .starts_with("text/html"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn page_is_compressed_when_it_holds_nothing_of_anybody() {
    let site = Site::open().await;
    let browser = site.browser();
    for path in PAGES {
        let plain = browser.get(path).await;
        let asked = browser.request(Method::GET, path);
        let answer = asked.header("accept-encoding", "gzip").send().await;
        let answer = answer.unwrap();
        let encoding = answer.headers().get("content-encoding").cloned();
        let varies = answer.headers().get("vary").cloned();
        let bytes = answer.bytes().await.unwrap();
        if matches!(path, "/cart" | "/admin/login") {
            assert_eq!(encoding, None, "{path}");
            continue;
        }
        assert_eq!(encoding.unwrap(), "gzip", "{path}");
        assert_eq!(varies.unwrap(), "accept-encoding", "{path}");
        let mut page = String::new();
        let mut unpacked = GzDecoder::new(bytes.as_ref());
        unpacked.read_to_string(&mut page).unwrap();
        assert_eq!(page, plain.body, "{path}");
        assert!(bytes.len() * 2 < page.len(), "{path}: {}", bytes.len());
    }
}

#[tokio::test]
async fn texts_of_another_shop_replace_the_demos() {
    let mut site = Site::open().await;
    site.stop().await.unwrap();
    for (key, value) in [
        ("name", "Kettle & <Co>"),
        ("description", "Teapots by mail."),
        ("hero_title", "Short and stout"),
        ("hero_text", "Here is the handle."),
        ("goods", "teapots"),
        ("featured_title", "From the kiln"),
        ("sold_out_text", "All poured out."),
        ("footer_text", "Kettle & Co, Poole"),
    ] {
        let sql = format!("INSERT INTO settings (key, value) VALUES ('text_{key}', '{value}')");
        site.database.run(&sql).await;
    }
    site.start().await;
    for (path, texts) in [
        (
            "/",
            &[
                "Short and stout",
                "Here is the handle.",
                "Teapots by mail.",
                "From the kiln",
                "Browse all teapots",
            ][..],
        ),
        ("/products", &["<h1>All teapots</h1>", " teapots</p>"]),
        ("/products/low-water", &["All teapots"]),
        ("/collections/tides", &["All teapots"]),
        ("/cart", &["Browse the store"]),
        ("/admin/login", &[]),
        ("/nothing", &["Browse the store"]),
    ] {
        let page = site.get(path).await.body;
        for text in texts
            .iter()
            .chain(&["Kettle &amp; &lt;Co&gt;", "Kettle &amp; Co, Poole"])
        {
            assert!(page.contains(text), "{path} does not say {text}: {page}");
        }
        for text in ["Plotter", "All prints", "Browse prints", "demo of"] {
            assert!(!page.contains(text), "{path} says {text}");
        }
    }
}

#[tokio::test]
async fn every_product_and_collection_has_its_page() {
    let site = Site::open().await;
    for (sql, path) in [
        ("SELECT slug FROM products", "/products"),
        ("SELECT slug FROM collections", "/collections"),
    ] {
        for slug in site.database.texts(sql).await {
            assert_eq!(
                site.get(&format!("{path}/{slug}")).await.status,
                200,
                "{slug}"
            );
        }
    }
}

#[tokio::test]
async fn missing_page_is_not_found() {
    let site = Site::open().await;
    for path in [
        "/nothing",
        "/products/nothing",
        "/products/low-water/more",
        "/collections/nothing",
        "/collections",
        "/orders",
        "/orders/0123456789abcdef0123456789abcdef01234567",
        "/orders/nothing?session_id=cs_test_1",
        "/orders/..%2f..%2fadmin",
        "/products/%00",
        "/collections/%00",
        "/orders/%00",
        "/products/low-water%00",
        "/products/'%20OR%20'1'='1",
        "/products/%F0%9F%8C%8A",
        "/api",
        "/api/nothing",
        "/pkg/nothing.js",
        "/.env",
        "/Cargo.toml",
        "/index.html",
    ] {
        let page = site.get(path).await;
        assert_eq!(page.status, 404, "{path}");
    }
    let page = site.get("/products/nothing").await;
    assert!(page.body.contains("Page not found"));
    let long = format!("/products/{}", "x".repeat(20_000));
    assert_eq!(site.get(&long).await.status, 404);
}

#[tokio::test]
async fn address_that_is_no_text_is_no_error_of_ours() {
    let site = Site::open().await;
    for path in [
        "/%ff",
        "/products/%ff%fe",
        "/orders/%c3%28",
        "/products/%",
        "/products/%zz",
        "/cart?notice=%ff",
        "/cart?%ff=%ff",
        "/orders/x?session_id=%ff",
    ] {
        let status = site.get(path).await.status;
        assert!(status.as_u16() < 500, "{path}: {status}");
    }
}

#[tokio::test]
async fn page_of_a_stranger_tells_no_more_than_one_that_never_was() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    browser.check_out().await;
    let token = site
        .database
        .texts("SELECT token FROM orders")
        .await
        .remove(0);
    assert_eq!(site.get(&format!("/orders/{token}")).await.status, 200);

    let never_was = site.get(&format!("/orders/{}", "0".repeat(40))).await.body;
    for wrong in [
        &token[1..],
        &token.to_ascii_uppercase(),
        &format!("{token}0"),
        "1001",
    ] {
        let page = site.get(&format!("/orders/{wrong}")).await;
        assert_eq!(page.status, 404, "{wrong}");
        assert_eq!(page.body, never_was, "{wrong}");
    }
    let id = site.database.texts("SELECT id FROM orders").await.remove(0);
    let session = site
        .database
        .texts("SELECT reference FROM payments")
        .await
        .remove(0);
    for known in [id, format!("x?session_id={session}")] {
        assert_eq!(site.get(&format!("/orders/{known}")).await.status, 404);
    }
}

#[tokio::test]
async fn page_renders_with_any_cookie() {
    let site = Site::open().await;
    let fifty: Vec<_> = (0..60)
        .map(|number| format!("variant-{number}.99"))
        .collect();
    let cookies = [
        "cart=".to_owned(),
        "cart=low-a4-mat.0".to_owned(),
        "cart=low-a4-mat.-1".to_owned(),
        "cart=low-a4-mat.1e9".to_owned(),
        "cart=low-a4-mat.abc".to_owned(),
        "cart=low-a4-mat.99999999999999999999".to_owned(),
        "cart=low-a4-mat.1~low-a4-mat.99~gone.1~~~...".to_owned(),
        "cart=' OR 1=1 --.1".to_owned(),
        "cart=<script>alert(1)</script>.1".to_owned(),
        "cart=%00%ff.1".to_owned(),
        format!("cart={}", fifty.join("~")),
        format!("cart={}", "~".repeat(8000)),
        format!("cart={}.1", "x".repeat(8000)),
        "cart=low-a4-mat.1; cart_seen=low-a4-mat.-9223372036854775808".to_owned(),
        "cart=low-a4-mat.1; cart_seen=low-a4-mat.9223372036854775807".to_owned(),
        "cart=low-a4-mat.1; cart_seen=low-a4-mat.abc~.~.1~x".to_owned(),
        "cart=low-a4-mat.1; cart_key=../../etc/passwd".to_owned(),
        "cart=low-a4-mat.1; cart_key=".to_owned(),
        format!("cart=low-a4-mat.1; cart_key={}", "k".repeat(4000)),
        "admin_session=".to_owned(),
        "admin_session=' OR ''='".to_owned(),
        format!("admin_session={}", "s".repeat(8000)),
        "cart".to_owned(),
        ";;;===;;".to_owned(),
    ];
    let browser = site.browser();
    for path in PAGES.into_iter().chain(["/orders/nothing", "/nothing"]) {
        for cookie in &cookies {
            let expected = if path.ends_with("nothing") { 404 } else { 200 };
            let page = browser
                .request(reqwest::Method::GET, path)
                .header("cookie", cookie)
                .send()
                .await
                .unwrap();
            assert_eq!(page.status(), expected, "{path} with {cookie}");
            let text = page.text().await.unwrap();
            assert!(!text.contains("<script>alert"), "{path} with {cookie}");
        }
        let bytes = reqwest::header::HeaderValue::from_bytes(b"cart=\xff\xfe.1").unwrap();
        let page = browser
            .request(reqwest::Method::GET, path)
            .header("cookie", bytes)
            .send()
            .await
            .unwrap();
        assert!(page.status().as_u16() < 500, "{path}");
    }
}

#[tokio::test]
async fn text_from_the_url_never_becomes_markup() {
    let site = Site::open().await;
    for path in [
        "/cart?notice=<script>alert(1)</script>",
        "/products/<script>alert(1)<%2fscript>",
        "/orders/x?session_id=<script>alert(1)</script>",
        "/admin/login?notice=<script>alert(1)</script>",
        "/<script>alert(1)<%2fscript>",
    ] {
        let page = site.get(path).await;
        assert!(!page.body.contains("<script>alert"), "{path}");
    }
}

#[tokio::test]
async fn long_list_has_pages_with_links_to_each_other() {
    let site = Site::open().await;
    let count = site.database.number("SELECT COUNT(*) FROM products").await;
    assert!(count > 24, "{count}");
    let link = |page: &Answer, relation: &str| {
        let marker = format!(" rel=\"{relation}\"");
        let nav = page.body.split("class=\"pager\"").nth(1)?;
        let tag = nav.split("<a ").find(|tag| tag.contains(&marker))?;
        let href = tag.split("href=\"").nth(1)?.split('"').next()?.to_owned();
        // What is on the page is in its head and in the headers, too.
        let head = page.body.split("</head>").next()?;
        assert!(head.contains(&format!("href=\"{href}\"")), "{head}");
        let headers = page.headers.get_all("link").iter();
        let wanted = format!("<{href}>; rel=\"{relation}\"");
        assert!(
            headers
                .into_iter()
                .any(|value| value.to_str().unwrap() == wanted)
        );
        Some(href)
    };
    let mut shown = Vec::new();
    let mut way = vec!["/products".to_owned()];
    loop {
        let page = site.get(way.last().unwrap()).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains(&format!("{count} prints")));
        let cards = page.body.split("<li class=\"card\"><a href=\"").skip(1);
        shown.extend(cards.map(|card| card.split('"').next().unwrap().to_owned()));
        let back = link(&page, "prev");
        assert_eq!(back.is_some(), way.len() > 1);
        if way.len() == 2 {
            assert_eq!(back.as_deref(), Some("/products"));
        }
        match link(&page, "next") {
            Some(next) => way.push(next),
            None => break,
        }
    }
    let all = shown.len();
    shown.sort();
    shown.dedup();
    assert_eq!((all, shown.len()), (usize::try_from(count).unwrap(), all));
    // A place whose product is gone, and what is no place.
    let second = way[1].clone();
    let slug = second.split_once('.').unwrap().1;
    site.database
        .run(&format!(
            "DELETE FROM variants WHERE product_slug = '{slug}'"
        ))
        .await;
    assert_eq!(site.get(&second).await.status, 200);
    assert_eq!(site.get("/products?after=nonsense").await.status, 200);
    assert_eq!(site.get("/products?after=999999.zzz").await.status, 404);
    assert_eq!(
        site.get("/products?after=%00.%00&before=%ff").await.status,
        200
    );
    assert_eq!(site.get("/collections/tides?before=-9.a").await.status, 404);
}
