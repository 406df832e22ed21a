use std::fmt;

/// The error of a call to Stripe. The text is for the log; it holds no data of a shopper and no
/// secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// Stripe understood and refused. Asking again is of no use.
    #[error("Stripe refused: {code} (status {status}, parameter {param}, request {})", request_id.as_deref().unwrap_or("unknown"))]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Stripe's error code, or its type where it has none.
        code: String,
        /// The parameter that is at fault, if one is.
        param: String,
        /// Stripe's name for the call (`req_…`), by which the Dashboard and Stripe's support find
        /// it.
        request_id: Option<String>,
    },
    /// There was no answer, or none that settles it; whether it was done is not known. Asking again
    /// later may help.
    #[error("Stripe cannot be reached: {0}")]
    Unreachable(Unreachable),
    /// The key may not do this: a restricted key without the permission.
    #[error("the API key may not do this (status 403, request {})", request_id.as_deref().unwrap_or("unknown"))]
    Forbidden {
        /// Stripe's name for the call (`req_…`).
        request_id: Option<String>,
    },
    /// The configuration cannot work: a wrong address, or a key that Stripe does not take.
    #[error("the Stripe client is not set up right: {0}")]
    Configuration(String),
}

/// The error in place of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable {
    /// The kind of error, for the log.
    pub why: &'static str,
    /// The HTTP status, if there was one.
    pub status: Option<u16>,
    /// Stripe's name for the call (`req_…`), if it got that far.
    pub request_id: Option<String>,
    /// True if the failure is stored under the idempotency key: Stripe repeats it for a day, so
    /// only another key helps.
    ///
    /// Source: <https://docs.stripe.com/api/idempotent_requests>
    pub is_stored: bool,
}

impl ApiError {
    /// True if Stripe stored the failure under the idempotency key and repeats it for a day.
    pub const fn is_stored(&self) -> bool {
        matches!(
            self,
            Self::Unreachable(Unreachable {
                is_stored: true,
                ..
            })
        )
    }

    /// True if Stripe does not know the object.
    pub const fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }

    /// Stripe's name for the call (`req_…`), if it is known.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused { request_id, .. } | Self::Forbidden { request_id } => {
                request_id.as_deref()
            }
            Self::Unreachable(why) => why.request_id.as_deref(),
            Self::Configuration(_) => None,
        }
    }
}

impl Unreachable {
    pub(crate) const fn silent(why: &'static str) -> Self {
        Self {
            why,
            status: None,
            request_id: None,
            is_stored: false,
        }
    }
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.why)?;
        if let Some(status) = self.status {
            write!(f, " (status {status})")?;
        }
        if let Some(id) = &self.request_id {
            write!(f, " (request {id})")?;
        }
        Ok(())
    }
}
