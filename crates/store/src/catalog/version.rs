use crate::{Result, Store};

/// The version of what store pages show. It goes up in each transaction that changes any of it:
/// collections, products, prices, settings, and stock where it crosses a step of
/// `domain::stock::Availability`. Triggers raise it (`migrations/sqlite`, `migrations/postgres`),
/// so that no statement forgets to.
pub async fn version(store: &Store) -> Result<i64> {
    let mut connection = store.reader().await?;
    let version = sqlx::query_scalar("SELECT value FROM counters WHERE name = 'catalog_version'");
    Ok(version.fetch_one(&mut *connection).await?)
}
