use domain::id::OrderId;

use crate::{Error, Result, Store, Tx};

/// The number of unpaid orders of one client, and of the pieces that they hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClientHolds {
    /// The number of orders.
    pub orders: i64,
    /// The number of pieces.
    pub pieces: i64,
    /// When the first of them ends, in Unix seconds.
    pub ends_at: Option<i64>,
}

/// An order whose goods are held: it is being paid for, or its money is on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The order's number.
    pub number: i64,
    /// True if the shopper can still pay, so that the order can be ended.
    pub is_pending: bool,
    /// When the shopper started to pay, in Unix seconds.
    pub created_at: i64,
    /// When the payment page ends, in Unix seconds.
    pub ends_at: Option<i64>,
    /// A code of the client: the same for all unpaid orders of one.
    pub client: Option<String>,
    /// The held pieces.
    pub lines: Vec<HeldLine>,
}

/// Pieces of one variant that an order holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldLine {
    /// The product's title.
    pub title: String,
    /// The variant's options in one line.
    pub options: String,
    /// The number of pieces.
    pub quantity: i64,
}

/// Writes which client a new order belongs to, and returns what this client holds, the order
/// included. An order whose money is on its way holds its pieces for days, and counts as well. It
/// comes after the order's insertion, which lets no other transaction insert one meanwhile.
pub async fn set_client(tx: &mut Tx, id: &OrderId, client: &str) -> Result<ClientHolds> {
    let query = sqlx::query("UPDATE orders SET client = $2 WHERE id = $1");
    tx.execute(query.bind(id.as_str().to_owned()).bind(client.to_owned()))
        .await?;
    let (orders, pieces, ends_at): (i64, i64, Option<i64>) = sqlx::query_as(
        "SELECT COUNT(*), \
                CAST(COALESCE(SUM((SELECT SUM(l.quantity) FROM order_lines l WHERE l.order_id = o.id)), 0) AS BIGINT), \
                MIN((SELECT MIN(p.expires_at) FROM payments p WHERE p.order_id = o.id AND p.state = 'open' \
                     AND o.id <> $2)) \
         FROM orders o WHERE o.client = $1 AND o.status IN ('pending', 'processing')",
    )
    .bind(client.to_owned())
    .bind(id.as_str().to_owned())
    .fetch_one(tx.connection())
    .await?;
    Ok(ClientHolds {
        orders,
        pieces,
        ends_at,
    })
}

/// The number of pieces of all variants on hand.
pub async fn on_hand(tx: &mut Tx) -> Result<i64> {
    let (on_hand,): (i64,) =
        sqlx::query_as("SELECT CAST(COALESCE(SUM(on_hand), 0) AS BIGINT) FROM variants")
            .fetch_one(tx.connection())
            .await?;
    Ok(on_hand)
}

/// The newest `limit` orders whose goods are held.
pub async fn open(store: &Store, limit: i64) -> Result<Vec<Hold>> {
    let mut connection = store.reader().await?;
    let rows: Vec<HoldRow> = sqlx::query_as(
        "SELECT o.number, o.status, o.created_at, o.client, l.title, l.options, l.quantity, \
                (SELECT MAX(p.expires_at) FROM payments p WHERE p.order_id = o.id) AS ends_at \
         FROM orders o JOIN order_lines l ON l.order_id = o.id \
         WHERE o.id IN (SELECT id FROM orders WHERE stock = 'held' AND status IN ('pending', 'processing') \
                        ORDER BY number DESC LIMIT $1) \
         ORDER BY o.number DESC, l.position",
    )
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    let mut holds: Vec<Hold> = Vec::new();
    for row in rows {
        let line = HeldLine {
            title: row.title,
            options: row.options,
            quantity: row.quantity,
        };
        match holds.last_mut().filter(|hold| hold.number == row.number) {
            Some(hold) => hold.lines.push(line),
            None => holds.push(Hold {
                number: row.number,
                is_pending: row.status == "pending",
                created_at: row.created_at,
                ends_at: row.ends_at,
                client: row.client,
                lines: vec![line],
            }),
        }
    }
    Ok(holds)
}

/// The orders that nobody paid for, begun before `created_before`, oldest first: ended without
/// money, without a flag, and without a refund or dispute that may name them.
pub async fn unpaid(store: &Store, created_before: i64, limit: i64) -> Result<Vec<OrderId>> {
    let mut connection = store.reader().await?;
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT o.id FROM orders o \
         WHERE o.status IN ('failed', 'expired') AND o.created_at < $1 AND o.flag IS NULL \
           AND o.paid_at IS NULL AND o.stock = 'released' \
           AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.state NOT IN ('failed', 'expired')) \
           AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.order_id = o.id) \
           AND NOT EXISTS (SELECT 1 FROM disputes d WHERE d.order_id = o.id) \
         ORDER BY o.created_at LIMIT $2",
    )
    .bind(created_before)
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    rows.into_iter()
        .map(|(id,)| OrderId::parse(&id).map_err(|_| Error::Corrupt("orders.id")))
        .collect()
}

/// Deletes an order that nobody paid for, with its lines, payments and unsent e-mails, and returns
/// whether it still was one.
pub async fn delete_unpaid(tx: &mut Tx, id: &OrderId) -> Result<bool> {
    // Locks the order: a payment that arrives now waits, or came first.
    let lock = sqlx::query(
        "UPDATE orders SET revision = revision + 1 \
         WHERE id = $1 AND status IN ('failed', 'expired') AND flag IS NULL AND paid_at IS NULL",
    );
    if tx.execute(lock.bind(id.as_str().to_owned())).await? == 0 {
        return Ok(false);
    }
    for text in [
        "DELETE FROM order_lines WHERE order_id = $1",
        "DELETE FROM order_details WHERE order_id = $1",
        "DELETE FROM order_addresses WHERE order_id = $1",
        "DELETE FROM order_shipping WHERE order_id = $1",
        "DELETE FROM order_taxes WHERE order_id = $1",
        "DELETE FROM order_discounts WHERE order_id = $1",
        "DELETE FROM outbox WHERE order_id = $1",
        "DELETE FROM payments WHERE order_id = $1",
        "DELETE FROM orders WHERE id = $1",
    ] {
        tx.execute(sqlx::query(text).bind(id.as_str().to_owned()))
            .await?;
    }
    Ok(true)
}

row! {
    struct HoldRow {
        number: i64,
        status: String,
        created_at: i64,
        client: Option<String>,
        title: String,
        options: String,
        quantity: i64,
        ends_at: Option<i64>,
    }
}
