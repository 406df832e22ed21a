use domain::id::{OrderId, PaymentId, RefundId, VariantId};
use domain::money::{Currency, Money};
use domain::order::{Payment, Refund, RefundLine, RefundReason, RefundSource, RefundStatus};

use crate::connection::Connection;
use crate::{Error, Result, Store, Tx};

/// The columns that are read. They are named, because a statement of `*` that was prepared before
/// a migration does not fit the table after it.
macro_rules! refund_columns {
    () => {
        "id, stripe_id, amount, currency, status, source, reason, note, failure, created_at, attempt, with_shipping"
    };
}

/// A refund that Stripe has to be asked about, or has not heard of yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRefund {
    /// The order that it belongs to.
    pub order_id: OrderId,
    /// Its name.
    pub id: RefundId,
    /// Its status.
    pub status: RefundStatus,
}

/// Writes a refund of an order as it is now.
///
/// # Errors
/// A conflict when the refund waits unmatched for the order's payment and
/// was not brought to it by this transaction: what it waits with has to be read first.
pub async fn save(
    tx: &mut Tx,
    order: &OrderId,
    payment: Option<&Payment>,
    refund: &Refund,
) -> Result<()> {
    let reference = payment.and_then(|payment| payment.payment_reference.as_deref());
    let payment = payment.map(|payment| &payment.id);
    write(tx, Some(order), payment, reference, refund, true).await
}

/// Writes a refund that waits unmatched for the order of its payment. `is_known` says that
/// [`take_unmatched`] gave it to this transaction, and that `refund` is what became of it.
///
/// # Errors
/// A conflict when another transaction wrote it, or brought it to its
/// order, meanwhile.
pub async fn save_unmatched(
    tx: &mut Tx,
    payment_reference: &str,
    refund: &Refund,
    is_known: bool,
) -> Result<()> {
    write(tx, None, None, Some(payment_reference), refund, is_known).await
}

async fn write(
    tx: &mut Tx,
    order: Option<&OrderId>,
    payment: Option<&PaymentId>,
    payment_reference: Option<&str>,
    refund: &Refund,
    is_known: bool,
) -> Result<()> {
    let query = sqlx::query(
        "INSERT INTO refunds (id, stripe_id, order_id, payment_reference, amount, currency, status, source, reason, note, \
                              failure, created_at, attempt, payment_id, with_shipping) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $16) \
         ON CONFLICT (id) DO UPDATE SET stripe_id = excluded.stripe_id, amount = excluded.amount, \
             status = excluded.status, reason = excluded.reason, failure = excluded.failure, \
             attempt = excluded.attempt, payment_id = COALESCE(excluded.payment_id, refunds.payment_id) \
             WHERE $15 = 'known' AND COALESCE(refunds.order_id, '') = COALESCE(excluded.order_id, '')",
    )
    .bind(refund.id.as_str().to_owned())
    .bind(refund.stripe_id.clone())
    .bind(order.map(|order| order.as_str().to_owned()))
    .bind(payment_reference.map(str::to_owned))
    .bind(refund.amount.amount())
    .bind(refund.amount.currency().code().to_owned())
    .bind(refund.status.as_str())
    .bind(refund.source.as_str())
    .bind(refund.reason.map(RefundReason::as_str))
    .bind(refund.note.clone())
    .bind(refund.failure.clone())
    .bind(refund.created_at)
    .bind(i64::from(refund.attempt))
    .bind(payment.map(|payment| payment.as_str().to_owned()))
    .bind(if is_known { "known" } else { "new" })
    .bind(i64::from(refund.with_shipping));
    if tx.execute(query).await? == 0 {
        return Err(Error::overtaken());
    }
    for line in &refund.lines {
        let query = sqlx::query(
            "INSERT INTO refund_lines (refund_id, variant_id, quantity, restocked) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (refund_id, variant_id) DO NOTHING",
        )
        .bind(refund.id.as_str().to_owned())
        .bind(line.variant.as_str().to_owned())
        .bind(i64::from(line.quantity))
        .bind(i64::from(line.restocked));
        tx.execute(query).await?;
    }
    Ok(())
}

/// Takes the refunds of a payment that wait for its order, so that nobody else changes them before
/// this transaction ends. They belong to `order` from then on, if it is given.
pub async fn take_unmatched(
    tx: &mut Tx,
    payment_reference: &str,
    order: Option<&OrderId>,
) -> Result<Vec<Refund>> {
    let mut rows: Vec<RefundRow> = sqlx::query_as(
        concat!("UPDATE refunds SET order_id = $2 WHERE payment_reference = $1 AND order_id IS NULL RETURNING ", refund_columns!()),
    )
    .bind(payment_reference.to_owned())
    .bind(order.map(|order| order.as_str().to_owned()))
    .fetch_all(tx.connection())
    .await?;
    rows.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    rows.into_iter()
        .map(|row| row.into_refund(Vec::new()))
        .collect()
}

/// The refunds that were decided at `before` or earlier and that Stripe has not answered about,
/// oldest first.
pub async fn decided(store: &Store, before: i64, limit: i64) -> Result<Vec<OpenRefund>> {
    let sql = "SELECT order_id, id, status FROM refunds \
               WHERE status = 'requested' AND order_id IS NOT NULL AND created_at <= $1 \
               ORDER BY created_at, id LIMIT $2";
    open(store, sql, before, limit).await
}

/// Some of the refunds that Stripe took at `before` or earlier and has not ended. They are chosen
/// at random, because a bank may take days: those that wait longest would keep all others from
/// being asked about.
pub async fn pending(store: &Store, before: i64, limit: i64) -> Result<Vec<OpenRefund>> {
    let sql = "SELECT order_id, id, status FROM refunds \
               WHERE status IN ('pending', 'requires_action') AND order_id IS NOT NULL AND created_at <= $1 \
               ORDER BY RANDOM() LIMIT $2";
    open(store, sql, before, limit).await
}

/// Counts a new attempt to make a refund at its provider, and returns its number. `attempt` is the
/// one before; a second caller that counted it already counts it once.
pub async fn next_attempt(tx: &mut Tx, id: &RefundId, attempt: u32) -> Result<u32> {
    let query = sqlx::query(
        "UPDATE refunds SET attempt = $2 + 1 WHERE id = $1 AND attempt = $2 AND stripe_id IS NULL",
    );
    let query = query.bind(id.as_str().to_owned()).bind(i64::from(attempt));
    tx.execute(query).await?;
    let (attempt,): (i64,) = sqlx::query_as("SELECT attempt FROM refunds WHERE id = $1")
        .bind(id.as_str().to_owned())
        .fetch_one(tx.connection())
        .await?;
    u32::try_from(attempt).map_err(|_| Error::Corrupt("refunds.attempt"))
}

pub(crate) async fn of_order(connection: &mut Connection, order_id: &str) -> Result<Vec<Refund>> {
    let rows: Vec<RefundRow> = sqlx::query_as(concat!(
        "SELECT ",
        refund_columns!(),
        " FROM refunds WHERE order_id = $1 ORDER BY created_at, id"
    ))
    .bind(order_id.to_owned())
    .fetch_all(&mut *connection)
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let lines: Vec<LineRow> = sqlx::query_as(
        "SELECT l.refund_id, l.variant_id, l.quantity, l.restocked FROM refund_lines l \
         JOIN refunds r ON r.id = l.refund_id WHERE r.order_id = $1 ORDER BY l.refund_id, l.variant_id",
    )
    .bind(order_id.to_owned())
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let own = lines.iter().filter(|line| line.refund_id == row.id);
            let lines = own.map(LineRow::to_line).collect::<Result<_>>()?;
            row.into_refund(lines)
        })
        .collect()
}

async fn open(
    store: &Store,
    sql: &'static str,
    before: i64,
    limit: i64,
) -> Result<Vec<OpenRefund>> {
    let mut connection = store.reader().await?;
    let rows: Vec<(String, String, String)> = sqlx::query_as(sql)
        .bind(before)
        .bind(limit)
        .fetch_all(&mut *connection)
        .await?;
    let read = |(order_id, id, status): (String, String, String)| {
        let refund = || -> Result<OpenRefund> {
            Ok(OpenRefund {
                order_id: OrderId::parse(&order_id)
                    .map_err(|_| Error::Corrupt("refunds.order_id"))?,
                id: parse_id(&id)?,
                status: parse_status(&status)?,
            })
        };
        // One row that cannot be read must not keep the others from being sent.
        refund()
            .inspect_err(
                |error| tracing::error!(refund.id = id, %error, "skipped an unreadable refund"),
            )
            .ok()
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

row! {
    struct RefundRow {
        id: String,
        stripe_id: Option<String>,
        amount: i64,
        currency: String,
        status: String,
        source: String,
        reason: Option<String>,
        note: Option<String>,
        failure: Option<String>,
        created_at: i64,
        attempt: i64,
        with_shipping: i64,
    }
}

row! {
    struct LineRow {
        refund_id: String,
        variant_id: String,
        quantity: i64,
        restocked: i64,
    }
}

impl RefundRow {
    fn into_refund(self, lines: Vec<RefundLine>) -> Result<Refund> {
        let currency =
            Currency::parse(&self.currency).map_err(|_| Error::Corrupt("refunds.currency"))?;
        Ok(Refund {
            id: parse_id(&self.id)?,
            stripe_id: self.stripe_id,
            amount: Money::new(self.amount, currency),
            status: parse_status(&self.status)?,
            source: RefundSource::parse(&self.source).ok_or(Error::Corrupt("refunds.source"))?,
            reason: self.reason.as_deref().and_then(RefundReason::parse),
            note: self.note,
            failure: self.failure,
            lines,
            with_shipping: self.with_shipping != 0,
            attempt: u32::try_from(self.attempt).map_err(|_| Error::Corrupt("refunds.attempt"))?,
            created_at: self.created_at,
        })
    }
}

impl LineRow {
    fn to_line(&self) -> Result<RefundLine> {
        let count =
            |value: i64| u32::try_from(value).map_err(|_| Error::Corrupt("refund_lines.quantity"));
        Ok(RefundLine {
            variant: VariantId::parse(&self.variant_id)
                .map_err(|_| Error::Corrupt("refund_lines.variant_id"))?,
            quantity: count(self.quantity)?,
            restocked: count(self.restocked)?,
        })
    }
}

fn parse_id(text: &str) -> Result<RefundId> {
    RefundId::parse(text).map_err(|_| Error::Corrupt("refunds.id"))
}

fn parse_status(text: &str) -> Result<RefundStatus> {
    RefundStatus::parse(text).ok_or(Error::Corrupt("refunds.status"))
}
