use server::config::{Config, StripeConfig};
use server::startup::Shopfront;

use crate::site::config;

/// A configuration with some values set.
fn with(set: impl FnOnce(&mut Config)) -> Config {
    let mut config = config(std::path::Path::new("nowhere"));
    set(&mut config);
    config
}

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

/// Everything that a live shop needs.
fn live(config: &mut Config) {
    config.stripe_secret_key = text("sk_live_1");
    config.stripe_webhook_secret = text("whsec_1");
    config.site_url = text("https://shop.example");
}

#[test]
fn sandbox_runs_without_a_key() {
    assert!(matches!(
        with(|_| ()).stripe().unwrap(),
        StripeConfig::Sandbox
    ));
}

#[test]
fn sandbox_is_refused_where_something_says_that_this_is_a_real_shop() {
    type Change = fn(&mut Config);
    let changes: [(&str, Change); 4] = [
        ("STRIPE_WEBHOOK_SECRET", |config| {
            config.stripe_webhook_secret = text("whsec_1")
        }),
        ("STRIPE_SECRET_KEY is set to nothing", |config| {
            config.stripe_secret_key = text("")
        }),
        ("STRIPE_SECRET_KEY is set to nothing", |config| {
            config.stripe_secret_key = text(" \t")
        }),
        ("SITE_URL", |config| {
            config.site_url = text("HTTPS://shop.example")
        }),
    ];
    for (named, change) in changes {
        let mut config = with(change).without_empty();
        let error = config.stripe().unwrap_err().to_string();
        assert!(
            error.contains(named) && error.contains("--sandbox"),
            "{error}"
        );
        config.sandbox = true;
        assert!(matches!(config.stripe().unwrap(), StripeConfig::Sandbox));
    }
    let both = with(|config| {
        config.stripe_secret_key = text("sk_test_1");
        config.sandbox = true;
    });
    assert!(both.stripe().is_err());
}

#[test]
fn key_of_either_kind_leads_to_stripe() {
    for key in ["sk_test_1", "rk_test_1"] {
        let config = with(|config| config.stripe_secret_key = text(key));
        assert!(matches!(
            config.stripe().unwrap(),
            StripeConfig::Api { api_base: None, .. }
        ));
    }
    for key in ["sk_live_1", "rk_live_1"] {
        let config = with(|config| {
            live(config);
            config.stripe_secret_key = text(key);
        });
        assert!(matches!(config.stripe().unwrap(), StripeConfig::Api { .. }));
    }
}

#[test]
fn dangerous_configuration_is_refused_with_what_to_do() {
    type Change = fn(&mut Config);
    let changes: [(&str, Change); 8] = [
        ("STRIPE_WEBHOOK_SECRET", |config| {
            config.stripe_webhook_secret = None
        }),
        ("STRIPE_WEBHOOK_SECRET", |config| {
            config.stripe_webhook_secret = text(" , ")
        }),
        ("SITE_URL", |config| config.site_url = None),
        ("SITE_URL", |config| {
            config.site_url = text("http://shop.example")
        }),
        ("STRIPE_API_BASE", |config| {
            config.stripe_api_base = text("http://127.0.0.1:12111")
        }),
        ("STRIPE_SECRET_KEY", |config| {
            config.stripe_secret_key = text("pk_live_1")
        }),
        ("STRIPE_SECRET_KEY", |config| {
            config.stripe_secret_key = text("pk_test_1")
        }),
        ("STRIPE_SECRET_KEY", |config| {
            config.stripe_secret_key = text("whsec_1")
        }),
    ];
    for (names, change) in changes {
        let config = with(|config| {
            live(config);
            change(config);
        });
        let error = format!("{:#}", config.stripe().unwrap_err());
        assert!(error.contains(names), "{error}");
    }
    let base_alone = with(|config| config.stripe_api_base = text("http://127.0.0.1:12111"));
    assert!(
        base_alone
            .stripe()
            .unwrap_err()
            .to_string()
            .contains("STRIPE_SECRET_KEY")
    );
}

#[test]
fn address_is_refused_with_the_setting_and_the_right_spelling() {
    let config = with(|config| config.site_url = text("shop.example"));
    let error = config.origin(config.leptos_site_addr).unwrap_err();
    assert!(error.to_string().contains("SITE_URL"), "{error}");
    assert!(
        error.to_string().contains("write https://shop.example"),
        "{error}"
    );
    let config = with(|config| {
        config.stripe_secret_key = text("sk_test_1");
        config.stripe_api_base = text("http://127.0.0.1:12111/v1");
    });
    let error = config.stripe().unwrap_err().to_string();
    assert!(error.contains("STRIPE_API_BASE"), "{error}");
    assert!(error.contains("write http://127.0.0.1:12111"), "{error}");
    let config = with(|config| config.stripe_checkout_origin = text("pay.shop.example"));
    let error = config.checkout_origin().unwrap_err().to_string();
    assert!(error.contains("STRIPE_CHECKOUT_ORIGIN"), "{error}");
    let config = with(|config| {
        config.smtp_url = text("smtps://shop:hush@mail.example.com/inbox");
        config.mail_from = text("shop@example.com");
    });
    let error = config.mailer().unwrap_err().to_string();
    assert!(
        error.contains("SMTP_URL") && !error.contains("hush"),
        "{error}"
    );
}

#[test]
fn live_shop_is_recognized_by_its_origin_and_not_by_its_spelling() {
    let config = with(|config| {
        live(config);
        config.site_url = text("HTTPS://Shop.example/");
    });
    assert!(config.stripe().is_ok());
    assert_eq!(
        config.origin(config.leptos_site_addr).unwrap(),
        "https://shop.example"
    );
}

#[test]
fn refusal_contains_no_secret() {
    let config = with(|config| config.stripe_secret_key = text("pk_live_hush"));
    assert!(!format!("{:?}", config.stripe().unwrap_err()).contains("hush"));
    let config = with(live);
    assert!(!format!("{:?}", config.stripe().unwrap()).contains("live_1"));
}

#[test]
fn e_mail_goes_to_files_until_a_server_and_a_sender_are_set() {
    let files = with(|_| ()).mailer().unwrap();
    assert!(files.folder().unwrap().ends_with("data/mail"));
    let smtp = with(|config| {
        config.smtp_url = text("smtps://shop:hush@mail.example.com");
        config.mail_from = text("Plotter & Press <shop@example.com>");
    });
    assert!(smtp.mailer().unwrap().folder().is_none());

    type Change = fn(&mut Config);
    let changes: [(&str, Change); 4] = [
        ("MAIL_FROM", |config| config.mail_from = None),
        ("MAIL_FROM", |config| config.mail_from = text("the shop")),
        ("SMTP_URL", |config| {
            config.smtp_url = text("mail.example.com")
        }),
        ("SMTP_URL", |config| {
            config.smtp_url = text("smtp://shop:hush@mail.example.com");
        }),
    ];
    for (names, change) in changes {
        let mut config = smtp.clone();
        change(&mut config);
        let error = format!("{:#}", config.mailer().unwrap_err());
        assert!(error.contains(names) && !error.contains("hush"), "{error}");
    }
}

#[test]
fn public_address_is_an_origin() {
    let addr = ([127, 0, 0, 1], 3000).into();
    let origin =
        |url: Option<&str>| with(|config| config.site_url = url.map(str::to_owned)).origin(addr);
    assert_eq!(origin(None).unwrap(), "http://127.0.0.1:3000");
    for (url, expected) in [
        ("https://shop.example", "https://shop.example"),
        ("https://shop.example/", "https://shop.example"),
        ("http://localhost:3000", "http://localhost:3000"),
    ] {
        assert_eq!(origin(Some(url)).unwrap(), expected);
    }
    for url in [
        "shop.example",
        "https://",
        "https:///",
        "https://shop.example/path",
        "https://a b",
        "https://user@shop.example",
        "ftp://shop.example",
        "https://shop.example?x",
    ] {
        assert!(origin(Some(url)).is_err(), "{url}");
    }
}

#[tokio::test]
async fn refused_configuration_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    live(&mut config);
    config.site_url = text("http://shop.example");
    Shopfront::open(config.clone()).await.unwrap_err();
    assert!(!folder.path().join("shop.db").exists());

    let mut config = crate::site::config(folder.path());
    config.database_url = "mysql://localhost/shop".to_owned();
    let error = format!("{:#}", Shopfront::open(config).await.unwrap_err());
    assert!(error.contains("DATABASE_URL"), "{error}");
}

#[tokio::test]
async fn address_that_is_taken_is_named_with_its_setting() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (setting, set) in [
        (
            "LEPTOS_SITE_ADDR",
            (|config, addr| config.leptos_site_addr = addr) as fn(&mut Config, _),
        ),
        ("SANDBOX_ADDR", |config, addr| config.sandbox_addr = addr),
    ] {
        let mut config = config(folder.path());
        set(&mut config, taken.local_addr().unwrap());
        let error = format!("{:#}", Shopfront::open(config).await.unwrap_err());
        assert!(error.contains(setting), "{error}");
    }
}

#[test]
fn trusted_proxies_are_networks_addresses_or_none() {
    let proxies = |networks: &str| with(|config| config.trusted_proxies = text(networks)).proxies();
    let all = "10.0.0.0/8, 192.0.2.7,2001:db8::/32 ,::1, 172.16.5.4/12, ::ffff:100.64.0.0/106,";
    let all = proxies(all).unwrap();
    for (addr, is_trusted) in [
        ("10.255.0.1", true),
        ("::ffff:10.0.0.1", true),
        ("192.0.2.7", true),
        ("192.0.2.8", false),
        ("2001:db8:ffff::1", true),
        ("2001:db9::1", false),
        ("172.31.255.255", true),
        ("172.32.0.0", false),
        ("100.64.0.1", true),
        ("127.0.0.1", false),
        ("::1", true),
    ] {
        assert_eq!(all.contains(addr.parse().unwrap()), is_trusted, "{addr}");
    }
    for wrong in [
        "10.0.0.0/33",
        "proxy.example",
        "10.0.0.0/8 192.0.2.7",
        "*",
        "0.0.0.0/0",
        "::/0",
        "::ffff:0:0/96",
    ] {
        let error = format!("{:#}", proxies(wrong).unwrap_err());
        assert!(error.contains("TRUSTED_PROXIES"), "{error}");
    }
    assert!(!proxies("none").unwrap().contains([127, 0, 0, 1].into()));
}

#[test]
fn proxy_on_this_machine_is_trusted_by_a_shop_that_listens_on_this_machine_alone() {
    for (listener, is_trusted) in [
        ("127.0.0.1:3000", true),
        ("[::1]:3000", true),
        ("0.0.0.0:3000", false),
        ("[::]:3000", false),
        ("192.0.2.1:3000", false),
    ] {
        let config = with(|config| config.leptos_site_addr = listener.parse().unwrap());
        let proxies = config.proxies().unwrap();
        for local in ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"] {
            let found = proxies.contains(local.parse().unwrap());
            assert_eq!(found, is_trusted, "{local} at {listener}");
        }
        assert!(!proxies.contains([192, 168, 0, 1].into()), "{listener}");
    }
}

#[tokio::test]
async fn admin_password_that_is_too_short_is_refused_at_start_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.admin_password = text("hunter2");
    let error = format!("{:#}", Shopfront::open(config).await.unwrap_err());
    assert!(
        error.contains("ADMIN_PASSWORD") && error.contains("12 characters"),
        "{error}"
    );
    assert!(!error.contains("hunter2"), "{error}");
}
