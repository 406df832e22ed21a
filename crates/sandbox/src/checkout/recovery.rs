//! Expired sessions that their shopper comes back to.

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::{discounts, price};
use crate::app::App;
use crate::http::ApiError;
use crate::objects::CheckoutSession;
use crate::store::objects;

/// The time that a session can be recovered, in seconds: 30 days.
const RECOVERABLE: i64 = 30 * 24 * 60 * 60;

/// The open session that takes the place of an expired one: a copy of it, made by the first visit
/// to its recovery address and found by the later ones. Nothing when the merchant wants no
/// recovery, or its time is over.
///
/// # Errors
/// When the state file fails, or the copy cannot be paid for.
pub(crate) async fn recover(
    app: &App,
    db: &mut SqliteConnection,
    expired: &mut CheckoutSession,
) -> Result<Option<CheckoutSession>, ApiError> {
    let now = app.clock.now();
    let recovery = expired.get("after_expiration")["recovery"].clone();
    let in_time = recovery["expires_at"].as_i64().is_some_and(|at| now < at);
    if expired.text("status") != "expired" || !in_time {
        return Ok(None);
    }
    let earlier = expired.private()["recovered_by"].as_str();
    if let Some(id) = earlier
        && let Some(session) = objects::get::<CheckoutSession>(db, id).await?
        && session.text("status") != "expired"
    {
        return Ok(Some(session));
    }
    let promotion = discounts::of_session(db, expired).await?;
    let by_merchant = expired.get("allow_promotion_codes") != true;
    let mut session = expired.copy(&app.base_url, now);
    session.set(
        "allow_promotion_codes",
        recovery["allow_promotion_codes"] == true,
    );
    match promotion {
        Some(promotion) if by_merchant && discounts::is_usable(&promotion, now) => {
            session.set_discount(Some(promotion.parts()), now);
            session.set("allow_promotion_codes", Value::Null);
        }
        _ => session.set_discount(None, now),
    }
    price(db, &mut session).await?;
    objects::insert(db, &session).await?;
    expired.set_private("recovered_by", session.id());
    objects::update(db, expired).await?;
    Ok(Some(session))
}

/// Offers to recover a session that just expired, if the merchant wants that.
pub(crate) fn offer(app: &App, session: &mut CheckoutSession) {
    if session.get("after_expiration")["recovery"]["enabled"] != true {
        return;
    }
    let url = format!("{}/c/recover/{}", app.base_url, session.id());
    session.set_in("after_expiration", "/recovery/url", url);
    let until = app.clock.now() + RECOVERABLE;
    session.set_in("after_expiration", "/recovery/expires_at", json!(until));
}
