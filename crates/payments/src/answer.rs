use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::Deserialize;

use crate::error::{ApiError, Unreachable};

/// The failure of an attempt.
pub(crate) struct Failure {
    pub(crate) error: ApiError,
    /// True if the same request may do better in a moment.
    pub(crate) is_passing: bool,
    /// The time for which Stripe wants to be left alone.
    pub(crate) retry_after: Option<Duration>,
}

/// A whole answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body of an answer that says yes, or why it says no.
    pub(crate) fn judge<T>(
        &self,
        read: impl Fn(&[u8]) -> Result<T, &'static str>,
    ) -> Result<T, Failure> {
        if self.status.is_success() {
            return read(&self.body).map_err(|why| self.failure(self.unreachable(why), true));
        }
        // Stripe knows best: a refusal may be a passing one, and a fault of its own may have to be
        // left alone.
        // Source: <https://docs.stripe.com/error-low-level>
        let is_passing = self
            .header("stripe-should-retry")
            .and_then(|text| text.parse().ok())
            .unwrap_or(matches!(self.status.as_u16(), 409 | 424 | 429 | 500..))
            && !self.is_stored_failure();
        Err(self.failure(self.error(is_passing), is_passing))
    }

    fn error(&self, is_passing: bool) -> ApiError {
        let Ok(ErrorBody { error }) = serde_json::from_slice(&self.body) else {
            return self.unreachable("an answer that is not Stripe's");
        };
        match self.status.as_u16() {
            403 => ApiError::Forbidden {
                request_id: self.request_id(),
            },
            409 | 424 => self.unreachable("it is busy with the same object"),
            429 => self.unreachable("it is asked too much"),
            500.. => self.unreachable("an error on its side"),
            _ if is_passing => self.unreachable("it asks to try again"),
            401 => {
                let id = self.request_id();
                let id = id.as_deref().unwrap_or("unknown");
                ApiError::Configuration(format!(
                    "Stripe does not know the API key (status 401, request {id})"
                ))
            }
            status => ApiError::Refused {
                status,
                code: error.code.unwrap_or(error.kind),
                param: error.param.unwrap_or_else(|| "none".to_owned()),
                request_id: self.request_id(),
            },
        }
    }

    fn unreachable(&self, why: &'static str) -> ApiError {
        ApiError::Unreachable(Unreachable {
            why,
            status: Some(self.status.as_u16()),
            request_id: self.request_id(),
            is_stored: self.is_stored_failure(),
        })
    }

    /// True if Stripe replays a fault of its own, which it stored under the idempotency key.
    fn is_stored_failure(&self) -> bool {
        self.status.is_server_error()
            && self
                .header("idempotent-replayed")
                .is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    fn failure(&self, error: ApiError, is_passing: bool) -> Failure {
        Failure {
            error,
            is_passing,
            retry_after: self
                .header("retry-after")
                .and_then(|seconds| seconds.parse().ok())
                .map(Duration::from_secs),
        }
    }

    /// Nothing else is believed to be one, since it goes into the log.
    fn request_id(&self) -> Option<String> {
        self.header("request-id")
            .filter(|id| id.starts_with("req_") && id.len() <= 64)
            .filter(|id| {
                id.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            })
            .map(str::to_owned)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Failure {
    /// No answer came.
    pub(crate) fn silence(error: &reqwest::Error) -> Self {
        let why = if error.is_timeout() {
            "no answer in time"
        } else if error.is_connect() {
            "no connection"
        } else {
            "the connection broke"
        };
        Self {
            // What cannot be sent at all cannot be sent a second time either.
            is_passing: !error.is_builder(),
            error: if error.is_builder() {
                ApiError::Configuration("the request makes no address".to_owned())
            } else {
                ApiError::Unreachable(Unreachable::silent(why))
            },
            retry_after: None,
        }
    }
}

/// Of Stripe's error the parts that are for programs. Its message is left out: it may quote what it
/// was sent.
#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorMembers,
}

#[derive(Deserialize)]
struct ErrorMembers {
    #[serde(rename = "type")]
    kind: String,
    code: Option<String>,
    param: Option<String>,
}
