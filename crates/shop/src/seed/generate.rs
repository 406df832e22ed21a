use store::{Commit, Store};
use uuid::Uuid;

use crate::Error;

/// The number of products and orders to make up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Products.
    pub products: u32,
    /// Paid orders of test mode.
    pub orders: u32,
}

/// The number of products or orders that one transaction writes: so few that each ends in time.
const BATCH: u32 = 10_000;

/// Makes up products and orders, to see and measure what a shop is like that has many. Products that
/// were made up before stay; orders are added to those that are there.
pub async fn generate(store: &Store, amount: Amount, now: i64) -> Result<(), Error> {
    for (from, count) in batches(amount.products) {
        store
            .transaction(async |mut tx| {
                store::generated::products(&mut tx, from, from + count - 1).await?;
                Ok(Commit(tx, ()))
            })
            .await?;
    }
    for (from, count) in batches(amount.orders) {
        let name = Uuid::now_v7().simple().to_string();
        // The newest batch ends now, and each before it where the next one begins.
        let end = now - 60 * (i64::from(amount.orders) - (from - 1) - count);
        store
            .transaction(async |mut tx| {
                store::generated::orders(&mut tx, &name, count, end).await?;
                Ok(Commit(tx, ()))
            })
            .await?;
    }
    Ok(())
}

/// The first number and the size of each batch.
fn batches(count: u32) -> impl Iterator<Item = (i64, i64)> {
    (0..count.div_ceil(BATCH)).map(move |batch| {
        let from = batch * BATCH;
        (i64::from(from) + 1, i64::from(BATCH.min(count - from)))
    })
}
