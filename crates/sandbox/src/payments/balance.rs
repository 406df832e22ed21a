//! The merchant's balance.

use sqlx::SqliteConnection;

use crate::app::App;
use crate::objects::Object;
use crate::objects::balance_transaction::{self, Reason};
use crate::store::objects;

/// Enters `amount` minor units that `source` moves, and returns the entry.
pub(super) async fn enter(
    app: &App,
    db: &mut SqliteConnection,
    reason: Reason,
    amount: i64,
    source: &Object,
    charge: &Object,
) -> sqlx::Result<Object> {
    let entry = balance_transaction::create(reason, amount, source, charge, app.clock.now());
    objects::insert(db, &entry).await?;
    Ok(entry)
}

/// The money of an entry has arrived.
pub(super) async fn arrive(db: &mut SqliteConnection, mut entry: Object) -> sqlx::Result<()> {
    balance_transaction::arrive(&mut entry);
    objects::update(db, &entry).await
}
