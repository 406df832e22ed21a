//! Deliveries of events to endpoints, and the log of their attempts.

use sqlx::SqliteConnection;

use crate::faults::DeliveryFate;
use crate::objects::Object;

row! {
    /// An attempt that is due.
    #[derive(Debug)]
    pub(crate) struct Due {
        pub(crate) id: i64,
        pub(crate) event: String,
        /// The id of the endpoint.
        pub(crate) endpoint: String,
        pub(crate) url: String,
        /// The number of earlier attempts.
        pub(crate) tries: i64,
    }
}

row! {
    /// The record of one attempt.
    #[derive(Debug)]
    pub(crate) struct Attempt {
        /// Unix milliseconds.
        pub(crate) at: i64,
        pub(crate) duration_ms: i64,
        /// The HTTP status, or none when no answer came.
        pub(crate) status: Option<i64>,
        /// The beginning of the answer, or why there was none.
        pub(crate) response: String,
        /// The headers of the request, as a JSON object.
        pub(crate) request: String,
    }
}

row! {
    /// A delivery as the control surface lists it.
    #[derive(Debug)]
    pub(crate) struct Delivery {
        pub(crate) id: i64,
        pub(crate) event: String,
        pub(crate) event_type: String,
        pub(crate) endpoint: String,
        pub(crate) url: String,
        pub(crate) state: String,
        /// Unix milliseconds of the next attempt; means nothing unless pending.
        pub(crate) next_at: i64,
    }
}

/// A filter of deliveries; without members it lets all pass.
#[derive(Debug, Default)]
pub(crate) struct DeliveryFilter<'a> {
    /// The id of their event.
    pub(crate) event: Option<&'a str>,
    pub(crate) state: Option<&'a str>,
    /// The number before which they are, that is, made earlier.
    pub(crate) before: Option<i64>,
}

/// The state of a delivery after an attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AttemptResult {
    Delivered,
    Failed,
    /// To be tried again at this Unix millisecond.
    RetryAt(i64),
}

/// Plans the delivery of an event to an endpoint as fate has it: at once, late, twice, after a
/// later one, or never.
pub(crate) async fn plan(
    db: &mut SqliteConnection,
    event: &str,
    endpoint: &Object,
    now_millis: i64,
    fate: DeliveryFate,
) -> sqlx::Result<()> {
    let state = if fate.dropped { "dropped" } else { "pending" };
    for _ in 0..if fate.doubled { 2 } else { 1 } {
        sqlx::query(
            "INSERT INTO deliveries (event, endpoint, url, next_at, state, held) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(event)
        .bind(endpoint.id())
        .bind(endpoint.text("url"))
        .bind(now_millis.saturating_add(fate.delay))
        .bind(state)
        .bind(fate.held)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Gives deliveries that know only their address, as old state files have them, to the endpoint
/// that is there.
pub(crate) async fn adopt(
    db: &mut SqliteConnection,
    endpoint: &str,
    url: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE deliveries SET endpoint = ? WHERE endpoint = '' AND url = ?")
        .bind(endpoint)
        .bind(url)
        .execute(db)
        .await?;
    Ok(())
}

/// Sends what is pending to an endpoint to its new address.
pub(crate) async fn redirect(
    db: &mut SqliteConnection,
    endpoint: &str,
    url: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE deliveries SET url = ? WHERE endpoint = ? AND state = 'pending'")
        .bind(url)
        .bind(endpoint)
        .execute(db)
        .await?;
    Ok(())
}

/// Ends what is pending to an endpoint that was disabled or deleted.
pub(crate) async fn cancel(db: &mut SqliteConnection, endpoint: &str) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE deliveries SET state = 'canceled' WHERE endpoint = ? AND state = 'pending'",
    )
    .bind(endpoint)
    .execute(db)
    .await?;
    Ok(())
}

/// The attempts that are due, in the order in which they became so.
pub(crate) async fn due(
    db: &mut SqliteConnection,
    now_millis: i64,
    limit: i64,
) -> sqlx::Result<Vec<Due>> {
    sqlx::query_as(
        "SELECT id, event, endpoint, url, tries FROM deliveries WHERE state = 'pending' AND next_at <= ?
         ORDER BY next_at, id LIMIT ?",
    )
    .bind(now_millis)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// The Unix millisecond of the earliest attempt after `now_millis`.
pub(crate) async fn next_after(
    db: &mut SqliteConnection,
    now_millis: i64,
) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(
        "SELECT MIN(next_at) FROM deliveries WHERE state = 'pending' AND next_at > ?",
    )
    .bind(now_millis)
    .fetch_one(db)
    .await
}

/// Logs an attempt and says what the delivery is now.
pub(crate) async fn record(
    db: &mut SqliteConnection,
    delivery: i64,
    attempt: &Attempt,
    result: AttemptResult,
) -> sqlx::Result<()> {
    // The delivery may be gone: a reset can come while an attempt is under way.
    sqlx::query(
        "INSERT INTO attempts (delivery, at, duration_ms, status, response, request)
         SELECT id, ?, ?, ?, ?, ? FROM deliveries WHERE id = ?",
    )
    .bind(attempt.at)
    .bind(attempt.duration_ms)
    .bind(attempt.status)
    .bind(&attempt.response)
    .bind(&attempt.request)
    .bind(delivery)
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "UPDATE deliveries SET held = 0, next_at = MIN(next_at, ?)
         WHERE held = 1 AND endpoint = (SELECT endpoint FROM deliveries WHERE id = ?) AND id < ?",
    )
    .bind(attempt.at)
    .bind(delivery)
    .bind(delivery)
    .execute(&mut *db)
    .await?;
    let (state, next_at) = match result {
        AttemptResult::Delivered => ("delivered", None),
        AttemptResult::Failed => ("failed", None),
        AttemptResult::RetryAt(at) => ("pending", Some(at)),
    };
    sqlx::query("UPDATE deliveries SET state = CASE state WHEN 'pending' THEN ? ELSE state END, held = 0, tries = tries + 1, next_at = COALESCE(?, next_at) WHERE id = ?")
        .bind(state)
        .bind(next_at)
        .bind(delivery)
        .execute(db)
        .await?;
    Ok(())
}

/// Moves the next attempts of all pending deliveries by this many milliseconds, when the clock is
/// set back.
pub(crate) async fn shift_pending(db: &mut SqliteConnection, millis: i64) -> sqlx::Result<()> {
    sqlx::query("UPDATE deliveries SET next_at = next_at + ? WHERE state = 'pending'")
        .bind(millis)
        .execute(db)
        .await?;
    Ok(())
}

/// The number of endpoints to which an event is still to be delivered.
pub(crate) async fn pending(db: &mut SqliteConnection, event: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT COUNT(DISTINCT endpoint) FROM deliveries WHERE event = ? AND state = 'pending'",
    )
    .bind(event)
    .fetch_one(db)
    .await
}

/// True if a delivery of this event has not been attempted yet.
pub(crate) async fn untried(db: &mut SqliteConnection, event: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM deliveries WHERE event = ? AND state = 'pending' AND tries = 0)")
        .bind(event)
        .fetch_one(db)
        .await
}

/// The newest deliveries first, of one event or of all.
pub(crate) async fn list(
    db: &mut SqliteConnection,
    filter: &DeliveryFilter<'_>,
    limit: i64,
) -> sqlx::Result<Vec<Delivery>> {
    sqlx::query_as(
        "SELECT deliveries.id, event, json_extract(objects.body, '$.type') AS event_type, endpoint, url, state, next_at
         FROM deliveries JOIN objects ON objects.id = deliveries.event
         WHERE (?1 IS NULL OR event = ?1) AND (?2 IS NULL OR state = ?2) AND (?3 IS NULL OR deliveries.id < ?3)
         ORDER BY deliveries.id DESC LIMIT ?4",
    )
    .bind(filter.event)
    .bind(filter.state)
    .bind(filter.before)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// The number of deliveries in each state.
pub(crate) async fn counts(db: &mut SqliteConnection) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as("SELECT state, COUNT(*) FROM deliveries GROUP BY state ORDER BY state")
        .fetch_all(db)
        .await
}

/// The delivery with this number, if the text is one.
pub(crate) async fn find(db: &mut SqliteConnection, id: &str) -> sqlx::Result<Option<Delivery>> {
    let Ok(id) = id.parse::<i64>() else {
        return Ok(None);
    };
    sqlx::query_as(
        "SELECT deliveries.id, event, json_extract(objects.body, '$.type') AS event_type, endpoint, url, state, next_at
         FROM deliveries JOIN objects ON objects.id = deliveries.event WHERE deliveries.id = ?",
    )
    .bind(id)
    .fetch_optional(db)
    .await
}

/// The attempts of one delivery, oldest first.
pub(crate) async fn attempts(
    db: &mut SqliteConnection,
    delivery: i64,
) -> sqlx::Result<Vec<Attempt>> {
    sqlx::query_as(
        "SELECT at, duration_ms, status, response, request FROM attempts WHERE delivery = ? ORDER BY id",
    )
    .bind(delivery)
    .fetch_all(db)
    .await
}
