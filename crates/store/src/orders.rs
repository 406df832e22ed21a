use domain::id::{CartKey, OrderId, OrderToken};
use domain::money::{Currency, Money};
use domain::order::{Flag, Order, OrderLine, OrderStatus, Payment, RefundStatus, StockState};
use sqlx::{Any, AssertSqlSafe};

use crate::connection::Connection;
use crate::{Error, Result, Store, Tx, disputes, early_fraud_warnings, page, payments, refunds};

/// What the tables hold, and how it is read.
mod row;

use row::{LineRow, OrderRow, SummaryRow};

/// The columns that are read. They are named, because a statement of `*` that was prepared before
/// a migration does not fit the table after it.
macro_rules! order_columns {
    () => {
        "id, number, token, status, stock, flag, currency, amount_total, email, created_at, paid_at, \
         shipped_at, carrier, tracking_number"
    };
}

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
    /// How it is to be paid.
    pub payment: &'a Payment,
}

/// A paid order as the admin's list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderSummary {
    /// Its name for people.
    pub number: i64,
    /// Where its money is.
    pub status: OrderStatus,
    /// Why the admin has to look at it.
    pub flag: Option<Flag>,
    /// What it costs.
    pub total: Money,
    /// The shopper's address.
    pub email: Option<String>,
    /// Whether the cardholder's bank waits for the admin's answer.
    pub needs_answer: bool,
    /// Whether it was made in test mode, so that no money was paid.
    pub is_test: bool,
    /// Where its latest refund stands, if there is one.
    pub last_refund: Option<RefundStatus>,
    /// Whether its goods have left, or are to.
    pub shipping: ShippingState,
    /// When it was paid, in Unix seconds; for one that is flagged instead, when it was made.
    pub time: i64,
}

/// Whether an order's goods have left, or are to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ShippingState {
    /// There is nothing to ship.
    Nothing,
    /// It is paid and waits to be packed.
    ToPack,
    /// It is paid, and a flag, a fraud dispute or an early fraud warning is against shipping it.
    DoNotShip,
    /// It has left.
    Shipped,
}

impl ShippingState {
    /// The state in one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::ToPack => "to_pack",
            Self::DoNotShip => "do_not_ship",
            Self::Shipped => "shipped",
        }
    }
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
    write_new(tx, order, number).await?;
    Ok(number)
}

/// Writes an order that has a number already, or takes the next one if an other order has it, and
/// returns it.
pub async fn insert_with_number(tx: &mut Tx, order: &NewOrder<'_>, number: i64) -> Result<i64> {
    let taken: Option<(i64,)> = sqlx::query_as("SELECT number FROM orders WHERE number = $1")
        .bind(number)
        .fetch_optional(tx.connection())
        .await?;
    if taken.is_some() {
        return insert(tx, order).await;
    }
    write_new(tx, order, number).await?;
    Ok(number)
}

async fn write_new(tx: &mut Tx, order: &NewOrder<'_>, number: i64) -> Result<()> {
    let query = sqlx::query(
        "INSERT INTO orders (id, number, token, cart_key, status, stock, currency, amount_total, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(order.id.as_str().to_owned())
    .bind(number)
    .bind(order.token.as_str().to_owned())
    .bind(order.cart_key.as_str().to_owned())
    .bind(OrderStatus::Pending.as_str())
    .bind(StockState::Held.as_str())
    .bind(order.total.currency().code().to_owned())
    .bind(order.total.amount())
    .bind(order.created_at);
    tx.execute(query).await?;
    payments::insert(tx, order.id, order.payment, order.created_at).await?;
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
    Ok(())
}

/// The order behind a page's address.
pub async fn by_token(store: &Store, token: &OrderToken) -> Result<Option<Order>> {
    find(
        &mut *store.reader().await?,
        concat!("SELECT ", order_columns!(), " FROM orders WHERE token = $1"),
        token.as_str(),
    )
    .await
}

/// The order with this number.
pub async fn by_number(store: &Store, number: i64) -> Result<Option<Order>> {
    let mut connection = store.reader().await?;
    let row: Option<OrderRow> = sqlx::query_as(concat!(
        "SELECT ",
        order_columns!(),
        " FROM orders WHERE number = $1"
    ))
    .bind(number)
    .fetch_optional(&mut *connection)
    .await?;
    with_lines(&mut connection, row).await
}

/// The order with this id.
pub async fn by_id(store: &Store, id: &OrderId) -> Result<Option<Order>> {
    find(
        &mut *store.reader().await?,
        concat!("SELECT ", order_columns!(), " FROM orders WHERE id = $1"),
        id.as_str(),
    )
    .await
}

/// The order of the payment that the provider calls `payment_reference` (`pi_…`).
pub async fn by_payment_reference(store: &Store, payment_reference: &str) -> Result<Option<Order>> {
    find(
        &mut *store.reader().await?,
        concat!(
            "SELECT ",
            order_columns!(),
            " FROM orders WHERE id = (SELECT order_id FROM payments WHERE payment_reference = $1)"
        ),
        payment_reference,
    )
    .await
}

/// The newest order that was made from this cart, whatever became of it.
pub async fn newest_of_cart(store: &Store, cart_key: &CartKey) -> Result<Option<Order>> {
    let text = concat!(
        "SELECT ",
        order_columns!(),
        " FROM orders WHERE cart_key = $1 ORDER BY number DESC LIMIT 1"
    );
    find(&mut *store.reader().await?, text, cart_key.as_str()).await
}

/// The same inside a transaction.
pub async fn newest_of_cart_in(tx: &mut Tx, cart_key: &CartKey) -> Result<Option<Order>> {
    let text = concat!(
        "SELECT ",
        order_columns!(),
        " FROM orders WHERE cart_key = $1 ORDER BY number DESC LIMIT 1"
    );
    find(tx.connection(), text, cart_key.as_str()).await
}

/// Takes an order in hand: until the transaction ends, no other one changes it.
pub async fn lock(tx: &mut Tx, id: &OrderId) -> Result<Option<Order>> {
    // SELECT … FOR UPDATE is not known to SQLite; an update locks the row on every engine.
    let text = concat!(
        "UPDATE orders SET revision = revision + 1 WHERE id = $1 RETURNING ",
        order_columns!()
    );
    find(tx.connection(), text, id.as_str()).await
}

/// Takes the order with this number in hand.
pub async fn lock_by_number(tx: &mut Tx, number: i64) -> Result<Option<Order>> {
    let row: Option<OrderRow> = sqlx::query_as(concat!(
        "UPDATE orders SET revision = revision + 1 WHERE number = $1 RETURNING ",
        order_columns!()
    ))
    .bind(number)
    .fetch_optional(tx.connection())
    .await?;
    with_lines(tx.connection(), row).await
}

/// Locks the order of the payment that the provider calls `payment_reference` (`pi_…`).
pub async fn lock_by_payment_reference(
    tx: &mut Tx,
    payment_reference: &str,
) -> Result<Option<Order>> {
    let text = concat!(
        "UPDATE orders SET revision = revision + 1 \
                WHERE id = (SELECT order_id FROM payments WHERE payment_reference = $1) RETURNING ",
        order_columns!()
    );
    find(tx.connection(), text, payment_reference).await
}

/// Gives an order another cart key, so that the cart can be paid in a new order.
pub async fn detach_cart(tx: &mut Tx, id: &OrderId, cart_key: &CartKey) -> Result<()> {
    let query = sqlx::query("UPDATE orders SET cart_key = $2 WHERE id = $1");
    let query = query
        .bind(id.as_str().to_owned())
        .bind(cart_key.as_str().to_owned());
    tx.execute(query).await?;
    Ok(())
}

/// Keeps order numbers up to `number` from being given out again.
pub async fn skip_numbers(tx: &mut Tx, number: i64) -> Result<()> {
    let query =
        sqlx::query("UPDATE counters SET value = $1 WHERE name = 'order_number' AND value < $1");
    tx.execute(query.bind(number)).await?;
    Ok(())
}

/// Writes what the admin noted when deciding about an order's flag.
pub async fn set_flag_note(tx: &mut Tx, id: &OrderId, note: Option<&str>) -> Result<()> {
    let query = sqlx::query("UPDATE orders SET flag_note = $2 WHERE id = $1");
    let query = query
        .bind(id.as_str().to_owned())
        .bind(note.map(str::to_owned));
    tx.execute(query).await?;
    Ok(())
}

/// What the admin noted when deciding about an order's last flag.
pub async fn flag_note(store: &Store, number: i64) -> Result<Option<String>> {
    let mut connection = store.reader().await?;
    let row: Option<(Option<String>,)> =
        sqlx::query_as("SELECT flag_note FROM orders WHERE number = $1")
            .bind(number)
            .fetch_optional(&mut *connection)
            .await?;
    Ok(row.and_then(|(note,)| note))
}

/// Writes down how an order went on: what `after` says otherwise than `before`, which is as the
/// same transaction read it.
pub async fn save(tx: &mut Tx, before: &Order, after: &Order) -> Result<()> {
    let shipment = after.shipment.as_ref();
    let query = sqlx::query(
        "UPDATE orders SET status = $2, client = CASE WHEN $2 = 'pending' THEN client END, stock = $3, flag = $4, amount_refunded = $5, email = $6, paid_at = $7, \
                shipped_at = $8, carrier = $9, tracking_number = $10 \
         WHERE id = $1",
    )
    .bind(after.id.as_str().to_owned())
    .bind(after.status.as_str())
    .bind(after.stock.as_str())
    .bind(after.flag.map(Flag::as_str))
    .bind(after.refunded().amount().min(after.total.amount()))
    .bind(after.email.clone())
    .bind(after.paid_at)
    .bind(shipment.map(|shipment| shipment.shipped_at))
    .bind(shipment.and_then(|shipment| shipment.carrier.clone()))
    .bind(shipment.and_then(|shipment| shipment.tracking_number.clone()));
    tx.execute(query).await?;
    for payment in &after.payments {
        if !before.payments.contains(payment) {
            payments::save(tx, payment).await?;
        }
    }
    let payment = after.main_payment();
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
    let reference = payment.and_then(|payment| payment.payment_reference.as_deref());
    for warning in &after.early_fraud_warnings {
        if !before.early_fraud_warnings.contains(warning) {
            let reference = reference.unwrap_or_default();
            early_fraud_warnings::save(tx, &after.id, reference, warning).await?;
        }
    }
    Ok(())
}

/// The orders that have money in them or need the admin's eye, newest first, and whether there are
/// more.
pub async fn paid(store: &Store, number: i64, per_page: i64) -> Result<(Vec<OrderSummary>, bool)> {
    let mut connection = store.reader().await?;
    let rows: Vec<SummaryRow> = sqlx::query_as(
        "SELECT number, status, flag, currency, amount_total, email, COALESCE(paid_at, created_at) AS time, \
                (SELECT COUNT(*) FROM disputes WHERE disputes.order_id = orders.id AND disputes.status IN \
                 ('warning_needs_response', 'needs_response', 'appeal_needs_response')) AS unanswered, \
                (SELECT COUNT(*) FROM disputes WHERE disputes.order_id = orders.id \
                 AND disputes.reason = 'fraudulent' \
                 AND disputes.status NOT IN ('won', 'warning_closed')) \
                + (SELECT COUNT(*) FROM early_fraud_warnings w \
                   WHERE w.order_id = orders.id AND w.is_actionable = 1) AS frauds, \
                (SELECT refunds.status FROM refunds WHERE refunds.order_id = orders.id \
                 ORDER BY refunds.created_at DESC, refunds.id DESC LIMIT 1) AS last_refund, \
                (SELECT COUNT(*) FROM payments WHERE payments.order_id = orders.id AND payments.mode = 'test') AS tests, \
                shipped_at, stock \
         FROM orders WHERE paid_at IS NOT NULL OR flag IS NOT NULL \
         ORDER BY COALESCE(paid_at, created_at) DESC, number DESC LIMIT $1 OFFSET $2",
    )
    .bind(page::limit(per_page))
    .bind(number.saturating_mul(per_page))
    .fetch_all(&mut *connection)
    .await?;
    page::cut(rows, per_page)
}

async fn find(connection: &mut Connection, text: &'static str, key: &str) -> Result<Option<Order>> {
    let row: Option<OrderRow> = sqlx::query_as::<Any, OrderRow>(AssertSqlSafe(text))
        .bind(key.to_owned())
        .fetch_optional(&mut *connection)
        .await?;
    with_lines(connection, row).await
}

async fn with_lines(connection: &mut Connection, row: Option<OrderRow>) -> Result<Option<Order>> {
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
    let payments = payments::of_order(connection, &row.id).await?;
    let mut order = row.into_order(currency, lines, payments)?;
    // Nothing is refunded or disputed before its payment is known; reading the lists for each look
    // at a cart would be in vain.
    let mut payments = order.payments.iter();
    if payments.any(|payment| payment.payment_reference.is_some()) {
        let id = order.id.as_str().to_owned();
        order.refunds = refunds::of_order(connection, &id).await?;
        order.disputes = disputes::of_order(connection, &id).await?;
        order.early_fraud_warnings = early_fraud_warnings::of_order(connection, &id).await?;
    }
    Ok(Some(order))
}
