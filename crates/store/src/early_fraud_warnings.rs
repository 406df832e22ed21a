use domain::id::OrderId;
use domain::order::EarlyFraudWarning;

use crate::connection::Connection;
use crate::{Error, Result, Tx};

/// The columns that are read. They are named, because a statement of `*` that was prepared before
/// a migration does not fit the table after it.
macro_rules! warning_columns {
    () => {
        "id, fraud_type, is_actionable, created_at, reported_at"
    };
}

/// Writes an early fraud warning of an order as it is now.
///
/// # Errors
/// When the database fails. A conflict when the warning is still unmatched and was not taken by
/// this transaction: what is known of it has to be read first.
pub async fn save(
    tx: &mut Tx,
    order: &OrderId,
    payment_reference: &str,
    warning: &EarlyFraudWarning,
) -> Result<()> {
    write(tx, Some(order), payment_reference, warning, true).await
}

/// Writes an unmatched early fraud warning: its payment is not known yet. `is_known` says that
/// [`take_unmatched`] gave it to this transaction, and that `warning` is what became of it.
///
/// # Errors
/// When the database fails. A conflict when another transaction wrote or matched it meanwhile.
pub async fn save_unmatched(
    tx: &mut Tx,
    payment_reference: &str,
    warning: &EarlyFraudWarning,
    is_known: bool,
) -> Result<()> {
    write(tx, None, payment_reference, warning, is_known).await
}

async fn write(
    tx: &mut Tx,
    order: Option<&OrderId>,
    payment_reference: &str,
    warning: &EarlyFraudWarning,
    is_known: bool,
) -> Result<()> {
    let query = sqlx::query(
        "INSERT INTO early_fraud_warnings (id, order_id, payment_reference, fraud_type, is_actionable, created_at, \
                                           reported_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (id) DO UPDATE SET fraud_type = excluded.fraud_type, \
             is_actionable = excluded.is_actionable, created_at = excluded.created_at, \
             reported_at = excluded.reported_at \
             WHERE $8 = 'known' \
               AND COALESCE(early_fraud_warnings.order_id, '') = COALESCE(excluded.order_id, '')",
    )
    .bind(warning.id.clone())
    .bind(order.map(|order| order.as_str().to_owned()))
    .bind(payment_reference.to_owned())
    .bind(warning.fraud_type.clone())
    .bind(i64::from(warning.is_actionable))
    .bind(warning.created_at)
    .bind(warning.reported_at)
    .bind(if is_known { "known" } else { "new" });
    if tx.execute(query).await? == 0 {
        return Err(Error::overtaken());
    }
    Ok(())
}

/// Takes the unmatched early fraud warnings of a payment, so that nobody else changes them before
/// this transaction ends. They belong to `order` from then on, if it is given.
pub async fn take_unmatched(
    tx: &mut Tx,
    payment_reference: &str,
    order: Option<&OrderId>,
) -> Result<Vec<EarlyFraudWarning>> {
    let mut rows: Vec<WarningRow> = sqlx::query_as(concat!(
        "UPDATE early_fraud_warnings SET order_id = $2 \
         WHERE payment_reference = $1 AND order_id IS NULL RETURNING ",
        warning_columns!()
    ))
    .bind(payment_reference.to_owned())
    .bind(order.map(|order| order.as_str().to_owned()))
    .fetch_all(tx.connection())
    .await?;
    rows.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    Ok(rows.into_iter().map(WarningRow::into_warning).collect())
}

pub(crate) async fn of_order(
    connection: &mut Connection,
    order_id: &str,
) -> Result<Vec<EarlyFraudWarning>> {
    let rows: Vec<WarningRow> = sqlx::query_as(concat!(
        "SELECT ",
        warning_columns!(),
        " FROM early_fraud_warnings WHERE order_id = $1 ORDER BY created_at, id"
    ))
    .bind(order_id.to_owned())
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(WarningRow::into_warning).collect())
}

row! {
    struct WarningRow {
        id: String,
        fraud_type: String,
        is_actionable: i64,
        created_at: i64,
        reported_at: i64,
    }
}

impl WarningRow {
    fn into_warning(self) -> EarlyFraudWarning {
        EarlyFraudWarning {
            id: self.id,
            fraud_type: self.fraud_type,
            is_actionable: self.is_actionable != 0,
            created_at: self.created_at,
            reported_at: self.reported_at,
        }
    }
}
