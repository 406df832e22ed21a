use domain::id::{OrderId, PaymentId};
use domain::money::{Currency, Money};
use domain::order::{Mode, Payment, PaymentState, Provider};

use crate::connection::Connection;
use crate::{Error, Result, Store, Tx};

/// The columns that are read. They are named, because a statement of `*` that was prepared before
/// a migration does not fit the table after it.
macro_rules! payment_columns {
    () => {
        "id, provider, mode, account, reference, payment_reference, state, amount, currency, captured_amount, \
         captured_currency, expires_at, attempt"
    };
}

/// Writes a new payment of an order.
///
/// # Errors
/// A conflict when the order has an open payment already.
pub async fn insert(tx: &mut Tx, order: &OrderId, payment: &Payment, now: i64) -> Result<()> {
    let query = sqlx::query(
        "INSERT INTO payments (id, order_id, provider, mode, account, reference, payment_reference, state, amount, \
                               currency, captured_amount, captured_currency, created_at, expires_at, attempt) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(payment.id.as_str().to_owned())
    .bind(order.as_str().to_owned())
    .bind(payment.provider.as_str())
    .bind(payment.mode.as_str())
    .bind(payment.account.clone())
    .bind(payment.reference.clone())
    .bind(payment.payment_reference.clone())
    .bind(payment.state.as_str())
    .bind(payment.amount.amount())
    .bind(payment.amount.currency().code().to_owned())
    .bind(payment.captured.map(Money::amount))
    .bind(payment.captured.map(|captured| captured.currency().code().to_owned()))
    .bind(now)
    .bind(payment.expires_at)
    .bind(i64::from(payment.attempt));
    tx.execute(query).await?;
    Ok(())
}

/// Writes where a payment stands, as the same transaction that read it changed it.
pub(crate) async fn save(tx: &mut Tx, payment: &Payment) -> Result<()> {
    let query = sqlx::query(
        "UPDATE payments SET payment_reference = $2, state = $3, captured_amount = $4, captured_currency = $5 \
         WHERE id = $1",
    )
    .bind(payment.id.as_str().to_owned())
    .bind(payment.payment_reference.clone())
    .bind(payment.state.as_str())
    .bind(payment.captured.map(Money::amount))
    .bind(payment.captured.map(|captured| captured.currency().code().to_owned()));
    tx.execute(query).await?;
    Ok(())
}

/// Sets what the provider calls a payment that is open and has no other reference, and returns
/// whether it was set.
pub async fn set_reference(tx: &mut Tx, id: &PaymentId, reference: &str) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE payments SET reference = $2 \
         WHERE id = $1 AND (reference IS NULL OR reference = $2) AND state = 'open'",
    );
    let query = query
        .bind(id.as_str().to_owned())
        .bind(reference.to_owned());
    Ok(tx.execute(query).await? == 1)
}

/// Sets what the provider calls a payment that has no reference, whatever became of it meanwhile.
pub async fn set_reference_if_missing(tx: &mut Tx, id: &PaymentId, reference: &str) -> Result<()> {
    let query =
        sqlx::query("UPDATE payments SET reference = $2 WHERE id = $1 AND reference IS NULL");
    let query = query
        .bind(id.as_str().to_owned())
        .bind(reference.to_owned());
    tx.execute(query).await?;
    Ok(())
}

/// Counts a new attempt to create a payment at its provider, and returns its number. `attempt` is
/// the one before; a second caller that counted it already counts it once.
pub async fn next_attempt(tx: &mut Tx, id: &PaymentId, attempt: u32) -> Result<u32> {
    let query = sqlx::query(
        "UPDATE payments SET attempt = $2 + 1 WHERE id = $1 AND attempt = $2 AND reference IS NULL",
    );
    let query = query.bind(id.as_str().to_owned()).bind(i64::from(attempt));
    tx.execute(query).await?;
    let (attempt,): (i64,) = sqlx::query_as("SELECT attempt FROM payments WHERE id = $1")
        .bind(id.as_str().to_owned())
        .fetch_one(tx.connection())
        .await?;
    u32::try_from(attempt).map_err(|_| Error::Corrupt("payments.attempt"))
}

/// Claims the right to ask the provider about a payment: writes that it is asked now, unless it was
/// asked after `not_since`. Returns whether this caller may ask. Times are Unix seconds.
pub async fn claim_status_check(
    tx: &mut Tx,
    id: &PaymentId,
    now: i64,
    not_since: i64,
) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE payments SET asked_at = $2 \
         WHERE id = $1 AND (asked_at IS NULL OR asked_at <= $3 OR asked_at > $2)",
    );
    let query = query.bind(id.as_str().to_owned()).bind(now).bind(not_since);
    Ok(tx.execute(query).await? == 1)
}

/// The orders whose payment is in `state` since `created_before` or longer, those that were not
/// asked about for longest first.
pub async fn to_ask_about(
    store: &Store,
    mode: Mode,
    state: PaymentState,
    created_before: i64,
    limit: i64,
) -> Result<Vec<OrderId>> {
    let query = sqlx::query_as(
        "SELECT order_id FROM payments WHERE state = $1 AND mode = $2 AND created_at <= $3 \
         ORDER BY COALESCE(asked_at, 0), created_at, id LIMIT $4",
    )
    .bind(state.as_str())
    .bind(mode.as_str())
    .bind(created_before)
    .bind(limit);
    let mut connection = store.reader().await?;
    Ok(readable_orders(query.fetch_all(&mut *connection).await?))
}

/// The orders without a flag whose payment was begun in the other mode than `mode` and is open past
/// its time: nobody can be asked about it any more.
pub async fn stranded(store: &Store, mode: Mode, now: i64, limit: i64) -> Result<Vec<OrderId>> {
    let query = sqlx::query_as(
        "SELECT p.order_id FROM payments p JOIN orders o ON o.id = p.order_id \
         WHERE p.state IN ('open', 'processing') AND p.mode <> $1 AND p.expires_at <= $2 AND o.flag IS NULL \
         ORDER BY p.created_at, p.id LIMIT $3",
    )
    .bind(mode.as_str())
    .bind(now)
    .bind(limit);
    let mut connection = store.reader().await?;
    Ok(readable_orders(query.fetch_all(&mut *connection).await?))
}

/// One row that cannot be read must not keep the others from being looked at.
fn readable_orders(rows: Vec<(String,)>) -> Vec<OrderId> {
    let read = |(id,): (String,)| {
        OrderId::parse(&id)
            .inspect_err(|error| tracing::error!(order.id = id, %error, "skipped an order with an invalid id"))
            .ok()
    };
    rows.into_iter().filter_map(read).collect()
}

/// The newest reference of a provider's payments that were begun after `since` (Unix seconds), and
/// its mode and account: whose payments this database holds.
pub async fn newest_reference(
    store: &Store,
    provider: Provider,
    since: i64,
) -> Result<Option<(Mode, Option<String>, String)>> {
    let mut connection = store.reader().await?;
    let row: Option<(String, Option<String>, String)> = sqlx::query_as(
        "SELECT mode, account, reference FROM payments WHERE provider = $1 AND reference IS NOT NULL AND created_at > $2 \
         ORDER BY created_at DESC, id DESC LIMIT 1",
    )
    .bind(provider.as_str())
    .bind(since)
    .fetch_optional(&mut *connection)
    .await?;
    row.map(|(mode, account, reference)| {
        let mode = Mode::parse(&mode).ok_or(Error::Corrupt("payments.mode"))?;
        Ok((mode, account, reference))
    })
    .transpose()
}

/// True if a refund, dispute or early fraud warning that belongs to no order names this payment.
pub async fn has_unmatched(tx: &mut Tx, payment_reference: &str) -> Result<bool> {
    let row: Option<(i64,)> = sqlx::query_as(
        "SELECT CAST(1 AS BIGINT) FROM refunds WHERE payment_reference = $1 AND order_id IS NULL \
         UNION ALL \
         SELECT CAST(1 AS BIGINT) FROM disputes WHERE payment_reference = $1 AND order_id IS NULL \
         UNION ALL \
         SELECT CAST(1 AS BIGINT) FROM early_fraud_warnings \
         WHERE payment_reference = $1 AND order_id IS NULL \
         LIMIT 1",
    )
    .bind(payment_reference.to_owned())
    .fetch_optional(tx.connection())
    .await?;
    Ok(row.is_some())
}

pub(crate) async fn of_order(connection: &mut Connection, order_id: &str) -> Result<Vec<Payment>> {
    let rows: Vec<PaymentRow> = sqlx::query_as(concat!(
        "SELECT ",
        payment_columns!(),
        " FROM payments WHERE order_id = $1 ORDER BY created_at, id"
    ))
    .bind(order_id.to_owned())
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(PaymentRow::into_payment).collect()
}

row! {
    struct PaymentRow {
        id: String,
        provider: String,
        mode: String,
        account: Option<String>,
        reference: Option<String>,
        payment_reference: Option<String>,
        state: String,
        amount: i64,
        currency: String,
        captured_amount: Option<i64>,
        captured_currency: Option<String>,
        expires_at: i64,
        attempt: i64,
    }
}

impl PaymentRow {
    fn into_payment(self) -> Result<Payment> {
        let currency =
            |code: &str| Currency::parse(code).map_err(|_| Error::Corrupt("payments.currency"));
        let captured = match (self.captured_amount, self.captured_currency.as_deref()) {
            (Some(amount), Some(code)) => Some(Money::new(amount, currency(code)?)),
            _ => None,
        };
        Ok(Payment {
            id: PaymentId::parse(&self.id).map_err(|_| Error::Corrupt("payments.id"))?,
            provider: Provider::parse(&self.provider).ok_or(Error::Corrupt("payments.provider"))?,
            mode: Mode::parse(&self.mode).ok_or(Error::Corrupt("payments.mode"))?,
            account: self.account,
            reference: self.reference,
            payment_reference: self.payment_reference,
            state: PaymentState::parse(&self.state).ok_or(Error::Corrupt("payments.state"))?,
            amount: Money::new(self.amount, currency(&self.currency)?),
            captured,
            expires_at: self.expires_at,
            attempt: u32::try_from(self.attempt).map_err(|_| Error::Corrupt("payments.attempt"))?,
        })
    }
}
