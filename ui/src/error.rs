use std::fmt;

use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::wire::{FromScalars, WireEncoding};

/// What an action can answer instead of doing it. It crosses the wire, so it says what a shopper
/// may know and no more; the rest is in the log.
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
}

impl fmt::Display for ActionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadRequest => {
                "That request could not be understood. Reload the page and try again."
            }
            Self::Forbidden => {
                "This form did not come from this shop's own page, so nothing was done. Open the page again and send it from there."
            }
            Self::NotFound => "There is nothing here.",
            Self::Busy => {
                "Too many people are doing this at the same time. Wait a few seconds, go back and try again."
            }
            Self::Unavailable => "Something went wrong on our side. Try again in a moment.",
        })
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
