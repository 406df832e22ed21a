use std::path::Path;
use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, StatusCode};
use server::config::Config;
use server::startup::Shopfront;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::database::Database;

/// The owner's password.
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

/// A browser that keeps cookies and tells where it is sent instead of going there.
#[derive(Clone)]
pub(crate) struct Browser {
    http: reqwest::Client,
    base: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
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
        site
    }

    /// Starts it, again after [`Site::stop`].
    pub(crate) async fn start(&mut self) {
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
        Browser {
            http: reqwest::Client::builder()
                .cookie_store(true)
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            base: self.base.clone(),
        }
    }

    /// A browser whose owner has signed in.
    pub(crate) async fn owner(&self) -> Browser {
        let owner = self.browser();
        let answer = owner.post("/api/sign_in", &[("password", PASSWORD)]).await;
        assert_eq!(answer.location(), Some("/admin/orders"));
        owner
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

    async fn control(&self, what: &str, form: &[(&str, &str)]) {
        let url = format!("{}/sandbox/{what}", self.sandbox);
        let request = reqwest::Client::new().post(url).form(form);
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
}

impl Browser {
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = if path.starts_with('/') {
            format!("{}{path}", self.base)
        } else {
            path.to_owned()
        };
        // As a browser asks for a document.
        self.http
            .request(method, url)
            .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
    }

    /// Asks as an island does.
    pub(crate) async fn ask(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let url = format!("{}{path}", self.base);
        let request = self
            .http
            .post(url)
            .header("accept", "application/json")
            .form(form);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Sends a body of any kind, and asks for an answer of any kind.
    pub(crate) async fn send(&self, path: &str, kind: &str, accept: &str, body: Vec<u8>) -> Answer {
        let url = format!("{}{path}", self.base);
        let request = self
            .http
            .post(url)
            .header("accept", accept)
            .header("content-type", kind);
        Answer::of(request.body(body).send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path).send().await.unwrap()).await
    }

    /// Sends a form as a page without scripts does.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header("referer", format!("{}/cart", self.base));
        Answer::of(request.form(form).send().await.unwrap()).await
    }

    /// Puts pieces of a variant into the cart.
    pub(crate) async fn add(&self, variant: &str, quantity: &str) {
        let answer = self
            .post(
                "/api/add_to_cart",
                &[("variant", variant), ("quantity", quantity)],
            )
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.location()),
            (303, Some("/cart"))
        );
    }

    /// Clicks Checkout, and answers where the pay page is.
    pub(crate) async fn check_out(&self) -> String {
        let answer = self.post("/api/start_checkout", &[]).await;
        assert_eq!(answer.status, 303);
        let url = answer.location().unwrap().to_owned();
        assert!(url.contains("/c/pay/cs_test_"), "{url}");
        url
    }

    /// Fills in the pay page's own form, and answers where it leads.
    pub(crate) async fn pay(&self, url: &str, card: &str) -> Answer {
        let page = self.get(url).await;
        assert_eq!(page.status, 200);
        let form: Vec<_> = fields(&page.body)
            .into_iter()
            .map(|(name, value)| {
                let typed = match name.as_str() {
                    "email" => "ada@example.com".to_owned(),
                    "cardNumber" => card.to_owned(),
                    "cardExpiry" => "12 / 40".to_owned(),
                    "cardCvc" => "123".to_owned(),
                    "billingName" => "Ada Lovelace".to_owned(),
                    _ => value,
                };
                (name, typed)
            })
            .collect();
        for needed in [
            "email",
            "cardNumber",
            "cardExpiry",
            "cardCvc",
            "billingName",
        ] {
            assert!(
                form.iter().any(|(name, _)| name == needed),
                "no {needed} in {form:?}"
            );
        }
        Answer::of(
            self.request(Method::POST, url)
                .form(&form)
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    /// Looks at a page until it says so, for fifteen seconds at most.
    pub(crate) async fn get_until(&self, path: &str, says: &str) -> Answer {
        let look = async {
            loop {
                let page = self.get(path).await;
                if page.body.contains(says) {
                    return page;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(15), look)
            .await
            .unwrap_or_else(|_| panic!("{path} never says {says}"))
    }
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Where it leads; there is never more than one way.
    pub(crate) fn location(&self) -> Option<&str> {
        assert!(
            self.headers.get_all("location").iter().count() <= 1,
            "{:?}",
            self.headers
        );
        self.header("location")
    }

    /// What a cookie is set to, with its attributes; the last one counts.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.headers
            .get_all("set-cookie")
            .iter()
            .map(|value| value.to_str().unwrap())
            .rfind(|cookie| cookie.split('=').next() == Some(name))
    }

    /// What the order page's status region says.
    pub(crate) fn order_status(&self) -> &str {
        let region = self.body.split("role=\"status\"").nth(1).unwrap();
        region.split_once('>').unwrap().1.split('<').next().unwrap()
    }
}

/// A configuration on free ports, with its files in `folder`.
pub(crate) fn config(folder: &Path) -> Config {
    Config {
        database_url: format!("sqlite://{}", folder.join("shop.db").display()),
        leptos_site_addr: ([127, 0, 0, 1], 0).into(),
        leptos_site_root: folder.join("site"),
        site_url: None,
        stripe_secret_key: None,
        stripe_webhook_secret: None,
        stripe_api_base: None,
        sandbox_addr: ([127, 0, 0, 1], 0).into(),
        admin_password: Some(PASSWORD.to_owned()),
        smtp_url: None,
        mail_from: None,
        data_dir: folder.join("data"),
        metrics_token: None,
        rust_log: "off".to_owned(),
    }
}

/// The names and values of a page's input fields, as a browser sends them: of several choices the one that is checked.
pub(crate) fn fields(html: &str) -> Vec<(String, String)> {
    html.split("<input")
        .skip(1)
        .filter_map(|rest| {
            let tag = rest.split('>').next()?;
            let is_choice = matches!(
                attribute(tag, "type").as_deref(),
                Some("radio" | "checkbox")
            );
            if is_choice && !tag.ends_with(" checked") {
                return None;
            }
            Some((
                attribute(tag, "name")?,
                attribute(tag, "value").unwrap_or_default(),
            ))
        })
        .collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
    rest.split('"').next().map(str::to_owned)
}
