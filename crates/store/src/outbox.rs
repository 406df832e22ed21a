use domain::id::OrderId;
use domain::order::Notice;
use uuid::Uuid;

use crate::{Result, Store, Tx};

/// An e-mail that has to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its name; the same at each attempt.
    pub id: String,
    /// What it is, as [`Notice::kind`] writes it.
    pub kind: String,
    /// Which of several of its kind it is, for one order, as [`Notice::subject`] writes it.
    pub subject: String,
    /// The order that it is about.
    pub order_id: OrderId,
    /// How often it was tried, this attempt included.
    pub attempts: i64,
}

/// Writes down that somebody has to be told, in the transaction that knows why. What was written down before is not
/// written again.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, order: &OrderId, notice: &Notice, now: i64) -> Result<()> {
    let query = sqlx::query(
        "INSERT INTO outbox (id, kind, subject, order_id, created_at, next_attempt_at) \
         VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (order_id, kind, subject) DO NOTHING",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(notice.kind())
    .bind(notice.subject())
    .bind(order.as_str().to_owned())
    .bind(now);
    tx.execute(query).await?;
    Ok(())
}

/// Takes the letters that are due, oldest first, and puts them off until `until`, so that no other machine sends them
/// meanwhile. A machine that dies with letters in hand leaves them to be taken again.
///
/// # Errors
/// When the database fails.
pub async fn take_due(tx: &mut Tx, now: i64, until: i64, limit: i64) -> Result<Vec<Letter>> {
    let rows: Vec<LetterRow> = sqlx::query_as(
        "UPDATE outbox SET next_attempt_at = $2, attempts = attempts + 1 WHERE id IN ( \
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
    let mut letters: Vec<Letter> = rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_>>()?;
    letters.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(letters)
}

/// Writes down that a letter was sent.
///
/// # Errors
/// When the database fails.
pub async fn mark_sent(tx: &mut Tx, id: &str, now: i64) -> Result<()> {
    let query = sqlx::query(
        "UPDATE outbox SET sent_at = $2, last_error = NULL WHERE id = $1 AND sent_at IS NULL",
    );
    tx.execute(query.bind(id.to_owned()).bind(now)).await?;
    Ok(())
}

/// Writes down why a letter was not sent, and when it is tried again. `why` holds no address.
///
/// # Errors
/// When the database fails.
pub async fn put_off(tx: &mut Tx, id: &str, until: i64, why: &str) -> Result<()> {
    let query = sqlx::query(
        "UPDATE outbox SET next_attempt_at = $2, last_error = $3 WHERE id = $1 AND sent_at IS NULL",
    );
    let query = query.bind(id.to_owned()).bind(until).bind(why.to_owned());
    tx.execute(query).await?;
    Ok(())
}

/// How many letters wait to be sent.
///
/// # Errors
/// When the database fails.
pub async fn waiting(store: &Store) -> Result<i64> {
    let mut connection = store.reader().await?;
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL")
        .fetch_one(&mut *connection)
        .await?;
    Ok(count)
}

#[derive(sqlx::FromRow)]
struct LetterRow {
    id: String,
    kind: String,
    subject: String,
    order_id: String,
    attempts: i64,
}

impl TryFrom<LetterRow> for Letter {
    type Error = crate::Error;

    fn try_from(row: LetterRow) -> Result<Self> {
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
