use reqwest::Method;
use testkit::browser::{Answer, Browser};

use crate::site::Site;

/// Asks with these cookies and no others.
async fn with_cookies(site: &Site, method: Method, path: &str, cookies: &str) -> Answer {
    let request = site.browser().request(method, path);
    Answer::of(request.header("cookie", cookies).send().await.unwrap()).await
}

/// The value of a cookie that an answer sets.
fn value<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let cookie = answer.cookie(name)?;
    cookie.split(['=', ';']).nth(1)
}

/// A browser that has paid for its cart and has not looked at the cart since; its cookies, too.
async fn browser_that_paid(site: &Site) -> (Browser, Answer) {
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    let cart = browser.get("/cart").await;
    let pay_page = browser.check_out().await;
    site.deliver("before_redirect").await;
    browser.pay(&pay_page, "4242424242424242").await;
    (browser, cart)
}

#[tokio::test]
async fn cart_key_alone_gives_out_no_order_address() {
    let site = Site::open().await;
    let (browser, cart) = browser_that_paid(&site).await;
    let token = site.database.texts("SELECT token FROM orders").await;
    let key = value(&cart, "cart_key").unwrap();
    let cookies = format!("cart=low-a4-mat.1; cart_key={key}");
    for (method, path) in [
        (Method::GET, "/cart"),
        (Method::POST, "/api/start_checkout"),
        (Method::POST, "/api/view_cart"),
    ] {
        let answer = with_cookies(&site, method, path, &cookies).await;
        let headers = format!("{:?}", answer.headers);
        assert!(!answer.body.contains(&token[0]), "{path}: {}", answer.body);
        assert!(!headers.contains(&token[0]), "{path}: {headers}");
    }
    // Neither does what opens another cart's order.
    let other = site.get("/cart").await;
    let access = value(&other, "order_access").unwrap();
    let cookies = format!("{cookies}; order_access={access}");
    let answer = with_cookies(&site, Method::GET, "/cart", &cookies).await;
    assert!(answer.body.contains("You have paid for"), "{}", answer.body);
    assert!(!answer.body.contains(&token[0]), "{}", answer.body);

    let own = browser.get("/cart").await;
    assert!(
        own.body.contains(&format!("/orders/{}", token[0])),
        "{}",
        own.body
    );
}

#[tokio::test]
async fn cart_key_that_the_server_did_not_make_is_replaced() {
    let site = Site::open().await;
    let made = site.get("/cart").await;
    let made = value(&made, "cart_key").unwrap();
    assert_eq!(made.len(), 64);
    let other_end = if made.ends_with('0') { "1" } else { "0" };
    for forged in [
        // As every key was before they carried a code.
        "5d41402abc4b2a76b9719d911017c592ae2fd1bd".to_owned(),
        "mine".to_owned(),
        String::new(),
        "0".repeat(64),
        made.to_uppercase(),
        format!("{}{other_end}", &made[..63]),
        made[..63].to_owned(),
        format!("{made}0"),
    ] {
        let cookies = format!("cart=low-a4-mat.1; cart_key={forged}");
        let page = with_cookies(&site, Method::GET, "/cart", &cookies).await;
        assert_eq!(page.status, 200, "{forged}");
        assert!(page.body.contains("$24.00"), "{forged}: the cart is kept");
        let fresh = value(&page, "cart_key").unwrap();
        assert!(fresh.len() == 64 && fresh != forged, "{forged}: {fresh}");

        let path = "/api/start_checkout";
        let answer = with_cookies(&site, Method::POST, path, &cookies).await;
        assert_eq!(answer.status, 303, "{forged}");
        assert!(answer.location().unwrap().contains("/c/pay/"), "{forged}");
        let fresh = value(&answer, "cart_key").unwrap();
        let keys = site
            .database
            .texts("SELECT cart_key FROM orders ORDER BY number DESC LIMIT 1")
            .await;
        assert_eq!(keys, [fresh], "{forged}");
    }
    // One that it made is kept.
    let cookies = format!("cart=low-a4-mat.1; cart_key={made}");
    let page = with_cookies(&site, Method::GET, "/cart", &cookies).await;
    assert_eq!(page.cookie("cart_key"), None);
}

#[tokio::test]
async fn cart_keys_hold_after_a_restart() {
    let mut site = Site::open().await;
    let page = site.get("/cart").await;
    let key = value(&page, "cart_key").unwrap();
    site.stop().await.unwrap();
    site.start().await;
    let cookies = format!("cart=low-a4-mat.1; cart_key={key}");
    let page = with_cookies(&site, Method::GET, "/cart", &cookies).await;
    assert_eq!(page.cookie("cart_key"), None);
}
