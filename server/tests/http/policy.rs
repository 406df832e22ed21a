use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use sha2::{Digest, Sha256};
use testkit::browser::Answer;

use crate::pages::PAGES;
use crate::site::Site;

/// The part of a policy that is about one kind of thing.
fn directive<'a>(policy: &'a str, name: &str) -> &'a str {
    policy
        .split(';')
        .map(str::trim)
        .find(|part| part.split(' ').next() == Some(name))
        .unwrap()
}

/// The inline scripts of a page.
fn inline_scripts(html: &str) -> Vec<&str> {
    html.split("<script")
        .skip(1)
        .filter_map(|rest| {
            let (tag, rest) = rest.split_once('>')?;
            (!tag.contains("src=")).then(|| rest.split("</script>").next().unwrap())
        })
        .collect()
}

#[tokio::test]
async fn every_answer_tells_the_browser_what_it_may_not_do() {
    let site = Site::open().await;
    let browser = site.browser();
    let mut answers = Vec::new();
    for path in PAGES.into_iter().chain([
        "/nothing",
        "/admin/orders",
        "/healthz",
        "/readyz",
        "/metrics",
        "/robots.txt",
        "/pkg/nothing",
        "/webhooks/stripe",
        "/api/nothing",
        "/api/add_to_cart",
    ]) {
        answers.push((path, browser.get(path).await));
    }
    for path in [
        "/api/add_to_cart",
        "/api/start_checkout",
        "/api/order_progress",
        "/webhook",
        "/products",
        "/nothing",
    ] {
        answers.push((path, browser.post(path, &[]).await));
    }
    let foreign = browser
        .request(Method::POST, "/api/add_to_cart")
        .header("origin", "null");
    answers.push((
        "from another site",
        Answer::of(foreign.send().await.unwrap()).await,
    ));
    for (path, answer) in answers {
        for (header, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(
                answer.header(header),
                Some(value),
                "{path} ({})",
                answer.status
            );
        }
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
        assert_eq!(answer.header("server"), None);
        assert_eq!(
            answer.header("strict-transport-security"),
            None,
            "this is http"
        );
    }
}

#[tokio::test]
async fn policy_allows_no_inline_script_but_those_of_the_framework_by_their_hash() {
    let site = Site::open_with(|config| {
        // As if the site were built, so that pages load their script.
        std::fs::create_dir_all(&config.leptos_site_root).unwrap();
        let manifest = r#"{"script":"/pkg/start.1.js","wasm":"/pkg/cartwright.1.wasm","style":"/pkg/main.1.css"}"#;
        std::fs::write(config.leptos_site_root.join("build-manifest.json"), manifest).unwrap();
        std::fs::create_dir_all(config.leptos_site_root.join("pkg")).unwrap();
        let style = "a>b{content:\"&\"}";
        std::fs::write(config.leptos_site_root.join("pkg/main.1.css"), style).unwrap();
    })
    .await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    let order_page = {
        let pay_page = browser.check_out().await;
        let answer = browser.pay(&pay_page, "4242424242424242").await;
        answer
            .location()
            .unwrap()
            .strip_prefix(site.base.as_str())
            .unwrap()
            .to_owned()
    };
    browser.add("low-a4-mat", "1").await;
    let admin = site.admin().await;
    let mut pages = Vec::new();
    for path in PAGES.into_iter().chain(["/nothing", order_page.as_str()]) {
        pages.push((path, browser.get(path).await));
    }
    for path in ["/admin/orders", "/admin/orders/1001"] {
        pages.push((path, admin.get(path).await));
    }
    for (path, page) in pages {
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{policy}"
        );
        assert!(
            directive(policy, "default-src").ends_with("'none'"),
            "{policy}"
        );
        assert!(page.body.contains("src=\"/pkg/start.1.js\""), "{path}");
        for script in inline_scripts(&page.body) {
            let hash = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script)));
            assert!(
                directive(policy, "script-src").contains(&hash),
                "{path} has {script:?}"
            );
        }
        let is_store_page = PAGES[..4].contains(&path);
        assert_eq!(
            page.body.contains("<link rel=\"stylesheet\""),
            !is_store_page,
            "{path}"
        );
        let styles: Vec<_> = page.body.split("<style>").skip(1).collect();
        assert_eq!(styles.len(), usize::from(is_store_page), "{path}");
        for style in styles {
            let style = style.split("</style>").next().unwrap();
            let hash = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(style)));
            assert!(directive(policy, "style-src").contains(&hash), "{style}");
        }
        // What a browser would refuse anyway.
        for handler in [
            " style=\"",
            " onclick=",
            " onsubmit=",
            " onload=",
            "javascript:",
        ] {
            assert!(!page.body.contains(handler), "{path} has {handler}");
        }
        for source in page
            .body
            .split(" src=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
        {
            assert!(source.starts_with('/'), "{path} loads {source}");
        }
    }
}

#[tokio::test]
async fn checkout_form_may_lead_to_the_pay_page_and_nowhere_else() {
    let site = Site::open().await;
    let page = site.get("/cart").await;
    let policy = page.header("content-security-policy").unwrap();
    assert_eq!(
        directive(policy, "form-action"),
        format!(
            "form-action 'self' https://checkout.stripe.com {}",
            site.sandbox
        )
    );
}

#[tokio::test]
async fn cookies_and_browsers_stay_on_https() {
    let site =
        Site::open_with(|config| config.site_url = Some("https://shop.example/".to_owned())).await;
    let page = site.get("/cart").await;
    assert_eq!(
        page.header("strict-transport-security"),
        Some("max-age=31536000")
    );
    for name in ["__Host-cart_key", "__Host-order_access"] {
        let cookie = page.cookie(name).unwrap();
        // What browsers demand of the prefix.
        assert!(
            cookie.contains("; Secure") && cookie.contains("; Path=/;"),
            "{cookie}"
        );
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    assert_eq!(page.cookie("cart_key"), None);
    let form = [("variant", "low-a4-mat"), ("quantity", "1")];
    let answer = site.browser().post("/api/add_to_cart", &form).await;
    assert!(answer.cookie("cart").unwrap().contains("; Secure"));
    let answer = site
        .browser()
        .post("/api/sign_in", &[("password", crate::site::PASSWORD)])
        .await;
    let cookie = answer.cookie("__Host-admin_session").unwrap();
    assert!(
        cookie.contains("; Secure") && cookie.contains("; Path=/;"),
        "{cookie}"
    );
    assert_eq!(answer.cookie("admin_session"), None);
    // The cookie under its plain name, which another host of the domain could plant, opens nothing.
    let token = cookie.split(['=', ';']).nth(1).unwrap();
    for (name, status) in [("__Host-admin_session", 200), ("admin_session", 303)] {
        let request = site.browser().request(Method::GET, "/admin/orders");
        let request = request.header("cookie", format!("{name}={token}"));
        assert_eq!(request.send().await.unwrap().status(), status, "{name}");
    }
}

#[tokio::test]
async fn subdomains_stay_on_https_when_the_admin_says_so() {
    let site = Site::open_with(|config| {
        config.site_url = Some("https://shop.example".to_owned());
        config.hsts_include_subdomains = true;
    })
    .await;
    assert_eq!(
        site.get("/").await.header("strict-transport-security"),
        Some("max-age=31536000; includeSubDomains")
    );
}

#[tokio::test]
async fn picture_may_be_shown_elsewhere_and_nothing_else() {
    let site = Site::open_with(|config| {
        let root = &config.leptos_site_root;
        std::fs::create_dir_all(root.join("pkg")).unwrap();
        std::fs::write(root.join("favicon.svg"), "<svg/>").unwrap();
        std::fs::write(root.join("pkg/start.1.js"), "start()").unwrap();
    })
    .await;
    for (path, policy) in [
        ("/favicon.svg", "cross-origin"),
        ("/pkg/start.1.js", "same-origin"),
    ] {
        let answer = site.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            Some(policy),
            "{path}"
        );
    }
}

#[tokio::test]
async fn personal_pages_are_not_cached() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    browser.check_out().await;
    let token = site
        .database
        .texts("SELECT token FROM orders")
        .await
        .remove(0);
    for (path, expected) in [
        (format!("/orders/{token}"), "private, no-store"),
        ("/orders/nothing".to_owned(), "private, no-store"),
        ("/admin/orders".to_owned(), "private, no-store"),
        ("/admin/login".to_owned(), "private, no-store"),
        ("/pkg/of-another-build.js".to_owned(), "private, no-store"),
        ("/cart".to_owned(), "private, no-store"),
        ("/".to_owned(), "no-cache"),
    ] {
        assert_eq!(
            browser.get(&path).await.header("cache-control"),
            Some(expected),
            "{path}"
        );
    }
    let answer = browser.post("/api/view_cart", &[]).await;
    assert_eq!(answer.header("cache-control"), Some("private, no-store"));
}

#[tokio::test]
async fn pages_that_are_the_same_for_all_set_no_cookie() {
    let site = Site::open().await;
    for path in [
        "/",
        "/products",
        "/products/low-water",
        "/collections/tides",
        "/nothing",
        "/healthz",
    ] {
        assert!(
            site.get(path).await.headers.get("set-cookie").is_none(),
            "{path}"
        );
    }
}
