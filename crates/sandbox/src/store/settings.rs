//! The few settings that outlive a restart, and emptying everything.

use sqlx::SqliteConnection;

const CLOCK_OFFSET: &str = "clock_offset_seconds";

/// How far the clock was moved, in seconds.
pub(crate) async fn clock_offset(db: &mut SqliteConnection) -> sqlx::Result<i64> {
    let value: Option<String> = sqlx::query_scalar("SELECT value FROM settings WHERE name = ?")
        .bind(CLOCK_OFFSET)
        .fetch_optional(db)
        .await?;
    Ok(value.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Remembers how far the clock was moved, in seconds.
pub(crate) async fn set_clock_offset(db: &mut SqliteConnection, seconds: i64) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(CLOCK_OFFSET)
        .bind(seconds.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Deletes every object, delivery, stored answer and setting.
pub(crate) async fn delete_everything(db: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::raw_sql(
        "DELETE FROM attempts; DELETE FROM deliveries; DELETE FROM answers; DELETE FROM objects; DELETE FROM settings;",
    )
    .execute(db)
    .await?;
    Ok(())
}
