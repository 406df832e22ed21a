use domain::id::{OrderId, PaymentId};
use domain::money::{Currency, Money};
use domain::order::{Dispute, DisputeFunds, DisputeStatus, Payment};

use crate::connection::Connection;
use crate::{Error, Result, Store, Tx};

/// The columns that are read. They are named, because a statement of `*` that was prepared before
/// a migration does not fit the table after it.
macro_rules! dispute_columns {
    () => {
        "id, amount, currency, status, reason, due_by, funds, opened_at, told_at, is_charge_refundable, \
         is_appealed"
    };
}

/// Writes a dispute of an order as it is now.
///
/// # Errors
/// A conflict when the dispute waits unmatched for the order's payment and
/// was not brought to it by this transaction: what it waits with has to be read first.
pub async fn save(
    tx: &mut Tx,
    order: &OrderId,
    payment: Option<&Payment>,
    dispute: &Dispute,
) -> Result<()> {
    let reference = payment.and_then(|payment| payment.payment_reference.as_deref());
    let payment = payment.map(|payment| &payment.id);
    write(tx, Some(order), payment, reference, dispute, true).await
}

/// Writes a dispute that waits unmatched for the order of its payment. `is_known` says that
/// [`take_unmatched`] gave it to this transaction, and that `dispute` is what became of it.
///
/// # Errors
/// A conflict when another transaction wrote it, or brought it to its
/// order, meanwhile.
pub async fn save_unmatched(
    tx: &mut Tx,
    payment_reference: &str,
    dispute: &Dispute,
    is_known: bool,
) -> Result<()> {
    write(tx, None, None, Some(payment_reference), dispute, is_known).await
}

async fn write(
    tx: &mut Tx,
    order: Option<&OrderId>,
    payment: Option<&PaymentId>,
    payment_reference: Option<&str>,
    dispute: &Dispute,
    is_known: bool,
) -> Result<()> {
    let query = sqlx::query(
        "INSERT INTO disputes (id, order_id, payment_reference, amount, currency, status, reason, due_by, funds, opened_at, \
                               told_at, is_charge_refundable, is_appealed, payment_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
         ON CONFLICT (id) DO UPDATE SET amount = excluded.amount, currency = excluded.currency, \
             status = excluded.status, reason = excluded.reason, due_by = excluded.due_by, funds = excluded.funds, \
             opened_at = excluded.opened_at, told_at = excluded.told_at, \
             is_charge_refundable = excluded.is_charge_refundable, is_appealed = excluded.is_appealed, \
             payment_id = COALESCE(excluded.payment_id, disputes.payment_id) \
             WHERE $15 = 'known' AND COALESCE(disputes.order_id, '') = COALESCE(excluded.order_id, '')",
    )
    .bind(dispute.id.clone())
    .bind(order.map(|order| order.as_str().to_owned()))
    .bind(payment_reference.map(str::to_owned))
    .bind(dispute.amount.amount())
    .bind(dispute.amount.currency().code().to_owned())
    .bind(dispute.status.as_str())
    .bind(dispute.reason.clone())
    .bind(dispute.due_by)
    .bind(dispute.funds.as_str())
    .bind(dispute.opened_at)
    .bind(dispute.told_at)
    .bind(i64::from(dispute.is_charge_refundable))
    .bind(i64::from(dispute.is_appealed))
    .bind(payment.map(|payment| payment.as_str().to_owned()))
    .bind(if is_known { "known" } else { "new" });
    if tx.execute(query).await? == 0 {
        return Err(Error::overtaken());
    }
    Ok(())
}

/// Takes the disputes of a payment that wait for its order, so that nobody else changes them before
/// this transaction ends. They belong to `order` from then on, if it is given.
pub async fn take_unmatched(
    tx: &mut Tx,
    payment_reference: &str,
    order: Option<&OrderId>,
) -> Result<Vec<Dispute>> {
    let mut rows: Vec<DisputeRow> = sqlx::query_as(
        concat!("UPDATE disputes SET order_id = $2 WHERE payment_reference = $1 AND order_id IS NULL RETURNING ", dispute_columns!()),
    )
    .bind(payment_reference.to_owned())
    .bind(order.map(|order| order.as_str().to_owned()))
    .fetch_all(tx.connection())
    .await?;
    rows.sort_by(|a, b| (a.opened_at, &a.id).cmp(&(b.opened_at, &b.id)));
    rows.into_iter().map(DisputeRow::into_dispute).collect()
}

/// The orders whose payment has refunds, disputes or early fraud warnings that still wait for it:
/// they came at the same moment as the payment, and neither saw the other.
pub async fn orders_with_unmatched(store: &Store) -> Result<Vec<OrderId>> {
    let mut connection = store.reader().await?;
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT p.order_id FROM payments p JOIN disputes d ON d.payment_reference = p.payment_reference AND d.order_id IS NULL \
         UNION \
         SELECT p.order_id FROM payments p JOIN refunds r ON r.payment_reference = p.payment_reference AND r.order_id IS NULL \
         UNION \
         SELECT p.order_id FROM payments p \
         JOIN early_fraud_warnings w ON w.payment_reference = p.payment_reference AND w.order_id IS NULL",
    )
    .fetch_all(&mut *connection)
    .await?;
    rows.into_iter()
        .map(|(id,)| OrderId::parse(&id).map_err(|_| Error::Corrupt("orders.id")))
        .collect()
}

pub(crate) async fn of_order(connection: &mut Connection, order_id: &str) -> Result<Vec<Dispute>> {
    let rows: Vec<DisputeRow> = sqlx::query_as(concat!(
        "SELECT ",
        dispute_columns!(),
        " FROM disputes WHERE order_id = $1 ORDER BY opened_at, id"
    ))
    .bind(order_id.to_owned())
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(DisputeRow::into_dispute).collect()
}

row! {
    struct DisputeRow {
        id: String,
        amount: i64,
        currency: String,
        status: String,
        reason: String,
        due_by: Option<i64>,
        funds: String,
        opened_at: i64,
        told_at: i64,
        is_charge_refundable: i64,
        is_appealed: i64,
    }
}

impl DisputeRow {
    fn into_dispute(self) -> Result<Dispute> {
        let currency =
            Currency::parse(&self.currency).map_err(|_| Error::Corrupt("disputes.currency"))?;
        Ok(Dispute {
            id: self.id,
            amount: Money::new(self.amount, currency),
            status: DisputeStatus::parse(&self.status),
            reason: self.reason,
            due_by: self.due_by,
            funds: DisputeFunds::parse(&self.funds).ok_or(Error::Corrupt("disputes.funds"))?,
            opened_at: self.opened_at,
            told_at: self.told_at,
            is_charge_refundable: self.is_charge_refundable != 0,
            is_appealed: self.is_appealed != 0,
        })
    }
}
