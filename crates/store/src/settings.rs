use crate::{Result, Store, Tx};

/// The value of a setting.
pub async fn get(store: &Store, key: &str) -> Result<Option<String>> {
    let mut connection = store.reader().await?;
    let row: Option<(String,)> = sqlx::query_as("SELECT value FROM settings WHERE key = $1")
        .bind(key)
        .fetch_optional(&mut *connection)
        .await?;
    Ok(row.map(|(value,)| value))
}

/// Writes a setting, over whatever was there.
pub async fn set(tx: &mut Tx, key: &str, value: &str) -> Result<()> {
    let query = sqlx::query(
        "INSERT INTO settings (key, value) VALUES ($1, $2) \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    );
    tx.execute(query.bind(key).bind(value)).await?;
    Ok(())
}

/// Removes a setting, if it is there.
pub async fn remove(tx: &mut Tx, key: &str) -> Result<()> {
    let query = sqlx::query("DELETE FROM settings WHERE key = $1");
    tx.execute(query.bind(key.to_owned())).await?;
    Ok(())
}

/// Writes a setting unless it is there, and answers whether it was written.
pub async fn set_default(tx: &mut Tx, key: &str, value: &str) -> Result<bool> {
    let query = sqlx::query(
        "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING",
    );
    Ok(tx.execute(query.bind(key).bind(value)).await? == 1)
}
