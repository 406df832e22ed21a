use domain::money::{Currency, Money};
use serde::Deserialize;
use serde_json::Value;

/// A member that the shop acts on is missing or of another type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("lacks a usable {0}")]
pub(crate) struct Incomplete(pub(crate) &'static str);

/// An id, or the object itself where it was expanded.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Reference {
    /// Just its id.
    Id(String),
    /// The object, of which the id is enough.
    Object {
        /// Its id.
        id: String,
        /// The status, if it has one.
        status: Option<String>,
    },
}

impl Reference {
    pub(super) fn into_id(self) -> String {
        match self {
            Self::Id(id) | Self::Object { id, .. } => id,
        }
    }

    pub(crate) fn id(&self) -> String {
        match self {
            Self::Id(id) | Self::Object { id, .. } => id.clone(),
        }
    }

    /// The status of an expanded object.
    pub(crate) fn status(&self) -> Option<&str> {
        match self {
            Self::Id(_) => None,
            Self::Object { status, .. } => status.as_deref(),
        }
    }
}

/// The value that the shop wrote under `name` in an object's `metadata`. Other integrations may
/// write what they like, so whatever is not the shop's counts as nothing.
pub(crate) fn metadata_text<'a>(metadata: &'a Value, name: &str) -> Option<&'a str> {
    metadata.get(name).and_then(Value::as_str)
}

/// An amount in minor units, with the member that would be at fault.
pub(crate) fn money(
    (member, amount): (&'static str, Option<i64>),
    currency: Option<&str>,
) -> Result<Money, Incomplete> {
    let amount = amount.ok_or(Incomplete(member))?;
    let currency = currency
        .and_then(|code| Currency::parse(code).ok())
        .ok_or(Incomplete("currency"))?;
    Ok(Money::new(amount, currency))
}
