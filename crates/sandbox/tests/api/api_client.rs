//! A merchant with a sandbox of its own: the API, the shopper's browser, and the control surface.

use std::future::Future;
use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response};
use sandbox::{Config, Sandbox, Webhook};
use serde_json::Value;
use tempfile::TempDir;

use crate::webhook_receiver::Endpoint;

pub(crate) const SECRET: &str = "whsec_first";
pub(crate) const PAID: &str = "4242424242424242";
pub(crate) const DECLINED: &str = "4000000000000002";
pub(crate) const AUTHENTICATED: &str = "4000002760003184";

/// The merchant. The state file lives as long as this does.
pub(crate) struct ApiClient {
    pub(crate) endpoint: Endpoint,
    pub(crate) http: reqwest::Client,
    config: Config,
    sandbox: Option<Sandbox>,
    _folder: TempDir,
}

/// An answer of the API.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

/// An answer of a page.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) html: String,
}

impl ApiClient {
    pub(crate) async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// A merchant whose sandbox is configured further.
    pub(crate) async fn with(configure: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let endpoint = Endpoint::start().await;
        let mut config = Config {
            addr: ([127, 0, 0, 1], 0).into(),
            state: folder.path().join("state.db"),
            webhooks: vec![Webhook {
                url: endpoint.url().to_owned(),
                secret: SECRET.to_owned(),
            }],
            retries: vec![Duration::from_millis(20); 3],
            record: std::env::var_os("SANDBOX_RECORD").map(Into::into),
            ..Config::default()
        };
        configure(&mut config);
        let sandbox = Some(sandbox::start(config.clone()).await.unwrap());
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            endpoint,
            http,
            config,
            sandbox,
            _folder: folder,
        }
    }

    /// Stops the sandbox and starts it again on the same state file.
    pub(crate) async fn restart(&mut self) {
        self.stop().await;
        self.sandbox = Some(sandbox::start(self.config.clone()).await.unwrap());
    }

    pub(crate) async fn stop(&mut self) {
        self.sandbox.take().unwrap().shutdown().await;
    }

    pub(crate) fn base_url(&self) -> &str {
        self.sandbox.as_ref().unwrap().base_url()
    }

    /// A request to the API with the right key.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.base_url()))
            .bearer_auth("sk_test_sandbox")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        Answer::of(
            self.request(Method::POST, path)
                .form(form)
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path).send().await.unwrap()).await
    }

    /// Posts what has to succeed, and returns what it made.
    pub(crate) async fn make(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let answer = self.post(path, form).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    /// The newest event.
    pub(crate) async fn last_event(&self) -> Value {
        self.get("/v1/events?limit=1").await.body["data"][0].clone()
    }

    /// Creates a session for one print at 21 dollars with further parameters, and returns it.
    pub(crate) async fn session(&self, more: &[(&str, &str)]) -> Value {
        let answer = self
            .post("/v1/checkout/sessions", &[&order()[..], more].concat())
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    pub(crate) async fn retrieve(&self, session: &Value) -> Value {
        self.get(&format!("/v1/checkout/sessions/{}", id(session)))
            .await
            .body
    }

    /// Fills in the pay page and clicks Pay.
    pub(crate) async fn pay(&self, session: &Value, card: &str) -> Page {
        self.pay_with(session, &[("cardNumber", card)]).await
    }

    /// As [`Merchant::pay`], with some fields filled in differently.
    pub(crate) async fn pay_with(&self, session: &Value, fields: &[(&str, &str)]) -> Page {
        let usual = [
            ("email", "ada@example.com"),
            ("cardNumber", PAID),
            ("cardExpiry", "12 / 34"),
            ("cardCvc", "123"),
            ("billingName", "Ada L"),
        ];
        self.submit(
            &format!("/c/pay/{}", id(session)),
            &[&usual[..], fields].concat(),
        )
        .await
    }

    /// A session that was paid with a card, and its charge.
    pub(crate) async fn charge(&self, card: &str) -> Value {
        let session = self.session(&[]).await;
        assert_eq!(self.pay(&session, card).await.status, 303);
        self.get("/v1/charges?limit=1").await.body["data"][0].clone()
    }

    /// Refunds something, and returns the refund.
    pub(crate) async fn refund(&self, form: &[(&str, &str)]) -> Value {
        let answer = self.post("/v1/refunds", form).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    /// The newest event of a type.
    pub(crate) async fn event(&self, kind: &str) -> Value {
        let list = self.get(&format!("/v1/events?type={kind}&limit=1")).await;
        list.body["data"][0].clone()
    }

    /// Lets time pass.
    pub(crate) async fn advance(&self, seconds: i64) {
        self.control("/sandbox/clock", &[("advance", &seconds.to_string())])
            .await;
    }

    /// Clicks one of the buttons of the bank's page.
    pub(crate) async fn authenticate(&self, session: &Value, outcome: &str) -> Page {
        self.submit(
            &format!("/c/pay/{}/authenticate", id(session)),
            &[("outcome", outcome)],
        )
        .await
    }

    pub(crate) async fn open(&self, path: &str) -> Page {
        Page::of(
            self.http
                .get(format!("{}{path}", self.base_url()))
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    /// Posts to the control surface.
    pub(crate) async fn control(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let answer = self.post(path, form).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    pub(crate) async fn deliveries(&self) -> Vec<Value> {
        self.get("/sandbox/deliveries").await.body["data"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// The types of all events, oldest first.
    pub(crate) async fn event_types(&self) -> Vec<String> {
        let list = self.get("/v1/events?limit=100").await.body;
        let types = list["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["type"].as_str().unwrap().to_owned());
        types.rev().collect()
    }

    pub(crate) async fn submit(&self, path: &str, form: &[(&str, &str)]) -> Page {
        Page::of(
            self.http
                .post(format!("{}{path}", self.base_url()))
                .form(form)
                .send()
                .await
                .unwrap(),
        )
        .await
    }
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self {
            status,
            headers,
            body: serde_json::from_slice(&response.bytes().await.unwrap()).unwrap(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn error(&self) -> &Value {
        &self.body["error"]
    }
}

impl Page {
    async fn of(response: Response) -> Self {
        let location = response
            .headers()
            .get("location")
            .map(|value| value.to_str().unwrap().to_owned());
        Self {
            status: response.status().as_u16(),
            location,
            html: response.text().await.unwrap(),
        }
    }
}

/// The parameters of a session for one print at 21 dollars.
pub(crate) fn order() -> Vec<(&'static str, &'static str)> {
    vec![
        ("mode", "payment"),
        ("line_items[0][price_data][currency]", "usd"),
        ("line_items[0][price_data][unit_amount]", "2100"),
        (
            "line_items[0][price_data][product_data][name]",
            "Print <A3>",
        ),
        ("line_items[0][quantity]", "1"),
        (
            "success_url",
            "https://shop.example/done?session_id={CHECKOUT_SESSION_ID}",
        ),
        ("cancel_url", "https://shop.example/cart"),
    ]
}

/// The id of an object.
pub(crate) fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

/// Waits until something is so, for ten seconds at most.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let wait = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(
        tokio::time::timeout(Duration::from_secs(10), wait)
            .await
            .is_ok(),
        "never: {what}"
    );
}
