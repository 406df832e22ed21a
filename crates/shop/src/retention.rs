use std::time::Duration;
use store::Commit;

use crate::isolation::isolated;
use crate::{Error, Shop};

/// The time that an unpaid order is kept, in seconds: 30 days.
pub const UNPAID_SECONDS: i64 = 30 * 24 * 60 * 60;

/// The interval between deletions.
const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// The most orders that one transaction deletes.
const BATCH: i64 = 100;

/// Deletes orders that nobody paid for when they are old: at start, then every hour. Never ends.
pub async fn run(shop: Shop) {
    loop {
        match isolated(purge(&shop)).await {
            Ok(0) => {}
            Ok(deleted) => tracing::info!(order.count = deleted, "deleted old unpaid orders"),
            Err(error) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "deleting old unpaid orders failed"
            ),
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Deletes all orders that nobody paid for in [`UNPAID_SECONDS`], and returns how many. Orders with
/// money, a flag, a refund or a dispute stay.
///
/// # Errors
/// When the database fails; what was deleted before stays deleted.
pub async fn purge(shop: &Shop) -> Result<u64, Error> {
    let before = shop.now().saturating_sub(UNPAID_SECONDS);
    let mut all = 0;
    loop {
        let ids = store::holds::unpaid(&shop.store, before, BATCH).await?;
        let deleted = shop
            .store
            .transaction(async |mut tx| {
                let mut deleted = 0;
                for id in &ids {
                    deleted += u64::from(store::holds::delete_unpaid(&mut tx, id).await?);
                }
                Ok(Commit(tx, deleted))
            })
            .await?;
        all += deleted;
        // A batch of which nothing could be deleted would come again and again.
        if deleted == 0 {
            return Ok(all);
        }
    }
}
