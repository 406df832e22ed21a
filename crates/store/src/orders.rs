use domain::id::{CartKey, OrderId, OrderToken};
use domain::money::{Currency, Money};
use domain::order::{Flag, Order, OrderLine, OrderStatus, StockState};
use sqlx::AnyConnection;
use sqlx::{Any, AssertSqlSafe};

use crate::{Error, Result, Store, Tx, disputes, page, refunds};

/// What the tables hold, and how it is read.
mod row;

use row::{LineRow, OrderRow, SummaryRow};

/// An order to write: pending, its stock held.
#[derive(Clone, Debug)]
pub struct NewOrder<'a> {
    /// Its name for the shop and for Stripe.
    pub id: &'a OrderId,
    /// The unguessable part of its page's address.
    pub token: &'a OrderToken,
    /// The cart it was made from.
    pub cart_key: &'a CartKey,
    /// What it costs.
    pub total: Money,
    /// What is bought, at the prices of this moment.
    pub lines: &'a [OrderLine],
    /// When the shopper started to pay, in Unix seconds.
    pub created_at: i64,
    /// When the Checkout Session is to end, in Unix seconds.
    pub expires_at: i64,
}

/// A paid order as the owner's list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderSummary {
    /// Its name for people.
    pub number: i64,
    /// Where its money is.
    pub status: OrderStatus,
    /// Why the owner has to look at it.
    pub flag: Option<Flag>,
    /// What it costs.
    pub total: Money,
    /// The shopper's address.
    pub email: Option<String>,
    /// Whether the cardholder's bank waits for the owner's answer.
    pub needs_answer: bool,
    /// When it was paid, in Unix seconds; for one that is flagged instead, when it was made.
    pub time: i64,
}

/// Writes an order and its lines, and answers its number.
///
/// # Errors
/// A conflict when the cart has an open order already.
pub async fn insert(tx: &mut Tx, order: &NewOrder<'_>) -> Result<i64> {
    let (number,): (i64,) = sqlx::query_as(
        "UPDATE counters SET value = value + 1 WHERE name = 'order_number' RETURNING value",
    )
    .fetch_one(tx.connection())
    .await?;
    let query = sqlx::query(
        "INSERT INTO orders (id, number, token, cart_key, status, stock, currency, amount_total, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(order.id.as_str().to_owned())
    .bind(number)
    .bind(order.token.as_str().to_owned())
    .bind(order.cart_key.as_str().to_owned())
    .bind(OrderStatus::Pending.as_str())
    .bind(StockState::Held.as_str())
    .bind(order.total.currency().code().to_owned())
    .bind(order.total.amount())
    .bind(order.created_at)
    .bind(order.expires_at);
    tx.execute(query).await?;
    for (position, line) in (0_i64..).zip(order.lines) {
        let query = sqlx::query(
            "INSERT INTO order_lines (order_id, position, variant_id, sku, title, options, image, unit_amount, quantity) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(order.id.as_str().to_owned())
        .bind(position)
        .bind(line.variant.as_str().to_owned())
        .bind(line.sku.clone())
        .bind(line.title.clone())
        .bind(line.options.clone())
        .bind(line.image.clone())
        .bind(line.unit_price.amount())
        .bind(i64::from(line.quantity));
        tx.execute(query).await?;
    }
    Ok(number)
}

/// The order behind a page's address.
///
/// # Errors
/// When the database fails.
pub async fn by_token(store: &Store, token: &OrderToken) -> Result<Option<Order>> {
    find(
        &mut *store.reader().await?,
        "SELECT * FROM orders WHERE token = $1",
        token.as_str(),
    )
    .await
}

/// The order with this number.
///
/// # Errors
/// When the database fails.
pub async fn by_number(store: &Store, number: i64) -> Result<Option<Order>> {
    let mut connection = store.reader().await?;
    let row: Option<OrderRow> = sqlx::query_as("SELECT * FROM orders WHERE number = $1")
        .bind(number)
        .fetch_optional(&mut *connection)
        .await?;
    with_lines(&mut connection, row).await
}

/// The order with this id.
///
/// # Errors
/// When the database fails.
pub async fn by_id(store: &Store, id: &OrderId) -> Result<Option<Order>> {
    find(
        &mut *store.reader().await?,
        "SELECT * FROM orders WHERE id = $1",
        id.as_str(),
    )
    .await
}

/// The order that this PaymentIntent paid.
///
/// # Errors
/// When the database fails.
pub async fn by_payment_intent(store: &Store, payment_intent_id: &str) -> Result<Option<Order>> {
    find(
        &mut *store.reader().await?,
        "SELECT * FROM orders WHERE payment_intent_id = $1",
        payment_intent_id,
    )
    .await
}

/// The newest order that was made from this cart, whatever became of it.
///
/// # Errors
/// When the database fails.
pub async fn newest_of_cart(store: &Store, cart_key: &CartKey) -> Result<Option<Order>> {
    let text = "SELECT * FROM orders WHERE cart_key = $1 ORDER BY number DESC LIMIT 1";
    find(&mut *store.reader().await?, text, cart_key.as_str()).await
}

/// The same inside a transaction.
///
/// # Errors
/// When the database fails.
pub async fn newest_of_cart_in(tx: &mut Tx, cart_key: &CartKey) -> Result<Option<Order>> {
    let text = "SELECT * FROM orders WHERE cart_key = $1 ORDER BY number DESC LIMIT 1";
    find(tx.connection(), text, cart_key.as_str()).await
}

/// Takes an order in hand: until the transaction ends, no other one changes it.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &mut Tx, id: &OrderId) -> Result<Option<Order>> {
    // SELECT … FOR UPDATE is not known to SQLite; an update locks the row on every engine.
    let text = "UPDATE orders SET revision = revision + 1 WHERE id = $1 RETURNING *";
    find(tx.connection(), text, id.as_str()).await
}

/// Takes the order with this number in hand.
///
/// # Errors
/// When the database fails.
pub async fn lock_by_number(tx: &mut Tx, number: i64) -> Result<Option<Order>> {
    let row: Option<OrderRow> =
        sqlx::query_as("UPDATE orders SET revision = revision + 1 WHERE number = $1 RETURNING *")
            .bind(number)
            .fetch_optional(tx.connection())
            .await?;
    with_lines(tx.connection(), row).await
}

/// Takes the order that this PaymentIntent paid in hand.
///
/// # Errors
/// When the database fails.
pub async fn lock_by_payment_intent(tx: &mut Tx, payment_intent_id: &str) -> Result<Option<Order>> {
    let text = "UPDATE orders SET revision = revision + 1 WHERE payment_intent_id = $1 RETURNING *";
    find(tx.connection(), text, payment_intent_id).await
}

/// The orders that were begun before `created_before` and whose money is still open, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn open(store: &Store, created_before: i64, limit: i64) -> Result<Vec<OrderId>> {
    let mut connection = store.reader().await?;
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT id FROM orders WHERE status IN ('pending', 'processing') AND flag IS NULL AND created_at <= $1 \
         ORDER BY created_at, id LIMIT $2",
    )
    .bind(created_before)
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    rows.into_iter()
        .map(|(id,)| OrderId::parse(&id).map_err(|_| Error::Corrupt("orders.id")))
        .collect()
}

/// Notes the Checkout Session that was made for an order, while the order is pending and has no other, and answers whether
/// it was noted.
///
/// # Errors
/// When the database fails.
pub async fn set_session(tx: &mut Tx, id: &OrderId, session_id: &str) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE orders SET checkout_session_id = $2 \
         WHERE id = $1 AND (checkout_session_id IS NULL OR checkout_session_id = $2) AND status = 'pending'",
    );
    let query = query
        .bind(id.as_str().to_owned())
        .bind(session_id.to_owned());
    Ok(tx.execute(query).await? == 1)
}

/// Notes the Checkout Session that Stripe names for an order that has none, whatever became of the order meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn learn_session(tx: &mut Tx, id: &OrderId, session_id: &str) -> Result<()> {
    let query = sqlx::query(
        "UPDATE orders SET checkout_session_id = $2 WHERE id = $1 AND checkout_session_id IS NULL",
    );
    let query = query
        .bind(id.as_str().to_owned())
        .bind(session_id.to_owned());
    tx.execute(query).await?;
    Ok(())
}

/// Writes down how an order went on: what `after` says otherwise than `before`, which is as the same transaction read it.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &mut Tx, before: &Order, after: &Order) -> Result<()> {
    let shipment = after.shipment.as_ref();
    let query = sqlx::query(
        "UPDATE orders SET status = $2, stock = $3, flag = $4, amount_refunded = $5, email = $6, payment_intent_id = $7, \
                paid_at = $8, shipped_at = $9, carrier = $10, tracking_number = $11 \
         WHERE id = $1",
    )
    .bind(after.id.as_str().to_owned())
    .bind(after.status.as_str())
    .bind(after.stock.as_str())
    .bind(after.flag.map(Flag::as_str))
    .bind(after.refunded().amount().min(after.total.amount()))
    .bind(after.email.clone())
    .bind(after.payment_intent_id.clone())
    .bind(after.paid_at)
    .bind(shipment.map(|shipment| shipment.shipped_at))
    .bind(shipment.and_then(|shipment| shipment.carrier.clone()))
    .bind(shipment.and_then(|shipment| shipment.tracking_number.clone()));
    tx.execute(query).await?;
    let payment = after.payment_intent_id.as_deref();
    for refund in &after.refunds {
        if !before.refunds.contains(refund) {
            refunds::save(tx, &after.id, payment, refund).await?;
        }
    }
    for dispute in &after.disputes {
        if !before.disputes.contains(dispute) {
            disputes::save(tx, &after.id, payment, dispute).await?;
        }
    }
    Ok(())
}

/// The orders that have money in them or need the owner's eye, newest first, and whether there are more.
///
/// # Errors
/// When the database fails.
pub async fn paid(store: &Store, number: i64, per_page: i64) -> Result<(Vec<OrderSummary>, bool)> {
    let mut connection = store.reader().await?;
    let rows: Vec<SummaryRow> = sqlx::query_as(
        "SELECT number, status, flag, currency, amount_total, email, COALESCE(paid_at, created_at) AS time, \
                (SELECT COUNT(*) FROM disputes WHERE disputes.order_id = orders.id AND disputes.status IN \
                 ('warning_needs_response', 'needs_response', 'appeal_needs_response')) AS unanswered \
         FROM orders WHERE paid_at IS NOT NULL OR flag IS NOT NULL \
         ORDER BY COALESCE(paid_at, created_at) DESC, number DESC LIMIT $1 OFFSET $2",
    )
    .bind(page::limit(per_page))
    .bind(number.saturating_mul(per_page))
    .fetch_all(&mut *connection)
    .await?;
    page::cut(rows, per_page)
}

async fn find(
    connection: &mut AnyConnection,
    text: &'static str,
    key: &str,
) -> Result<Option<Order>> {
    let row: Option<OrderRow> = sqlx::query_as::<Any, OrderRow>(AssertSqlSafe(text))
        .bind(key.to_owned())
        .fetch_optional(&mut *connection)
        .await?;
    with_lines(connection, row).await
}

async fn with_lines(
    connection: &mut AnyConnection,
    row: Option<OrderRow>,
) -> Result<Option<Order>> {
    let Some(row) = row else { return Ok(None) };
    let currency = Currency::parse(&row.currency).map_err(|_| Error::Corrupt("orders.currency"))?;
    let lines: Vec<LineRow> = sqlx::query_as(
        "SELECT variant_id, sku, title, options, image, unit_amount, quantity \
         FROM order_lines WHERE order_id = $1 ORDER BY position",
    )
    .bind(row.id.clone())
    .fetch_all(&mut *connection)
    .await?;
    let lines = lines
        .into_iter()
        .map(|line| line.into_line(currency))
        .collect::<Result<_>>()?;
    let mut order = row.into_order(currency, lines)?;
    // Nothing is refunded or disputed before it is paid; reading both lists for each look at a cart would be in vain.
    if order.payment_intent_id.is_some() {
        let id = order.id.as_str().to_owned();
        order.refunds = refunds::of_order(connection, &id).await?;
        order.disputes = disputes::of_order(connection, &id).await?;
    }
    Ok(Some(order))
}
