use testkit::browser::Answer;

use crate::site::Site;

#[tokio::test]
async fn cart_works_as_plain_forms() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "2").await;
    browser.add("low-a4-mat", "1").await;
    browser.add("low-a3-mat", "1").await;
    let page = browser.get("/cart").await;
    for text in [
        "Low Water",
        "A4 / Matte",
        "$72.00",
        "A3 / Matte",
        "$38.00",
        "$110.00",
    ] {
        assert!(page.body.contains(text), "the cart does not say {text}");
    }

    let set = |variant, quantity, step| {
        let browser = browser.clone();
        async move {
            let form = [("variant", variant), ("quantity", quantity), ("step", step)];
            let answer = browser.post("/api/set_quantity", &form).await;
            assert_eq!(
                (answer.status.as_u16(), answer.location()),
                (303, Some("/cart"))
            );
            cart_of(&answer)
        }
    };
    assert_eq!(
        set("low-a4-mat", "5", "").await,
        "low-a4-mat.5~low-a3-mat.1"
    );
    assert_eq!(
        set("low-a4-mat", "5", "1").await,
        "low-a4-mat.6~low-a3-mat.1"
    );
    assert_eq!(
        set("low-a4-mat", "6", "-1").await,
        "low-a4-mat.5~low-a3-mat.1"
    );
    assert_eq!(set("low-a3-mat", "1", "-1").await, "low-a4-mat.5");
    assert_eq!(set("low-a4-mat", "1000000000", "").await, "low-a4-mat.99");
    assert_eq!(set("low-a4-mat", "0", "").await, "");

    browser.add("low-a3-mat", "1").await;
    let answer = browser
        .post("/api/remove_line", &[("variant", "low-a3-mat")])
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (303, Some("/cart"))
    );
    assert!(
        browser
            .get("/cart")
            .await
            .body
            .contains("Your cart is empty.")
    );
}

/// The cart that the answer leaves in the browser.
fn cart_of(answer: &Answer) -> String {
    let cookie = answer.cookie("cart").unwrap();
    cookie
        .split(';')
        .next()
        .unwrap()
        .trim_start_matches("cart=")
        .to_owned()
}

#[tokio::test]
async fn rejected_addition_leaves_the_cart_and_says_why() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    for (form, notice) in [
        (
            vec![("variant", "low-a4-mat"), ("quantity", "0")],
            "quantity",
        ),
        (
            vec![("variant", "low-a4-mat"), ("quantity", "-1")],
            "quantity",
        ),
        (
            vec![("variant", "low-a4-mat"), ("quantity", "1e9")],
            "quantity",
        ),
        (
            vec![("variant", "low-a4-mat"), ("quantity", "abc")],
            "quantity",
        ),
        (
            vec![("variant", "low-a4-mat"), ("quantity", "1.5")],
            "quantity",
        ),
        (
            vec![("variant", "low-a4-mat"), ("quantity", "")],
            "quantity",
        ),
        (vec![("variant", "low-a4-mat")], "quantity"),
        (vec![("variant", "never-was"), ("quantity", "1")], "unknown"),
        (vec![("variant", "<b>"), ("quantity", "1")], "unknown"),
        (
            vec![("variant", "a\r\nset-cookie: x=y"), ("quantity", "1")],
            "unknown",
        ),
        (vec![("variant", ""), ("quantity", "1")], "unknown"),
        (vec![("quantity", "1")], "unknown"),
        (vec![], "unknown"),
    ] {
        let answer = browser.post("/api/add_to_cart", &form).await;
        assert_eq!(answer.status, 303, "{form:?}");
        assert_eq!(
            answer.location(),
            Some(format!("/cart?notice={notice}").as_str()),
            "{form:?}"
        );
        assert_eq!(answer.cookie("cart"), None, "{form:?}");
        let page = browser.get(answer.location().unwrap()).await;
        assert!(page.body.contains("Your cart is as it was."), "{form:?}");
        assert!(page.body.contains("$24.00"), "{form:?}");
    }
}

#[tokio::test]
async fn invalid_quantity_leaves_the_cart() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "3").await;
    for form in [
        vec![("variant", "low-a4-mat"), ("quantity", "abc")],
        vec![("variant", "low-a4-mat"), ("quantity", "1e9")],
        vec![("variant", "low-a4-mat")],
        vec![("variant", "not-in-it"), ("quantity", "2")],
        vec![("variant", "<b>"), ("quantity", "2")],
        vec![],
    ] {
        let answer = browser.post("/api/set_quantity", &form).await;
        assert_eq!(answer.status, 303, "{form:?}");
        assert!(answer.location().unwrap().starts_with("/cart"), "{form:?}");
        assert_eq!(answer.cookie("cart"), None, "{form:?}");
    }
    for form in [
        vec![("variant", "not-in-it")],
        vec![("variant", "<b>")],
        vec![],
    ] {
        let answer = browser.post("/api/remove_line", &form).await;
        assert_eq!(
            (answer.status.as_u16(), answer.location()),
            (303, Some("/cart")),
            "{form:?}"
        );
    }
    assert!(browser.get("/cart").await.body.contains("$72.00"));
}

#[tokio::test]
async fn quantity_above_stock_becomes_the_stock_and_says_so() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1000000000").await;
    let page = browser.get("/cart").await;
    assert!(
        page.body.contains("Only 24 left"),
        "the seed has 24 of these"
    );
    assert_eq!(cart_of(&page), "low-a4-mat.24");
    assert!(
        !browser.get("/cart").await.body.contains("Only 24 left"),
        "said once"
    );
}

#[tokio::test]
async fn changed_price_is_said_before_it_is_paid() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    browser.get("/cart").await;
    site.database
        .run("UPDATE variants SET unit_amount = 9900 WHERE id = 'low-a4-mat'")
        .await;
    let answer = browser.post("/api/start_checkout", &[]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (303, Some("/cart?notice=review"))
    );
    let page = browser.get("/cart?notice=review").await;
    assert!(
        page.body
            .contains("The price changed from $24.00 to $99.00.")
    );
    browser.check_out().await;
    assert_eq!(
        site.database
            .number("SELECT amount_total FROM orders")
            .await,
        9900
    );
}

#[tokio::test]
async fn carts_cookies_tell_scripts_what_they_need_and_no_more() {
    let site = Site::open().await;
    let browser = site.browser();
    let answer = browser
        .post(
            "/api/add_to_cart",
            &[("variant", "low-a4-mat"), ("quantity", "1")],
        )
        .await;
    let cart = answer.cookie("cart").unwrap();
    assert!(
        cart.starts_with("cart=low-a4-mat.1; Path=/; Max-Age="),
        "{cart}"
    );
    assert!(
        cart.contains("SameSite=Lax") && !cart.contains("HttpOnly"),
        "{cart}"
    );
    let page = browser.get("/cart").await;
    for name in ["cart_key", "cart_seen"] {
        let cookie = page.cookie(name).unwrap();
        assert!(
            cookie.contains("SameSite=Lax") && cookie.contains("HttpOnly"),
            "{cookie}"
        );
    }
    // Over http a browser would refuse a cookie that is for https alone.
    assert!(!cart.contains("Secure"), "{cart}");
}

#[tokio::test]
async fn island_gets_the_databases_amounts() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "2").await;
    let form = [("unit_amount", "1"), ("subtotal", "1")];
    let answer = browser.ask("/api/view_cart", &form).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("$48.00"), "{}", answer.body);
}

#[tokio::test]
async fn island_request_never_writes_the_cart_and_remembers_only_what_is_shown() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a2-oak", "99").await;
    let answer = browser.ask("/api/view_cart", &[]).await;
    assert!(
        answer.body.contains("the quantity was lowered"),
        "{}",
        answer.body
    );
    assert_eq!(
        (answer.cookie("cart"), answer.cookie("cart_seen")),
        (None, None)
    );
    let answer = browser.ask("/api/view_cart", &[("is_shown", "true")]).await;
    assert_eq!(answer.cookie("cart"), None);
    assert!(
        answer
            .cookie("cart_seen")
            .unwrap()
            .starts_with("cart_seen=low-a2-oak.13200;")
    );
}

#[tokio::test]
async fn foreign_cookie_of_any_bytes_does_not_hide_the_cart() {
    let site = Site::open().await;
    let cookies =
        reqwest::header::HeaderValue::from_bytes(b"name=\xe9; cart=low-a4-mat.2").unwrap();
    let request = reqwest::Client::new()
        .get(format!("{}/cart", site.base))
        .header("cookie", cookies);
    let page = request.send().await.unwrap().text().await.unwrap();
    assert!(page.contains("$48.00"), "{page}");
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn body_that_is_no_form_never_counts_as_our_fault() {
    let site = Site::open().await;
    let browser = site.browser();
    for path in [
        "add_to_cart",
        "set_quantity",
        "remove_line",
        "order_progress",
        "sign_in",
    ] {
        for (kind, body) in [
            ("application/json", b"{}".to_vec()),
            ("text/plain", b"hello".to_vec()),
            ("multipart/form-data; boundary=x", b"--x--".to_vec()),
            (FORM, b"variant=%ff%fe&quantity=1".to_vec()),
            (FORM, b"variant[a][b][c]=1&variant=2".to_vec()),
            (
                FORM,
                b"variant=a&variant=b&password=a&password=b&token=a&token=b".to_vec(),
            ),
            (FORM, vec![0; 100]),
            (FORM, vec![b'&'; 10_000]),
        ] {
            for accept in ["text/html", "application/json", "*/*"] {
                let start = String::from_utf8_lossy(&body[..body.len().min(30)]).into_owned();
                let path = format!("/api/{path}");
                let answer = browser.send(&path, kind, accept, body.clone()).await;
                let status = answer.status.as_u16();
                assert!(status < 500, "{path} {kind} {start:?} {accept}: {status}");
            }
        }
    }
    for path in ["/api/add_to_cart", "/api/start_checkout", "/api/sign_in"] {
        let status = site.get(path).await.status.as_u16();
        assert!(matches!(status, 404 | 405), "GET {path}: {status}");
    }
}

#[tokio::test]
async fn body_that_is_no_text_is_the_senders_fault() {
    let site = Site::open().await;
    let body = b"variant=\xff\xfe&quantity=1&token=\xff&password=\xff".to_vec();
    for path in ["add_to_cart", "set_quantity", "order_progress", "sign_in"] {
        let path = format!("/api/{path}");
        let answer = site.browser().send(&path, FORM, "*/*", body.clone()).await;
        assert_eq!(answer.status, 400, "{path}");
    }
}

#[tokio::test]
async fn form_larger_than_any_of_ours_is_refused() {
    let site = Site::open().await;
    let browser = site.browser();
    let body = format!(
        "variant=low-a4-mat&quantity=1&padding={}",
        "x".repeat(200_000)
    );
    for accept in ["text/html", "application/json"] {
        let answer = browser
            .send("/api/add_to_cart", FORM, accept, body.clone().into_bytes())
            .await;
        assert_eq!(answer.status, 413, "{accept}");
        assert_eq!(answer.cookie("cart"), None, "{accept}");
    }
}

#[tokio::test]
async fn cart_that_comes_to_less_than_can_be_paid_says_so() {
    let site = Site::open().await;
    site.database
        .run("UPDATE variants SET unit_amount = 30 WHERE id = 'low-a4-mat'")
        .await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    browser.get("/cart").await;
    let answer = browser.post("/api/start_checkout", &[]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (303, Some("/cart?notice=minimum"))
    );
    let text = "A payment has to be $0.50 or more, and your cart comes to $0.30.";
    let page = browser.get("/cart?notice=minimum").await;
    assert!(page.body.contains(text), "{}", page.body);

    browser.add("low-a4-mat", "1").await;
    let page = browser.get("/cart?notice=minimum").await;
    assert!(!page.body.contains("A payment has to be"));
}

#[tokio::test]
async fn cart_says_that_a_browser_refuses_cookies() {
    let site = Site::open().await;
    // It sends no cookie back, whatever it is given.
    let answer = site
        .browser()
        .post(
            "/api/add_to_cart",
            &[("variant", "low-a4-mat"), ("quantity", "1")],
        )
        .await;
    assert_eq!(answer.location(), Some("/cart"));
    let page = site.get("/cart").await.body;
    assert!(page.contains("Allow cookies for this shop"), "{page}");

    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    for _ in 0..2 {
        let page = browser.get("/cart").await.body;
        assert!(!page.contains("Allow cookies"), "{page}");
        browser
            .post("/api/remove_line", &[("variant", "low-a4-mat")])
            .await;
    }
}

#[tokio::test]
async fn cart_of_any_ids_leaves_the_head_of_an_answer_below_four_kibibytes() {
    for length in [8, 20, 36, 64] {
        let site = Site::open().await;
        let ids: Vec<String> = (10..70)
            .map(|number| format!("{number}{}", "x".repeat(length - 2)))
            .collect();
        for id in &ids {
            site.database
                .run(&format!(
                    "INSERT INTO variants (id, product_slug, sku, unit_amount, on_hand, position) \
                     VALUES ('{id}', 'low-water', '{id}', 99999999, 50, 90)"
                ))
                .await;
        }
        let full: Vec<String> = ids.iter().map(|id| format!("{id}.99")).collect();
        let browser = site.browser();
        let cookie = format!("cart={}", full.join("~"));
        let request = browser
            .request(reqwest::Method::GET, "/cart")
            .header("cookie", cookie);
        let page = Answer::of(request.send().await.unwrap()).await;
        let head: usize = page
            .headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len())
            .sum();
        assert!(head < 4096, "{head} bytes with ids of {length} e-mails");
        // Each quantity was lowered, so that the answer writes the cart again.
        let lines = cart_of(&page).split('~').count();
        assert!(lines == 50 || length > 20, "{lines} lines");
    }
}
