use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use payments::event::Event;
use sandbox::Sandbox;
use serde_json::Value;

const KEY: &str = "sk_test_sandbox";

/// Stripe: the sandbox, with its API, its control surface and its books.
pub(crate) struct Stripe {
    sandbox: Sandbox,
    http: reqwest::Client,
    /// The number of times that each fault happened. The sandbox begins to count anew when its
    /// switches are set.
    injected: Mutex<BTreeMap<String, u64>>,
}

impl Stripe {
    pub(crate) async fn open(folder: &Path) -> Self {
        let sandbox = sandbox::start(sandbox::Config {
            addr: ([127, 0, 0, 1], 0).into(),
            state: folder.join("sandbox.db"),
            // Stripe tries for days. Here some events are given up after seconds, and are then
            // lost.
            retries: [100, 300, 1000, 2000, 4000]
                .map(Duration::from_millis)
                .to_vec(),
            ..sandbox::Config::default()
        })
        .await
        .unwrap();
        Self {
            sandbox,
            http: reqwest::Client::new(),
            injected: Mutex::default(),
        }
    }

    pub(crate) fn base(&self) -> &str {
        self.sandbox.base_url()
    }

    pub(crate) const fn key(&self) -> &'static str {
        KEY
    }

    /// Registers the shop's endpoint as its admin would, and answers the secret.
    pub(crate) async fn register(&mut self, url: &str) -> String {
        let mut form = vec![("url", url)];
        form.extend(Event::KINDS.iter().map(|kind| ("enabled_events[]", *kind)));
        let url = format!("{}/v1/webhook_endpoints", self.base());
        let answer = self
            .http
            .post(url)
            .bearer_auth(KEY)
            .form(&form)
            .send()
            .await;
        let endpoint: Value = answer.unwrap().json().await.unwrap();
        let secret = endpoint["secret"].as_str();
        secret.unwrap_or_else(|| panic!("{endpoint}")).to_owned()
    }

    /// Does something on the control surface. `None` when it could not be done any more.
    pub(crate) async fn control(&self, path: &str, form: &[(&str, &str)]) -> Option<Value> {
        let url = format!("{}/sandbox/{path}", self.base());
        let answer = self.http.post(url).form(form).send().await.unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        assert!(!status.is_server_error(), "{path} {form:?}: {body}");
        status.is_success().then_some(body)
    }

    /// Sets the fault switches anew.
    pub(crate) async fn break_by(&self, faults: &[(&str, u64)]) {
        self.count_faults().await;
        let mut form = vec![("reset".to_owned(), "true".to_owned())];
        form.extend(
            faults
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.to_string())),
        );
        let form: Vec<_> = form
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let set = self.control("faults", &form).await;
        set.unwrap_or_else(|| panic!("{form:?} cannot be set"));
    }

    /// The number of times that each fault happened so far.
    pub(crate) fn injected(&self) -> BTreeMap<String, u64> {
        self.injected.lock().unwrap().clone()
    }

    /// The number of deliveries in each state.
    pub(crate) async fn deliveries(&self) -> BTreeMap<String, u64> {
        self.show("/sandbox/deliveries/counts").await.unwrap()
    }

    /// Everything of a kind, such as `charges`, the newest first.
    pub(crate) async fn all(&self, kind: &str) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        loop {
            let after = match all.last() {
                Some(last) => format!("&starting_after={}", last["id"].as_str().unwrap()),
                None => String::new(),
            };
            let page = self.list(kind, &after).await;
            let Value::Array(data) = &page["data"] else {
                panic!("{page}")
            };
            all.extend(data.iter().cloned());
            if page["has_more"] != true {
                return all;
            }
        }
    }

    /// The newest of a kind.
    pub(crate) async fn recent(&self, kind: &str) -> Vec<Value> {
        match self.list(kind, "").await["data"].take() {
            Value::Array(data) => data,
            other => panic!("{other}"),
        }
    }

    /// Asks until Stripe has no fault.
    async fn list(&self, kind: &str, more: &str) -> Value {
        loop {
            if let Some(page) = self.show(&format!("/v1/{kind}?limit=100{more}")).await {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn show<T: serde::de::DeserializeOwned>(&self, path: &str) -> Option<T> {
        let url = format!("{}{path}", self.base());
        let answer = self.http.get(url).bearer_auth(KEY).send().await.ok()?;
        let answer = answer.error_for_status().ok()?;
        answer.json().await.ok()
    }

    async fn count_faults(&self) {
        let faults: Value = self.show("/sandbox/faults").await.unwrap();
        let mut sums = self.injected.lock().unwrap();
        for (name, count) in faults["injected"].as_object().unwrap() {
            *sums.entry(name.clone()).or_default() += count.as_u64().unwrap();
        }
    }
}
