use crate::browser::{Answer, Browser, fields};
use crate::site::Site;

const PAID: &str = "4242424242424242";
const REFUND_PENDS: &str = "4000000000007726";
const DISPUTED: &str = "4000000000000259";
const PAGE: &str = "/admin/orders/1001";

/// A storefront with one paid order, 1001, of two pieces at $24.00; and its owner.
async fn sold(card: &str) -> (Site, Browser) {
    let site = Site::open().await;
    let shopper = site.browser();
    shopper.add("low-a4-mat", "2").await;
    let pay_page = shopper.check_out().await;
    site.deliver("before_redirect").await;
    shopper.pay(&pay_page, card).await;
    let owner = site.owner().await;
    owner.get_until(PAGE, "Refunds").await;
    (site, owner)
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

async fn submit(owner: &Browser, form: &[(String, String)]) -> Answer {
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let answer = owner.post("/api/refund_order", &form).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(
        answer.location().unwrap().starts_with(PAGE),
        "{:?}",
        answer.location()
    );
    answer
}

/// The CSRF token of the order's page.
fn token(page: &Answer) -> String {
    let mut fields = fields(&page.body).into_iter();
    fields.find(|(name, _)| name == "csrf_token").unwrap().1
}

/// Fills in the form, sends it and follows.
async fn refund(owner: &Browser, over: &[(&str, &str)]) -> Answer {
    let page = owner.get(PAGE).await;
    let answer = submit(owner, &typed(&page, over)).await;
    owner.get(answer.location().unwrap()).await
}

async fn refunds(site: &Site) -> Vec<String> {
    let text = "SELECT status || ' ' || amount FROM refunds ORDER BY created_at, id";
    site.database.texts(text).await
}

#[tokio::test]
async fn the_owner_refunds_an_order_in_full() {
    let (site, owner) = sold(PAID).await;
    let page = owner.get(PAGE).await;
    assert!(page.body.contains("value=\"48.00\""), "{}", page.body);
    let page = refund(&owner, &[("note", "came back <torn>")]).await;
    for words in [
        "role=\"status\" class=\"notice is-good\">Refunded $48.00.",
        "The shopper asked for it",
        "On this page",
        "came back &lt;torn&gt;",
        "Nothing is left to refund.",
        "$48.00 of $48.00",
    ] {
        assert!(
            page.body.contains(words),
            "the page does not say {words}: {}",
            page.body
        );
    }
    assert!(!page.body.contains("/api/refund_order"));
    assert_eq!(refunds(&site).await, ["succeeded 4800"]);
    let list = owner.get("/admin/orders").await;
    assert!(list.body.contains("data-status=\"refunded\""));
    let token = site.database.texts("SELECT token FROM orders").await;
    let shopper = site.get(&format!("/orders/{}", token[0])).await;
    assert_eq!(shopper.order_status(), "Refunded");
    assert!(shopper.body.contains("Refunded: $48.00 of $48.00"));
}

#[tokio::test]
async fn parts_are_refunded_by_amount_and_by_pieces() {
    let (site, owner) = sold(PAID).await;
    let page = refund(&owner, &[("amount", "$12.00"), ("reason", "")]).await;
    assert!(page.body.contains(">Refunded $12.00."), "{}", page.body);
    assert!(page.body.contains("value=\"36.00\""));
    assert!(page.body.contains("$12.00 of $48.00"));

    let pieces = [("pieces[0][quantity]", "1"), ("pieces[0][restocked]", "1")];
    let page = refund(&owner, &pieces).await;
    assert!(page.body.contains(">Refunded $24.00."), "{}", page.body);
    assert!(page.body.contains("value=\"12.00\""));
    assert_eq!(refunds(&site).await, ["succeeded 1200", "succeeded 2400"]);
    let on_hand = "SELECT on_hand FROM variants WHERE id = 'low-a4-mat'";
    assert_eq!(site.database.number(on_hand).await, 23);
}

#[tokio::test]
async fn a_second_click_refunds_once() {
    let (site, owner) = sold(PAID).await;
    let form = typed(&owner.get(PAGE).await, &[("amount", "10")]);
    let (first, second) = tokio::join!(submit(&owner, &form), submit(&owner, &form));
    assert_eq!(first.location(), second.location());
    let third = submit(&owner, &form).await;
    let page = owner.get(third.location().unwrap()).await;
    assert!(page.body.contains("Refunded $10.00."), "{}", page.body);
    assert_eq!(refunds(&site).await, ["succeeded 1000"]);
}

#[tokio::test]
async fn what_cannot_be_refunded_is_said_and_what_was_typed_is_kept() {
    let (site, owner) = sold(PAID).await;
    for (over, words) in [
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
        let page = refund(&owner, &[over, ("note", "keep me")]).await;
        let alert = page.body.split("role=\"alert\"").nth(1).unwrap_or_default();
        assert!(alert.contains(words), "{over:?} says {}", page.body);
        assert!(page.body.contains("value=\"keep me\""), "{over:?}");
        if over.1 == "48.01" {
            assert!(page.body.contains("value=\"48.01\""));
        }
        assert!(!page.body.contains("<i>"), "{over:?}");
    }
    assert!(refunds(&site).await.is_empty());
}

#[tokio::test]
async fn a_refund_that_takes_time_says_so() {
    let (_site, owner) = sold(REFUND_PENDS).await;
    let page = refund(&owner, &[]).await;
    assert!(
        page.body.contains("$48.00: Stripe has it; it is pending."),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn strangers_move_no_money_and_ship_nothing() {
    let (site, owner) = sold(PAID).await;
    let form = typed(&owner.get(PAGE).await, &[]);
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    for path in ["/api/refund_order", "/api/ship_order"] {
        let answer = site.browser().post(path, &form).await;
        assert_eq!(
            (answer.status.as_u16(), answer.location()),
            (303, Some("/admin/login"))
        );
        let foreign = owner
            .request(reqwest::Method::POST, path)
            .header("origin", "https://evil.example")
            .form(&form);
        assert_eq!(foreign.send().await.unwrap().status(), 403, "{path}");
    }
    assert!(refunds(&site).await.is_empty());
    let shipped = "SELECT COUNT(*) FROM orders WHERE shipped_at IS NOT NULL";
    assert_eq!(site.database.number(shipped).await, 0);
    // What no page of ours sends is answered in words, too.
    for form in [
        vec![],
        vec![("number", "1001")],
        vec![("number", "x"), ("decision", "d")],
        vec![("number", "1001"), ("decision", "a b")],
        vec![("number", "9999"), ("decision", "d")],
    ] {
        let answer = owner.ask("/api/refund_order", &form).await;
        assert!(matches!(answer.status.as_u16(), 400 | 403), "{form:?}");
    }
}

#[tokio::test]
async fn a_disputed_payment_shows_its_deadline_and_is_not_refunded() {
    let (site, owner) = sold(DISPUTED).await;
    let page = owner.get_until(PAGE, "Answer by ").await;
    for words in [
        "fraudulent",
        "Needs an answer",
        "Answer in the Stripe Dashboard",
        "The payment is disputed",
        "$48.00",
    ] {
        assert!(
            page.body.contains(words),
            "the page does not say {words}: {}",
            page.body
        );
    }
    assert!(!page.body.contains("/api/refund_order"));
    let list = owner.get("/admin/orders").await;
    assert!(list.body.contains("Disputed: answer"));
    // From a page that was opened before the dispute.
    let token = token(&page);
    let form = [
        ("number", "1001"),
        ("csrf_token", token.as_str()),
        ("decision", "d-1"),
        ("amount", "48.00"),
    ];
    let answer = owner.post("/api/refund_order", &form).await;
    let page = owner.get(answer.location().unwrap()).await;
    assert!(page.body.contains("Nothing was refunded."));
    assert!(refunds(&site).await.is_empty());
}

#[tokio::test]
async fn the_shopper_sees_what_was_shipped() {
    let (site, owner) = sold(PAID).await;
    let token = token(&owner.get(PAGE).await);
    let form = [
        ("number", "1001"),
        ("csrf_token", token.as_str()),
        ("carrier", " DHL "),
        ("tracking_number", "00340 <1>"),
    ];
    let answer = owner.post("/api/ship_order", &form).await;
    assert_eq!(
        answer.location(),
        Some("/admin/orders/1001?shipping=saved#shipping")
    );
    let page = owner.get(answer.location().unwrap()).await;
    for words in [
        "Marked as shipped.",
        "<dd>DHL</dd>",
        "<dd>00340 &lt;1&gt;</dd>",
    ] {
        assert!(page.body.contains(words), "the page does not say {words}");
    }
    let token = site.database.texts("SELECT token FROM orders").await;
    let shopper = site.get(&format!("/orders/{}", token[0])).await;
    let words = "Shipped with DHL. Tracking number: 00340 &lt;1&gt;";
    assert!(shopper.body.contains(words), "{}", shopper.body);

    // What is not paid does not leave.
    let other = site.browser();
    other.add("low-a3-mat", "1").await;
    other.check_out().await;
    let page = owner.get("/admin/orders/1002").await;
    assert!(!page.body.contains("/api/ship_order"), "{}", page.body);
    let answer = owner.post("/api/ship_order", &[("number", "1002")]).await;
    assert_eq!(answer.status, 403);
    let shipped = "SELECT COUNT(*) FROM orders WHERE shipped_at IS NOT NULL";
    assert_eq!(site.database.number(shipped).await, 1);
}

#[tokio::test]
async fn order_that_was_refunded_meanwhile_is_not_shipped() {
    let (_site, owner) = sold(PAID).await;
    let token = token(&owner.get(PAGE).await);
    refund(&owner, &[]).await;
    let form = [("number", "1001"), ("csrf_token", token.as_str())];
    let answer = owner.post("/api/ship_order", &form).await;
    assert_eq!(
        answer.location(),
        Some("/admin/orders/1001?shipping=refused#shipping")
    );
    let unpaid = owner.get(answer.location().unwrap()).await;
    assert!(unpaid.body.contains("Only a paid order"));
}

#[tokio::test]
async fn the_owner_sees_what_stripe_delivered() {
    let (_site, owner) = sold(PAID).await;
    let page = owner.get("/admin/events").await;
    for words in [
        "checkout.session.completed",
        "Changed the order",
        "href=\"/admin/orders/1001\"",
        "evt_",
    ] {
        assert!(page.body.contains(words), "the page does not say {words}");
    }
    let beyond = owner.get("/admin/events?page=9223372036854775807").await;
    assert_eq!(beyond.status, 200);
    assert!(beyond.body.contains("Stripe has sent nothing here"));
}
