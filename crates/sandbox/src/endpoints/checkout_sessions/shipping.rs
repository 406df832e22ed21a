//! The shipping of a new Checkout Session: how its goods can be shipped, and where to.

use serde_json::{Value, json};

use crate::countries;
use crate::currency::Currency;
use crate::endpoints::catalog::shipping_rates;
use crate::http::params::Params;
use crate::http::{ApiError, Call, lookup};
use crate::objects::{ShippingRate, currency_options};
use crate::store::objects;

const MAX_OPTIONS: usize = 5;

/// A shipping option as it was asked for: a saved rate, or one given in place.
#[derive(Debug)]
pub(super) enum ShippingOptionParams {
    Saved { id: String, param: String },
    InPlace { rate: ShippingRate, param: String },
}

/// Reads `shipping_options`. `now` is in Unix seconds.
pub(super) fn options(
    params: &mut Params,
    now: i64,
) -> Result<Vec<ShippingOptionParams>, ApiError> {
    let elements = params.objects("shipping_options")?;
    if elements.len() > MAX_OPTIONS {
        let message =
            format!("Array shipping_options exceeded maximum {MAX_OPTIONS} allowed elements.");
        return Err(ApiError::parameter("shipping_options", message));
    }
    elements
        .into_iter()
        .map(|option| read(option, now))
        .collect()
}

/// Reads `shipping_address_collection`.
pub(super) fn address_collection(params: &mut Params) -> Result<Option<Value>, ApiError> {
    let Some(mut collection) = params.object("shipping_address_collection")? else {
        return Ok(None);
    };
    let given = collection.texts("allowed_countries")?;
    if given.is_empty() {
        return Err(ApiError::missing(&collection.name("allowed_countries")));
    }
    collection.finish()?;
    if let Some((param, code)) = given
        .iter()
        .find(|(_, code)| countries::name(code).is_none())
    {
        let message = format!(
            "Invalid country: {code}. It must be a code of two capital letters that Stripe ships to."
        );
        return Err(ApiError::parameter(param, message));
    }
    let countries: Vec<String> = given.into_iter().map(|(_, code)| code).collect();
    Ok(Some(json!({ "allowed_countries": countries })))
}

/// Finds the rate that an option names, or keeps the one that it brought along.
pub(super) async fn resolve(
    call: &mut Call<'_>,
    requested: ShippingOptionParams,
    currency: Currency,
) -> Result<ShippingRate, ApiError> {
    let (rate, param, is_new) = match requested {
        ShippingOptionParams::InPlace { rate, param } => (rate, param, true),
        ShippingOptionParams::Saved { id, param } => {
            let rate = lookup::find_param::<ShippingRate>(call, &id, &param).await?;
            (rate, param, false)
        }
    };
    if rate.get("active") != true {
        let message = format!("The shipping rate {} is not active.", rate.id());
        return Err(ApiError::parameter(param, message));
    }
    if currency_options::amount(&rate, currency).is_none() {
        let named = rate.get("fixed_amount")["currency"].as_str();
        let named = named.unwrap_or_default();
        let message = format!(
            "The shipping rate is in `{named}`, and the Checkout Session is in `{}`.",
            currency.code()
        );
        return Err(ApiError::parameter(param, message));
    }
    if is_new {
        objects::insert_unlisted(call.db, &rate).await?;
    }
    Ok(rate)
}

fn read(mut option: Params, now: i64) -> Result<ShippingOptionParams, ApiError> {
    let saved = option.text("shipping_rate", 5000)?;
    let given = option.object("shipping_rate_data")?;
    let requested = match (saved, given) {
        (Some(id), None) => ShippingOptionParams::Saved {
            id,
            param: option.name("shipping_rate"),
        },
        (None, Some(data)) => ShippingOptionParams::InPlace {
            rate: shipping_rates::read(data, now)?,
            param: option.name("shipping_rate_data"),
        },
        (None, None) => return Err(ApiError::missing(&option.name("shipping_rate"))),
        (Some(_), Some(_)) => {
            return Err(ApiError::parameter(
                option.name("shipping_rate_data"),
                "You may only specify one of these parameters: shipping_rate, shipping_rate_data.",
            ));
        }
    };
    option.finish()?;
    Ok(requested)
}
