use std::collections::BTreeMap;
use testkit::database::Database;

use crate::books::Books;
use crate::finding::Finding;
use crate::world::World;

/// The stock on hand at first, by variant.
pub(crate) struct StockAudit(BTreeMap<String, i64>);

/// The stock that the plentiful variants start with, so that a long day does not sell them out.
const PLENTY: &str =
    "UPDATE variants SET on_hand = 100000 WHERE id LIKE '%-a4-mat' OR id = 'low-a3-mat'";

impl StockAudit {
    /// Fills up what there is plenty of, and remembers the shelf.
    pub(crate) async fn fill(database: &Database) -> Self {
        database.run(PLENTY).await;
        let stock = Self(count(database, "on_hand").await);
        assert!(!stock.0.is_empty(), "there is nothing to sell");
        stock
    }
}

/// Every piece is on the shelf, sold, or put back; and nobody holds any.
pub(crate) async fn check(world: &World, books: &Books) -> Vec<Finding> {
    let mut findings = Vec::new();
    let on_hand = count(&world.database, "on_hand").await;
    let held = count(&world.database, "held").await;
    for (variant, first) in &world.stock.0 {
        let sold = books.sold(variant);
        let back = books.restock(variant);
        let (now, held) = (on_hand[variant], held[variant]);
        if now != first - sold + back {
            findings.push(Finding::of_nobody(format!(
                "{variant}: {first} at first, {sold} sold, {back} put back, and {now} on the shelf"
            )));
        }
        if held != 0 {
            findings.push(Finding::of_nobody(format!("{variant}: {held} are held")));
        }
    }
    findings
}

async fn count(database: &Database, column: &str) -> BTreeMap<String, i64> {
    let sql = format!("SELECT id || ' ' || {column} FROM variants");
    let rows = database.texts(&sql).await;
    rows.iter()
        .map(|row| {
            let (variant, count) = row.split_once(' ').unwrap();
            (variant.to_owned(), count.parse().unwrap())
        })
        .collect()
}
