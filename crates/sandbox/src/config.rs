//! The configuration of a sandbox.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;

use crate::faults::Faults;

/// The API version whose shapes the sandbox speaks when a request names none, and in which it
/// writes events.
pub const DEFAULT_API_VERSION: &str = "2026-09-30.endive";

/// The settings of one sandbox. `Config::default()` listens on `127.0.0.1:12111`, keeps its state
/// in `sandbox.db` and delivers no webhooks.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address to listen on. Port 0 lets the operating system choose; [`crate::Sandbox::addr`]
    /// tells what it chose.
    pub addr: SocketAddr,
    /// Allows an `addr` that other machines can reach. The control surface has no password, so this
    /// is off.
    pub allow_remote: bool,
    /// The origin under which browsers reach the sandbox, when it is not `addr` (behind a proxy or
    /// in a container).
    pub public_url: Option<String>,
    /// The SQLite file that holds everything. It is created if missing.
    pub state: PathBuf,
    /// The only key that is accepted; `sk_test_…` or `rk_test_…`.
    pub secret_key: String,
    /// The endpoints to which events are sent. Each endpoint receives every event.
    pub webhooks: Vec<Webhook>,
    /// The pauses before the second, third, … attempt of a delivery. When they are used up the
    /// delivery has failed.
    pub retries: Vec<Duration>,
    /// The time that an endpoint has to answer one attempt.
    pub delivery_timeout: Duration,
    /// The number of deliveries that run at the same time.
    pub delivery_concurrency: usize,
    /// The time that a request waits for those before it, as one at a time writes; then it is told
    /// `lock_timeout`. The SDKs wait for 80 seconds, so that it should be less for them to hear of
    /// it.
    pub lock_timeout: Duration,
    /// The `api_version` of events and of requests that name none.
    pub api_version: String,
    /// The faults from the start. `None` leaves the switches as the state file remembers them.
    pub faults: Option<Faults>,
    /// A folder into which every exchange with the API and every delivered event is written, for
    /// tests that hold them against Stripe's specification.
    pub record: Option<PathBuf>,
}

/// A webhook endpoint.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The address that receives the POST.
    pub url: String,
    /// The signing secret (`whsec_…`). Several, separated by commas, give one signature each, as
    /// while a secret is being rolled.
    pub secret: String,
}

/// The reason why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The key is not a test key. A live key here means that someone is about to believe in
    /// payments that nobody made, or that a real secret sits in a test's configuration; both are
    /// worth stopping for.
    #[error("the sandbox takes only keys that begin with sk_test_ or rk_test_")]
    NotATestKey,
    /// The address can be reached from other machines and that was not allowed.
    #[error(
        "{0} can be reached from other machines; --allow-remote (Config::allow_remote) allows that"
    )]
    NotLoopback(SocketAddr),
    /// A webhook's address is not an http or https URL, or it has no secret.
    #[error("a webhook needs an http or https address and a secret: {0}")]
    BadWebhook(String),
    /// The public address is not an origin.
    #[error("the public address has to be an origin such as https://stripe.example, and not {0}")]
    BadPublicUrl(String),
    /// Another sandbox has the state file. Two would take each other's endpoints away.
    #[error("another sandbox uses the state file {0}; stop it, or choose another file")]
    InUse(PathBuf),
    /// The state file could not be opened.
    #[error("could not open the state file")]
    State(#[from] sqlx::Error),
    /// The address could not be listened on.
    #[error("could not listen")]
    Listen(#[from] std::io::Error),
    /// The HTTP client for deliveries could not be made.
    #[error("could not set up webhook delivery")]
    Client(#[from] reqwest::Error),
    /// The folder for the record could not be written to.
    #[error("could not record into the folder")]
    Record(#[source] std::io::Error),
}

impl Default for Config {
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 12111)),
            allow_remote: false,
            public_url: None,
            state: PathBuf::from("sandbox.db"),
            secret_key: "sk_test_sandbox".to_owned(),
            webhooks: Vec::new(),
            retries: [1, 5, 30, 120, 600].map(Duration::from_secs).to_vec(),
            delivery_timeout: Duration::from_secs(10),
            delivery_concurrency: 16,
            lock_timeout: Duration::from_secs(75),
            api_version: DEFAULT_API_VERSION.to_owned(),
            faults: None,
            record: None,
        }
    }
}

impl Config {
    pub(crate) fn check(&self) -> Result<(), StartError> {
        if !["sk_test_", "rk_test_"]
            .iter()
            .any(|prefix| self.secret_key.starts_with(prefix))
        {
            return Err(StartError::NotATestKey);
        }
        if !self.addr.ip().is_loopback() && !self.allow_remote {
            return Err(StartError::NotLoopback(self.addr));
        }
        self.public_origin()?;
        let bad = self.webhooks.iter().find(|webhook| {
            let http = webhook.url.starts_with("http://") || webhook.url.starts_with("https://");
            !http || webhook.secrets().next().is_none()
        });
        bad.map_or(Ok(()), |webhook| {
            Err(StartError::BadWebhook(webhook.url.clone()))
        })
    }
}

impl Config {
    /// The public address as browsers send it in `Origin` and `Host`.
    pub(crate) fn public_origin(&self) -> Result<Option<String>, StartError> {
        let Some(text) = &self.public_url else {
            return Ok(None);
        };
        let bad = || StartError::BadPublicUrl(text.clone());
        let url = Url::parse(text).map_err(|_| bad())?;
        let is_origin = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let is_plain = url.username().is_empty() && url.password().is_none();
        let is_web = matches!(url.scheme(), "http" | "https");
        if !(is_origin && is_plain && is_web) {
            return Err(bad());
        }
        Ok(Some(url.origin().ascii_serialization()))
    }
}

impl Webhook {
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.secret
            .split(',')
            .map(str::trim)
            .filter(|secret| !secret.is_empty())
    }
}
