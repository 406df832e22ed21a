//! Sessions that nobody paid.

use sqlx::SqliteConnection;

use super::settle;
use crate::app::{App, Cause};
use crate::objects::{Object, checkout_session};
use crate::store::objects;
use crate::{checkout, events};

/// Expires every open session whose time was up at `now`, in Unix seconds.
pub(super) async fn expire_due(app: &App, db: &mut SqliteConnection, now: i64) -> sqlx::Result<()> {
    for mut session in objects::sessions_due(db, now).await? {
        expire(app, db, &mut session, &Cause::default()).await?;
    }
    Ok(())
}

/// Expires one open session, and ends its payment intent if an attempt to pay left one.
pub(crate) async fn expire(
    app: &App,
    db: &mut SqliteConnection,
    session: &mut Object,
    cause: &Cause,
) -> sqlx::Result<()> {
    checkout_session::expire(session);
    checkout::offer_recovery(app, session);
    objects::update(db, session).await?;
    if let Some(intent) = objects::find(db, session.text("payment_intent")).await? {
        settle::cancel(app, db, cause, intent, Some("expired")).await?;
    }
    events::record(app, db, cause, "checkout.session.expired", session).await?;
    Ok(())
}
