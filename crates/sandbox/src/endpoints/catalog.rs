//! The catalog: products and their prices, coupons, promotion codes, shipping rates.

pub(crate) mod coupons;
mod currency_options;
pub(crate) mod prices;
pub(crate) mod products;
pub(crate) mod promotion_codes;
pub(crate) mod shipping_rates;

use crate::currency::Currency;
use crate::http::ApiError;
use crate::http::amounts::amount;
use crate::http::params::Params;

/// The tax behaviors of a price.
const TAX_BEHAVIORS: &[&str] = &["exclusive", "inclusive", "unspecified"];

/// The furthest time from now, in seconds: five years.
const FURTHEST: i64 = 5 * 365 * 24 * 60 * 60;

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

/// Reads the amount for one. One with decimals of minor units has to be a whole one.
fn unit_amount(params: &mut Params, currency: Currency) -> Result<Option<i64>, ApiError> {
    let param = params.name("unit_amount_decimal");
    let decimal = params.text("unit_amount_decimal", 30)?;
    if let Some(decimal) = &decimal {
        let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
        if fraction.bytes().any(|digit| digit != b'0') {
            let message = "This sandbox supports only whole minor units in `unit_amount_decimal`.";
            return Err(ApiError::parameter(param, message));
        }
        params.put("unit_amount", whole)?;
    }
    amount(params, "unit_amount", currency, 0)
}
