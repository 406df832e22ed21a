//! Sessions that nobody paid.

use sqlx::SqliteConnection;

use crate::app::{App, Cause};
use crate::objects::{Object, event, session};
use crate::store::objects;

/// Expires every open session whose time is up. Cheap when there is none, so that each request can ask.
pub(crate) async fn expire_due(app: &App) -> sqlx::Result<()> {
    let now = app.clock.now();
    if objects::sessions_due(&mut *app.store.read().await?, now)
        .await?
        .is_empty()
    {
        return Ok(());
    }
    let mut transaction = app.store.begin().await?;
    // Asked again inside the transaction: a shopper may have paid in between.
    for mut session in objects::sessions_due(&mut transaction, now).await? {
        expire(app, &mut transaction, &mut session, &Cause::default()).await?;
    }
    transaction.commit().await?;
    app.deliveries.wake();
    Ok(())
}

/// Expires one open session.
pub(crate) async fn expire(
    app: &App,
    db: &mut SqliteConnection,
    session: &mut Object,
    cause: &Cause,
) -> sqlx::Result<()> {
    session::expire(session);
    objects::update(db, session).await?;
    event::record(app, db, cause, "checkout.session.expired", session).await?;
    Ok(())
}
