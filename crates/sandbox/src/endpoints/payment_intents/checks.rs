//! Checks of the status of a payment or setup intent.

use super::params::noun;
use crate::currency::Currency;
use crate::http::ApiError;
use crate::http::amounts::check_step;
use crate::http::params::Params;
use crate::objects::{Object, PaymentIntent};

/// The statuses of an intent that is neither under way nor over.
pub(crate) const OPEN: &[&str] = &[
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
];

/// Refuses a client secret that is not that of the intent.
pub(crate) fn check_secret(params: &mut Params, intent: &Object) -> Result<(), ApiError> {
    match params.text("client_secret", 5000)? {
        Some(secret) if secret != intent.text("client_secret") => {
            let message = format!(
                "The client_secret provided does not match the client_secret associated with the {}.",
                noun(intent)
            );
            let code = match intent.kind() {
                "setup_intent" => "setup_intent_invalid_parameter",
                _ => "payment_intent_invalid_parameter",
            };
            Err(ApiError::parameter("client_secret", message).code(code))
        }
        _ => Ok(()),
    }
}

/// Refuses what an intent in this status is not for; `done` is what was to be done with it.
pub(crate) fn check_status(intent: &Object, done: &str, statuses: &[&str]) -> Result<(), ApiError> {
    let status = intent.text("status");
    if statuses.contains(&status) {
        return Ok(());
    }
    let (noun, statuses) = (noun(intent), statuses.join(", "));
    let message = format!(
        "This {noun} could not be {done} because it has a status of {status}. Only a {noun} with one of the following \
         statuses may be {done}: {statuses}."
    );
    Err(unexpected(&message, intent))
}

/// Refuses to change the amount of a payment that is under way or over.
pub(crate) fn check_amount_is_open(intent: &PaymentIntent) -> Result<(), ApiError> {
    let status = intent.text("status");
    if OPEN.contains(&status) {
        return Ok(());
    }
    let message = format!(
        "This PaymentIntent's amount could not be updated because it has a status of {status}. You may only update the \
         amount of a PaymentIntent with one of the following statuses: {}.",
        OPEN.join(", ")
    );
    let error = ApiError::parameter("amount", message).code("payment_intent_unexpected_state");
    Err(error.about(intent).executed())
}

/// Refuses to capture what was not authorized. `amount` is in minor units, and all of it unless
/// given.
pub(crate) fn check_capturable(
    intent: &PaymentIntent,
    amount: Option<i64>,
) -> Result<(), ApiError> {
    if intent.text("status") == "succeeded" && intent.text("capture_method") == "manual" {
        let message = "The remaining amount on this PaymentIntent could not be captured because the remainder of the \
            authorized amount has been released.";
        return Err(unexpected(message, intent));
    }
    check_status(intent, "captured", &["requires_capture"])?;
    let error = match amount {
        Some(..=-1) => {
            ApiError::parameter("amount_to_capture", "Invalid non-negative integer")
        }
        Some(0) => {
            let message = "This value must be greater than or equal to 1.";
            ApiError::parameter("amount", message).code("parameter_invalid_integer")
        }
        Some(amount) if amount > intent.integer("amount_capturable") => ApiError::invalid(
            "The payment could not be captured because the requested capture amount is greater than the amount you can \
             capture for this charge. Contact us via https://support.stripe.com/contact/ for help.",
        )
        .code("amount_too_large"),
        Some(amount) => {
            return match Currency::find(intent.text("currency")) {
                Some(currency) => check_step(amount, currency, "amount_to_capture"),
                None => Ok(()),
            };
        }
        None => return Ok(()),
    };
    Err(error.about(intent).executed())
}

/// Refuses what has to be done to the session of an intent instead.
pub(crate) fn not_of_checkout(intent: &PaymentIntent, verb: &str) -> Result<(), ApiError> {
    let Some(session) = intent.session() else {
        return Ok(());
    };
    let message = format!(
        "You cannot {verb} this PaymentIntent because it was created by the Checkout Session {session}. Let the \
         customer pay on its page, or expire the Checkout Session."
    );
    Err(unexpected(&message, intent))
}

/// An error about the status that an intent has.
pub(crate) fn unexpected(message: &str, intent: &Object) -> ApiError {
    let code = match intent.kind() {
        "setup_intent" => "setup_intent_unexpected_state",
        _ => "payment_intent_unexpected_state",
    };
    ApiError::invalid(message)
        .code(code)
        .about(intent)
        .executed()
}
