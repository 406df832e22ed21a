use domain::id::{CartKey, OrderId, OrderToken};
use domain::money::Currency;
use domain::order::Order;
use sqlx::{Any, AssertSqlSafe};

use crate::connection::Connection;
use crate::{Error, Result, Store, Tx, disputes, early_fraud_warnings, parcels, payments, refunds};

/// Amounts and details of an order beside its lines.
mod details;
/// The rows of an order and of its lines: columns, reading and inserting.
mod row;
/// The list of orders that the admin sees.
mod summary;
/// Orders as they are made and go on.
mod write;

use row::{LineRow, OrderRow, line_columns, order_columns};
pub use summary::{OrderSummary, paid};
pub use write::{
    NewOrder, detach_cart, insert, insert_with_number, save, set_flag_note, skip_numbers,
};

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

/// Locks an order until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &OrderId) -> Result<Option<Order>> {
    // SELECT … FOR UPDATE is not known to SQLite; an update locks the row on every engine.
    let text = concat!(
        "UPDATE orders SET revision = revision + 1 WHERE id = $1 RETURNING ",
        order_columns!()
    );
    find(tx.connection(), text, id.as_str()).await
}

/// Locks the order with this number.
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

/// Payment times and numbers of the orders of which pieces are to be packed, those that were paid
/// first first, after `last`.
pub async fn to_ship(
    store: &Store,
    last: Option<(i64, i64)>,
    limit: i64,
) -> Result<Vec<(i64, i64)>> {
    let mut connection = store.reader().await?;
    let (paid_at, number) = last.unwrap_or((i64::MIN, i64::MIN));
    let rows = sqlx::query_as(
        "SELECT paid_at, number FROM orders \
         WHERE shipping IN ('to_pack', 'partly_shipped') \
           AND (paid_at > $1 OR (paid_at = $1 AND number > $2)) \
         ORDER BY paid_at, number LIMIT $3",
    )
    .bind(paid_at)
    .bind(number)
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    Ok(rows)
}

/// The number of orders of which pieces are to be packed.
pub async fn count_to_ship(store: &Store) -> Result<i64> {
    let mut connection = store.reader().await?;
    let (count,): (i64,) = sqlx::query_as(
        "SELECT COUNT(*) FROM orders WHERE shipping IN ('to_pack', 'partly_shipped')",
    )
    .fetch_one(&mut *connection)
    .await?;
    Ok(count)
}

/// The admin's note about the decision on an order's last flag.
pub async fn flag_note(store: &Store, number: i64) -> Result<Option<String>> {
    let mut connection = store.reader().await?;
    let row: Option<(Option<String>,)> =
        sqlx::query_as("SELECT flag_note FROM orders WHERE number = $1")
            .bind(number)
            .fetch_optional(&mut *connection)
            .await?;
    Ok(row.and_then(|(note,)| note))
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
    let lines: Vec<LineRow> = sqlx::query_as(concat!(
        "SELECT ",
        line_columns!(),
        " FROM order_lines WHERE order_id = $1 ORDER BY position"
    ))
    .bind(row.id.clone())
    .fetch_all(&mut *connection)
    .await?;
    let lines = lines
        .into_iter()
        .map(|line| line.into_line(currency))
        .collect::<Result<_>>()?;
    let payments = payments::of_order(connection, &row.id).await?;
    let has_details = row.has_details != 0;
    let mut order = row.into_order(currency, lines, payments)?;
    if order.paid_at.is_some() {
        let id = order.id.as_str().to_owned();
        order.parcels = parcels::of_order(connection, &id).await?;
    }
    // Nothing is refunded or disputed before its payment is known; reading the lists for each look
    // at a cart would be in vain.
    let mut payments = order.payments.iter();
    if payments.any(|payment| payment.payment_reference.is_some()) {
        let id = order.id.as_str().to_owned();
        order.refunds = refunds::of_order(connection, &id).await?;
        order.disputes = disputes::of_order(connection, &id).await?;
        order.early_fraud_warnings = early_fraud_warnings::of_order(connection, &id).await?;
    }
    if has_details {
        details::read(connection, &mut order).await?;
    }
    Ok(Some(order))
}
