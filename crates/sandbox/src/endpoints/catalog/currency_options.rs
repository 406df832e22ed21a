//! The parameter `currency_options`: amounts in other currencies than the one that an object is in.

use serde_json::{Map, Value, json};

use super::{TAX_BEHAVIORS, unit_amount};
use crate::currency::Currency;
use crate::http::ApiError;
use crate::http::amounts::{amount, find_currency};
use crate::http::params::Params;
use crate::objects::currency_options::amount_member;

/// The object whose amounts are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct AmountContext<'a> {
    /// The `object` member.
    pub(super) kind: &'static str,
    /// The currency that it is in, if it is in one.
    pub(super) own: Option<&'a str>,
}

/// Reads what the options become of those that are there. A price's option is taken away by an
/// empty value, and all of them by an empty member; those of a coupon can only be added, and others
/// be added or changed.
pub(super) fn read(
    params: &mut Params,
    context: AmountContext<'_>,
    current: Map<String, Value>,
) -> Result<Map<String, Value>, ApiError> {
    let mut options = current;
    if context.kind == "price" && params.clears("currency_options") {
        return Ok(Map::new());
    }
    let param = params.name("currency_options");
    let Some(mut given) = params.object("currency_options")? else {
        return Ok(options);
    };
    if context.own.is_none() {
        let message = format!("`{param}` needs an amount and its currency beside it.");
        return Err(ApiError::parameter(param, message));
    }
    for code in given.members() {
        let currency = find_currency(&code, &given.name(&code))?;
        if context.own == Some(currency.code()) {
            let message = format!(
                "`{}` is the currency that the amount is in already. Its option cannot be another one.",
                currency.code()
            );
            return Err(ApiError::parameter(given.name(&code), message));
        }
        if context.kind == "price" && given.clears(&code) {
            options.remove(currency.code());
            continue;
        }
        if context.kind == "coupon" && options.contains_key(currency.code()) {
            let message = "What a coupon takes off cannot be changed. Create a new coupon instead.";
            return Err(ApiError::parameter(given.name(&code), message));
        }
        let Some(one) = given.object(&code)? else {
            continue;
        };
        let before = options.remove(currency.code());
        let read = option(one, context.kind, currency, before)?;
        options.insert(currency.code().to_owned(), read);
    }
    given.finish()?;
    Ok(options)
}

fn option(
    mut given: Params,
    kind: &str,
    currency: Currency,
    before: Option<Value>,
) -> Result<Value, ApiError> {
    given.refuse_unsupported(&["custom_unit_amount", "tiers"])?;
    let member = amount_member(kind);
    let amount = match kind {
        "price" => unit_amount(&mut given, currency)?,
        "coupon" | "promotion_code" => amount(&mut given, member, currency, 1)?,
        _ => amount(&mut given, member, currency, 0)?,
    };
    let is_new = before.is_none();
    let mut read = before.unwrap_or_else(|| match kind {
        "price" => json!({ "custom_unit_amount": null, "tax_behavior": "unspecified" }),
        "shipping_rate" => json!({ "tax_behavior": "unspecified" }),
        _ => json!({}),
    });
    match amount {
        None if is_new => return Err(ApiError::missing(&given.name(member))),
        None => {}
        Some(amount) => {
            read[member] = amount.into();
            if kind == "price" {
                read["unit_amount_decimal"] = amount.to_string().into();
            }
        }
    }
    if ["price", "shipping_rate"].contains(&kind)
        && let Some(behavior) = given.choice("tax_behavior", TAX_BEHAVIORS)?
    {
        read["tax_behavior"] = behavior.into();
    }
    given.finish()?;
    Ok(read)
}
