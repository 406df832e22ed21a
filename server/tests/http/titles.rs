use crate::site::Site;

/// Markup that would take effect in the head, in text and in an attribute.
const MARKUP: &str =
    "</title></head><form action=/api/refund_order method=post><button>\" onfocus='x' <b>&amp;";

/// The parts of it that must not stand in a page as they are.
const ACTIVE: [&str; 2] = ["<form action=/api/refund_order", "<b>&amp;"];

fn title(html: &str) -> &str {
    let (_, rest) = html.split_once("<title>").unwrap();
    rest.split_once("</title>").unwrap().0
}

#[tokio::test]
async fn text_of_the_catalog_is_never_markup() {
    let site = Site::open().await;
    for sql in [
        "UPDATE products SET title = $1, description = $1 WHERE slug = 'low-water'",
        "UPDATE collections SET title = $1, description = $1 WHERE slug = 'tides'",
    ] {
        let text = MARKUP.replace('\'', "''");
        site.database
            .run(&sql.replace("$1", &format!("'{text}'")))
            .await;
    }
    let shopper = site.browser();
    shopper.add("low-a4-mat", "1").await;
    let pay_page = shopper.check_out().await;
    site.deliver("before_redirect").await;
    shopper.pay(&pay_page, "4242424242424242").await;
    shopper.add("low-a4-mat", "1").await;
    let token = site
        .database
        .texts("SELECT token FROM orders")
        .await
        .remove(0);
    let admin = site.admin().await;
    for path in [
        "/",
        "/products",
        "/products/low-water",
        "/collections/tides",
        "/cart",
        &format!("/orders/{token}"),
        "/admin/orders/1001",
    ] {
        let page = if path.starts_with("/admin") {
            &admin
        } else {
            &shopper
        }
        .get(path)
        .await;
        assert_eq!(page.status, 200, "{path}");
        for active in ACTIVE {
            assert!(
                !page.body.contains(active),
                "{path} has {active}: {}",
                page.body
            );
        }
        assert_eq!(page.body.matches("<title>").count(), 1, "{path}");
    }
    let page = shopper.get("/products/low-water").await;
    let (_, description) = page
        .body
        .split_once("<meta name=\"description\" content=\"")
        .unwrap();
    let description = description.split('"').next().unwrap();
    assert!(
        description.ends_with("&quot; onfocus='x' &lt;b&gt;&amp;amp;"),
        "{description}"
    );
    assert!(
        title(&page.body).starts_with("&lt;/title&gt;&lt;/head&gt;&lt;form action=/api"),
        "{}",
        title(&page.body)
    );
    assert!(title(&page.body).ends_with("&amp;amp; · Plotter &amp; Press"));
}

#[tokio::test]
async fn order_number_that_is_none_names_no_page() {
    let site = Site::open().await;
    let admin = site.admin().await;
    for number in [
        "%3Cform%20action=%22..%22%3E",
        "%3Cscript%3Ealert(1)%3C!--",
        "abc",
        "1001abc",
        "9999",
        "-1",
        "99999999999999999999",
    ] {
        let page = admin.get(&format!("/admin/orders/{number}")).await;
        assert_eq!(page.status, 404, "{number}");
        assert_eq!(
            title(&page.body),
            "Page not found · Plotter &amp; Press",
            "{number}"
        );
    }
    let closing = "/admin/orders/%3C%2Ftitle%3E%3Cform%20action=%22/api/refund_order%22%3E";
    let page = admin.get(closing).await;
    assert_eq!(page.status, 404);
    assert!(!page.body.contains("<form"), "{}", page.body);
}
