//! Metadata: the merchant's own keys and values, within Stripe's limits.

use serde_json::{Value, json};

use super::error::ApiError;
use super::form::Node;
use super::params::Params;

const KEYS: usize = 50;
const KEY_LENGTH: usize = 40;
const VALUE_LENGTH: usize = 500;

impl Params {
    /// The merchant's own keys and values, within Stripe's limits. An empty value means no value.
    pub(crate) fn metadata(&mut self, member: &str) -> Result<Value, ApiError> {
        let changed = self.metadata_over(member, &json!({}))?;
        Ok(changed.unwrap_or_else(|| json!({})))
    }

    /// The metadata after an update: keys that are given replace those that are there, an empty
    /// value takes its key away, and an empty member all keys. Nothing when the member was not
    /// given.
    pub(crate) fn metadata_over(
        &mut self,
        member: &str,
        current: &Value,
    ) -> Result<Option<Value>, ApiError> {
        if self.clears(member) {
            return Ok(Some(json!({})));
        }
        let path = self.name(member);
        let fields = match self.take(member) {
            None => return Ok(None),
            Some(Node::Text(_)) => return Err(ApiError::parameter(&path, "Invalid object")),
            Some(Node::Map(fields)) => fields,
        };
        let mut metadata = current.as_object().cloned().unwrap_or_default();
        for (name, node) in fields {
            let key = name.to_string();
            let param = format!("{path}[{key}]");
            let Node::Text(value) = node else {
                return Err(ApiError::parameter(
                    param,
                    "Metadata values must be strings, and this one is an object.",
                ));
            };
            check(&param, &key, &value)?;
            if value.is_empty() {
                metadata.remove(&key);
            } else {
                metadata.insert(key, Value::String(value));
            }
        }
        if metadata.len() > KEYS {
            let message = format!(
                "Metadata can have at most {KEYS} keys, and this has {}.",
                metadata.len()
            );
            return Err(ApiError::parameter(path, message));
        }
        Ok(Some(Value::Object(metadata)))
    }
}

fn check(param: &str, key: &str, value: &str) -> Result<(), ApiError> {
    if key.chars().count() > KEY_LENGTH {
        let message =
            format!("Metadata keys can have up to {KEY_LENGTH} characters, and '{key}' has more.");
        return Err(ApiError::parameter(param, message));
    }
    if value.chars().count() > VALUE_LENGTH {
        let message = format!(
            "Metadata values can have up to {VALUE_LENGTH} characters, and the one of '{key}' has more."
        );
        return Err(ApiError::parameter(param, message));
    }
    Ok(())
}
