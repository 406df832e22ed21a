use testkit::browser::{Answer, Browser, fields};

use crate::site::Site;

const FILE: &str = "/admin/packing/orders.csv";
const PAGE: &str = "/admin/packing";

/// A storefront with two paid orders, 1001 and 1002; and its admin.
async fn sold() -> (Site, Browser) {
    let site = Site::open().await;
    for quantity in ["2", "1"] {
        let shopper = site.browser();
        shopper.add("low-a4-mat", quantity).await;
        let pay_page = shopper.check_out().await;
        site.deliver("before_redirect").await;
        shopper.pay(&pay_page, "4242424242424242").await;
    }
    let admin = site.admin().await;
    admin.get_until("/admin/orders/1002", "Refunds").await;
    (site, admin)
}

/// The last form of the page for an action, with some fields typed over.
fn form(page: &Answer, over: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = Vec::new();
    let mut tokens = fields(&page.body).into_iter();
    form.extend(tokens.rfind(|(name, _)| name == "csrf_token"));
    for (name, value) in over {
        form.push(((*name).to_owned(), (*value).to_owned()));
    }
    form
}

async fn send(admin: &Browser, form: &[(String, String)]) -> Answer {
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    admin.post(PAGE, &form).await
}

#[tokio::test]
async fn file_of_what_is_to_ship_is_for_the_admin_alone() {
    let (site, admin) = sold().await;
    for path in [FILE, PAGE, "/admin/orders/1001/packing-slip"] {
        let stranger = site.get(path).await;
        assert_eq!(stranger.status, 303, "{path}");
        assert!(stranger.location().unwrap().starts_with("/admin/login"));
    }
    let posted = site.browser().post(PAGE, &[("rows", "x")]).await;
    assert!(posted.location().unwrap().starts_with("/admin/login"));
    let file = admin.get(FILE).await;
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(
        file.header("content-disposition"),
        Some("attachment; filename=\"to-ship.csv\"")
    );
    assert!(file.header("cache-control").unwrap().contains("no-store"));
    assert_eq!(file.body.lines().count(), 3, "{}", file.body);
    assert!(file.body.lines().nth(1).unwrap().starts_with("1001,"));
    site.database
        .run("UPDATE order_lines SET title = '=HYPERLINK(\"http://evil\")'")
        .await;
    let file = admin.get(FILE).await;
    assert!(!file.body.contains(",="), "{}", file.body);
}

#[tokio::test]
async fn tracking_numbers_are_checked_and_then_imported_once() {
    let (site, admin) = sold().await;
    let page = admin.get(PAGE).await;
    assert!(
        page.body.contains("2 orders are to be packed."),
        "{}",
        page.body
    );
    let parcels = "SELECT COUNT(*) FROM parcels";

    // What is wrong is said by line, and the rows are kept.
    let rows = "order_number,tracking_number\n1001,111111\n9999,</textarea><b>2";
    let wrong = send(&admin, &form(&page, &[("rows", rows)])).await;
    assert_eq!(wrong.status, 422);
    for text in [
        "Line 3",
        "There is no order 9999.",
        "9999,&lt;/textarea&gt;&lt;b&gt;2",
        "role=\"alert\"",
    ] {
        assert!(wrong.body.contains(text), "no {text}: {}", wrong.body);
    }
    let empty = send(&admin, &form(&page, &[("rows", " ")])).await;
    assert_eq!(empty.status, 422);
    assert!(empty.body.contains("Choose a file"));

    let rows = "order_number,carrier,tracking_number\n1001,DHL,00340433\n1002,DHL,00340434";
    let checked = send(&admin, &form(&page, &[("rows", rows)])).await;
    assert_eq!(checked.status, 200);
    assert!(
        checked.body.contains("Parcels to send: 2."),
        "{}",
        checked.body
    );
    assert!(checked.body.contains("Import 2 parcels"));
    assert_eq!(site.database.number(parcels).await, 0);
    let confirmed = form(&page, &[("rows", rows), ("confirmed", "yes")]);
    let done = send(&admin, &confirmed).await;
    assert!(
        done.body.contains("Imported. Parcels sent: 2."),
        "{}",
        done.body
    );
    let again = send(&admin, &confirmed).await;
    assert!(again.body.contains("Known already: 2."), "{}", again.body);
    assert_eq!(site.database.number(parcels).await, 2);
    assert_eq!(admin.get(FILE).await.body.lines().count(), 1);
    assert!(
        admin
            .get(PAGE)
            .await
            .body
            .contains("Nothing is to be packed.")
    );
}

#[tokio::test]
async fn import_without_the_token_of_its_form_changes_nothing() {
    let (site, admin) = sold().await;
    let rows = "order_number,tracking_number\n1001,111111";
    let order_page = admin.get("/admin/orders/1001").await;
    let of_order = form(&order_page, &[("rows", rows), ("confirmed", "yes")]);
    let none = vec![("rows".to_owned(), rows.to_owned())];
    for form in [of_order, none] {
        let answer = send(&admin, &form).await;
        assert_eq!(answer.status, 403);
        assert!(answer.body.contains("Nothing was imported"));
    }
    let parcels = "SELECT COUNT(*) FROM parcels";
    assert_eq!(site.database.number(parcels).await, 0);
}

#[tokio::test]
async fn packing_slip_lists_what_is_left_or_what_is_in_a_parcel() {
    let (_site, admin) = sold().await;
    const SLIP: &str = "/admin/orders/1001/packing-slip";
    let slip = admin.get(SLIP).await;
    assert_eq!(slip.status, 200);
    assert!(slip.body.contains("Packing slip for order 1001"));
    assert!(slip.body.contains("LOW-A4-MAT"), "{}", slip.body);
    let page = admin.get("/admin/orders/1001").await;
    assert!(page.body.contains(SLIP));
    let (_, ship) = page.body.split_once("action=\"/api/ship_order\"").unwrap();
    let ship = fields(ship.split("</form>").next().unwrap());
    let ship: Vec<_> = ship
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    admin.post("/api/ship_order", &ship).await;
    let slip = admin.get(SLIP).await;
    assert!(slip.body.contains("Nothing is left to pack"));
    let page = admin.get("/admin/orders/1001").await;
    let (_, rest) = page.body.split_once("packing-slip?parcel=").unwrap();
    let parcel = rest.split('"').next().unwrap();
    let slip = admin.get(&format!("{SLIP}?parcel={parcel}")).await;
    assert!(slip.body.contains("LOW-A4-MAT"), "{}", slip.body);
    assert_eq!(
        admin.get("/admin/orders/9999/packing-slip").await.status,
        404
    );
    assert_eq!(admin.get("/admin/orders/x/packing-slip").await.status, 404);
}

#[tokio::test]
async fn slip_of_a_gift_has_the_address_and_no_prices() {
    let (site, admin) = sold().await;
    const SLIP: &str = "/admin/orders/1001/packing-slip";
    let slip = admin.get(SLIP).await.body;
    let (_, content) = slip.split_once("<h1>").unwrap();
    assert!(content.contains("$24.00"), "{content}");
    let id = "(SELECT id FROM orders WHERE number = 1001)";
    for sql in [
        "UPDATE orders SET has_details = 1 WHERE number = 1001".to_owned(),
        format!(
            "INSERT INTO order_details (order_id, amount_subtotal, amount_tax_relief, prices_include_tax, country, \
                                        is_gift, newsletter) VALUES ({id}, 4800, 0, 0, 'PT', 1, 0)"
        ),
        format!(
            "INSERT INTO order_addresses (order_id, name, line1, city, postal_code, country, phone) \
             VALUES ({id}, 'In\u{ea}s <b>', '=Rua 1', 'Lisboa', '1100-148', 'PT', '+351 123')"
        ),
    ] {
        site.database.run(&sql).await;
    }
    let slip = admin.get(SLIP).await.body;
    let (_, content) = slip.split_once("<h1>").unwrap();
    assert!(!content.contains('$'), "{content}");
    for text in ["In\u{ea}s &lt;b&gt;", "1100-148", "Lisboa", "Portugal"] {
        assert!(content.contains(text), "no {text}: {content}");
    }
    let file = admin.get(FILE).await.body;
    let row = file.lines().nth(1).unwrap();
    assert!(
        row.contains("In\u{ea}s <b>,,\"'=Rua 1\",,Lisboa,,1100-148,PT,+351 123,,yes,"),
        "{row}"
    );
}

#[tokio::test]
async fn email_of_an_order_is_sent_again_from_its_page() {
    let (site, admin) = sold().await;
    site.database.run("UPDATE outbox SET sent_at = 1").await;
    let page = admin.get("/admin/orders/1001").await;
    let (_, repeat) = page
        .body
        .split_once("action=\"/api/repeat_email\"")
        .unwrap();
    let repeat = fields(repeat.split("</form>").next().unwrap());
    let repeat: Vec<_> = repeat
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let emails = "SELECT COUNT(*) FROM outbox";
    let before = site.database.number(emails).await;
    let answer = admin.post("/api/repeat_email", &repeat).await;
    let page = admin.get(answer.location().unwrap()).await;
    assert!(page.body.contains("It is sent again."), "{}", page.body);
    assert_eq!(site.database.number(emails).await, before + 1);
    let stranger = site.browser().post("/api/repeat_email", &repeat).await;
    assert!(stranger.location().unwrap().starts_with("/admin/login"));
    assert_eq!(site.database.number(emails).await, before + 1);
}
