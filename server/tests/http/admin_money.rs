use testkit::browser::{Answer, Browser, fields};

use crate::site::Site;

const PAID: &str = "4242424242424242";
const REFUND_PENDS: &str = "4000000000007726";
const DISPUTED: &str = "4000000000000259";
const REPORTED: &str = "4000000000005423";
const PAGE: &str = "/admin/orders/1001";
const SHIP: &str = "/api/ship_order";

/// A storefront with one paid order, 1001, of two pieces at $24.00; and its admin.
async fn sold(card: &str) -> (Site, Browser) {
    let site = Site::open().await;
    let shopper = site.browser();
    shopper.add("low-a4-mat", "2").await;
    let pay_page = shopper.check_out().await;
    site.deliver("before_redirect").await;
    shopper.pay(&pay_page, card).await;
    let admin = site.admin().await;
    admin.get_until(PAGE, "Refunds").await;
    (site, admin)
}

/// The form as the page offers it, with some fields typed over.
fn typed(page: &Answer, over: &[(&str, &str)]) -> Vec<(String, String)> {
    // The page has another form, for shipping; a browser sends one.
    let (_, refund) = page
        .body
        .split_once("action=\"/api/refund_order\"")
        .unwrap();
    let mut form = fields(refund.split("</form>").next().unwrap());
    form.push(("reason".to_owned(), "requested_by_customer".to_owned()));
    for (name, value) in over {
        form.retain(|(known, _)| known != name);
        form.push(((*name).to_owned(), (*value).to_owned()));
    }
    form
}

async fn submit(admin: &Browser, form: &[(String, String)]) -> Answer {
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let answer = admin.post("/api/refund_order", &form).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(
        answer.location().unwrap().starts_with(PAGE),
        "{:?}",
        answer.location()
    );
    answer
}

/// The form of an action as the page offers it, with some fields typed over.
fn form_for(page: &Answer, action: &str, over: &[(&str, &str)]) -> Vec<(String, String)> {
    let start = format!("action=\"{action}\"");
    let (_, form) = page.body.split_once(&start).unwrap();
    let mut form = fields(form.split("</form>").next().unwrap());
    for (name, value) in over {
        form.retain(|(known, _)| known != name);
        form.push(((*name).to_owned(), (*value).to_owned()));
    }
    form
}

async fn post(admin: &Browser, action: &str, form: &[(String, String)]) -> Answer {
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    admin.post(action, &form).await
}

/// The CSRF token of the order's page.
fn token(page: &Answer) -> String {
    let mut fields = fields(&page.body).into_iter();
    fields.find(|(name, _)| name == "csrf_token").unwrap().1
}

/// Fills in the form, sends it and follows: to the page that asks, or back to the form.
async fn ask(admin: &Browser, over: &[(&str, &str)]) -> Answer {
    let page = admin.get(PAGE).await;
    let answer = submit(admin, &typed(&page, over)).await;
    admin.get(answer.location().unwrap()).await
}

/// The same, and then the button of the page that asks.
async fn refund(admin: &Browser, over: &[(&str, &str)]) -> Answer {
    let question = ask(admin, over).await;
    let form = question_form(&question);
    assert!(
        form.iter().any(|(name, _)| name == "shown"),
        "{}",
        question.body
    );
    let answer = submit(admin, &form).await;
    admin.get(answer.location().unwrap()).await
}

/// The form of the page that asks.
fn question_form(page: &Answer) -> Vec<(String, String)> {
    let (_, form) = page
        .body
        .split_once("action=\"/api/refund_order\"")
        .unwrap();
    fields(form.split("</form>").next().unwrap())
}

/// The page that the sign-in page leads to.
fn next_of(page: &Answer) -> String {
    let mut fields = fields(&page.body).into_iter();
    fields.find(|(name, _)| name == "next").unwrap().1
}

/// The notice at the top of a page about what was asked for.
fn said(page: &Answer) -> &str {
    let (_, rest) = page.body.split_once("id=\"result\"").unwrap();
    let (tag, rest) = rest.split_once('>').unwrap();
    assert!(tag.contains("tabindex=\"-1\""), "{tag}");
    rest.split('<').next().unwrap()
}

async fn refunds(site: &Site) -> Vec<String> {
    let text = "SELECT status || ' ' || amount FROM refunds ORDER BY created_at, id";
    site.database.texts(text).await
}

#[tokio::test]
async fn admin_refunds_an_order_in_full() {
    let (site, admin) = sold(PAID).await;
    let page = admin.get(PAGE).await;
    assert!(page.body.contains("value=\"48.00\""), "{}", page.body);
    let page = refund(&admin, &[("note", "came back <torn>")]).await;
    for text in [
        ">Refunded $48.00.",
        "The shopper asked for it",
        "On this page",
        "came back &lt;torn&gt;",
        "Nothing is left to refund.",
        "$48.00 of $48.00",
    ] {
        assert!(
            page.body.contains(text),
            "the page does not say {text}: {}",
            page.body
        );
    }
    assert!(!page.body.contains("/api/refund_order"));
    assert_eq!(refunds(&site).await, ["succeeded 4800"]);
    let list = admin.get("/admin/orders").await;
    assert!(list.body.contains("data-status=\"refunded\""));
    let token = site.database.texts("SELECT token FROM orders").await;
    let shopper = site.get(&format!("/orders/{}", token[0])).await;
    assert_eq!(shopper.order_status(), "Refunded");
    assert!(shopper.body.contains("Refunded: $48.00 of $48.00"));
}

#[tokio::test]
async fn parts_are_refunded_by_amount_and_by_pieces() {
    let (site, admin) = sold(PAID).await;
    let page = refund(&admin, &[("amount", "$12.00"), ("reason", "")]).await;
    assert!(page.body.contains(">Refunded $12.00."), "{}", page.body);
    assert!(page.body.contains("value=\"36.00\""));
    assert!(page.body.contains("$12.00 of $48.00"));

    let pieces = [("pieces[0][quantity]", "1"), ("pieces[0][restocked]", "1")];
    let page = refund(&admin, &pieces).await;
    assert!(page.body.contains(">Refunded $24.00."), "{}", page.body);
    assert!(page.body.contains("value=\"12.00\""));
    assert_eq!(refunds(&site).await, ["succeeded 1200", "succeeded 2400"]);
    assert_eq!(site.database.on_hand("low-a4-mat").await, 23);
}

#[tokio::test]
async fn second_click_refunds_once() {
    let (site, admin) = sold(PAID).await;
    let form = question_form(&ask(&admin, &[("amount", "10")]).await);
    let (first, second) = tokio::join!(submit(&admin, &form), submit(&admin, &form));
    assert_eq!(first.location(), second.location());
    let third = submit(&admin, &form).await;
    let page = admin.get(third.location().unwrap()).await;
    assert!(page.body.contains("Refunded $10.00."), "{}", page.body);
    assert_eq!(refunds(&site).await, ["succeeded 1000"]);
}

#[tokio::test]
async fn invalid_refund_says_why_and_keeps_what_was_typed() {
    let (site, admin) = sold(PAID).await;
    for (over, text) in [
        (
            ("amount", "48.01"),
            "That is more than the $48.00 that can still be refunded.",
        ),
        (("amount", "9223372036854775807"), "That is not an amount."),
        (("amount", "a & b\"><i>"), "That is not an amount."),
        (("amount", "12,50"), "That is not an amount."),
        (("amount", "-5"), "The amount has to be more than zero."),
        (("amount", "12.345"), "That is not an amount."),
        (("amount", "0"), "The amount has to be more than zero."),
        (("amount", " "), "Type an amount"),
        (("pieces[0][quantity]", "3"), "more pieces than can"),
        (("pieces[0][quantity]", "-1"), "more pieces than can"),
        (("pieces[0][quantity]", "one"), "more pieces than can"),
        (
            ("pieces[0][restocked]", "1"),
            "Only pieces that are refunded",
        ),
    ] {
        let page = ask(&admin, &[over, ("note", "keep me")]).await;
        assert!(said(&page).contains(text), "{over:?} says {}", page.body);
        assert!(page.body.contains("value=\"keep me\""), "{over:?}");
        let typed = over.1.trim().replace('&', "&amp;").replace('"', "&quot;");
        let kept = format!(
            "value=\"{}\"",
            typed.replace('<', "&lt;").replace('>', "&gt;")
        );
        assert!(
            page.body.contains(&kept),
            "{kept} is not kept: {}",
            page.body
        );
        assert!(!page.body.contains("<i>"), "{over:?}");
    }
    assert!(refunds(&site).await.is_empty());
}

#[tokio::test]
async fn refund_that_takes_time_says_so() {
    let (_site, admin) = sold(REFUND_PENDS).await;
    let page = refund(&admin, &[]).await;
    assert!(
        page.body.contains("$48.00: Stripe has it; it is pending."),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn strangers_move_no_money_and_ship_nothing() {
    let (site, admin) = sold(PAID).await;
    let form = typed(&admin.get(PAGE).await, &[]);
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    for path in ["/api/refund_order", "/api/ship_order"] {
        let answer = site.browser().post(path, &form).await;
        assert_eq!(
            (answer.status.as_u16(), answer.location()),
            (303, Some(answer.location().unwrap()))
        );
        assert!(
            answer
                .location()
                .unwrap()
                .starts_with("/admin/login?next=%2Fadmin%2Forders")
        );
        let foreign = admin
            .request(reqwest::Method::POST, path)
            .header("origin", "https://evil.example")
            .form(&form);
        assert_eq!(foreign.send().await.unwrap().status(), 403, "{path}");
    }
    assert!(refunds(&site).await.is_empty());
    let shipped = "SELECT COUNT(*) FROM parcels";
    assert_eq!(site.database.number(shipped).await, 0);
    // What no page of ours sends is answered in words, too.
    for form in [
        vec![],
        vec![("number", "1001")],
        vec![("number", "x"), ("decision", "d")],
        vec![("number", "1001"), ("decision", "a b")],
        vec![("number", "9999"), ("decision", "d")],
    ] {
        let answer = admin.ask("/api/refund_order", &form).await;
        assert!(matches!(answer.status.as_u16(), 400 | 403), "{form:?}");
    }
}

#[tokio::test]
async fn disputed_payment_shows_its_deadline_and_is_not_refunded() {
    let (site, admin) = sold(DISPUTED).await;
    let page = admin.get_until(PAGE, "Answer by ").await;
    for text in [
        "fraudulent",
        "Needs an answer",
        "Answer in the Stripe Dashboard",
        "The payment is disputed",
        "$48.00",
    ] {
        assert!(
            page.body.contains(text),
            "the page does not say {text}: {}",
            page.body
        );
    }
    assert!(!page.body.contains("/api/refund_order"));
    let list = admin.get("/admin/orders").await;
    assert!(list.body.contains("Disputed: answer"));
    // From a page that was opened before the dispute.
    let token = token(&page);
    let form = [
        ("number", "1001"),
        ("csrf_token", token.as_str()),
        ("decision", "d-1"),
        ("amount", "48.00"),
    ];
    let answer = admin.post("/api/refund_order", &form).await;
    let page = admin.get(answer.location().unwrap()).await;
    assert!(page.body.contains("Nothing was refunded."));
    assert!(refunds(&site).await.is_empty());
}

#[tokio::test]
async fn shopper_sees_what_was_shipped() {
    let (site, admin) = sold(PAID).await;
    let page = admin.get(PAGE).await;
    let carrier = [("carrier", " DHL "), ("tracking_number", "00340 <1>")];
    let answer = post(&admin, SHIP, &form_for(&page, SHIP, &carrier)).await;
    assert_eq!(
        answer.location(),
        Some("/admin/orders/1001?shipping=saved#result")
    );
    let page = admin.get(answer.location().unwrap()).await;
    for text in [
        "Marked as shipped.",
        ">DHL</dd>",
        ">00340 &lt;1&gt;</dd>",
        "data-shipping=\"shipped\"",
    ] {
        assert!(page.body.contains(text), "the page does not say {text}");
    }
    let token = site.database.texts("SELECT token FROM orders").await;
    let shopper = site.get(&format!("/orders/{}", token[0])).await;
    let text = "Shipped with DHL. Tracking number: 00340 &lt;1&gt;";
    assert!(shopper.body.contains(text), "{}", shopper.body);

    // What is not paid does not leave.
    let other = site.browser();
    other.add("low-a3-mat", "1").await;
    other.check_out().await;
    let page = admin.get("/admin/orders/1002").await;
    assert!(!page.body.contains("/api/ship_order"), "{}", page.body);
    let answer = admin.post(SHIP, &[("number", "1002")]).await;
    assert_eq!(answer.status, 403);
    let shipped = "SELECT COUNT(*) FROM parcels";
    assert_eq!(site.database.number(shipped).await, 1);
}

#[tokio::test]
async fn order_is_shipped_in_parcels_by_line() {
    let (site, admin) = sold(PAID).await;
    let page = admin.get(PAGE).await;
    let first = form_for(&page, SHIP, &[("pieces[0][quantity]", "1")]);
    for _ in 0..2 {
        let answer = post(&admin, SHIP, &first).await;
        assert_eq!(
            answer.location(),
            Some("/admin/orders/1001?shipping=saved#result")
        );
    }
    let parcels = "SELECT COUNT(*) FROM parcels";
    assert_eq!(site.database.number(parcels).await, 1);
    let list = admin.get("/admin/orders").await;
    assert!(list.body.contains("Partly shipped"), "{}", list.body);
    let token = site.database.texts("SELECT token FROM orders").await;
    let order_page = format!("/orders/{}", token[0]);
    let shopper = site.get(&order_page).await;
    for text in ["A part of your order has been shipped", "Parcel 1", "1 × "] {
        assert!(shopper.body.contains(text), "no {text}: {}", shopper.body);
    }

    // What is wrong with the next parcel is said at its field, and what was typed is kept.
    for (typed, said) in [
        ("2", "from 0 to 1"),
        ("1.5", "from 0 to 1"),
        ("-1", "from 0 to 1"),
        ("0", "enter how many pieces"),
        ("", "enter how many pieces"),
    ] {
        let page = admin.get(PAGE).await;
        let over = [("pieces[0][quantity]", typed), ("carrier", "Ada & Co")];
        let answer = post(&admin, SHIP, &form_for(&page, SHIP, &over)).await;
        let page = admin.get(answer.location().unwrap()).await;
        assert!(page.body.contains("role=\"alert\""), "{typed}");
        assert!(page.body.contains(said), "{typed}: {}", page.body);
        assert!(page.body.contains("value=\"Ada &amp; Co\""), "{typed}");
        assert!(page.body.contains(&format!("value=\"{typed}\"")), "{typed}");
    }
    assert_eq!(site.database.number(parcels).await, 1);

    // The rest; then both arrive.
    let page = admin.get(PAGE).await;
    let over = [
        ("carrier", "UPS"),
        ("tracking_number", "1Z999AA10123456784"),
    ];
    post(&admin, SHIP, &form_for(&page, SHIP, &over)).await;
    let page = admin.get(PAGE).await;
    assert!(!page.body.contains(SHIP));
    let link = "https://www.ups.com/track?tracknum=1Z999AA10123456784";
    assert!(page.body.contains(link));
    assert!(site.get(&order_page).await.body.contains(link));
    const CORRECT: &str = "/api/correct_parcel";
    let over = [("carrier", "DHL"), ("tracking_number", "")];
    let answer = post(&admin, CORRECT, &form_for(&page, CORRECT, &over)).await;
    let page = admin.get(answer.location().unwrap()).await;
    assert_eq!(said(&page), "The parcel is corrected.");
    const DELIVER: &str = "/api/deliver_parcel";
    for _ in 0..2 {
        let page = admin.get(PAGE).await;
        let answer = post(&admin, DELIVER, &form_for(&page, DELIVER, &[])).await;
        let page = admin.get(answer.location().unwrap()).await;
        assert_eq!(said(&page), "Marked as delivered.");
    }
    assert!(!admin.get(PAGE).await.body.contains(DELIVER));
    let list = admin.get("/admin/orders").await;
    assert!(list.body.contains("data-shipping=\"delivered\""));
    let shopper = site.get(&order_page).await;
    assert!(shopper.body.contains("Your order has been delivered"));
}

#[tokio::test]
async fn order_that_was_refunded_meanwhile_is_not_shipped() {
    let (_site, admin) = sold(PAID).await;
    let form = form_for(&admin.get(PAGE).await, SHIP, &[]);
    refund(&admin, &[]).await;
    let answer = post(&admin, SHIP, &form).await;
    assert_eq!(
        answer.location(),
        Some("/admin/orders/1001?shipping=refused#result")
    );
    let unpaid = admin.get(answer.location().unwrap()).await;
    assert!(unpaid.body.contains("Only a paid order"));
}

#[tokio::test]
async fn admin_sees_what_stripe_delivered() {
    let (_site, admin) = sold(PAID).await;
    let page = admin.get("/admin/events").await;
    for text in [
        "checkout.session.completed",
        "Changed the order",
        "href=\"/admin/orders/1001\"",
        "evt_",
    ] {
        assert!(page.body.contains(text), "the page does not say {text}");
    }
    let beyond = admin.get("/admin/events?page=9223372036854775807").await;
    assert_eq!(beyond.status, 200);
    assert!(beyond.body.contains("Stripe has sent nothing here"));
}

#[tokio::test]
async fn refund_needs_a_review_of_amount_shopper_and_what_is_left() {
    let (site, admin) = sold(PAID).await;
    let pieces = [
        ("pieces[0][quantity]", "1"),
        ("pieces[0][restocked]", "1"),
        ("note", "torn <corner>"),
    ];
    let question = ask(&admin, &pieces).await;
    assert!(refunds(&site).await.is_empty());
    for text in [
        "Refund $24.00?",
        "<dd>$24.00</dd>",
        "ada@example.com",
        "1 of Low Water, A4 / Matte; 1 back on the shelf",
        "The shopper asked for it",
        "torn &lt;corner&gt;",
        "$24.00 of $48.00",
        ">Refund $24.00</button>",
    ] {
        assert!(
            question.body.contains(text),
            "the question does not say {text}: {}",
            question.body
        );
    }
    // One button and no field: Enter has nothing to be pressed in.
    let (_, main) = question.body.split_once("<main").unwrap();
    let (_, main) = main.split_once("</nav>").unwrap();
    assert_eq!(
        main.split("</main>")
            .next()
            .unwrap()
            .matches("<button")
            .count(),
        1
    );
    for field in ["type=\"text\"", "type=\"number\"", "<select", "<textarea"] {
        assert!(!main.contains(field), "{field}");
    }
    // The way back has what was typed.
    let (_, rest) = main.split_once("<a href=\"").unwrap();
    let back = rest.split('"').next().unwrap().replace("&amp;", "&");
    let page = admin.get(&back).await;
    assert!(
        page.body.contains("value=\"torn &lt;corner&gt;\""),
        "{}",
        page.body
    );
    assert!(page.body.contains("<details open"), "{}", page.body);
}

#[tokio::test]
async fn amount_beside_pieces_is_an_error_and_what_was_shown_is_refunded() {
    let (site, admin) = sold(PAID).await;
    let over = [("pieces[0][quantity]", "1"), ("amount", "9.00")];
    let question = ask(&admin, &over).await;
    assert!(
        question
            .body
            .contains("The chosen pieces cost $24.00. You typed another amount: $9.00"),
        "{}",
        question.body
    );
    let page = refund(&admin, &over).await;
    assert_eq!(said(&page), "Refunded $9.00.");
    assert_eq!(refunds(&site).await, ["succeeded 900"]);
}

#[tokio::test]
async fn amount_that_was_not_shown_is_asked_about_again() {
    let (site, admin) = sold(PAID).await;
    let question = ask(&admin, &[("amount", "10")]).await;
    let mut form = question_form(&question);
    for (name, value) in &mut form {
        if name == "amount" {
            "48.00".clone_into(value);
        }
    }
    let answer = submit(&admin, &form).await;
    assert!(
        answer
            .location()
            .unwrap()
            .starts_with("/admin/orders/1001/refund?")
    );
    assert!(refunds(&site).await.is_empty());
    let again = admin.get(answer.location().unwrap()).await;
    assert!(again.body.contains("Refund $48.00?"), "{}", again.body);
}

#[tokio::test]
async fn link_from_elsewhere_leads_to_the_form_and_to_no_button_that_pays() {
    let (_site, admin) = sold(PAID).await;
    let answer = submit(&admin, &typed(&admin.get(PAGE).await, &[("amount", "10")])).await;
    let ours = answer.location().unwrap().to_owned();
    let (query, code) = ours.split_once("&review=").unwrap();
    assert_eq!(admin.get(&ours).await.status, 200);
    for link in [
        "/admin/orders/1001/refund".to_owned(),
        "/admin/orders/1001/refund?decision=d-1&amount=48.00".to_owned(),
        query.to_owned(),
        ours.replace("amount=10", "amount=48"),
        format!("{query}&review={}", "0".repeat(64)),
        format!("{}&review={code}", query.replace("1001", "1002")),
    ] {
        let answer = admin.get(&link).await;
        let is_refused = answer.status == 404
            || answer
                .location()
                .is_some_and(|to| to.starts_with("/admin/orders/1001?"));
        assert!(
            is_refused,
            "{link}: {} {:?}",
            answer.status,
            answer.location()
        );
        assert!(!answer.body.contains("name=\"shown\""), "{link}");
    }
}

#[tokio::test]
async fn expired_session_keeps_what_was_typed_in_every_form() {
    let (site, admin) = sold(PAID).await;
    let page = admin.get(PAGE).await;
    let refund = typed(
        &page,
        &[
            ("amount", "12.34"),
            ("note", "50%25 & b"),
            ("pieces[0][quantity]", "1"),
        ],
    );
    let ship = [
        ("number", "1001"),
        ("carrier", "DHL & Co"),
        ("tracking_number", "00340"),
    ];
    site.database.run("DELETE FROM admin_sessions").await;
    let refund: Vec<_> = refund
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    for (path, form, kept) in [
        (
            "/api/refund_order",
            &refund[..],
            &["value=\"12.34\"", "value=\"50%25 &amp; b\"", "value=\"1\""][..],
        ),
        (
            "/api/ship_order",
            &ship,
            &["value=\"DHL &amp; Co\"", "value=\"00340\""],
        ),
    ] {
        let door = admin.post(path, form).await;
        let door = door.location().unwrap().to_owned();
        // A wrong password in between loses nothing either.
        let next = next_of(&admin.get(&door).await);
        let form = [("password", "wrong"), ("next", next.as_str())];
        let again = admin.post("/api/sign_in", &form).await;
        let again = again.location().unwrap().to_owned();
        assert!(
            again.starts_with("/admin/login?notice=wrong&next="),
            "{again} of {next}"
        );
        let next = next_of(&admin.get(&again).await);
        let form = [("password", crate::site::PASSWORD), ("next", next.as_str())];
        let answer = admin.post("/api/sign_in", &form).await;
        let page = admin.get(answer.location().unwrap()).await;
        assert_eq!(page.status, 200, "{path}");
        for value in kept {
            assert!(
                page.body.contains(value),
                "{path} lost {value}: {}",
                page.body
            );
        }
        site.database.run("DELETE FROM admin_sessions").await;
    }
    assert!(refunds(&site).await.is_empty());
}

#[tokio::test]
async fn link_to_an_order_leads_there_after_signing_in() {
    let (site, _owner) = sold(PAID).await;
    let browser = site.browser();
    let door = browser.get("/admin/orders/1001?a=b").await;
    assert_eq!(
        door.location(),
        Some("/admin/login?next=%2Fadmin%2Forders%2F1001%3Fa%3Db")
    );
    let next = next_of(&browser.get(door.location().unwrap()).await);
    let form = [("password", crate::site::PASSWORD), ("next", next.as_str())];
    let answer = browser.post("/api/sign_in", &form).await;
    assert_eq!(answer.location(), Some("/admin/orders/1001?a=b"));
    for elsewhere in [
        "//evil.example/admin/",
        "/\\evil.example",
        "https://evil.example/admin/",
        "/cart",
    ] {
        let form = [("password", crate::site::PASSWORD), ("next", elsewhere)];
        let answer = browser.post("/api/sign_in", &form).await;
        assert_eq!(answer.location(), Some("/admin/orders"), "{elsewhere}");
        let page = browser.get(&format!("/admin/login?next={elsewhere}")).await;
        assert!(!page.body.contains("evil"), "{elsewhere}");
    }
}

#[tokio::test]
async fn failed_refund_shows_in_the_list_and_on_the_order_instead_of_paid() {
    let (site, admin) = sold(PAID).await;
    refund(&admin, &[]).await;
    let id = site
        .database
        .texts("SELECT stripe_id FROM refunds")
        .await
        .remove(0);
    site.control(&format!("refunds/{id}/fail"), &[]).await;
    let page = admin.get_until(PAGE, "data-status=\"refund_failed\"").await;
    assert!(page.body.contains(">Refund failed</span>"), "{}", page.body);
    assert!(!page.body.contains("data-status=\"paid\""), "{}", page.body);
    let list = admin.get("/admin/orders").await;
    assert!(list.body.contains(">Refund failed</span>"), "{}", list.body);
    assert!(!list.body.contains("data-status=\"paid\""), "{}", list.body);
    assert_eq!(refunds(&site).await, ["failed 4800"]);
}

#[tokio::test]
async fn shipping_shows_in_the_list_and_a_reason_against_it_beside_the_button() {
    let (site, admin) = sold(PAID).await;
    let list = admin.get("/admin/orders").await;
    assert!(
        list.body.contains("data-shipping=\"to_pack\""),
        "{}",
        list.body
    );
    let page = admin.get(PAGE).await;
    assert!(!page.body.contains("Do not ship"), "{}", page.body);
    site.database
        .run("UPDATE orders SET flag = 'amount_mismatch'")
        .await;
    let list = admin.get("/admin/orders").await;
    assert!(
        list.body.contains("data-shipping=\"do_not_ship\""),
        "{}",
        list.body
    );
    let page = admin.get(PAGE).await;
    let (_, form) = page.body.split_once("action=\"/api/ship_order\"").unwrap();
    assert!(
        form.split("</form>")
            .next()
            .unwrap()
            .contains("Do not ship."),
        "{form}"
    );
    site.database.run("UPDATE orders SET flag = NULL").await;
    post(&admin, SHIP, &form_for(&page, SHIP, &[])).await;
    let list = admin.get("/admin/orders").await;
    assert!(
        list.body.contains("data-shipping=\"shipped\""),
        "{}",
        list.body
    );
}

#[tokio::test]
async fn fraud_dispute_says_do_not_ship_and_an_inquiry_says_what_it_does() {
    let (_site, admin) = sold(DISPUTED).await;
    let page = admin.get_until(PAGE, "Answer by ").await;
    assert!(
        page.body.contains("<strong>Do not ship.</strong>"),
        "{}",
        page.body
    );
    assert!(page.body.contains("the bank decides against you"));
    let list = admin.get("/admin/orders").await;
    assert!(
        list.body.contains("data-shipping=\"do_not_ship\""),
        "{}",
        list.body
    );

    let (_site, admin) = sold("4000000000001976").await;
    let page = admin.get_until(PAGE, "Answer by ").await;
    assert!(
        page.body.contains("the inquiry closes by itself"),
        "{}",
        page.body
    );
    assert!(
        !page.body.contains("the bank decides against you"),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn early_fraud_warning_says_do_not_ship_until_all_is_refunded() {
    let (site, admin) = sold(REPORTED).await;
    let page = admin.get_until(PAGE, "Early fraud warning").await;
    let (_, form) = page.body.split_once("action=\"/api/ship_order\"").unwrap();
    let form = form.split("</form>").next().unwrap();
    assert!(form.contains("Do not ship."), "{form}");
    assert!(
        form.contains("reports this payment as fraudulent"),
        "{form}"
    );
    let list = admin.get("/admin/orders").await;
    assert!(
        list.body.contains("data-shipping=\"do_not_ship\""),
        "{}",
        list.body
    );
    let reported = "SELECT COUNT(*) FROM outbox WHERE kind = 'early_fraud_warning'";
    assert_eq!(site.database.number(reported).await, 1);

    refund(&admin, &[]).await;
    let page = admin.get_until(PAGE, "Refunded or disputed").await;
    assert!(!page.body.contains("Do not ship"), "{}", page.body);
    let list = admin.get("/admin/orders").await;
    assert!(!list.body.contains("data-shipping"), "{}", list.body);
    assert_eq!(site.database.number(reported).await, 1);
}

#[tokio::test]
async fn admin_sees_emails_that_failed_and_sends_one_again() {
    let (site, admin) = sold(PAID).await;
    let page = admin.get("/admin/emails").await.body;
    assert!(page.contains("<h1>E-mails</h1>"), "{page}");
    let failed = "UPDATE outbox SET sent_at = NULL, attempts = 3, next_attempt_at = 9000000000, \
                  last_error = 'the mail server refused it (code 550)' WHERE kind = 'receipt'";
    site.database.run(failed).await;
    let page = admin.get("/admin/emails").await;
    for text in [
        "Receipt",
        "ada@example.com",
        "The mail server refused it (code 550)",
        "/admin/orders/1001",
    ] {
        assert!(page.body.contains(text), "the page does not say {text}");
    }
    let form = fields(page.body.split("/api/send_email").nth(1).unwrap());
    let forged: Vec<_> = form
        .iter()
        .map(|(name, value)| match name.as_str() {
            "csrf_token" => ("csrf_token", "forged"),
            _ => (name.as_str(), value.as_str()),
        })
        .collect();
    admin.post("/api/send_email", &forged).await;
    let waiting = "SELECT COUNT(*) FROM outbox WHERE next_attempt_at = 9000000000";
    assert_eq!(site.database.number(waiting).await, 1);

    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let answer = admin.post("/api/send_email", &form).await;
    assert_eq!(answer.location(), Some("/admin/emails?notice=sending"));
    assert_eq!(site.database.number(waiting).await, 0);
}
