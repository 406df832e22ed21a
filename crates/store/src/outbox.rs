use domain::id::OrderId;
use domain::order::Notification;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{Result, Store, Tx, page};

/// An e-mail that has to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxMessage {
    /// Its name; the same at each attempt.
    pub id: String,
    /// The kind, as [`Notification::kind`] writes it.
    pub kind: String,
    /// Which of several of its kind it is, for one order, as [`Notification::subject`] writes it.
    pub subject: String,
    /// The order that it is about.
    pub order_id: OrderId,
    /// The number of attempts, this one included.
    pub attempts: i64,
}

/// Writes down who has to be told, in the transaction that knows why and in one statement. What was
/// written down before is not written again.
pub async fn insert(
    tx: &mut Tx,
    order: &OrderId,
    notifications: &[Notification],
    now: i64,
) -> Result<()> {
    if notifications.is_empty() {
        return Ok(());
    }
    let mut rows = String::new();
    for row in 0..notifications.len() {
        let (id, kind, subject) = (row * 3 + 3, row * 3 + 4, row * 3 + 5);
        let separator = if row == 0 { "" } else { ", " };
        rows.push_str(&format!(
            "{separator}(${id}, ${kind}, ${subject}, $1, $2, $2)"
        ));
    }
    let text = format!(
        "INSERT INTO outbox (id, kind, subject, order_id, created_at, next_attempt_at) \
         VALUES {rows} ON CONFLICT (order_id, kind, subject) DO NOTHING"
    );
    let mut query = sqlx::query(AssertSqlSafe(text))
        .bind(order.as_str().to_owned())
        .bind(now);
    for notification in notifications {
        query = query
            .bind(Uuid::now_v7().to_string())
            .bind(notification.kind())
            .bind(notification.subject());
    }
    tx.execute(query).await?;
    Ok(())
}

/// Writes down that an e-mail of an order is sent once more, and answers whether that was not
/// written before for the same stretch of time, `period`.
pub async fn insert_repeat(
    tx: &mut Tx,
    order: &OrderId,
    notification: &Notification,
    period: i64,
    now: i64,
) -> Result<bool> {
    let query = sqlx::query(
        "INSERT INTO outbox (id, kind, subject, order_id, created_at, next_attempt_at) \
         VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (order_id, kind, subject) DO NOTHING",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(notification.kind())
    .bind(notification.subject_of_repeat(period))
    .bind(order.as_str().to_owned())
    .bind(now);
    Ok(tx.execute(query).await? > 0)
}

/// The number of e-mails of an order that were written down since `since`.
pub async fn count_since(tx: &mut Tx, order: &OrderId, since: i64) -> Result<i64> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM outbox WHERE order_id = $1 AND created_at >= $2")
            .bind(order.as_str().to_owned())
            .bind(since)
            .fetch_one(tx.connection())
            .await?;
    Ok(count)
}

/// An e-mail of an order, sent or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderMessage {
    /// Its name.
    pub id: String,
    /// The kind, as [`Notification::kind`] writes it.
    pub kind: String,
    /// Which of several of its kind it is, as [`Notification::subject`] writes it.
    pub subject: String,
    /// Time it was written down, in Unix seconds.
    pub created_at: i64,
    /// Time it was sent, in Unix seconds.
    pub sent_at: Option<i64>,
}

/// The e-mails of an order, the newest first, at most `limit`.
pub async fn of_order(store: &Store, order: &OrderId, limit: i64) -> Result<Vec<OrderMessage>> {
    let mut connection = store.reader().await?;
    let rows: Vec<OrderMessageRow> = sqlx::query_as(
        "SELECT id, kind, subject, created_at, sent_at FROM outbox \
         WHERE order_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
    )
    .bind(order.as_str().to_owned())
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    let read = |row: OrderMessageRow| OrderMessage {
        id: row.id,
        kind: row.kind,
        subject: row.subject,
        created_at: row.created_at,
        sent_at: row.sent_at,
    };
    Ok(rows.into_iter().map(read).collect())
}

row! {
    struct OrderMessageRow {
        id: String,
        kind: String,
        subject: String,
        created_at: i64,
        sent_at: Option<i64>,
    }
}

/// Takes the messages that are due, oldest first, and puts them off until `until`, so that no other
/// machine sends them meanwhile; they have no error until an attempt fails. A machine that dies
/// with messages in hand leaves them to be taken again.
pub async fn take_due(tx: &mut Tx, now: i64, until: i64, limit: i64) -> Result<Vec<OutboxMessage>> {
    let rows: Vec<MessageRow> = sqlx::query_as(
        "UPDATE outbox SET next_attempt_at = $2, attempts = attempts + 1, last_error = NULL \
         WHERE id IN ( \
             SELECT id FROM outbox WHERE sent_at IS NULL AND next_attempt_at <= $1 \
             ORDER BY next_attempt_at, id LIMIT $3) \
           AND sent_at IS NULL AND next_attempt_at <= $1 \
         RETURNING id, kind, subject, order_id, attempts",
    )
    .bind(now)
    .bind(until)
    .bind(limit)
    .fetch_all(tx.connection())
    .await?;
    let mut messages: Vec<OutboxMessage> = rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_>>()?;
    messages.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(messages)
}

/// Writes down that a message was sent.
pub async fn mark_sent(tx: &mut Tx, id: &str, now: i64) -> Result<()> {
    let query = sqlx::query(
        "UPDATE outbox SET sent_at = $2, last_error = NULL WHERE id = $1 AND sent_at IS NULL",
    );
    tx.execute(query.bind(id.to_owned()).bind(now)).await?;
    Ok(())
}

/// Writes down why a message was not sent, and when it is tried again. `why` holds no address.
pub async fn reschedule(tx: &mut Tx, id: &str, until: i64, why: &str) -> Result<()> {
    let query = sqlx::query(
        "UPDATE outbox SET next_attempt_at = $2, last_error = $3 WHERE id = $1 AND sent_at IS NULL",
    );
    let query = query.bind(id.to_owned()).bind(until).bind(why.to_owned());
    tx.execute(query).await?;
    Ok(())
}

/// The number of unsent messages.
pub async fn count_unsent(store: &Store) -> Result<i64> {
    let mut connection = store.reader().await?;
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL")
        .fetch_one(&mut *connection)
        .await?;
    Ok(count)
}

/// A message that has not left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsentMessage {
    /// Its name.
    pub id: String,
    /// The kind, as [`Notification::kind`] writes it.
    pub kind: String,
    /// Which of several of its kind it is, for one order, as [`Notification::subject`] writes it.
    pub subject: String,
    /// The number of the order that it is about.
    pub order_number: i64,
    /// The shopper's address, if it is known.
    pub email: Option<String>,
    /// Time it was written down, in Unix seconds.
    pub created_at: i64,
    /// The number of attempts.
    pub attempts: i64,
    /// When it is tried next, in Unix seconds.
    pub next_attempt_at: i64,
    /// The reason why the last attempt failed.
    pub last_error: Option<String>,
}

/// The messages that have not left, those that failed first and then the oldest, and whether there
/// are more.
pub async fn list_unsent(
    store: &Store,
    number: i64,
    per_page: i64,
) -> Result<(Vec<UnsentMessage>, bool)> {
    let mut connection = store.reader().await?;
    let rows: Vec<UnsentRow> = sqlx::query_as(
        "SELECT outbox.id, outbox.kind, outbox.subject, orders.number AS order_number, orders.email, \
                outbox.created_at, outbox.attempts, outbox.next_attempt_at, outbox.last_error \
         FROM outbox JOIN orders ON orders.id = outbox.order_id WHERE outbox.sent_at IS NULL \
         ORDER BY CASE WHEN outbox.last_error IS NULL THEN 1 ELSE 0 END, outbox.created_at, outbox.id \
         LIMIT $1 OFFSET $2",
    )
    .bind(page::limit(per_page))
    .bind(number.saturating_mul(per_page))
    .fetch_all(&mut *connection)
    .await?;
    page::cut(rows, per_page)
}

/// Makes a message of an order due that has not left, and answers whether there is one of that
/// name. One that a machine has in hand, which is one that was tried and has no error, is left to
/// it: it would leave twice.
pub async fn make_due(tx: &mut Tx, id: &str, order_number: i64, now: i64) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE outbox SET next_attempt_at = $2 WHERE id = $1 AND sent_at IS NULL \
           AND (attempts = 0 OR last_error IS NOT NULL) \
           AND order_id = (SELECT id FROM orders WHERE number = $3)",
    );
    let rows = tx
        .execute(query.bind(id.to_owned()).bind(now).bind(order_number))
        .await?;
    Ok(rows > 0)
}

row! {
    struct UnsentRow {
        id: String,
        kind: String,
        subject: String,
        order_number: i64,
        email: Option<String>,
        created_at: i64,
        attempts: i64,
        next_attempt_at: i64,
        last_error: Option<String>,
    }
}

impl TryFrom<UnsentRow> for UnsentMessage {
    type Error = crate::Error;

    fn try_from(row: UnsentRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            kind: row.kind,
            subject: row.subject,
            order_number: row.order_number,
            email: row.email,
            created_at: row.created_at,
            attempts: row.attempts,
            next_attempt_at: row.next_attempt_at,
            last_error: row.last_error,
        })
    }
}

row! {
    struct MessageRow {
        id: String,
        kind: String,
        subject: String,
        order_id: String,
        attempts: i64,
    }
}

impl TryFrom<MessageRow> for OutboxMessage {
    type Error = crate::Error;

    fn try_from(row: MessageRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            kind: row.kind,
            subject: row.subject,
            order_id: OrderId::parse(&row.order_id)
                .map_err(|_| crate::Error::Corrupt("outbox.order_id"))?,
            attempts: row.attempts,
        })
    }
}
