use reqwest::Method;
use testkit::browser::Answer;

use crate::site::{PASSWORD, Site};

#[tokio::test]
async fn admin_pages_redirect_strangers_to_sign_in() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "1").await;
    browser.check_out().await;
    for path in [
        "/admin",
        "/admin/",
        "/admin/orders",
        "/admin/orders/",
        "/admin/orders/1001",
        "/admin/orders?page=1",
        "/admin/products",
        "/admin/nothing/at/all",
        "/admin/login/more",
        "/admin/%6frders",
    ] {
        for method in [Method::GET, Method::HEAD, Method::POST, Method::DELETE] {
            let request = browser
                .request(method.clone(), path)
                .header("cookie", "admin_session=0000");
            let answer = Answer::of(request.send().await.unwrap()).await;
            assert_eq!(answer.status, 303, "{method} {path}");
            let to = answer.location().unwrap();
            let is_door = to == "/admin/login" || to.starts_with("/admin/login?next=%2Fadmin%2F");
            assert!(is_door, "{method} {path}: {to}");
            assert!(!answer.body.contains("1001"), "{method} {path}");
        }
    }
    // Other spellings lead nowhere.
    for path in [
        "/Admin/orders",
        "/admin//orders",
        "//admin/orders",
        "/%61dmin/orders",
        "/admin%2Forders",
        "/./admin%2forders",
    ] {
        let answer = site.get(path).await;
        let is_door = answer
            .location()
            .is_some_and(|to| to.starts_with("/admin/login"));
        assert!(is_door || answer.status == 404, "{path}: {}", answer.status);
        assert!(!answer.body.contains("1001"), "{path}");
    }
}

#[tokio::test]
async fn right_password_opens_and_signing_out_closes() {
    let site = Site::open().await;
    let browser = site.browser();
    let answer = browser
        .post("/api/sign_in", &[("password", PASSWORD)])
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (303, Some("/admin/orders"))
    );
    let cookie = answer.cookie("admin_session").unwrap();
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=1209600"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let token = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    assert!(token.len() >= 32, "{token}");

    let page = browser.get("/admin/orders").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("No paid orders yet."));
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    let answer = browser.get("/admin").await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (303, Some("/admin/orders"))
    );
    for path in [
        "/admin/nothing",
        "/admin/orders/9999",
        "/admin/orders/abc",
        "/admin/orders/-1",
        "/admin/orders/99999999999999999999",
    ] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    for page in [
        "-1",
        "1",
        "9223372036854775807",
        "abc",
        "99999999999999999999",
    ] {
        assert_eq!(
            browser
                .get(&format!("/admin/orders?page={page}"))
                .await
                .status,
            200,
            "page {page}"
        );
    }

    let answer = browser.post("/api/sign_out", &[]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (303, Some("/admin/login"))
    );
    assert!(
        answer
            .cookie("admin_session")
            .unwrap()
            .contains("Max-Age=0")
    );
    // A copy of the cookie opens nothing any more.
    let thief = site
        .browser()
        .request(Method::GET, "/admin/orders")
        .header("cookie", format!("admin_session={token}"));
    assert_eq!(thief.send().await.unwrap().status(), 303);
}

#[tokio::test]
async fn wrong_passwords_are_all_answered_alike() {
    let site = Site::open().await;
    for form in [
        vec![("password", "wrong")],
        vec![("password", "")],
        vec![("password", "correct horse battery ")],
        vec![("password", "\0")],
        vec![],
    ] {
        let answer = site.browser().post("/api/sign_in", &form).await;
        assert_eq!(
            (answer.status.as_u16(), answer.location()),
            (303, Some("/admin/login?notice=wrong")),
            "{form:?}"
        );
        assert_eq!(answer.cookie("admin_session"), None, "{form:?}");
    }
    assert!(
        site.get("/admin/login?notice=wrong")
            .await
            .body
            .contains("That is not the password.")
    );
}

#[tokio::test]
async fn client_that_guesses_too_often_has_to_wait() {
    let site = Site::open().await;
    let browser = site.browser();
    for _ in 0..10 {
        let answer = browser.post("/api/sign_in", &[("password", "wrong")]).await;
        assert_eq!(answer.location(), Some("/admin/login?notice=wrong"));
    }
    for password in ["wrong", PASSWORD] {
        let answer = browser
            .post("/api/sign_in", &[("password", password)])
            .await;
        assert_eq!(answer.location(), Some("/admin/login?notice=wait"));
        assert_eq!(answer.cookie("admin_session"), None);
    }
    let page = browser.get("/admin/login?notice=wait").await;
    assert_eq!(page.status, 429);
    assert!(page.body.contains("Wait a quarter of an hour"));
}

#[tokio::test]
async fn admin_sees_what_was_bought() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.add("low-a4-mat", "2").await;
    let pay_page = browser.check_out().await;
    site.deliver("before_redirect").await;
    browser.pay(&pay_page, "4242424242424242").await;
    // This one is never paid, and is nobody's business yet.
    let other = site.browser();
    other.add("low-a3-mat", "1").await;
    other.check_out().await;

    let admin = site.admin().await;
    let list = admin.get("/admin/orders").await;
    for text in [
        "href=\"/admin/orders/1001\"",
        "ada@example.com",
        "$48.00",
        "data-status=\"paid\"",
    ] {
        assert!(list.body.contains(text), "the list does not say {text}");
    }
    assert!(!list.body.contains("1002"));
    let order = admin.get("/admin/orders/1001").await;
    let intent = site
        .database
        .texts("SELECT payment_reference FROM payments p JOIN orders o ON o.id = p.order_id WHERE o.number = 1001")
        .await
        .remove(0);
    let session = site
        .database
        .texts("SELECT reference FROM payments p JOIN orders o ON o.id = p.order_id WHERE o.number = 1001")
        .await
        .remove(0);
    for text in [
        "Order 1001",
        "LOW-A4-MAT",
        "A4 / Matte",
        "$48.00",
        "ada@example.com",
        "Paid",
        &intent,
        &session,
    ] {
        assert!(order.body.contains(text), "the order does not say {text}");
    }
    assert_eq!(admin.get("/admin/orders/1002").await.status, 200);
}

#[tokio::test]
async fn password_is_generated_and_shown_once_when_none_is_configured() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = crate::site::config(folder.path());
    config.admin_password = None;
    let first = server::startup::Shopfront::open(config.clone())
        .await
        .unwrap();
    let password = first.first_password().unwrap().to_owned();
    assert!(password.len() >= 20);
    assert!(first.welcome().contains(&password));
    first.serve(async {}).await.unwrap();

    let second = server::startup::Shopfront::open(config.clone())
        .await
        .unwrap();
    assert_eq!(second.first_password(), None);
    assert!(!second.welcome().contains(&password));
    second.serve(async {}).await.unwrap();
}

#[tokio::test]
async fn password_set_by_the_admin_holds_after_a_restart() {
    let mut site = Site::open().await;
    site.admin().await;
    site.stop().await.unwrap();
    let store = store::Store::open(&site.database.url).await.unwrap();
    shop::admin::set_password(&store, "set by the owner")
        .await
        .unwrap();
    store.close().await;
    // ADMIN_PASSWORD is still the first one.
    site.start().await;
    let browser = site.browser();
    let sign_in = async |password| {
        browser
            .post("/api/sign_in", &[("password", password)])
            .await
    };
    let answer = sign_in(PASSWORD).await;
    assert_eq!(answer.location(), Some("/admin/login?notice=wrong"));
    let answer = sign_in("set by the owner").await;
    assert_eq!(answer.location(), Some("/admin/orders"));
}
