use testkit::browser::Answer;

use crate::site::Site;

const PAID: &str = "4242424242424242";
const DECLINED: &str = "4000000000000002";

/// The path of a page of ours that the pay page leads to.
fn path(site: &Site, answer: &Answer) -> String {
    assert_eq!(answer.status, 303);
    let location = answer.location().unwrap();
    location
        .strip_prefix(site.base.as_str())
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn purchase_ends_paid() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "2").await;
    browser.add("low-a3-oak", "1").await;
    browser.get("/cart").await;
    let pay_page = browser.check_out().await;
    let order_page = path(&site, &browser.pay(&pay_page, PAID).await);
    assert!(
        order_page.starts_with("/orders/") && order_page.contains("?session_id=cs_test_"),
        "{order_page}"
    );

    let page = browser.get_until(&order_page, ">Paid<").await;
    assert_eq!(page.order_status(), "Paid");
    for text in [
        "Order 1001",
        "Low Water",
        "A4 / Matte",
        "A3 / Framed oak",
        "$140.00",
        "ada@example.com",
    ] {
        assert!(
            page.body.contains(text),
            "the order page does not say {text}"
        );
    }
    assert!(
        browser
            .get("/cart")
            .await
            .body
            .contains("Your cart is empty.")
    );

    // The webhook arrives by itself, whoever was first.
    let recorded = "SELECT COUNT(*) FROM webhook_events WHERE type = 'checkout.session.completed' AND outcome IN ('applied', 'unchanged')";
    let arrived = async {
        while site.database.number(recorded).await == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(15), arrived)
        .await
        .unwrap();
    let sold = "SELECT on_hand FROM variants WHERE id = 'low-a4-mat' AND held = 0";
    assert_eq!(site.database.number(sold).await, 22);
    assert_eq!(site.database.number("SELECT COUNT(*) FROM orders").await, 1);
}

#[tokio::test]
async fn webhook_alone_pays_the_order_of_a_shopper_who_never_came_back() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    let pay_page = browser.check_out().await;
    site.deliver("before_redirect").await;
    let order_page = path(&site, &browser.pay(&pay_page, PAID).await);
    let token = order_page.split('?').next().unwrap();
    // Without the session's id the server asks nobody.
    let page = site.get(token).await;
    assert_eq!(page.order_status(), "Paid");
    assert_eq!(
        site.database
            .texts("SELECT outcome FROM webhook_events WHERE type = 'checkout.session.completed'")
            .await,
        ["applied"]
    );
}

#[tokio::test]
async fn late_webhook_does_not_delay_the_order_page() {
    let site = Site::open().await;
    site.deliver("held").await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    let pay_page = browser.check_out().await;
    let order_page = path(&site, &browser.pay(&pay_page, PAID).await);
    let token = order_page.split('?').next().unwrap();

    let waiting = site.get(token).await;
    assert_eq!(waiting.order_status(), "Waiting for payment");
    assert!(
        waiting
            .body
            .contains("<noscript><meta http-equiv=\"refresh\""),
        "without scripts it looks again by itself"
    );
    assert_eq!(browser.get(&order_page).await.order_status(), "Paid");
    assert!(
        !site
            .get(token)
            .await
            .body
            .contains("http-equiv=\"refresh\"")
    );

    site.deliver("immediate").await;
    let late = "SELECT outcome FROM webhook_events WHERE type = 'checkout.session.completed'";
    let arrived = async {
        while site.database.texts(late).await != ["unchanged"] {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(15), arrived)
        .await
        .unwrap();
}

#[tokio::test]
async fn declined_card_stays_at_the_pay_page_and_can_be_replaced() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    let pay_page = browser.check_out().await;
    let declined = browser.pay(&pay_page, DECLINED).await;
    assert_eq!(declined.location(), None);
    let token = site
        .database
        .texts("SELECT token FROM orders")
        .await
        .remove(0);
    assert_eq!(
        site.get(&format!("/orders/{token}")).await.order_status(),
        "Waiting for payment"
    );
    // The shopper looks at the cart in between; it is as it was, and leads to the same session.
    assert!(browser.get("/cart").await.body.contains("$24.00"));
    assert_eq!(browser.check_out().await, pay_page);
    let order_page = path(&site, &browser.pay(&pay_page, PAID).await);
    assert_eq!(
        browser
            .get_until(&order_page, ">Paid<")
            .await
            .order_status(),
        "Paid"
    );
}

#[tokio::test]
async fn amounts_that_a_form_brings_along_are_ignored() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "2").await;
    let form = [
        ("unit_amount", "1"),
        ("amount", "1"),
        ("price", "0.01"),
        ("line_items[0][price_data][unit_amount]", "1"),
        ("currency", "jpy"),
        ("coupon", "FREE"),
    ];
    let answer = browser.post("/api/start_checkout", &form).await;
    assert_eq!(answer.status, 303);
    assert!(
        browser
            .get(answer.location().unwrap())
            .await
            .body
            .contains("$48.00")
    );
    let session = site
        .database
        .texts("SELECT reference FROM payments")
        .await
        .remove(0);
    let reported = reqwest::Client::new()
        .get(format!("{}/v1/checkout/sessions/{session}", site.sandbox))
        .bearer_auth("sk_test_sandbox")
        .send()
        .await
        .unwrap();
    let reported: serde_json::Value = reported.json().await.unwrap();
    assert_eq!(
        (
            reported["amount_total"].as_i64(),
            reported["currency"].as_str()
        ),
        (Some(4800), Some("usd"))
    );
}

#[tokio::test]
async fn double_click_leads_to_one_session() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a2-oak", "3").await;
    browser.get("/cart").await;
    let (a, b, c) = tokio::join!(
        browser.check_out(),
        browser.check_out(),
        browser.check_out()
    );
    assert_eq!((&a, &a), (&b, &c));
    assert_eq!(site.database.number("SELECT COUNT(*) FROM orders").await, 1);
    assert_eq!(site.database.held("low-a2-oak").await, 3);
}

#[tokio::test]
async fn paid_cart_is_not_paid_again_after_a_step_back() {
    let site = Site::open().await;
    site.deliver("held").await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    let pay_page = browser.check_out().await;
    let order_page = path(&site, &browser.pay(&pay_page, PAID).await);
    // The redirect was never followed; the shopper steps back to the cart and clicks again.
    let answer = browser.post("/api/start_checkout", &[]).await;
    assert_eq!(answer.location(), order_page.split('?').next());
    assert_eq!(
        browser.get(answer.location().unwrap()).await.order_status(),
        "Paid"
    );
    assert!(
        browser
            .get("/cart")
            .await
            .body
            .contains("Your cart is empty.")
    );
    let answer = browser.post("/api/start_checkout", &[]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (303, Some("/cart"))
    );
}

#[tokio::test]
async fn paid_lines_leave_the_cart_without_a_visit_to_the_order() {
    let site = Site::open().await;
    site.deliver("before_redirect").await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    let pay_page = browser.check_out().await;
    browser.pay(&pay_page, PAID).await;
    // The shopper closed the tab on the pay page and goes on shopping.
    browser.add("low-a3-mat", "1").await;
    let cart = browser.get("/cart").await.body;
    assert!(cart.contains("You have paid for"), "{cart}");
    assert!(
        cart.contains("$38.00") && !cart.contains("$24.00"),
        "{cart}"
    );
    assert_ne!(browser.check_out().await, pay_page);
    let totals = "SELECT CAST(amount_total AS TEXT) FROM orders ORDER BY number";
    assert_eq!(site.database.texts(totals).await, ["2400", "3800"]);
}

#[tokio::test]
async fn session_that_stripe_does_not_know_is_flagged_and_the_cart_goes_on() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    let pay_page = browser.check_out().await;
    site.forget_all_sessions().await;
    assert_ne!(browser.check_out().await, pay_page);
    // It may have been paid in another account, so its piece stays held until the admin decides.
    let flags = "SELECT COALESCE(flag, '') FROM orders ORDER BY number";
    assert_eq!(site.database.texts(flags).await, ["payment_unknown", ""]);
    assert_eq!(site.database.held("low-a4-mat").await, 2);
}

#[tokio::test]
async fn visit_to_an_old_order_takes_nothing_out_of_a_new_cart() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    let pay_page = browser.check_out().await;
    let order_page = path(&site, &browser.pay(&pay_page, PAID).await);
    browser.get_until(&order_page, ">Paid<").await;
    browser.add("low-a4-mat", "2").await;
    browser.get(&order_page).await;
    assert!(browser.get("/cart").await.body.contains("$48.00"));
    // It is another purchase, too.
    assert_ne!(browser.check_out().await, pay_page);
}

#[tokio::test]
async fn line_sold_out_meanwhile_is_reported_and_the_cart_kept() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a2-oak", "3").await;
    browser.get("/cart").await;
    let other = site.browser();
    other.add("low-a2-oak", "2").await;
    other.check_out().await;
    let answer = browser.post("/api/start_checkout", &[]).await;
    assert_eq!(answer.location(), Some("/cart?notice=review"));
    let page = browser.get("/cart?notice=review").await;
    assert!(page.body.contains("Only 1 left"), "{}", page.body);
    browser.check_out().await;
}

#[tokio::test]
async fn unreachable_stripe_keeps_the_cart_and_holds_nothing() {
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let site = Site::open_with(|config| {
        config.stripe_secret_key = Some("sk_test_elsewhere".to_owned());
        config.stripe_api_base = Some(base);
    })
    .await;
    // A shop on its own key starts empty.
    site.database.run("INSERT INTO products (slug, title, description, image, image_alt, position) VALUES ('p', 'Print', '', '', '', 0)").await;
    site.database.run("INSERT INTO variants (id, product_slug, sku, unit_amount, on_hand, position) VALUES ('p', 'p', 'P', 2400, 5, 0)").await;
    let browser = site.browser();
    browser.add("p", "2").await;
    let answer = browser.post("/api/start_checkout", &[]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (303, Some("/cart?notice=checkout"))
    );
    let page = browser.get("/cart?notice=checkout").await;
    assert!(page.body.contains("Nothing was charged"));
    assert!(page.body.contains("$48.00"));
    assert_eq!(site.database.number("SELECT held FROM variants").await, 0);
}

#[tokio::test]
async fn order_page_is_followed_by_a_question_that_strangers_cannot_ask() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    browser.check_out().await;
    let token = site
        .database
        .texts("SELECT token FROM orders")
        .await
        .remove(0);
    let ask = async |token: &str| {
        browser
            .ask("/api/order_progress", &[("token", token)])
            .await
    };
    let answer = ask(&token).await;
    assert_eq!(
        (answer.status.as_u16(), answer.body.as_str()),
        (200, "\"pending\"")
    );
    for wrong in ["", "0", "nothing/../x", "\0", &token[1..]] {
        assert_eq!(ask(wrong).await.status, 404, "{wrong:?}");
    }
}
