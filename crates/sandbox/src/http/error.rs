//! Errors in Stripe's shape and words.

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::objects::Object;
use crate::store;

/// An error as the API answers it.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    kind: &'static str,
    code: Option<&'static str>,
    param: Option<String>,
    message: String,
    pub(crate) on_error: OnError,
    /// Further members of the error.
    details: Map<String, Value>,
}

/// The effect of an error on the transaction of its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnError {
    /// Nothing stays, and a repetition with the same idempotency key is executed anew.
    Rollback,
    /// Nothing stays but the answer: the request got as far as being executed, so that a repetition
    /// with the same idempotency key must be told the same.
    RollbackAndRemember,
    /// Work that was done before the refusal stays, as the charge of a card that was declined does,
    /// and so does the answer.
    Commit,
}

/// The error that a response was made of, kept beside its JSON for whoever would rather see a page.
#[derive(Debug, Clone)]
pub(crate) struct Refused(pub(crate) ApiError);

impl ApiError {
    /// A request that is wrong in itself: 400.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            kind: "invalid_request_error",
            code: None,
            param: None,
            message: message.into(),
            on_error: OnError::Rollback,
            details: Map::new(),
        }
    }

    /// A parameter that is wrong: 400 with its name in brackets.
    pub(crate) fn parameter(param: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            param: Some(param.into()),
            ..Self::invalid(message)
        }
    }

    /// The message for people.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn missing(param: &str) -> Self {
        Self::parameter(param, format!("Missing required param: {param}."))
            .code("parameter_missing")
    }

    pub(crate) fn unknown(param: &str) -> Self {
        Self::parameter(param, format!("Received unknown parameter: {param}"))
            .code("parameter_unknown")
    }

    /// An id that does not exist: 404 in the path, 400 in a parameter.
    pub(crate) fn no_such(status: StatusCode, noun: &str, id: &str, param: &str) -> Self {
        let error =
            Self::parameter(param, format!("No such {noun}: '{id}'")).code("resource_missing");
        Self { status, ..error }
    }

    pub(crate) fn unrecognized_url(method: &Method, path: &str) -> Self {
        Self::not_found(format!("Unrecognized request URL ({method}: {path})."))
    }

    /// Something that is not there: 404 in words of its own.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            ..Self::invalid(message)
        }
    }

    pub(crate) fn unauthorized(message: &str) -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            ..Self::invalid(message)
        }
    }

    pub(crate) fn forbidden(message: &str) -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            ..Self::invalid(message)
        }
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        let error = Self::invalid(format!("The request body is larger than {limit} bytes."));
        Self {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            ..error
        }
    }

    pub(crate) fn idempotency_mismatch(key: &str) -> Self {
        Self {
            kind: "idempotency_error",
            ..Self::invalid(format!(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. \
                 Try using a key other than '{key}' if you meant to execute a different request."
            ))
        }
    }

    pub(crate) fn idempotency_in_flight(key: &str) -> Self {
        let error = Self::invalid(format!(
            "There is currently another in-progress request using this Idempotent Key '{key}'. Please try again later."
        ));
        Self {
            status: StatusCode::CONFLICT,
            ..error
        }
        .code("idempotency_key_in_use")
    }

    /// Too many requests, turned away before anything is done: 429.
    pub(crate) fn rate_limited() -> Self {
        let error = Self::invalid(
            "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
        );
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            ..error
        }
        .code("rate_limit")
    }

    /// Other requests were at the same object for too long: 429, and nothing was done.
    pub(crate) fn lock_timeout() -> Self {
        let error = Self::invalid(
            "This object cannot be accessed right now because another API request or Stripe process is currently accessing \
             it. If you see this error intermittently, retry the request. If you see this error frequently and are making \
             multiple concurrent requests to a single object, make your requests serially or at a lower rate. For more \
             details, see https://stripe.com/docs/rate-limits#object-lock-timeouts.",
        );
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            ..error
        }
        .code("lock_timeout")
    }

    /// True if there were too many requests, and not two at one object.
    pub(crate) fn is_rate_limit(&self) -> bool {
        self.code == Some("rate_limit")
    }

    /// An error that the sandbox was told to give: 500.
    pub(crate) fn injected() -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            kind: "api_error",
            ..Self::invalid(
                "An unknown error occurred. The sandbox's fault switchboard asked for it.",
            )
        }
    }

    /// Adds the code that programs look at.
    pub(crate) fn code(self, code: &'static str) -> Self {
        Self {
            code: Some(code),
            ..self
        }
    }

    /// A payment or setup that the bank refused: 402, with all that the intent keeps of it. The
    /// attempt stays on record.
    pub(crate) fn refused(intent: &Object) -> Self {
        let error = match intent.kind() {
            "setup_intent" => intent.get("last_setup_error"),
            _ => intent.get("last_payment_error"),
        };
        let message = error["message"].as_str().unwrap_or_default();
        Self {
            status: StatusCode::PAYMENT_REQUIRED,
            kind: "card_error",
            on_error: OnError::Commit,
            details: error.as_object().cloned().unwrap_or_default(),
            ..Self::invalid(message)
        }
        .about(intent)
    }

    /// A card that the bank or the fields of a form refuse: 402.
    pub(crate) fn card(
        code: &str,
        decline_code: Option<&str>,
        param: Option<&str>,
        message: &str,
    ) -> Self {
        let mut details = Map::new();
        details.insert("code".to_owned(), json!(code));
        details.insert("doc_url".to_owned(), json!(doc_url(code)));
        details.extend(decline_code.map(|code| ("decline_code".to_owned(), json!(code))));
        Self {
            status: StatusCode::PAYMENT_REQUIRED,
            kind: "card_error",
            param: param.map(ToOwned::to_owned),
            details,
            ..Self::invalid(message)
        }
    }

    /// Adds the payment or setup intent that the error is about.
    pub(crate) fn about(mut self, intent: &Object) -> Self {
        self.details
            .insert(intent.kind().to_owned(), intent.body().clone());
        self
    }

    /// Marks an error that is about the state of things and not about the request.
    pub(crate) fn executed(self) -> Self {
        Self {
            on_error: OnError::RollbackAndRemember,
            ..self
        }
    }

    /// Marks an error before which something happened that stays.
    pub(crate) fn committed(self) -> Self {
        Self {
            on_error: OnError::Commit,
            ..self
        }
    }

    /// The body of the answer.
    pub(crate) fn body(&self) -> Value {
        let mut error = self.details.clone();
        if let Some(code) = self.code {
            error.insert("code".to_owned(), json!(code));
            error.insert("doc_url".to_owned(), json!(doc_url(code)));
        }
        if let Some(param) = &self.param {
            error.insert("param".to_owned(), json!(param));
        }
        error.insert("message".to_owned(), json!(self.message));
        error.insert("type".to_owned(), json!(self.kind));
        json!({ "error": error })
    }
}

/// The page of Stripe's documentation about an error code.
pub(crate) fn doc_url(code: &str) -> String {
    format!(
        "https://stripe.com/docs/error-codes/{}",
        code.replace('_', "-")
    )
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        response.extensions_mut().insert(Refused(self));
        response
    }
}

/// Whatever goes wrong inside is logged; outside it is only an error of the server, or of too many
/// requests at once.
impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        if store::is_busy(&error) {
            tracing::warn!(%error, "a request waited too long for those before it");
            return Self::lock_timeout();
        }
        tracing::error!(%error, "the state file failed");
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            kind: "api_error",
            ..Self::invalid("An unknown error occurred in the sandbox; its log has the details.")
        }
    }
}
