use leptos::server_fn::axum::server_fn_paths;
use testkit::browser::{Browser, fields};

use crate::site::Site;

/// Actions that anybody may ask for. Every other one is the admin's, and asks for a CSRF token.
const OF_ANYBODY: [&str; 9] = [
    "/api/cancel_order",
    "/api/view_cart",
    "/api/add_to_cart",
    "/api/set_quantity",
    "/api/remove_line",
    "/api/start_checkout",
    "/api/order_progress",
    "/api/sign_in",
    "/api/sign_out",
];

/// A storefront with two paid orders, and its admin.
async fn sold() -> (Site, Browser) {
    let site = Site::open().await;
    site.deliver("before_redirect").await;
    for _ in 0..2 {
        let shopper = site.browser();
        shopper.add("low-a4-mat", "1").await;
        let pay_page = shopper.check_out().await;
        shopper.pay(&pay_page, "4242424242424242").await;
    }
    let admin = site.admin().await;
    (site, admin)
}

/// The CSRF token that a page of the admin's gives.
async fn token(admin: &Browser, path: &str) -> String {
    let page = admin.get(path).await;
    let mut fields = fields(&page.body).into_iter();
    fields.find(|(name, _)| name == "csrf_token").unwrap().1
}

async fn changes(site: &Site) -> i64 {
    let changes = "SELECT (SELECT COUNT(*) FROM refunds) + \
                   (SELECT COUNT(*) FROM parcels)";
    site.database.number(changes).await
}

#[tokio::test]
async fn form_of_the_admin_without_a_token_is_refused() {
    let (site, admin) = sold().await;
    let mut refused = Vec::new();
    for (path, _) in server_fn_paths().filter(|(path, _)| !OF_ANYBODY.contains(path)) {
        let form = [
            ("number", "1001"),
            ("decision", "d-1"),
            ("amount", "1.00"),
            ("shown", "1.00"),
        ];
        for answer in [admin.post(path, &form).await, admin.ask(path, &form).await] {
            assert_eq!(answer.status, 403, "{path}");
            assert_eq!(answer.location(), None, "{path}");
        }
        refused.push(path);
    }
    assert!(refused.contains(&"/api/refund_order") && refused.contains(&"/api/ship_order"));
    assert_eq!(changes(&site).await, 0);
}

#[tokio::test]
async fn form_with_the_token_of_another_order_or_session_changes_nothing() {
    let (site, admin) = sold().await;
    let of_1001 = token(&admin, "/admin/orders/1001").await;
    let of_1002 = token(&admin, "/admin/orders/1002").await;
    let second = site.admin().await;
    let of_second = token(&second, "/admin/orders/1001").await;
    assert!(of_1001 != of_1002 && of_1001 != of_second);
    let longer = format!("{of_1001}00");
    let wrong = [
        of_1002.as_str(),
        &of_second,
        &of_1001[2..],
        &longer,
        "x",
        "é",
    ];
    for token in wrong {
        for path in ["/api/refund_order", "/api/ship_order"] {
            let form = [
                ("number", "1001"),
                ("csrf_token", token),
                ("decision", "d-1"),
                ("amount", "1.00"),
                ("shown", "1.00"),
            ];
            let answer = admin.post(path, &form).await;
            let to = answer.location().unwrap();
            assert!(to.starts_with("/admin/orders/1001"), "{path}: {to}");
            let page = admin.get(to).await;
            assert!(page.body.contains("was from before you signed in"), "{to}");
        }
    }
    assert_eq!(changes(&site).await, 0);
    let form = [
        ("number", "1001"),
        ("csrf_token", of_1001.as_str()),
        ("parcel", "p-1"),
        ("pieces[0][variant]", "low-a4-mat"),
        ("pieces[0][quantity]", "1"),
    ];
    admin.post("/api/ship_order", &form).await;
    assert_eq!(changes(&site).await, 1);
}

#[tokio::test]
async fn token_does_not_survive_its_session() {
    let (site, admin) = sold().await;
    let token = token(&admin, "/admin/orders/1001").await;
    admin.post("/api/sign_out", &[]).await;
    let form = [("number", "1001"), ("csrf_token", token.as_str())];
    let answer = admin.post("/api/ship_order", &form).await;
    assert!(answer.location().unwrap().starts_with("/admin/login"));
    assert_eq!(changes(&site).await, 0);
}
