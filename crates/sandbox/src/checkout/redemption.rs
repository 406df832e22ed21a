//! Redemption of a discount when the session is paid: it is counted, or turns out to be over.

use sqlx::SqliteConnection;

use super::changes::change;
use super::discounts::{is_repeated, is_usable, of_session};
use crate::app::App;
use crate::currency::money;
use crate::http::ApiError;
use crate::objects::{CheckoutSession, ObjectType, redemption};
use crate::store::objects;

/// Counts the use of the discount that a completed session has.
pub(crate) async fn redeem(
    app: &App,
    db: &mut SqliteConnection,
    session: &CheckoutSession,
) -> sqlx::Result<()> {
    let Some(promotion) = of_session(db, session).await? else {
        return Ok(());
    };
    let code = promotion.code.map(ObjectType::into_object);
    for mut used in [Some(promotion.coupon.into_object()), code]
        .into_iter()
        .flatten()
    {
        redemption::redeem(&mut used, app.clock.now());
        objects::update(db, &used).await?;
    }
    Ok(())
}

/// Takes away the discount of an open session that can no longer be redeemed, or not by whoever
/// pays with this e-mail address, and prices the session anew. Returns whether there was such a
/// discount: nothing may be charged then before the shopper has seen
/// [`checkout_session::discount_ended`]. Where the rest cannot be charged, the session stays as it
/// was, and cannot be paid.
///
/// # Errors
/// When the state file fails.
pub(crate) async fn end_discount(
    app: &App,
    db: &mut SqliteConnection,
    session: &mut CheckoutSession,
    email: &str,
) -> Result<bool, ApiError> {
    let Some(promotion) = of_session(db, session).await? else {
        return Ok(false);
    };
    let why = if !is_usable(&promotion, app.clock.now()) {
        "This discount has ended."
    } else if is_repeated(db, session, &promotion, Some(email)).await? {
        "This code is for a first purchase, and this email address has paid here before."
    } else {
        return Ok(false);
    };
    let without = change(db, session, |session| session.set_discount(None, 0)).await;
    let message = match without {
        Ok(()) => format!(
            "{why} The total is {} without it. Nothing was charged: please check it, and pay if you agree.",
            money(session.integer("amount_total"), session.text("currency"))
        ),
        Err(error) if error.status.is_server_error() => return Err(error),
        Err(error) => format!(
            "{why} Nothing was charged, and without it the order cannot be paid as it is. {}.",
            error.message().trim_end_matches('.')
        ),
    };
    session.set_discount_ended(Some(&message));
    objects::update(db, session).await?;
    Ok(true)
}
