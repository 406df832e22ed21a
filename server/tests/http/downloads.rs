use reqwest::Method;
use testkit::browser::{Browser, fields};

use crate::site::Site;

const PAGE: &str = "/admin/downloads";
const PRODUCT: &str = "/admin/downloads?product=low-water";
const UPLOAD: &str = "/admin/downloads/low-water/files";

/// The CSRF token of the page.
async fn token(admin: &Browser) -> String {
    let page = admin.get(PAGE).await;
    let mut fields = fields(&page.body).into_iter();
    fields.find(|(name, _)| name == "csrf_token").unwrap().1
}

async fn change(admin: &Browser, token: &str, action: &str, keys: &str) -> (u16, String) {
    let form = [
        ("csrf_token", token),
        ("product", "low-water"),
        ("action", action),
        ("keys", keys),
    ];
    let answer = admin.post(PAGE, &form).await;
    (answer.status.as_u16(), answer.body)
}

/// A form with a file, as a browser sends it: its media type and its body.
fn form_with_file(token: Option<&str>, name: &str, bytes: &[u8]) -> (&'static str, Vec<u8>) {
    let mut body = Vec::new();
    if let Some(token) = token {
        let field = "--x1\r\nContent-Disposition: form-data; name=\"csrf_token\"\r\n\r\n";
        body.extend(format!("{field}{token}\r\n").into_bytes());
    }
    let field = format!(
        "--x1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend(field.into_bytes());
    body.extend(bytes);
    body.extend(b"\r\n--x1--\r\n");
    ("multipart/form-data; boundary=x1", body)
}

async fn upload(admin: &Browser, token: &str, name: &str, bytes: &[u8]) -> String {
    let (kind, body) = form_with_file(Some(token), name, bytes);
    let answer = admin.send(UPLOAD, kind, "text/html", body).await;
    assert_eq!(answer.status, 303);
    answer.location().unwrap().to_owned()
}

/// A shop whose first product is digital with a file of 300,000 bytes, and its admin.
async fn digital() -> (Site, Browser, Vec<u8>) {
    let site = Site::open().await;
    let admin = site.admin().await;
    let token = token(&admin).await;
    let (status, page) = change(&admin, &token, "digital", "").await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("Nothing is delivered yet"), "{page}");
    let bytes: Vec<u8> = (0..300_000_u32).map(|index| (index % 251) as u8).collect();
    let to = upload(&admin, &token, "../M\u{fc}ller <1>.pdf", &bytes).await;
    assert_eq!(
        to,
        "/admin/downloads?product=low-water&notice=uploaded#result"
    );
    (site, admin, bytes)
}

/// Buys a piece, and returns the path of the order's page.
async fn buy(site: &Site) -> String {
    let shopper = site.browser();
    shopper.add("low-a4-mat", "1").await;
    let pay_page = shopper.check_out().await;
    site.deliver("before_redirect").await;
    shopper.pay(&pay_page, "4242424242424242").await;
    let token = "SELECT token FROM orders ORDER BY number DESC";
    format!("/orders/{}", site.database.texts(token).await[0])
}

/// The link of the order's page.
fn link(page: &str) -> String {
    let (before, _) = page.split_once("&amp;code=").unwrap();
    let (_, start) = before.rsplit_once("href=\"").unwrap();
    let (_, code) = page.split_once("&amp;code=").unwrap();
    format!("{start}&code={}", code.split('"').next().unwrap())
}

#[tokio::test]
async fn file_is_downloaded_whole_and_resumed() {
    let (site, admin, bytes) = digital().await;
    let page = admin.get(PRODUCT).await.body;
    for text in [
        "M\u{fc}ller &lt;1&gt;.pdf",
        "application/pdf",
        "300 kB",
        "SHA-256",
    ] {
        assert!(page.contains(text), "no {text}: {page}");
    }
    let path = buy(&site).await;
    let shopper = site.browser();
    let page = shopper.get_until(&path, "&amp;code=").await.body;
    assert!(page.contains("10 downloads left"), "{page}");
    let link = link(&page);
    let answer = shopper.request(Method::GET, &link).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let header = |name: &str| {
        let value = answer
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap());
        value.unwrap_or_default().to_owned()
    };
    assert_eq!(
        header("content-disposition"),
        "attachment; filename=\"M_ller _1_.pdf\"; filename*=UTF-8''M%C3%BCller%20%3C1%3E.pdf"
    );
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(header("content-length"), "300000");
    assert_eq!(header("accept-ranges"), "bytes");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("cache-control").contains("no-store"));
    let etag = header("etag");
    assert_eq!(answer.bytes().await.unwrap(), bytes);

    let rest = shopper
        .request(Method::GET, &link)
        .header("range", "bytes=200000-")
        .header("if-range", etag);
    let rest = rest.send().await.unwrap();
    assert_eq!(rest.status(), 206);
    assert_eq!(
        rest.headers().get("content-range").unwrap(),
        "bytes 200000-299999/300000"
    );
    assert_eq!(rest.bytes().await.unwrap(), bytes[200_000..]);
    let beyond = shopper
        .request(Method::GET, &link)
        .header("range", "bytes=300000-");
    assert_eq!(beyond.send().await.unwrap().status(), 416);
    let head = shopper.request(Method::HEAD, &link).send().await.unwrap();
    assert_eq!(head.headers().get("content-length").unwrap(), "300000");
    let page = shopper.get(&path).await.body;
    assert!(
        page.contains("9 downloads left"),
        "resuming is not counted: {page}"
    );
}

#[tokio::test]
async fn download_ends_with_its_limit_and_with_a_refund() {
    let (site, _admin, _) = digital().await;
    let path = buy(&site).await;
    let shopper = site.browser();
    let link = link(&shopper.get_until(&path, "&amp;code=").await.body);
    for _ in 0..10 {
        let answer = shopper.request(Method::GET, &link).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.bytes().await.unwrap();
    }
    let answer = shopper.get(&link).await;
    assert_eq!(
        answer.location(),
        Some(format!("{path}?download=limit#downloads").as_str())
    );
    let page = shopper.get(&format!("{path}?download=limit")).await.body;
    assert!(page.contains("as often as it may be"), "{page}");
    let resumed = shopper
        .request(Method::GET, &link)
        .header("range", "bytes=0-");
    assert_eq!(resumed.send().await.unwrap().status(), 410);

    site.database
        .run("UPDATE download_access SET downloads = 0, bytes = 0")
        .await;
    site.database
        .run("UPDATE orders SET status = 'refunded'")
        .await;
    let answer = shopper.get(&link).await;
    assert_eq!(
        answer.location(),
        Some(format!("{path}?download=withdrawn#downloads").as_str())
    );
    assert!(!shopper.get(&path).await.body.contains("&amp;code="));
}

#[tokio::test]
async fn file_is_not_reachable_by_guessing() {
    let (site, _admin, _) = digital().await;
    let path = buy(&site).await;
    let other = buy(&site).await;
    let shopper = site.browser();
    let link = link(&shopper.get_until(&path, "&amp;code=").await.body);
    let id = site
        .database
        .texts("SELECT id FROM digital_files")
        .await
        .remove(0);
    for guessed in [
        format!("{path}/files/{id}"),
        format!("{path}/files/{id}?expires=99999999999&code=00"),
        link.replace(&path, &other),
        link.replace("expires=", "expires=1"),
        format!("/downloads/{id}"),
        format!("/data/downloads/{id}"),
        format!("{path}/files/..%2F..%2Fshop.db?expires=9&code=0"),
        "/orders/x/files/x".to_owned(),
    ] {
        let answer = shopper.get(&guessed).await;
        assert!(
            matches!(answer.status.as_u16(), 400 | 404),
            "{guessed}: {}",
            answer.status
        );
    }
}

#[tokio::test]
async fn upload_is_for_the_admin_and_their_form_alone() {
    let (site, admin, _) = digital().await;
    let files = "SELECT COUNT(*) FROM digital_files";
    let (kind, body) = form_with_file(None, "a.zip", &[1; 10_000]);
    let stranger = site.browser();
    let answer = stranger.send(UPLOAD, kind, "text/html", body.clone()).await;
    assert!(answer.location().unwrap().starts_with("/admin/login"));
    let foreign = admin
        .request(Method::POST, UPLOAD)
        .header("origin", "https://evil.example")
        .header("content-type", kind)
        .body(body.clone());
    assert_eq!(foreign.send().await.unwrap().status(), 403);
    let answer = admin.send(UPLOAD, kind, "text/html", body).await;
    assert!(answer.location().unwrap().contains("notice=stale"));
    for (token, name, bytes, notice) in [
        ("x", "a.zip", vec![1; 10], "stale"),
        ("", "a.zip", vec![1; 10], "stale"),
        (token(&admin).await.as_str(), "a.zip", Vec::new(), "broken"),
        (token(&admin).await.as_str(), "", vec![1], "no_file"),
    ] {
        let to = upload(&admin, token, name, &bytes).await;
        assert!(to.contains(&format!("notice={notice}")), "{to}");
        let page = admin.get(to.trim_end_matches("#result")).await;
        assert!(page.body.contains("role=\"alert\""), "{to}");
    }
    assert_eq!(site.database.number(files).await, 1);
    let folder = site.config.data_dir.join("downloads");
    let left = std::fs::read_dir(folder).unwrap().count();
    assert_eq!(left, 1, "nothing half uploaded stays");
}

#[tokio::test]
async fn license_keys_are_added_and_reach_the_order_that_waits() {
    let (site, admin, _) = digital().await;
    let token = token(&admin).await;
    let (status, page) = change(&admin, &token, "keys", "  ").await;
    assert_eq!(status, 422);
    assert!(page.contains("Paste at least one key."));
    let (status, page) = change(&admin, "x", "keys", "A</textarea><b>").await;
    assert_eq!(status, 403);
    assert!(page.contains("A&lt;/textarea&gt;&lt;b&gt;"), "{page}");
    let (_, page) = change(&admin, &token, "keys", "AAA-1\nAAA-1\n\n").await;
    assert!(page.contains("Keys added: 1."), "{page}");
    assert!(page.contains("Left out because known: 1."));
    let first = buy(&site).await;
    let page = site.browser().get_until(&first, "AAA-1").await.body;
    assert!(!page.contains("A license key is not there yet"));
    let second = buy(&site).await;
    let page = site
        .browser()
        .get_until(&second, "A license key is not there yet")
        .await;
    assert!(!page.body.contains("AAA-1"));
    assert!(
        admin
            .get("/admin/orders/1002")
            .await
            .body
            .contains("License keys missing: 1.")
    );
    let (_, page) = change(&admin, &token, "keys", "BBB-2").await;
    assert!(
        page.contains("Waiting orders that have their keys now: 1."),
        "{page}"
    );
    assert!(site.get(&second).await.body.contains("BBB-2"));
    let (status, page) = change(&admin, &token, "shipped", "").await;
    assert_eq!(status, 422);
    assert!(page.contains("It stays digital"), "{page}");
    for path in [PAGE, PRODUCT] {
        assert!(
            site.get(path)
                .await
                .location()
                .unwrap()
                .starts_with("/admin/login")
        );
    }
}
