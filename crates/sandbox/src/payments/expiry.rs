//! Sessions that nobody paid.

use super::settle;
use crate::app::Scope;
use crate::checkout;
use crate::objects::{CheckoutSession, PaymentIntent};
use crate::store::objects;

/// Expires every open session whose time was up at `now`, in Unix seconds.
pub(super) async fn expire_due(scope: &mut Scope<'_>, now: i64) -> sqlx::Result<()> {
    for mut session in objects::sessions_due(scope.db, now).await? {
        expire(scope, &mut session).await?;
    }
    Ok(())
}

/// Expires one open session, and ends its payment intent if an attempt to pay left one.
pub(crate) async fn expire(
    scope: &mut Scope<'_>,
    session: &mut CheckoutSession,
) -> sqlx::Result<()> {
    session.expire();
    checkout::offer_recovery(scope.app, session);
    objects::update(scope.db, session).await?;
    if let Some(intent) =
        objects::get::<PaymentIntent>(scope.db, session.text("payment_intent")).await?
    {
        settle::cancel(scope, intent, Some("expired")).await?;
    }
    scope.record("checkout.session.expired", session).await?;
    Ok(())
}
