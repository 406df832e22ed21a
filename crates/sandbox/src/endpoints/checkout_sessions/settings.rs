//! The settings of a new Checkout Session: what it asks and tells the shopper, and what happens
//! when it expires.

use serde_json::{Map, Value, json};

use super::invoices;
use crate::http::ApiError;
use crate::http::params::{Params, collect};

const MAX_FIELDS: usize = 3;
const MAX_OPTIONS: usize = 200;
const MAX_ANSWER: i64 = 255;

/// Reads all settings that were given, as members of the session.
pub(super) fn read(params: &mut Params) -> Result<Map<String, Value>, ApiError> {
    Ok(collect([
        ("after_expiration", after_expiration(params)?),
        ("consent_collection", consent_collection(params)?),
        ("custom_fields", custom_fields(params)?),
        ("custom_text", custom_text(params)?),
        ("invoice_creation", invoices::read(params)?),
    ]))
}

fn after_expiration(params: &mut Params) -> Result<Option<Value>, ApiError> {
    let Some(mut given) = params.object("after_expiration")? else {
        return Ok(None);
    };
    let recovery = match given.object("recovery")? {
        None => Value::Null,
        Some(mut recovery) => {
            let enabled = recovery
                .boolean("enabled")?
                .ok_or_else(|| ApiError::missing(&recovery.name("enabled")))?;
            let codes = recovery.boolean("allow_promotion_codes")?.unwrap_or(false);
            recovery.finish()?;
            json!({
                "allow_promotion_codes": codes,
                "enabled": enabled,
                "expires_at": null,
                "url": null,
            })
        }
    };
    given.finish()?;
    Ok(Some(json!({ "recovery": recovery })))
}

fn consent_collection(params: &mut Params) -> Result<Option<Value>, ApiError> {
    let Some(mut given) = params.object("consent_collection")? else {
        return Ok(None);
    };
    let agreement = match given.object("payment_method_reuse_agreement")? {
        None => Value::Null,
        Some(mut agreement) => {
            let position = agreement
                .choice("position", &["auto", "hidden"])?
                .ok_or_else(|| ApiError::missing(&agreement.name("position")))?;
            agreement.finish()?;
            json!({ "position": position })
        }
    };
    let consent = json!({
        "payment_method_reuse_agreement": agreement,
        "promotions": given.choice("promotions", &["auto", "none"])?,
        "terms_of_service": given.choice("terms_of_service", &["none", "required"])?,
    });
    given.finish()?;
    Ok(Some(consent))
}

fn custom_text(params: &mut Params) -> Result<Option<Value>, ApiError> {
    let Some(mut given) = params.object("custom_text")? else {
        return Ok(None);
    };
    let mut texts = json!({});
    for place in [
        "after_submit",
        "shipping_address",
        "submit",
        "terms_of_service_acceptance",
    ] {
        texts[place] = match given.clears(place) {
            true => Value::Null,
            false => match given.object(place)? {
                None => Value::Null,
                Some(mut text) => {
                    let message = text.required_text("message", 1200)?;
                    text.finish()?;
                    json!({ "message": message })
                }
            },
        };
    }
    given.finish()?;
    Ok(Some(texts))
}

fn custom_fields(params: &mut Params) -> Result<Option<Value>, ApiError> {
    let elements = params.objects("custom_fields")?;
    if elements.is_empty() {
        return Ok(None);
    }
    if elements.len() > MAX_FIELDS {
        let message =
            format!("Array custom_fields exceeded maximum {MAX_FIELDS} allowed elements.");
        return Err(ApiError::parameter("custom_fields", message));
    }
    let mut fields: Vec<Value> = Vec::with_capacity(elements.len());
    for element in elements {
        let param = element.name("key");
        let field = custom_field(element)?;
        if fields.iter().any(|other| other["key"] == field["key"]) {
            let message = format!("The key {} is there twice.", field["key"]);
            return Err(ApiError::parameter(param, message));
        }
        fields.push(field);
    }
    Ok(Some(fields.into()))
}

fn custom_field(mut field: Params) -> Result<Value, ApiError> {
    let key = field.required_text("key", 200)?;
    if !key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let message = "Keys of custom fields may only contain letters and digits.";
        return Err(ApiError::parameter(field.name("key"), message));
    }
    let mut label = field
        .object("label")?
        .ok_or_else(|| ApiError::missing(&field.name("label")))?;
    label
        .choice("type", &["custom"])?
        .ok_or_else(|| ApiError::missing(&label.name("type")))?;
    let custom = label.required_text("custom", 50)?;
    label.finish()?;
    let kind = field
        .choice("type", &["dropdown", "numeric", "text"])?
        .ok_or_else(|| ApiError::missing(&field.name("type")))?;
    let details = match kind.as_str() {
        "dropdown" => dropdown(&mut field)?,
        kind => typed(&mut field, kind)?,
    };
    let optional = field.boolean("optional")?.unwrap_or(false);
    field.finish()?;
    let mut read = json!({
        "key": key,
        "label": { "custom": custom, "type": "custom" },
        "optional": optional,
        "type": kind,
    });
    read[&kind] = details;
    Ok(read)
}

fn dropdown(field: &mut Params) -> Result<Value, ApiError> {
    let mut given = field
        .object("dropdown")?
        .ok_or_else(|| ApiError::missing(&field.name("dropdown")))?;
    let param = given.name("options");
    let elements = given.objects("options")?;
    if elements.is_empty() || elements.len() > MAX_OPTIONS {
        let message = format!("A dropdown has from 1 to {MAX_OPTIONS} options.");
        return Err(ApiError::parameter(param, message));
    }
    let option = |mut option: Params| {
        let label = option.required_text("label", 100)?;
        let (name, value) = (option.name("value"), option.required_text("value", 100)?);
        option.finish()?;
        match value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            true => Ok(json!({ "label": label, "value": value })),
            false => {
                let message = "Values of options may only contain letters and digits.";
                Err(ApiError::parameter(name, message))
            }
        }
    };
    let options: Vec<Value> = elements.into_iter().map(option).collect::<Result<_, _>>()?;
    let default = given.text("default_value", 100)?;
    let known = |default: &String| options.iter().any(|option| option["value"] == **default);
    if default.as_ref().is_some_and(|default| !known(default)) {
        let message = "The default value must be the value of an option.";
        return Err(ApiError::parameter(given.name("default_value"), message));
    }
    given.finish()?;
    Ok(json!({ "default_value": default, "options": options, "value": null }))
}

/// Reads the bounds of a field for a text or for digits.
fn typed(field: &mut Params, kind: &str) -> Result<Value, ApiError> {
    let mut given = field.object(kind)?.unwrap_or_default();
    let default = given.text("default_value", 255)?;
    let mut bounds = json!({});
    for member in ["maximum_length", "minimum_length"] {
        let (param, length) = (given.name(member), given.integer_from(member, 1)?);
        if length.is_some_and(|length| length > MAX_ANSWER) {
            let message = format!("This value must be less than or equal to {MAX_ANSWER}.");
            return Err(ApiError::parameter(param, message));
        }
        bounds[member] = json!(length);
    }
    given.finish()?;
    Ok(json!({
        "default_value": default,
        "maximum_length": bounds["maximum_length"],
        "minimum_length": bounds["minimum_length"],
        "value": null,
    }))
}
