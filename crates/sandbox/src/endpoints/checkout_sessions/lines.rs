//! The line items of a new Checkout Session.

use serde_json::{Value, json};

use super::prices::{self, PriceParams};
use crate::checkout::MAX_LINES;
use crate::currency::Currency;
use crate::http::params::Params;
use crate::http::{ApiError, Call};

const MAX_QUANTITY: i64 = 999_999;

/// The largest quantity that a shopper can take unless the merchant says otherwise.
const USUAL_MAXIMUM: i64 = 99;

/// Parameters that Stripe has and the sandbox does not have yet.
pub(super) const UNSUPPORTED: &[&str] = &["dynamic_tax_rates", "tax_rates"];

/// A line as it was asked for.
#[derive(Debug)]
pub(super) struct LineItemParams {
    price: PriceParams,
    quantity: i64,
    metadata: Value,
    adjustable_quantity: Option<Value>,
}

/// Reads and checks `line_items`, of which there must be at least one. `now` is in Unix seconds.
pub(super) fn read(params: &mut Params, now: i64) -> Result<Vec<LineItemParams>, ApiError> {
    let elements = elements(params)?.into_iter();
    elements.map(|item| line(item, now)).collect()
}

/// The elements of `line_items`.
pub(super) fn elements(params: &mut Params) -> Result<Vec<Params>, ApiError> {
    let elements = params.objects("line_items")?;
    if elements.is_empty() {
        return Err(ApiError::missing("line_items"));
    }
    if elements.len() > MAX_LINES {
        let message = format!("Array line_items exceeded maximum {MAX_LINES} allowed elements.");
        return Err(ApiError::parameter("line_items", message));
    }
    Ok(elements)
}

/// Finds what a line names and makes its line item, in the currency of the session if that is
/// known.
pub(super) async fn resolve(
    call: &mut Call<'_>,
    line: LineItemParams,
    currency: Option<Currency>,
    now: i64,
) -> Result<Value, ApiError> {
    let mut item = prices::resolve(call, line.price, currency, now).await?;
    item["quantity"] = line.quantity.into();
    item["metadata"] = line.metadata;
    item["adjustable_quantity"] = line.adjustable_quantity.unwrap_or_default();
    Ok(item)
}

/// Reads how many of an item are bought, if that is said.
pub(super) fn quantity(item: &mut Params) -> Result<Option<i64>, ApiError> {
    let param = item.name("quantity");
    let quantity = item.integer_from("quantity", 1)?;
    if quantity.is_some_and(|quantity| quantity > MAX_QUANTITY) {
        return Err(too_many(param));
    }
    Ok(quantity)
}

/// The error of a line without a quantity.
pub(super) fn no_quantity(item: &Params) -> ApiError {
    let param = item.name("quantity");
    let message = format!(
        "Quantity is required. Add `quantity` to `{}`",
        param.trim_end_matches("[quantity]")
    );
    ApiError::parameter(&param, message).code("parameter_missing")
}

/// Reads whether and within what bounds the shopper can change a quantity.
pub(super) fn adjustable_quantity(
    item: &mut Params,
    quantity: i64,
) -> Result<Option<Value>, ApiError> {
    let Some(mut given) = item.object("adjustable_quantity")? else {
        return Ok(None);
    };
    let enabled = given
        .boolean("enabled")?
        .ok_or_else(|| ApiError::missing(&given.name("enabled")))?;
    let minimum = given.integer_from("minimum", 0)?.unwrap_or(0);
    let (param, maximum) = (given.name("maximum"), given.integer_from("maximum", 1)?);
    given.finish()?;
    let maximum = maximum.unwrap_or(USUAL_MAXIMUM.max(quantity));
    if maximum > MAX_QUANTITY {
        return Err(too_many(param));
    }
    if !enabled {
        return Ok(Some(
            json!({ "enabled": false, "maximum": null, "minimum": null }),
        ));
    }
    if !(minimum..=maximum).contains(&quantity) {
        let message = format!(
            "The quantity {quantity} is outside the bounds of its adjustable_quantity, from {minimum} to {maximum}."
        );
        return Err(ApiError::parameter(item.name("quantity"), message));
    }
    Ok(Some(
        json!({ "enabled": true, "maximum": maximum, "minimum": minimum }),
    ))
}

fn line(mut item: Params, now: i64) -> Result<LineItemParams, ApiError> {
    item.refuse_unsupported(UNSUPPORTED)?;
    let quantity = quantity(&mut item)?.ok_or_else(|| no_quantity(&item))?;
    let line = LineItemParams {
        metadata: item.metadata("metadata")?,
        adjustable_quantity: adjustable_quantity(&mut item, quantity)?,
        price: prices::read(&mut item, now)?.ok_or_else(|| prices::missing(&item))?,
        quantity,
    };
    item.finish()?;
    Ok(line)
}

fn too_many(param: String) -> ApiError {
    let message = format!("This value must be less than or equal to {MAX_QUANTITY}.");
    ApiError::parameter(param, message).code("parameter_invalid_integer")
}
