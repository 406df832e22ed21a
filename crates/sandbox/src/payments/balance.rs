//! The merchant's balance.

use sqlx::SqliteConnection;

use crate::app::Scope;
use crate::objects::balance_transaction::Reason;
use crate::objects::{BalanceTransaction, Charge, Object};
use crate::store::objects;

/// Enters `amount` minor units that `source` moves, and returns the entry.
pub(super) async fn enter(
    scope: &mut Scope<'_>,
    reason: Reason,
    amount: i64,
    source: &Object,
    charge: &Charge,
) -> sqlx::Result<BalanceTransaction> {
    let entry = BalanceTransaction::create(reason, amount, source, charge, scope.app.clock.now());
    objects::insert(scope.db, &entry).await?;
    Ok(entry)
}

/// The money of an entry has arrived.
pub(super) async fn arrive(
    db: &mut SqliteConnection,
    mut entry: BalanceTransaction,
) -> sqlx::Result<()> {
    entry.arrive();
    objects::update(db, &entry).await
}
