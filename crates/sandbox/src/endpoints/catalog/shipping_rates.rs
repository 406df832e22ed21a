//! Shipping rates.

use serde_json::{Map, Value, json};

use super::TAX_BEHAVIORS;
use super::currency_options::{self, AmountContext};
use crate::http::amounts::{amount, currency};
use crate::http::list::page;
use crate::http::lookup::{self, only_expand};
use crate::http::params::{Params, collect};
use crate::http::{ApiError, Call};
use crate::objects::{Object, ObjectType, ShippingRate, currency_options as stored_options};
use crate::store::objects::{self, Selection};

const UNITS: &[&str] = &["business_day", "day", "hour", "month", "week"];

/// Stripe has no events about shipping rates.
pub(crate) async fn create(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let rate = read(call.take_params(), call.app.clock.now())?;
    objects::insert(call.db, &rate).await?;
    Ok(rate.into_body())
}

pub(crate) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    only_expand(call)?;
    Ok(lookup::find::<ShippingRate>(call, id).await?.into_body())
}

pub(crate) async fn update(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let mut rate = lookup::find::<ShippingRate>(call, id).await?;
    if let Some(mut fixed) = params.object("fixed_amount")? {
        set_currency_options(&mut fixed, &mut rate)?;
        fixed.finish()?;
    }
    let changes = collect([
        ("active", params.boolean("active")?.map(Value::Bool)),
        (
            "metadata",
            params.metadata_over("metadata", rate.get("metadata"))?,
        ),
        (
            "tax_behavior",
            params
                .choice("tax_behavior", TAX_BEHAVIORS)?
                .map(Value::String),
        ),
    ]);
    params.finish()?;
    rate.apply(changes);
    objects::update(call.db, &rate).await?;
    Ok(rate.into_body())
}

pub(crate) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let mut selection = Selection {
        kind: "shipping_rate",
        ..Selection::default()
    };
    selection
        .flags
        .extend(params.boolean("active")?.map(|active| ("active", active)));
    let code = params.text("currency", 5000)?;
    selection
        .members
        .extend(code.map(|code| ("fixed_amount.currency", vec![code.to_lowercase()])));
    page(call, params, selection, "/v1/shipping_rates").await
}

/// Reads a new shipping rate, also one that a session brings along. `now` is in Unix seconds.
pub(crate) fn read(mut params: Params, now: i64) -> Result<ShippingRate, ApiError> {
    params.choice("type", &["fixed_amount"])?;
    let name = params.required_text("display_name", 100)?;
    let mut fixed = params
        .object("fixed_amount")?
        .ok_or_else(|| ApiError::missing(&params.name("fixed_amount")))?;
    let currency = currency(&mut fixed, "currency")?;
    let cost = amount(&mut fixed, "amount", currency, 0)?
        .ok_or_else(|| ApiError::missing(&fixed.name("amount")))?;
    let mut rate = ShippingRate::create(&name, currency, cost, now);
    set_currency_options(&mut fixed, &mut rate)?;
    fixed.finish()?;
    let changes: Map<String, Value> = collect([
        ("delivery_estimate", delivery_estimate(&mut params)?),
        ("metadata", Some(params.metadata("metadata")?)),
        (
            "tax_behavior",
            params
                .choice("tax_behavior", TAX_BEHAVIORS)?
                .map(Value::String),
        ),
        (
            "tax_code",
            params.text("tax_code", 5000)?.map(Value::String),
        ),
    ]);
    params.finish()?;
    rate.apply(changes);
    Ok(rate)
}

fn set_currency_options(fixed: &mut Params, rate: &mut Object) -> Result<(), ApiError> {
    let context = AmountContext {
        kind: "shipping_rate",
        own: rate.get("fixed_amount")["currency"].as_str(),
    };
    let options = currency_options::read(fixed, context, stored_options::others(rate))?;
    stored_options::set(rate, options);
    Ok(())
}

fn delivery_estimate(params: &mut Params) -> Result<Option<Value>, ApiError> {
    let Some(mut estimate) = params.object("delivery_estimate")? else {
        return Ok(None);
    };
    let mut read = json!({ "maximum": null, "minimum": null });
    for bound in ["maximum", "minimum"] {
        let Some(mut given) = estimate.object(bound)? else {
            continue;
        };
        let unit = given
            .choice("unit", UNITS)?
            .ok_or_else(|| ApiError::missing(&given.name("unit")))?;
        let value = given
            .integer_from("value", 1)?
            .ok_or_else(|| ApiError::missing(&given.name("value")))?;
        given.finish()?;
        read[bound] = json!({ "unit": unit, "value": value });
    }
    estimate.finish()?;
    Ok(Some(read))
}
