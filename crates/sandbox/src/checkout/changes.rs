//! Changes of the shopper's to an open session: its promotion code and its shipping option.

use serde_json::Value;
use sqlx::SqliteConnection;

use super::{discounts, price};
use crate::app::App;
use crate::http::ApiError;
use crate::objects::{CheckoutSession, PaymentIntent};
use crate::store::objects;

/// Gives an open session the discount of a promotion code that the shopper typed, in the place of
/// an earlier one. `email` is what is known of the shopper's address so far, perhaps nothing.
///
/// # Errors
/// When the session takes no codes, or the code is not for it; [`ApiError::message`] says why, in
/// words for the field, and the session is as it was. An error of 500 is a failure of the state
/// file.
pub(crate) async fn apply_code(
    app: &App,
    db: &mut SqliteConnection,
    session: &mut CheckoutSession,
    code: &str,
    email: &str,
) -> Result<(), ApiError> {
    let param = "promotion_code";
    if session.get("allow_promotion_codes") != true {
        let message = "This Checkout Session does not take promotion codes.";
        return Err(ApiError::parameter(param, message));
    }
    let now = app.clock.now();
    let promotion = discounts::by_code(db, session, code.trim(), param).await?;
    discounts::check(db, session, &promotion, param, now).await?;
    if discounts::is_repeated(db, session, &promotion, Some(email)).await? {
        return Err(ApiError::parameter(param, discounts::REPEATED));
    }
    change(db, session, |session| {
        session.set_discount(Some(promotion.parts()), now);
    })
    .await
}

/// Takes the discount of a promotion code away again. A discount that the merchant gave stays.
///
/// # Errors
/// When what is left to pay cannot be charged.
pub(crate) async fn remove_code(
    db: &mut SqliteConnection,
    session: &mut CheckoutSession,
) -> Result<(), ApiError> {
    if session.get("allow_promotion_codes") != true {
        return Ok(());
    }
    change(db, session, |session| session.set_discount(None, 0)).await
}

/// Chooses a shipping option of an open session by the id of its rate.
///
/// # Errors
/// When it is none of the session's.
pub(crate) async fn choose_shipping(
    db: &mut SqliteConnection,
    session: &mut CheckoutSession,
    rate: &str,
) -> Result<(), ApiError> {
    let offered = |option: &Value| option["shipping_rate"] == rate;
    let options = session.get("shipping_options").as_array();
    if !options.is_some_and(|options| options.iter().any(offered)) {
        let message = format!("This Checkout Session does not offer the shipping rate {rate}.");
        return Err(ApiError::parameter("shipping_rate", message));
    }
    change(db, session, |session| {
        session.choose_shipping(Some(rate));
    })
    .await
}

/// Changes a session, prices it anew, and stores it, and its payment intent if an earlier attempt
/// made one.
pub(super) async fn change(
    db: &mut SqliteConnection,
    session: &mut CheckoutSession,
    how: impl FnOnce(&mut CheckoutSession),
) -> Result<(), ApiError> {
    let mut changed = session.clone();
    how(&mut changed);
    price(db, &mut changed).await?;
    objects::update(db, &changed).await?;
    if let Some(mut intent) =
        objects::get::<PaymentIntent>(db, changed.text("payment_intent")).await?
    {
        intent.reprice(changed.integer("amount_total"));
        objects::update(db, &intent).await?;
    }
    *session = changed;
    Ok(())
}
