//! Addresses, and to whom something is shipped.

use serde_json::{Value, json};

use super::error::ApiError;
use super::params::Params;

/// Reads an address; an empty value clears it.
pub(crate) fn address(params: &mut Params, member: &str) -> Result<Option<Value>, ApiError> {
    if params.clears(member) {
        return Ok(Some(Value::Null));
    }
    params.object(member)?.map(read_address).transpose()
}

/// Reads a name, an address and what else is known of where something is shipped; an empty value
/// clears it.
pub(crate) fn shipping(params: &mut Params, member: &str) -> Result<Option<Value>, ApiError> {
    if params.clears(member) {
        return Ok(Some(Value::Null));
    }
    let Some(mut shipping) = params.object(member)? else {
        return Ok(None);
    };
    let address = address(&mut shipping, "address")?
        .ok_or_else(|| ApiError::missing(&shipping.name("address")))?;
    let mut read = json!({ "address": address, "name": shipping.required_text("name", 5000)? });
    read["phone"] = shipping.clearable_text("phone", 5000)?.unwrap_or_default();
    for member in ["carrier", "tracking_number"] {
        if let Some(text) = shipping.clearable_text(member, 5000)? {
            read[member] = text;
        }
    }
    shipping.finish()?;
    Ok(Some(read))
}

/// As [`shipping`], in the shape that payments and customers have: with the carrier and its number,
/// null where nothing is known.
pub(crate) fn shipment(params: &mut Params, member: &str) -> Result<Option<Value>, ApiError> {
    let Some(mut read) = shipping(params, member)? else {
        return Ok(None);
    };
    if let Some(read) = read.as_object_mut() {
        for member in ["carrier", "tracking_number"] {
            read.entry(member).or_insert(Value::Null);
        }
    }
    Ok(Some(read))
}

fn read_address(mut address: Params) -> Result<Value, ApiError> {
    let mut read = json!({});
    for member in ["city", "country", "line1", "line2", "postal_code", "state"] {
        read[member] = address.clearable_text(member, 5000)?.unwrap_or_default();
    }
    address.finish()?;
    Ok(read)
}
