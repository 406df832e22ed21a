use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use stripe_client_core::{RequestBuilder, StripeMethod, VERSION};
use tokio::sync::Semaphore;

use crate::answer::{Answer, Failure};
use crate::error::{ApiError, Unreachable};
use crate::retry::jittered;
use crate::stats::{Counters, Operation};
use crate::{RetryPolicy, SecretKey};

const STRIPE: &str = "https://api.stripe.com";

/// Stripe allows 25 calls a second in test mode and 100 in live mode; this many at once stay below
/// that, and leave room for other programs with the same account.
///
/// Source: <https://docs.stripe.com/rate-limits>
const CALLS_AT_ONCE: usize = 16;

/// Takes requests to Stripe and brings back answers. async-stripe builds the requests; its own
/// client has no connections to reuse and cannot try again with the same idempotency key.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    http: reqwest::Client,
    base: Arc<str>,
    authorization: HeaderValue,
    policy: Arc<RetryPolicy>,
    turns: Arc<Semaphore>,
    pub(crate) counters: Arc<Counters>,
}

/// A call: what to ask, and under which key.
pub(crate) struct Call {
    pub(crate) operation: Operation,
    pub(crate) request: RequestBuilder,
    /// Makes Stripe do it once however often it is asked. For what changes something only.
    pub(crate) idempotency_key: Option<String>,
}

impl Transport {
    pub(crate) fn new(
        key: &SecretKey,
        base: Option<&str>,
        policy: RetryPolicy,
    ) -> Result<Self, ApiError> {
        let base = base.unwrap_or(STRIPE);
        if !is_address(base) {
            let text = format!("{base:?} is no http:// or https:// address");
            return Err(ApiError::Configuration(text));
        }
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", key.expose()))
            .map_err(|_| ApiError::Configuration("the API key is no text".to_owned()))?;
        authorization.set_sensitive(true);
        let mut http = reqwest::Client::builder()
            .user_agent(concat!("Cartwright/", env!("CARGO_PKG_VERSION")))
            .timeout(policy.timeout)
            .redirect(Policy::none())
            .pool_max_idle_per_host(CALLS_AT_ONCE);
        // A plain address is a server next door, which a proxy for the internet does not lead to.
        if base.starts_with("http://") {
            http = http.no_proxy();
        }
        let http = http
            .build()
            .map_err(|error| ApiError::Configuration(error.to_string()))?;
        Ok(Self {
            http,
            base: base.trim_end_matches('/').into(),
            authorization,
            policy: Arc::new(policy),
            turns: Arc::new(Semaphore::new(CALLS_AT_ONCE)),
            counters: Arc::default(),
        })
    }

    /// Asks until there is an answer that `read` takes, or patience is at an end.
    pub(crate) async fn call<T>(
        &self,
        call: Call,
        read: impl Fn(&[u8]) -> Result<T, &'static str>,
    ) -> Result<T, ApiError> {
        let start = Instant::now();
        self.counters.begin(call.operation);
        let answer = tokio::time::timeout(self.policy.total, self.attempts(&call, start, read));
        let result = answer.await.unwrap_or_else(|_| {
            let error = ApiError::Unreachable(Unreachable::silent("no answer in time"));
            tracing::warn!(stripe.operation = call.operation.as_str(), stripe.error = %error, "Stripe failed");
            Err(error)
        });
        self.counters
            .end(call.operation, result.as_ref().err(), start.elapsed());
        result
    }

    async fn attempts<T>(
        &self,
        call: &Call,
        start: Instant,
        read: impl Fn(&[u8]) -> Result<T, &'static str>,
    ) -> Result<T, ApiError> {
        let mut pauses = self.policy.backoff.iter();
        loop {
            let failure = match self.attempt(call, &read).await {
                Ok(value) => return Ok(value),
                Err(failure) => failure,
            };
            let operation = call.operation.as_str();
            let request_id = failure.error.request_id();
            let error = &failure.error;
            let pause = pauses
                .next()
                .filter(|_| failure.is_passing)
                .map(|pause| jittered(*pause).max(failure.retry_after.unwrap_or(Duration::ZERO)))
                // An error that tells something is better than waiting for the end of all patience.
                .filter(|pause| start.elapsed() + *pause < self.policy.total);
            let Some(pause) = pause else {
                tracing::warn!(stripe.operation = operation, stripe.request_id = request_id, stripe.error = %error, "Stripe failed");
                return Err(failure.error);
            };
            tracing::warn!(stripe.operation = operation, stripe.request_id = request_id, stripe.error = %error, "retrying a request to Stripe");
            self.counters.retry(call.operation);
            tokio::time::sleep(pause).await;
        }
    }

    async fn attempt<T>(
        &self,
        call: &Call,
        read: impl Fn(&[u8]) -> Result<T, &'static str>,
    ) -> Result<T, Failure> {
        // The semaphore is never closed; a call that pauses gives its turn to others.
        let _turn = self.turns.acquire().await;
        let answer = self
            .exchange(call)
            .await
            .map_err(|error| Failure::silence(&error))?;
        answer.judge(read)
    }

    async fn exchange(&self, call: &Call) -> Result<Answer, reqwest::Error> {
        let RequestBuilder {
            query,
            body,
            path,
            method,
        } = &call.request;
        let query = query.as_ref().filter(|query| !query.is_empty());
        let query = query.map_or_else(String::new, |query| format!("?{query}"));
        let method = match method {
            StripeMethod::Get => reqwest::Method::GET,
            StripeMethod::Post => reqwest::Method::POST,
            StripeMethod::Delete => reqwest::Method::DELETE,
        };
        let mut request = self
            .http
            .request(method, format!("{}/v1{path}{query}", self.base))
            .header(AUTHORIZATION, self.authorization.clone())
            .header("stripe-version", VERSION.as_str());
        if let Some(key) = &call.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = body {
            request = request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(body.clone());
        }
        let response = request.send().await?;
        Ok(Answer {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.bytes().await?.into(),
        })
    }
}

fn is_address(base: &str) -> bool {
    let host = base
        .strip_prefix("https://")
        .or_else(|| base.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_graphic()))
}
