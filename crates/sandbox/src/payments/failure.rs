//! The error of the last attempt, for the pay page.

use serde_json::Value;
use sqlx::SqliteConnection;

use crate::cards::FieldError;
use crate::objects::checkout_session::Shopper;
use crate::objects::{CheckoutSession, PaymentIntent};
use crate::store::objects;

/// The code of an attempt in which the shopper did not pass the bank's check.
pub(super) const AUTHENTICATION_FAILURE: &str = "payment_intent_authentication_failure";

/// The text of Stripe's page for it.
const AUTHENTICATION_FAILED: &str = "We are unable to authenticate your payment method. Please choose a different \
    payment method and try again.";

/// The error of the last attempt to pay a session, if it failed.
pub(crate) async fn last_error(
    db: &mut SqliteConnection,
    session: &CheckoutSession,
) -> sqlx::Result<Option<FieldError>> {
    if let Some(message) = session.discount_ended() {
        let error = FieldError::new("promotionCode", "coupon_expired", message);
        return Ok(Some(error));
    }
    let Some(intent) = objects::get::<PaymentIntent>(db, session.text("payment_intent")).await?
    else {
        return Ok(None);
    };
    let error = intent.get("last_payment_error");
    let Some(code) = error["code"].as_str() else {
        return Ok(None);
    };
    let message = match code {
        AUTHENTICATION_FAILURE => AUTHENTICATION_FAILED,
        _ => error["message"].as_str().unwrap_or_default(),
    };
    Ok(Some(FieldError::new("cardNumber", code, message)))
}

/// The shopper's details that a payment method keeps.
pub(crate) fn customer_of(method: &Value) -> Shopper {
    let details = &method["billing_details"];
    let text = |member: &str| details[member].as_str().map(ToOwned::to_owned);
    Shopper {
        email: text("email").unwrap_or_default(),
        name: text("name"),
        phone: text("phone"),
        address: details["address"].clone(),
        ..Shopper::default()
    }
}
