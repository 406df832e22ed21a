//! Steps that are due: sessions, coupons and promotion codes expire, bank debits settle,
//! authorizations run out, refunds arrive or come back, banks decide disputes.

use super::{balance, coupons, disputes, expiry, refunds, settle};
use crate::app::{App, Cause, Scope};
use crate::http::ApiError;
use crate::objects::{BalanceTransaction, Dispute, Object, ObjectType, PaymentIntent, Refund};
use crate::store::objects;

/// Does everything whose time has come. Cheap when there is nothing, so that each request can ask,
/// and so finds the world as its clock says it is.
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
    let cause = Cause::default();
    let scope = &mut Scope::new(app, &mut transaction, &cause);
    expiry::expire_due(scope, now).await?;
    while let Some(mut object) = objects::next_due(scope.db, now).await? {
        match run_due_step(scope, object.clone()).await {
            Ok(()) => {}
            Err(error) if error.status.is_server_error() => return Err(error),
            // It was decided otherwise in the meantime. Without this it would be due for ever.
            Err(error) => {
                tracing::warn!(?error, id = object.id(), "a planned step no longer fits");
                object.unplan();
                objects::update(scope.db, &object).await?;
            }
        }
    }
    transaction.commit().await?;
    app.deliveries.wake();
    Ok(())
}

async fn run_due_step(scope: &mut Scope<'_>, object: Object) -> Result<(), ApiError> {
    match object.kind() {
        Refund::KIND => refunds::run_due_step(scope, objects::typed(object)?).await,
        Dispute::KIND => disputes::run_due_step(scope, objects::typed(object)?).await,
        PaymentIntent::KIND => settle::run_due_step(scope, objects::typed(object)?).await,
        BalanceTransaction::KIND => Ok(balance::arrive(scope.db, objects::typed(object)?).await?),
        "coupon" | "promotion_code" => Ok(coupons::run_due_step(scope, object).await?),
        _ => Err(ApiError::invalid("Nothing can be planned for this object.")),
    }
}
