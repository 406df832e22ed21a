use crate::{Result, Store, Tx};

/// Writes a session of the admin. `token_hash` is a hash, so that the database opens nothing.
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

/// A sign-in session that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// When the admin signed in, in Unix seconds.
    pub created_at: i64,
    /// When it ends unless it is used, in Unix seconds.
    pub expires_at: i64,
}

/// The session, if it is there and goes on at `now`.
pub async fn session(store: &Store, token_hash: &str, now: i64) -> Result<Option<Session>> {
    let mut connection = store.reader().await?;
    let row: Option<(i64, i64)> = sqlx::query_as(
        "SELECT created_at, expires_at FROM admin_sessions \
         WHERE token_hash = $1 AND expires_at > $2",
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(&mut *connection)
    .await?;
    Ok(row.map(|(created_at, expires_at)| Session {
        created_at,
        expires_at,
    }))
}

/// Lets a session that goes on at `now` go on until `expires_at`.
pub async fn extend_session(
    tx: &mut Tx,
    token_hash: &str,
    expires_at: i64,
    now: i64,
) -> Result<()> {
    let query = sqlx::query(
        "UPDATE admin_sessions SET expires_at = $2 \
         WHERE token_hash = $1 AND expires_at > $3 AND expires_at < $2",
    );
    tx.execute(query.bind(token_hash).bind(expires_at).bind(now))
        .await?;
    Ok(())
}

/// Ends a session.
pub async fn delete_session(tx: &mut Tx, token_hash: &str) -> Result<()> {
    tx.execute(sqlx::query("DELETE FROM admin_sessions WHERE token_hash = $1").bind(token_hash))
        .await?;
    Ok(())
}

/// Ends all sessions, as a new password does.
pub async fn delete_all_sessions(tx: &mut Tx) -> Result<()> {
    tx.execute(sqlx::query("DELETE FROM admin_sessions"))
        .await?;
    Ok(())
}
