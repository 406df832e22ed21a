use std::time::Duration;

use testkit::browser::{Answer, Browser, fields};

use crate::site::Site;

const PAID: &str = "4242424242424242";
const LINKS: &str = "SELECT COUNT(*) FROM outbox WHERE kind = 'order_link'";

/// A storefront that has sold an order to ada@example.com.
async fn sold() -> Site {
    let site = Site::open().await;
    site.deliver("before_redirect").await;
    let shopper = site.browser();
    shopper.add("low-a4-mat", "1").await;
    let pay_page = shopper.check_out().await;
    shopper.pay(&pay_page, PAID).await;
    site
}

async fn find(browser: &Browser, number: &str, email: &str) -> Answer {
    let form = [("number", number), ("email", email)];
    browser.post("/orders/find", &form).await
}

async fn until(site: &Site, wanted: i64) {
    let arrived = async {
        while site.database.number(LINKS).await != wanted {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), arrived)
        .await
        .unwrap();
}

#[tokio::test]
async fn link_to_an_order_goes_by_email_and_its_answer_tells_nothing() {
    let site = sold().await;
    let browser = site.browser();
    let mut answers = Vec::new();
    for (number, email) in [("1001", "eve@example.com"), ("9999", "ada@example.com")] {
        answers.push(find(&browser, number, email).await);
    }
    answers.push(find(&browser, " Order #1001 ", " ADA@Example.com").await);
    until(&site, 1).await;
    for answer in &answers {
        assert_eq!(answer.status, 303);
        assert_eq!(answer.location(), Some("/orders/find?sent=yes"));
        // All but the nonce of each rendering.
        let page = |answer: &Answer| {
            answer
                .body
                .split("<script nonce")
                .next()
                .unwrap()
                .to_owned()
        };
        assert_eq!(page(answer), page(&answers[0]));
        assert_eq!(answer.header("set-cookie"), None);
    }
    let page = browser.get("/orders/find?sent=yes").await;
    assert!(
        page.body.contains("If there is an order with this number"),
        "{}",
        page.body
    );
    // Asked for again within minutes, it is not sent again.
    find(&browser, "1001", "ada@example.com").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    until(&site, 1).await;
}

#[tokio::test]
async fn form_without_number_or_email_keeps_what_was_typed() {
    let site = Site::open().await;
    let answer = find(&site.browser(), "my <order>", "not an address").await;
    assert_eq!(answer.status, 422);
    for text in [
        "Enter the order number",
        "Enter the email address",
        "my &lt;order&gt;",
        "not an address",
        "Error: Find your order",
    ] {
        assert!(answer.body.contains(text), "{text}: {}", answer.body);
    }
    let long = "9".repeat(70_000);
    assert_eq!(
        find(&site.browser(), &long, "a@example.com").await.status,
        413
    );
    let cookies = answer.header("set-cookie").unwrap_or_default();
    assert!(!cookies.contains("address"), "{cookies}");
}

#[tokio::test]
async fn links_are_limited() {
    let site = Site::open().await;
    let browser = site.browser();
    for _ in 0..5 {
        assert_eq!(find(&browser, "1", "ada@example.com").await.status, 303);
    }
    let answer = find(&browser, "1", "ada@example.com").await;
    assert_eq!(answer.status, 429);
    assert!(answer.header("retry-after").is_some());
    assert!(answer.body.contains("Try again in"), "{}", answer.body);
    assert!(answer.body.contains("ada@example.com"), "{}", answer.body);
}

#[tokio::test]
async fn admin_sends_the_link_again() {
    let site = sold().await;
    let admin = site.admin().await;
    let page = admin.get("/admin/orders/1001").await;
    let token = fields(&page.body)
        .into_iter()
        .find(|(name, _)| name == "csrf_token")
        .unwrap()
        .1;
    let form = [("number", "1001"), ("csrf_token", token.as_str())];
    let answer = admin.post("/api/resend_order_link", &form).await;
    assert_eq!(
        answer.location(),
        Some("/admin/orders/1001?link=sent#result")
    );
    until(&site, 1).await;
    let page = admin.get("/admin/orders/1001?link=sent").await;
    assert!(page.body.contains("is on its way to the shopper"));
}

#[tokio::test]
async fn unpaid_order_is_canceled_by_its_shopper_alone_and_once() {
    let site = Site::open().await;
    let shopper = site.browser();
    shopper.add("low-a4-mat", "2").await;
    shopper.check_out().await;
    let token = site
        .database
        .texts("SELECT token FROM orders")
        .await
        .remove(0);
    let page = shopper.get(&format!("/orders/{token}")).await;
    assert!(page.body.contains("Cancel this order"));
    let answer = shopper
        .post("/api/cancel_order", &[("token", &token)])
        .await;
    let location = answer.location().unwrap();
    assert_eq!(location, format!("/orders/{token}?cancel=done"));
    let page = shopper.get(location).await;
    assert_eq!(page.order_status(), "Expired");
    assert!(
        page.body
            .contains("The order is canceled. Nothing was charged.")
    );
    assert!(!page.body.contains("Cancel this order"));
    assert_eq!(site.database.held("low-a4-mat").await, 0);
    let answer = shopper
        .post("/api/cancel_order", &[("token", &token)])
        .await;
    assert_eq!(
        answer.location().unwrap(),
        format!("/orders/{token}?cancel=refused")
    );
    let answer = shopper
        .ask("/api/cancel_order", &[("token", "nobody")])
        .await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn paid_order_is_not_canceled() {
    let site = sold().await;
    let token = site
        .database
        .texts("SELECT token FROM orders")
        .await
        .remove(0);
    let answer = site
        .browser()
        .post("/api/cancel_order", &[("token", &token)])
        .await;
    let location = answer.location().unwrap();
    assert_eq!(location, format!("/orders/{token}?cancel=refused"));
    let page = site.get(location).await;
    assert_eq!(page.order_status(), "Paid");
    assert!(page.body.contains("not waiting for its payment any more"));
}
