//! The parameters that are money: currencies, and amounts in their minor units.

use super::error::ApiError;
use super::params::Params;
use crate::currency::{CODES, Currency, MAXIMUM};

/// The currency with a code, of which `param` is the name.
pub(crate) fn find_currency(code: &str, param: &str) -> Result<Currency, ApiError> {
    Currency::find(code).ok_or_else(|| {
        let known = CODES.replace(' ', ", ");
        let message = format!(
            "Invalid currency: {code}. Stripe currently supports these currencies: {known}"
        );
        ApiError::parameter(param, message)
    })
}

/// Refuses an amount in minor units that no bank could pay out, such as 1.005 dinars.
pub(crate) fn check_step(amount: i64, currency: Currency, param: &str) -> Result<(), ApiError> {
    let step = currency.step();
    if amount % step == 0 {
        return Ok(());
    }
    let code = currency.code();
    let message = format!("Invalid amount: amounts in {code} must be divisible by {step}.");
    Err(ApiError::parameter(param, message).code("parameter_invalid_integer"))
}

/// Reads a required currency.
pub(crate) fn currency(params: &mut Params, member: &str) -> Result<Currency, ApiError> {
    let code = params.required_text(member, 5000)?;
    find_currency(&code, &params.name(member))
}

/// Reads an amount in minor units from `least` to what can be charged, in the steps of its
/// currency.
pub(crate) fn amount(
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
