use std::fmt;

use domain::order::Mode;

/// A secret or restricted API key. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey {
    text: String,
    mode: Mode,
}

/// The text is not an API key that a server can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a Stripe secret key begins with sk_test_, sk_live_, rk_test_ or rk_live_")]
pub struct KeyError;

impl SecretKey {
    /// Reads a key (`sk_…`) or a restricted key (`rk_…`).
    ///
    /// # Errors
    /// When it is neither, such as a publishable key.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        let mode = if text.starts_with("sk_test_") || text.starts_with("rk_test_") {
            Mode::Test
        } else if text.starts_with("sk_live_") || text.starts_with("rk_live_") {
            Mode::Live
        } else {
            return Err(KeyError);
        };
        if text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self {
                text: text.to_owned(),
                mode,
            })
        } else {
            Err(KeyError)
        }
    }

    /// Which mode it stands for.
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    pub(crate) fn expose(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({:?}, redacted)", self.mode)
    }
}
