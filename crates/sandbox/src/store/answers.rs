//! The stored answers of idempotent requests.

use sqlx::SqliteConnection;

row! {
    /// The first request with an idempotency key, and its answer.
    #[derive(Debug)]
    pub(crate) struct Stored {
        pub(crate) fingerprint: String,
        pub(crate) status: u16,
        pub(crate) body: String,
    }
}

/// The answer stored for a key since the Unix second `since`.
pub(crate) async fn find(
    db: &mut SqliteConnection,
    api_key: &str,
    key: &str,
    since: i64,
) -> sqlx::Result<Option<Stored>> {
    sqlx::query_as("SELECT fingerprint, status, body FROM answers WHERE api_key = ? AND key = ? AND created > ?")
        .bind(api_key)
        .bind(key)
        .bind(since)
        .fetch_optional(db)
        .await
}

/// Stores the answer of a key, over one that has been forgotten.
pub(crate) async fn keep(
    db: &mut SqliteConnection,
    api_key: &str,
    key: &str,
    now: i64,
    answer: &Stored,
) -> sqlx::Result<()> {
    sqlx::query("INSERT OR REPLACE INTO answers (api_key, key, created, fingerprint, status, body) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(api_key)
        .bind(key)
        .bind(now)
        .bind(&answer.fingerprint)
        .bind(answer.status)
        .bind(&answer.body)
        .execute(db)
        .await?;
    Ok(())
}
