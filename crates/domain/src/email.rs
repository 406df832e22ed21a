use std::fmt;

/// An e-mail address that looks like one: it can be written to, whether or not somebody reads it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

/// The text is no e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct ParseEmailError;

/// The most bytes of an address, by RFC 5321 section 4.5.3.1.3.
const MAX_BYTES: usize = 254;

impl EmailAddress {
    /// Reads what was typed, without white space around it.
    ///
    /// # Errors
    /// When it has no `@`, white space, control or angle characters, or is too long.
    pub fn parse(text: &str) -> Result<Self, ParseEmailError> {
        let text = text.trim();
        let (local, host) = text.rsplit_once('@').ok_or(ParseEmailError)?;
        let is_bad = |each: char| {
            each.is_whitespace() || each.is_control() || matches!(each, '<' | '>' | ',' | ';' | '"')
        };
        let fits = !local.is_empty()
            && !local.contains('@')
            && host.contains('.')
            && host.split('.').all(|label| !label.is_empty())
            && text.len() <= MAX_BYTES
            && !text.contains(is_bad);
        fits.then(|| Self(text.to_owned())).ok_or(ParseEmailError)
    }

    /// The address as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which addresses are compared: hardly any mail server tells cases apart.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Addresses of people do not belong into logs.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}
