//! What a merchant keeps: customers, products and their prices, coupons, promotion codes, shipping rates.

pub(super) mod accounts;
pub(super) mod coupons;
mod currency_options;
pub(super) mod customers;
pub(super) mod prices;
pub(super) mod products;
pub(super) mod promotion_codes;
pub(super) mod shipping_rates;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::params::Params;
use super::{ApiError, Call, check_step, find_currency};
use crate::currency::{Currency, MAXIMUM};
use crate::objects::{Object, event};
use crate::store::objects;

/// How a price can stand to taxes.
const TAX_BEHAVIORS: &[&str] = &["exclusive", "inclusive", "unspecified"];

/// How far from now a time may be, in seconds: five years.
const FURTHEST: i64 = 5 * 365 * 24 * 60 * 60;

/// Adds a new object and records its event.
async fn add(call: &mut Call<'_>, object: &Object, event: &str) -> Result<(), ApiError> {
    objects::insert(call.db, object).await?;
    event::record(call.app, call.db, call.cause, event, object).await?;
    Ok(())
}

/// Writes an edited object and records its event, unless nothing changed. What answers show only on request is not in
/// events, so that a change of it alone makes none.
async fn save(
    call: &mut Call<'_>,
    before: &Object,
    after: &Object,
    event: &str,
) -> Result<(), ApiError> {
    let edited = before.body() != after.body();
    if edited || before.private() != after.private() {
        objects::update(call.db, after).await?;
    }
    if edited {
        event::record_change(call.app, call.db, call.cause, event, before.body(), after).await?;
    }
    Ok(())
}

/// What is left of a deleted object.
fn tombstone(object: &Object) -> Value {
    json!({ "id": object.id(), "object": object.kind(), "deleted": true })
}

/// The object that an id in a parameter names; there, an unknown id is 400.
pub(in crate::api) async fn named(
    call: &mut Call<'_>,
    kind: &str,
    id: &str,
    param: &str,
) -> Result<Object, ApiError> {
    let noun = kind.replace('_', " ");
    let found = objects::find_kind(call.db, kind, id).await?;
    found.ok_or_else(|| ApiError::no_such(StatusCode::BAD_REQUEST, &noun, id, param))
}

/// Reads a required currency.
pub(in crate::api) fn currency(params: &mut Params, member: &str) -> Result<Currency, ApiError> {
    let code = params.required_text(member, 5000)?;
    find_currency(&code, &params.name(member))
}

/// Reads an amount in minor units from `least` to what can be charged, in the steps of its currency.
pub(in crate::api) fn amount(
    params: &mut Params,
    member: &str,
    currency: Currency,
    least: i64,
) -> Result<Option<i64>, ApiError> {
    let param = params.name(member);
    let Some(amount) = params.integer_from(member, least)? else {
        return Ok(None);
    };
    if amount > MAXIMUM {
        let message = format!(
            "Invalid amount: must be no more than {}.",
            currency.format(MAXIMUM)
        );
        return Err(ApiError::parameter(param, message).code("amount_too_large"));
    }
    check_step(amount, currency, &param)?;
    Ok(Some(amount))
}

/// Reads a time that is yet to come, in Unix seconds.
fn future(params: &mut Params, member: &str, now: i64) -> Result<Option<i64>, ApiError> {
    let at = params.integer(member)?;
    match at {
        Some(at) if at <= now => Err(ApiError::parameter(
            member,
            format!(
                "The parameter `{member}` expects a unix timestamp representing a date and time in the future. You \
                 specified the value `{at}` which is in the past."
            ),
        )),
        Some(at) if at - now > FURTHEST => Err(ApiError::parameter(
            member,
            "Invalid timestamp: can be no more than five years in the future.",
        )),
        at => Ok(at),
    }
}

/// Takes the members that were given into what an object is made of or changed by.
pub(in crate::api) fn collect<const N: usize>(
    given: [(&str, Option<Value>); N],
) -> Map<String, Value> {
    given
        .into_iter()
        .filter_map(|(member, value)| Some((member.to_owned(), value?)))
        .collect()
}

/// Refuses an id that is taken.
async fn refuse_taken(
    call: &mut Call<'_>,
    kind: &'static str,
    noun: &str,
    id: &str,
) -> Result<(), ApiError> {
    objects::forget_deleted(call.db, kind, id).await?;
    let taken = match kind {
        "coupon" => objects::find_kind(call.db, kind, id).await?,
        _ => objects::find(call.db, id).await?,
    };
    match taken {
        None => Ok(()),
        Some(_) => Err(ApiError::invalid(format!("{noun} already exists."))
            .code("resource_already_exists")
            .executed()),
    }
}
