use crate::{Result, Store, Tx};

/// Writes a session of the owner. `token_hash` is a hash, so that the database opens nothing.
///
/// # Errors
/// When the database fails.
pub async fn insert_session(
    tx: &mut Tx,
    token_hash: &str,
    now: i64,
    expires_at: i64,
) -> Result<()> {
    tx.execute(sqlx::query("DELETE FROM admin_sessions WHERE expires_at <= $1").bind(now))
        .await?;
    let query = sqlx::query(
        "INSERT INTO admin_sessions (token_hash, created_at, expires_at) VALUES ($1, $2, $3)",
    );
    tx.execute(query.bind(token_hash).bind(now).bind(expires_at))
        .await?;
    Ok(())
}

/// Whether the session is there and goes on at `now`.
///
/// # Errors
/// When the database fails.
pub async fn has_session(store: &Store, token_hash: &str, now: i64) -> Result<bool> {
    let mut connection = store.reader().await?;
    let row: Option<(i64,)> = sqlx::query_as(
        "SELECT expires_at FROM admin_sessions WHERE token_hash = $1 AND expires_at > $2",
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(&mut *connection)
    .await?;
    Ok(row.is_some())
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub async fn delete_session(tx: &mut Tx, token_hash: &str) -> Result<()> {
    tx.execute(sqlx::query("DELETE FROM admin_sessions WHERE token_hash = $1").bind(token_hash))
        .await?;
    Ok(())
}

/// Ends all sessions, as a new password does.
///
/// # Errors
/// When the database fails.
pub async fn delete_all_sessions(tx: &mut Tx) -> Result<()> {
    tx.execute(sqlx::query("DELETE FROM admin_sessions"))
        .await?;
    Ok(())
}

/// Notes that `client` gave a wrong password, forgets what happened before `forget_before`, and answers how often it
/// has failed since then.
///
/// # Errors
/// When the database fails.
pub async fn note_failure(
    tx: &mut Tx,
    id: &str,
    client: &str,
    now: i64,
    forget_before: i64,
) -> Result<i64> {
    // Attempts at the same moment wait for each other at this row, so that each counts those before it.
    let queue = sqlx::query(
        "INSERT INTO counters (name, value) VALUES ('sign_in_attempts', 1) \
         ON CONFLICT (name) DO UPDATE SET value = counters.value + 1",
    );
    tx.execute(queue).await?;
    let forget = sqlx::query("DELETE FROM sign_in_failures WHERE failed_at < $1");
    tx.execute(forget.bind(forget_before)).await?;
    let note =
        sqlx::query("INSERT INTO sign_in_failures (id, client, failed_at) VALUES ($1, $2, $3)");
    tx.execute(note.bind(id).bind(client).bind(now)).await?;
    let (failures,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM sign_in_failures WHERE client = $1")
            .bind(client)
            .fetch_one(tx.connection())
            .await?;
    Ok(failures)
}

/// Forgets the failures of `client`, which knew the password in the end.
///
/// # Errors
/// When the database fails.
pub async fn forget_failures(tx: &mut Tx, client: &str) -> Result<()> {
    tx.execute(sqlx::query("DELETE FROM sign_in_failures WHERE client = $1").bind(client))
        .await?;
    Ok(())
}
