//! The few settings that outlive a restart, and emptying everything.

use sqlx::SqliteConnection;

use crate::faults::Faults;

const CLOCK_OFFSET: &str = "clock_offset_seconds";
const FAULTS: &str = "faults";
const FAULTS_RUN: &str = "faults_run";

/// The offset of the clock, in seconds.
pub(crate) async fn clock_offset(db: &mut SqliteConnection) -> sqlx::Result<i64> {
    let value = get(db, CLOCK_OFFSET).await?;
    Ok(value.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Remembers how far the clock was moved, in seconds.
pub(crate) async fn set_clock_offset(db: &mut SqliteConnection, seconds: i64) -> sqlx::Result<()> {
    set(db, CLOCK_OFFSET, &seconds.to_string()).await
}

/// The faults, and how often the sandbox was started since they were set.
pub(crate) async fn faults(db: &mut SqliteConnection) -> sqlx::Result<(Faults, u64)> {
    let faults = get(db, FAULTS).await?.and_then(|text| text.parse().ok());
    let run = get(db, FAULTS_RUN)
        .await?
        .and_then(|text| text.parse().ok());
    Ok((faults.unwrap_or_default(), run.unwrap_or(0)))
}

/// Remembers what goes wrong on purpose, and in which run since that was set.
pub(crate) async fn set_faults(
    db: &mut SqliteConnection,
    faults: &Faults,
    run: u64,
) -> sqlx::Result<()> {
    set(db, FAULTS, &faults.to_string()).await?;
    set(db, FAULTS_RUN, &run.to_string()).await
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

async fn get(db: &mut SqliteConnection, name: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT value FROM settings WHERE name = ?")
        .bind(name)
        .fetch_optional(db)
        .await
}

async fn set(db: &mut SqliteConnection, name: &str, value: &str) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(name)
        .bind(value)
        .execute(db)
        .await?;
    Ok(())
}
