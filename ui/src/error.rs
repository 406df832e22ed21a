use std::fmt;

use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use text::Text;

use crate::wire::{FromScalars, WireEncoding};

/// The error of an action that was not done. It crosses the wire, so it says what a shopper may
/// know and no more; the rest is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ActionError {
    /// The request is not one that a page of ours sends.
    BadRequest,
    /// The form is not one that a page of ours gave to this session.
    Forbidden,
    /// There is nothing at that address.
    NotFound,
    /// Too much of it is under way; the answer says when to try again.
    Busy,
    /// Something failed on our side; it may work in a moment.
    Unavailable,
}

impl ActionError {
    /// The HTTP status that says the same.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Busy | Self::Unavailable => 503,
        }
    }

    /// The text for the shopper: what to do about it.
    pub fn message(self, text: Text) -> &'static str {
        match self {
            Self::BadRequest => text.error().bad_request(),
            Self::Forbidden => text.error().forbidden(),
            Self::NotFound => text.error().not_found(),
            Self::Busy => text.error().busy(),
            Self::Unavailable => text.error().unavailable(),
        }
    }
}

/// As a log says it.
impl fmt::Display for ActionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("action_failed")
    }
}

impl std::error::Error for ActionError {}

impl FromScalars for ActionError {
    fn from_scalars(scalars: Vec<String>) -> Option<Self> {
        match scalars.first()?.as_str() {
            "BadRequest" => Some(Self::BadRequest),
            "Forbidden" => Some(Self::Forbidden),
            "NotFound" => Some(Self::NotFound),
            "Unavailable" => Some(Self::Unavailable),
            _ => None,
        }
    }
}

impl FromServerFnError for ActionError {
    type Encoder = WireEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            // On the server a body that is no text; in a browser an answer that an older page
            // cannot read.
            | ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => Self::BadRequest,
            _ => Self::Unavailable,
        }
    }
}
