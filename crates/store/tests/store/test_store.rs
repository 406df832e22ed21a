use store::{Result, Store};
use testkit::database::Database;
use testkit::orders::insert_order;
use testkit::products::{TestProduct, insert_test_collection};

/// A store with a little stock: a print in two sizes, ten of each, and a poster, three of it.
pub(crate) struct TestStore {
    pub(crate) store: Store,
    pub(crate) database: Database,
}

impl TestStore {
    pub(crate) async fn new() -> Self {
        let (database, store) = Database::migrated().await;
        let mut tx = store.begin().await.unwrap();
        for (position, slug) in [(1, "prints"), (0, "posters"), (2, "bare")] {
            insert_test_collection(&mut tx, slug, position)
                .await
                .unwrap();
        }
        let print = TestProduct::new("print")
            .text("Print \u{1f30a}", "It's a \"print\"; 100 % of it.")
            .picture("/art/print.svg", "A print.")
            .option("Size")
            .in_collection("prints")
            .in_collection("posters")
            .position(1)
            .variant("print-a4", &["A4"], 2400, 10)
            .variant("print-a3", &["A3"], 3800, 10);
        assert!(print.insert(&mut tx).await.unwrap());
        let poster = TestProduct::new("poster")
            .text("Print \u{1f30a}", "It's a \"print\"; 100 % of it.")
            .picture("/art/print.svg", "A print.")
            .in_collection("posters")
            .variant("poster", &[], 1500, 3);
        assert!(poster.insert(&mut tx).await.unwrap());
        tx.commit().await.unwrap();
        Self { store, database }
    }

    /// Writes an order for one print, and answers its number.
    pub(crate) async fn order(&self, id: &str, cart: &str) -> Result<i64> {
        let mut tx = self.store.begin().await?;
        let number = insert_order(&mut tx, id, cart).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// The stock on hand and the held part of it.
    pub(crate) async fn counts(&self, variant: &str) -> (i64, i64) {
        let database = &self.database;
        (
            database.on_hand(variant).await,
            database.held(variant).await,
        )
    }
}
