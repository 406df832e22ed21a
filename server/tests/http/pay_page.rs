use crate::site::Site;

/// The key and secret of a sandbox whose pay page is at the merchant's own domain.
const KEY: &str = "sk_test_custom_domain";

/// A storefront with a sandbox of its own that says its pay page is at `public`.
async fn with_pay_page_at(public: &str) -> (Site, sandbox::Sandbox, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let stripe = sandbox::start(sandbox::Config {
        addr: ([127, 0, 0, 1], 0).into(),
        state: folder.path().join("sandbox.db"),
        secret_key: KEY.to_owned(),
        public_url: Some(public.to_owned()),
        ..sandbox::Config::default()
    })
    .await
    .unwrap();
    // The built-in sandbox has filled the shop with products.
    let mut site = Site::open().await;
    site.stop().await.unwrap();
    site.config.stripe_secret_key = Some(KEY.to_owned());
    site.config.stripe_webhook_secret = Some("whsec_custom_domain".to_owned());
    site.config.stripe_api_base = Some(format!("HTTP://{}/", stripe.addr()));
    (site, stripe, folder)
}

#[tokio::test]
async fn pay_page_of_an_unknown_origin_is_not_led_to_and_holds_nothing() {
    let (mut site, stripe, _folder) = with_pay_page_at("https://pay.shop.example").await;
    site.start().await;
    let shopper = site.browser();
    shopper.add("low-a4-mat", "2").await;
    let answer = shopper.post("/api/start_checkout", &[]).await;
    assert_eq!(answer.location(), Some("/cart?notice=checkout"));
    let page = shopper.get("/cart?notice=checkout").await;
    assert!(
        page.body.contains("We could not start the payment."),
        "{}",
        page.body
    );
    assert_eq!(site.database.held("low-a4-mat").await, 0);
    let open = "SELECT COUNT(*) FROM orders WHERE status = 'pending'";
    assert_eq!(site.database.number(open).await, 0);
    // Nobody can pay there either.
    let sessions = reqwest::Client::new()
        .get(format!("http://{}/v1/checkout/sessions", stripe.addr()))
        .bearer_auth(KEY);
    let sessions = sessions.send().await.unwrap().text().await.unwrap();
    assert!(
        sessions.contains("\"expired\"") && !sessions.contains("\"open\""),
        "{sessions}"
    );
    stripe.shutdown().await;
}

#[tokio::test]
async fn pay_page_at_the_merchants_domain_is_led_to_when_it_is_configured() {
    let (mut site, stripe, _folder) = with_pay_page_at("https://pay.shop.example").await;
    site.config.stripe_checkout_origin = Some("https://Pay.Shop.example:443/".to_owned());
    site.start().await;
    let shopper = site.browser();
    shopper.add("low-a4-mat", "1").await;
    let url = shopper.check_out().await;
    assert!(url.starts_with("https://pay.shop.example/c/pay/"), "{url}");
    let page = shopper.get("/cart").await;
    let policy = page.header("content-security-policy").unwrap();
    let api = format!("http://{}", stripe.addr());
    let actions =
        format!("form-action 'self' https://checkout.stripe.com {api} https://pay.shop.example;");
    assert!(policy.contains(&actions), "{policy}");
    stripe.shutdown().await;
}
