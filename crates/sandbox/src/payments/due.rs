//! What time alone does: sessions, coupons and promotion codes expire, bank debits settle, authorizations run out, refunds
//! arrive or come back, banks decide disputes.

use sqlx::SqliteConnection;

use super::{balance, coupons, disputes, expiry, refunds, settle};
use crate::app::App;
use crate::http::ApiError;
use crate::objects::Object;
use crate::store::objects;

/// Does everything whose time has come. Cheap when there is nothing, so that each request can ask, and so finds the
/// world as its clock says it is.
///
/// # Errors
/// When the state file fails.
pub(crate) async fn catch_up(app: &App) -> Result<(), ApiError> {
    let now = app.clock.now();
    if !objects::anything_due(&mut *app.store.read().await?, now).await? {
        return Ok(());
    }
    // Asked again inside the transaction: a shopper may have paid in between.
    let mut transaction = app.store.begin().await?;
    expiry::expire_due(app, &mut transaction, now).await?;
    while let Some(mut object) = objects::next_due(&mut transaction, now).await? {
        match step(app, &mut transaction, object.clone()).await {
            Ok(()) => {}
            Err(error) if error.status.is_server_error() => return Err(error),
            // It was decided otherwise in the meantime. Without this it would be due for ever.
            Err(error) => {
                tracing::warn!(?error, id = object.id(), "a planned step no longer fits");
                object.unplan();
                objects::update(&mut transaction, &object).await?;
            }
        }
    }
    transaction.commit().await?;
    app.deliveries.wake();
    Ok(())
}

async fn step(app: &App, db: &mut SqliteConnection, object: Object) -> Result<(), ApiError> {
    match object.kind() {
        "refund" => refunds::step(app, db, object).await,
        "dispute" => disputes::step(app, db, object).await,
        "payment_intent" => settle::step(app, db, object).await,
        "balance_transaction" => Ok(balance::arrive(db, object).await?),
        "coupon" | "promotion_code" => Ok(coupons::step(app, db, object).await?),
        _ => Err(ApiError::invalid("Nothing can be planned for this object.")),
    }
}
