//! What the pay page says about the last attempt.

use serde_json::Value;
use sqlx::SqliteConnection;

use crate::cards::FieldError;
use crate::objects::checkout_session::Shopper;
use crate::objects::{CheckoutSession, PaymentIntent};
use crate::store::objects;

/// The code of an attempt in which the shopper did not pass the bank's check.
pub(super) const AUTHENTICATION_FAILURE: &str = "payment_intent_authentication_failure";

/// What Stripe's page says then.
const AUTHENTICATION_FAILED: &str = "We are unable to authenticate your payment method. Please choose a different \
    payment method and try again.";

/// Why the last attempt to pay a session failed, if it failed.
pub(crate) async fn last_error(
    db: &mut SqliteConnection,
    session: &CheckoutSession,
) -> sqlx::Result<Option<FieldError>> {
    if let Some(told) = session.discount_ended() {
        let error = FieldError::new("promotionCode", "coupon_expired", told);
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

/// Who is paying, as a payment method remembers it.
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
