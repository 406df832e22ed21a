use reqwest::Method;
use testkit::browser::Answer;

use crate::site::Site;

/// Sends a form with these headers, and answers whether it was taken.
async fn post(site: &Site, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = site.browser().request(Method::POST, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let form = [
        ("variant", "low-a4-mat"),
        ("quantity", "1"),
        ("password", "wrong"),
    ];
    Answer::of(request.form(&form).send().await.unwrap()).await
}

const ACTIONS: [&str; 7] = [
    "/api/add_to_cart",
    "/api/set_quantity",
    "/api/remove_line",
    "/api/start_checkout",
    "/api/sign_in",
    "/api/sign_out",
    "/api/view_cart",
];

#[tokio::test]
async fn forms_of_other_sites_are_refused_and_change_nothing() {
    let site = Site::open().await;
    let other_port = site.base.replace("127.0.0.1:", "127.0.0.1:1");
    for path in ACTIONS {
        for headers in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "null")],
            &[("origin", "")],
            &[("origin", other_port.as_str())],
            &[("origin", "http://127.0.0.1")],
            &[("origin", &format!("{}.evil.example", site.base))],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", site.base.as_str()),
            ],
        ] {
            let answer = post(&site, path, headers).await;
            assert_eq!(answer.status, 403, "{path} with {headers:?}");
            assert_eq!(answer.cookie("cart"), None, "{path} with {headers:?}");
        }
    }
    // None of them counted as a wrong password.
    site.admin().await;
}

#[tokio::test]
async fn own_forms_and_programs_are_accepted() {
    let site = Site::open().await;
    for path in ACTIONS {
        for headers in [
            &[][..],
            &[("origin", site.base.as_str())],
            &[
                ("origin", site.base.as_str()),
                ("sec-fetch-site", "same-origin"),
            ],
            &[("sec-fetch-site", "none")],
        ] {
            let status = post(&site, path, headers).await.status.as_u16();
            assert!(
                matches!(status, 302 | 303),
                "{path} with {headers:?}: {status}"
            );
        }
    }
}

#[tokio::test]
async fn public_origin_is_same_origin_behind_a_proxy() {
    let site =
        Site::open_with(|config| config.site_url = Some("https://shop.example".to_owned())).await;
    let add = async |origin| {
        post(&site, "/api/add_to_cart", &[("origin", origin)])
            .await
            .status
    };
    assert_eq!(add("https://shop.example").await, 303);
    for other in [
        "http://shop.example",
        "https://shop.example:444",
        "https://other.example",
    ] {
        assert_eq!(add(other).await, 403, "{other}");
    }
    // Whatever the proxy writes into Host: a page over plain http is not ours.
    let plain = [("host", "shop.example"), ("origin", "http://shop.example")];
    assert_eq!(post(&site, "/api/add_to_cart", &plain).await.status, 403);
}

#[tokio::test]
async fn public_origin_is_compared_as_browsers_send_it() {
    for (configured, sent) in [
        ("HTTPS://Shop.Example:443/", "https://shop.example"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
    ] {
        let site = Site::open_with(|config| config.site_url = Some(configured.to_owned())).await;
        let answer = post(&site, "/api/add_to_cart", &[("origin", sent)]).await;
        assert_eq!(answer.status, 303, "{configured}");
    }
}

#[tokio::test]
async fn form_redirects_to_no_other_site_whatever_its_referer() {
    let site = Site::open().await;
    let own = format!("{}/cart?a=b", site.base);
    for referer in [
        "https://evil.example/cart",
        "//evil.example",
        "/\\evil.example",
        "https:/\\evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "%2f%2fevil.example",
        &format!("{}@evil.example/", site.base),
        &format!("{}.evil.example/", site.base),
        "nonsense",
        "",
    ] {
        // One that is done, and one that fails.
        for (path, form) in [
            ("/api/view_cart", "is_shown=false"),
            ("/api/view_cart", "is_shown=x"),
        ] {
            let request = site.browser().request(Method::POST, path);
            let request = request
                .header("referer", referer)
                .header("content-type", "application/x-www-form-urlencoded");
            let answer = Answer::of(request.body(form).send().await.unwrap()).await;
            let is_failed = form.ends_with('x');
            let expected = if is_failed { None } else { Some("/") };
            assert_eq!(answer.location(), expected, "{path} with {referer}");
            assert_eq!(answer.status, if is_failed { 400 } else { 302 });
        }
    }
    let request = site.browser().request(Method::POST, "/api/view_cart");
    let answer = Answer::of(request.header("referer", &own).send().await.unwrap()).await;
    assert_eq!(answer.location(), Some(own.as_str()));
}

#[tokio::test]
async fn links_from_other_sites_are_followed() {
    let site = Site::open().await;
    let request = site
        .browser()
        .request(Method::GET, "/products")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn request_to_another_local_name_redirects_to_the_site_url() {
    let site = Site::open().await;
    let port = site.base.rsplit(':').next().unwrap();
    let ask = async |host: String| {
        let request = site.browser().request(Method::GET, "/cart?notice=full");
        Answer::of(request.header("host", host).send().await.unwrap()).await
    };
    let answer = ask(format!("localhost:{port}")).await;
    let home = format!("{}/cart?notice=full", site.base);
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (307, Some(home.as_str()))
    );
    for own in [
        format!("127.0.0.1:{port}"),
        "shop.example".to_owned(),
        "localhost:1".to_owned(),
    ] {
        assert_eq!(ask(own.clone()).await.status, 200, "{own}");
    }
}
