use testkit::browser::{Answer, Browser, fields};

use crate::site::Site;

const PAID: &str = "4242424242424242";

/// Ada in New York, as she fills in the form; two prints at 24 dollars and Standard delivery.
const ADA: [(&str, &str); 9] = [
    ("email", "ada@example.com"),
    ("country", "US"),
    ("name", "Ada Lovelace"),
    ("address-line1", "1 Main Street"),
    ("address-level2", "New York"),
    ("address-level1", "NY"),
    ("postal-code", "10001"),
    ("delivery", "standard"),
    ("total", "5770"),
];

/// A shop with zones, taxes and codes, and a shopper with two prints in the cart.
async fn open() -> (Site, Browser) {
    let site = Site::open().await;
    rules::write(&site.database).await;
    let browser = site.browser();
    browser.add("low-a4-mat", "2").await;
    (site, browser)
}

async fn send(browser: &Browser, action: &str, typed: &[(&str, &str)]) -> Answer {
    let form = [&[("action", action)], typed].concat();
    browser.post("/checkout", &form).await
}

/// Ada's form with other values; those without a value are left out.
fn ada(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let is_changed = |name: &str| changes.iter().any(|(changed, _)| *changed == name);
    let kept = ADA.into_iter().filter(|(name, _)| !is_changed(name));
    let changes = changes.iter().copied();
    kept.chain(changes.filter(|(_, value)| !value.is_empty()))
        .collect()
}

fn shown(answer: &Answer, name: &str) -> Option<String> {
    let fields = fields(&answer.body);
    let found = fields.into_iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value)
}

#[tokio::test]
async fn cart_that_is_shipped_or_taxed_is_asked_for_an_address_and_paid_with_it() {
    let (site, browser) = open().await;
    let answer = browser.post("/api/start_checkout", &[]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (303, Some("/checkout"))
    );
    assert_eq!(
        site.database.number("SELECT COUNT(*) FROM orders").await,
        0,
        "nothing is held before the address is known"
    );
    let page = browser.get("/checkout").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    assert!(page.body.contains("Choose a country to see"));

    let answer = send(&browser, "pay", &ADA).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let pay_page = answer.location().unwrap().to_owned();
    assert!(pay_page.contains("/c/pay/cs_test_"), "{pay_page}");
    assert!(
        browser.get(&pay_page).await.body.contains("$57.70"),
        "the pay page asks for the same total"
    );
    site.deliver("before_redirect").await;
    let order_page = browser.pay(&pay_page, PAID).await;
    let order_page = order_page.location().unwrap();
    let order_page = order_page.strip_prefix(site.base.as_str()).unwrap();
    let page = browser.get_until(order_page, ">Paid<").await;
    for text in [
        "$48.00",
        "Delivery: Standard",
        "$5.00",
        "Sales tax (8.875\u{a0}%)",
        "$4.70",
        "$57.70",
        "Ada Lovelace",
        "1 Main Street",
        "New York, NY 10001",
        "United States",
        "3 to 5 working days",
    ] {
        assert!(page.body.contains(text), "the order page lacks {text}");
    }
    let number = site.database.number("SELECT number FROM orders").await;
    let admin = site.admin().await;
    let page = admin.get(&format!("/admin/orders/{number}")).await;
    for text in [
        "New York, NY 10001",
        "$4.70",
        "$57.70",
        "Delivery: Standard",
    ] {
        assert!(page.body.contains(text), "the admin's page lacks {text}");
    }
}

#[tokio::test]
async fn delivery_alone_is_refunded_with_its_tax_and_once() {
    let (site, browser) = open().await;
    site.deliver("before_redirect").await;
    let answer = send(&browser, "pay", &ADA).await;
    browser.pay(answer.location().unwrap(), PAID).await;
    let admin = site.admin().await;
    let page = admin.get("/admin/orders/1001").await;
    assert!(page.body.contains("The delivery, $5.44"), "{}", page.body);
    let form = page.body.split("action=\"/api/refund_order\"").nth(1);
    let mut form = fields(form.unwrap());
    form.retain(|(name, _)| {
        matches!(
            name.as_str(),
            "number" | "csrf_token" | "decision" | "offered" | "amount"
        )
    });
    form.push(("shipping".to_owned(), "yes".to_owned()));
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let question = admin.post("/api/refund_order", &form).await;
    let question = admin.get(question.location().unwrap()).await;
    assert!(question.body.contains("Refund $5.44?"), "{}", question.body);
    let form = question.body.split("action=\"/api/refund_order\"").nth(1);
    let form = fields(form.unwrap());
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let result = admin.post("/api/refund_order", &form).await;
    let page = admin.get(result.location().unwrap()).await;
    assert!(page.body.contains("Refunded $5.44."), "{}", page.body);
    assert!(!page.body.contains("The delivery, $5.44"));
}

#[tokio::test]
async fn empty_or_changed_cart_leads_to_the_cart() {
    let (site, browser) = open().await;
    let empty = site.browser();
    for answer in [
        empty.get("/checkout").await,
        send(&empty, "pay", &ADA).await,
        send(&empty, "update", &ADA).await,
    ] {
        assert_eq!(
            (answer.status.as_u16(), answer.location()),
            (303, Some("/cart"))
        );
    }
    browser.get("/cart").await;
    site.database
        .run("UPDATE variants SET unit_amount = 2500 WHERE id = 'low-a4-mat'")
        .await;
    let answer = send(&browser, "pay", &ADA).await;
    assert_eq!(answer.location(), Some("/cart?notice=review"));
    assert_eq!(site.database.number("SELECT COUNT(*) FROM orders").await, 0);
}

#[tokio::test]
async fn problems_are_said_at_their_fields_and_what_was_typed_is_kept() {
    let (site, browser) = open().await;
    let typed = ada(&[
        ("email", "nobody"),
        ("name", "مطبوعة \"<b>\" 🎨"),
        ("address-line1", ""),
        ("postal-code", "1"),
        ("vat_number", "DE1"),
        ("code", "nothing"),
        ("note", "  Ring <twice></textarea><form id=forged>"),
        ("gift", "yes"),
    ]);
    let answer = send(&browser, "pay", &typed).await;
    assert_eq!(answer.status, 422);
    for text in [
        "Error: Checkout",
        "href=\"#email\"",
        "href=\"#address-line1\"",
        "href=\"#vat_number\"",
        "href=\"#code\"",
        "id=\"email-problem\"",
        "There is no such code.",
        "Usually it looks like 95014.",
        "Ring &lt;twice>&lt;/textarea>&lt;form id=forged>",
    ] {
        assert!(answer.body.contains(text), "{text}: {}", answer.body);
    }
    assert!(!answer.body.contains("href=\"#name\""));
    let name = shown(&answer, "name");
    assert_eq!(name.as_deref(), Some("مطبوعة \"<b>\" 🎨"));
    assert_eq!(shown(&answer, "gift").as_deref(), Some("yes"));
    assert_eq!(shown(&answer, "newsletter"), None, "it is unticked");
    assert_eq!(site.database.number("SELECT COUNT(*) FROM orders").await, 0);
}

#[tokio::test]
async fn another_total_than_the_button_said_is_asked_about() {
    let (site, browser) = open().await;
    site.database
        .run("UPDATE tax_rates SET rate = 100000")
        .await;
    let answer = send(&browser, "pay", &ADA).await;
    assert_eq!(answer.status, 422);
    assert!(
        answer
            .body
            .contains("The total is $58.30 now; it was $57.70. Nothing was charged."),
        "{}",
        answer.body
    );
    assert_eq!(shown(&answer, "total").as_deref(), Some("5830"));
    assert_eq!(site.database.number("SELECT COUNT(*) FROM orders").await, 0);
    let answer = send(&browser, "pay", &ada(&[("total", "5830")])).await;
    assert_eq!(answer.status, 303);
    // What was agreed holds for that order.
    site.database.run("DELETE FROM tax_rates").await;
    assert_eq!(
        site.database
            .number("SELECT amount_total FROM orders")
            .await,
        5830
    );
}

#[tokio::test]
async fn update_shows_what_it_costs_and_changes_nothing() {
    let (site, browser) = open().await;
    for (changes, texts) in [
        (
            &[("delivery", "express")][..],
            &["Delivery: Express", "Pay $68.59"][..],
        ),
        (
            &[("country", "DE"), ("delivery", "")],
            &[
                "Delivery: International",
                "Pay $67.00",
                "name=\"postal-code\"",
            ],
        ),
        (
            &[("country", "JP")],
            &["We do not deliver to Japan.", "Show delivery and total"],
        ),
        (
            &[("country", "")],
            &["Choose a country to see", "Show delivery and total"],
        ),
        (
            &[("code", " welcome 10 ")],
            &["Welcome (WELCOME10)", "−$4.80", "Pay $52.48"],
        ),
        (
            &[("delivery", "gone")],
            &["The delivery that you chose is not offered", "Pay $57.70"],
        ),
    ] {
        let answer = send(&browser, "update", &ada(changes)).await;
        assert_eq!(answer.status, 200, "{changes:?}");
        for text in texts {
            assert!(
                answer.body.contains(text),
                "{changes:?} {text}: {}",
                answer.body
            );
        }
    }
    assert_eq!(site.database.number("SELECT COUNT(*) FROM orders").await, 0);
}

#[tokio::test]
async fn typed_form_is_kept_sealed_and_forgotten_on_demand() {
    let (_site, browser) = open().await;
    let answer = send(&browser, "update", &ADA).await;
    let cookie = answer.cookie("checkout").unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    for typed in ["Ada", "ada", "Main", "10001"] {
        assert!(!cookie.contains(typed), "{cookie}");
    }
    let page = browser.get("/checkout").await;
    assert_eq!(shown(&page, "name").as_deref(), Some("Ada Lovelace"));
    let answer = send(&browser, "forget", &[]).await;
    assert_eq!(answer.location(), Some("/checkout?forgotten=yes"));
    let page = browser.get("/checkout?forgotten=yes").await;
    assert!(page.body.contains("What you typed is forgotten."));
    assert_eq!(shown(&page, "name").as_deref(), Some(""));
    // What nobody sealed is nothing.
    let forged = browser
        .request(reqwest::Method::GET, "/checkout")
        .header("cookie", "checkout=name%3DEve; cart=low-a4-mat.2");
    let page = Answer::of(forged.send().await.unwrap()).await;
    assert_eq!(shown(&page, "name").as_deref(), Some(""));
}

#[tokio::test]
async fn longest_form_is_answered_and_a_longer_one_refused() {
    let (_site, browser) = open().await;
    let (line, note) = ("👩🏽‍🎨".repeat(60), "ö".repeat(1000));
    let typed = [
        ("email", "ada@example.com"),
        ("country", "US"),
        ("name", line.as_str()),
        ("address-line1", &line),
        ("address-line2", &line),
        ("address-level2", &line),
        ("note", &note),
    ];
    let answer = send(&browser, "update", &typed).await;
    assert_eq!(answer.status, 200);
    assert_eq!(shown(&answer, "address-line2"), Some(line));
    let long = "9".repeat(70_000);
    let answer = send(&browser, "update", &[("name", &long)]).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn order_of_nothing_is_placed_without_a_payment() {
    let (site, browser) = open().await;
    browser.get("/cart").await;
    let typed = ada(&[("delivery", "pickup"), ("code", "FREE"), ("total", "0")]);
    let answer = send(&browser, "update", &typed).await;
    assert!(
        answer.body.contains("Place order, nothing to pay"),
        "{}",
        answer.body
    );
    let answer = send(&browser, "pay", &typed).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let order_page = answer.location().unwrap();
    assert!(order_page.starts_with("/orders/"), "{order_page}");
    let page = browser.get(order_page).await;
    assert_eq!(page.order_status(), "Paid");
    assert!(page.body.contains("1 Main Street"));
    let sold = "SELECT on_hand FROM variants WHERE id = 'low-a4-mat' AND held = 0";
    assert_eq!(site.database.number(sold).await, 22);
}

#[tokio::test]
async fn address_is_in_no_address_of_a_page() {
    let (_site, browser) = open().await;
    let answers = [
        send(&browser, "update", &ADA).await,
        send(&browser, "pay", &ada(&[("total", "1")])).await,
        send(&browser, "pay", &ADA).await,
    ];
    for answer in answers {
        let location = answer.location().unwrap_or_default();
        assert!(!location.contains("Ada") && !location.contains("ada"));
    }
}

/// Zones, taxes and codes of a shop in the United States.
mod rules {
    use testkit::database::Database;

    const STATEMENTS: [&str; 7] = [
        "INSERT INTO shipping_zones (id, name, places, position) VALUES ('home', 'Home', 'US', 0)",
        "INSERT INTO shipping_zones (id, name, places, position) VALUES ('abroad', 'Abroad', 'DE FR', 1)",
        "INSERT INTO shipping_rates (id, zone_id, name, delivery_time, price_by, price, is_pickup, position) VALUES \
         ('standard', 'home', 'Standard', '3 to 5 working days', 'flat', '500', 0, 0), \
         ('express', 'home', 'Express', '1 working day', 'flat', '1500', 0, 1), \
         ('pickup', 'home', 'At the shop', '', 'flat', '0', 0, 2)",
        "INSERT INTO shipping_rates (id, zone_id, name, delivery_time, price_by, price, is_pickup, position) VALUES \
         ('international', 'abroad', 'International', '5 to 10 working days', 'flat', '1900', 0, 0)",
        "INSERT INTO tax_rates (id, name, place, rate, position) VALUES ('ny', 'Sales tax', 'US-NY', 88750, 0)",
        "INSERT INTO discounts (id, title, code, kind, value) VALUES ('welcome', 'Welcome', 'WELCOME10', 'percent', 100000)",
        "INSERT INTO discounts (id, title, code, kind, value) VALUES ('free', 'Free', 'FREE', 'percent', 1000000)",
    ];

    pub(super) async fn write(database: &Database) {
        for statement in STATEMENTS {
            database.run(statement).await;
        }
    }
}
