use std::path::Path;

use server::config::Config;
use server::limits::CheckoutLimits;
use server::startup::Shopfront;
use tempfile::TempDir;
use testkit::browser::{Answer, Browser};
use testkit::database::Database;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The admin's password.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A storefront that serves, with everything that belongs to it.
pub(crate) struct Site {
    pub(crate) base: String,
    pub(crate) sandbox: String,
    pub(crate) database: Database,
    pub(crate) config: Config,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<anyhow::Result<()>>>,
    _folder: TempDir,
}

impl Site {
    pub(crate) async fn open() -> Self {
        Self::open_with(|_| ()).await
    }

    /// A storefront that is configured further.
    pub(crate) async fn open_with(configure: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::empty().await;
        let mut config = config(folder.path());
        config.database_url.clone_from(&database.url);
        configure(&mut config);
        let mut site = Self {
            base: String::new(),
            sandbox: String::new(),
            database,
            config,
            stop: None,
            serving: None,
            _folder: folder,
        };
        site.start().await;
        if site.config.database_url == site.database.url {
            site.database.drop_checkout_rules().await;
        }
        site
    }

    /// Starts it, again after [`Site::stop`].
    pub(crate) async fn start(&mut self) {
        self.config.sandbox = self.config.stripe_secret_key.is_none();
        let shopfront = Shopfront::open(self.config.clone()).await.unwrap();
        self.base = format!("http://{}", shopfront.addr().unwrap());
        self.sandbox = shopfront.sandbox_url().unwrap_or_default().to_owned();
        let (stop, stopped) = oneshot::channel();
        self.stop = Some(stop);
        self.serving = Some(tokio::spawn(shopfront.serve(async {
            let _ = stopped.await;
        })));
    }

    /// Asks it to stop and waits until it has.
    pub(crate) async fn stop(&mut self) -> anyhow::Result<()> {
        self.stop.take().unwrap().send(()).unwrap();
        self.serving.take().unwrap().await.unwrap()
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::at(&self.base)
    }

    /// A browser whose admin has signed in.
    pub(crate) async fn admin(&self) -> Browser {
        let admin = self.browser();
        let answer = admin.post("/api/sign_in", &[("password", PASSWORD)]).await;
        assert_eq!(answer.location(), Some("/admin/orders"));
        admin
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.browser().get(path).await
    }

    /// Switches the sandbox's webhooks: `immediate`, `before_redirect` or `held`.
    pub(crate) async fn deliver(&self, mode: &str) {
        self.control("webhooks", &[("delivery", mode)]).await;
    }

    /// Empties the sandbox, as another account's key would look to the shop.
    pub(crate) async fn forget_all_sessions(&self) {
        self.control("reset", &[]).await;
    }

    /// Changes something at the sandbox.
    pub(crate) async fn control(&self, what: &str, form: &[(&str, &str)]) {
        let url = format!("{}/sandbox/{what}", self.sandbox);
        let request = reqwest::Client::new().post(url).form(form);
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
}

/// A configuration on free ports, with its files in `folder`.
pub(crate) fn config(folder: &Path) -> Config {
    Config {
        database_url: format!("sqlite://{}", folder.join("shop.db").display()),
        leptos_site_addr: ([127, 0, 0, 1], 0).into(),
        leptos_site_root: folder.join("site"),
        site_url: None,
        trusted_proxies: None,
        hsts_include_subdomains: false,
        stripe_secret_key: None,
        stripe_webhook_secret: None,
        stripe_api_base: None,
        move_shop: false,
        sandbox: false,
        sandbox_secret_key: Some("sk_test_sandbox".to_owned()),
        sandbox_webhook_secret: Some("whsec_sandbox".to_owned()),
        stripe_checkout_origin: None,
        sandbox_addr: ([127, 0, 0, 1], 0).into(),
        admin_password: Some(PASSWORD.to_owned()),
        smtp_url: None,
        mail_from: None,
        data_dir: folder.join("data"),
        metrics_token: None,
        checkout: CheckoutLimits::default(),
        rust_log: "off".to_owned(),
    }
}
