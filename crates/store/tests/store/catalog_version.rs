use domain::stock::Availability;
use store::catalog::version;
use store::stock::{hold, release, restock, sell_free, sell_held};
use store::{Commit, settings};
use testkit::orders::variant;
use testkit::products::{TestProduct, insert_test_collection};

use crate::test_store::TestStore;

/// Runs `sql`, and returns true if it raised the catalog's version.
async fn raises(test: &TestStore, sql: &str) -> bool {
    let before = version(&test.store).await.unwrap();
    test.database.run(sql).await;
    version(&test.store).await.unwrap() > before
}

#[tokio::test]
async fn catalog_version_rises_with_each_column_of_what_pages_show() {
    let test = TestStore::new().await;
    let is_postgres = test.store.engine() == store::Engine::Postgres;
    for (table, row, own) in [
        ("collections", "slug = 'bare'", &["slug"][..]),
        ("products", "slug = 'poster'", &["slug"]),
        (
            "variants",
            "id = 'poster'",
            // Those have tests of their own, and a product that is not there is refused.
            &["on_hand", "held", "product_slug"],
        ),
    ] {
        let columns = if is_postgres {
            format!(
                "SELECT column_name::text FROM information_schema.columns \
                 WHERE table_schema = current_schema() AND table_name = '{table}'"
            )
        } else {
            format!("SELECT name FROM pragma_table_info('{table}')")
        };
        let columns = test.database.texts(&columns).await;
        assert!(columns.len() > 4, "{columns:?}");
        for column in columns {
            if own.contains(&column.as_str()) {
                continue;
            }
            let sql = format!("UPDATE {table} SET {column} = {column} WHERE {row}");
            assert!(raises(&test, &sql).await, "{sql}");
        }
    }
    for sql in [
        "INSERT INTO products (slug, title, description, image, image_alt, position) VALUES ('new', '', '', '', '', 9)",
        "INSERT INTO variants (id, product_slug, sku, unit_amount, on_hand, position) VALUES ('new', 'new', 'N', 1, 0, 0)",
        "UPDATE variants SET product_slug = 'poster' WHERE id = 'new'",
        "UPDATE variants SET unit_amount = 2, on_hand = 1 WHERE id = 'new'",
        // A price together with stock that stays within its step.
        "UPDATE variants SET unit_amount = 3, on_hand = 2 WHERE id = 'new'",
        "DELETE FROM variants WHERE id = 'new'",
        "DELETE FROM products WHERE slug = 'new'",
        "INSERT INTO collection_products (collection_slug, product_slug) VALUES ('bare', 'poster')",
        "UPDATE collection_products SET collection_slug = 'prints' WHERE collection_slug = 'bare'",
        "DELETE FROM collection_products WHERE collection_slug = 'posters'",
        "DELETE FROM collections WHERE slug = 'bare'",
        "INSERT INTO settings (key, value) VALUES ('text_name', 'Kettle')",
        "UPDATE settings SET value = 'Pot' WHERE key = 'text_name'",
        "DELETE FROM settings WHERE key = 'text_name'",
        "INSERT INTO settings (key, value) VALUES ('not_thought_of_yet', '1')",
    ] {
        assert!(raises(&test, sql).await, "{sql}");
    }
}

#[tokio::test]
async fn catalog_version_stays_with_what_no_page_shows() {
    let test = TestStore::new().await;
    let before = version(&test.store).await.unwrap();
    test.order("018f0000-0000-7000-8000-00000000000a", "cart")
        .await
        .unwrap();
    test.store.check_writable().await.unwrap();
    for value in ["1", "2"] {
        test.store
            .transaction(async |mut tx| {
                settings::set(&mut tx, "events_seen_until", value).await?;
                Ok(Commit(tx, ()))
            })
            .await
            .unwrap();
    }
    test.database
        .run("UPDATE settings SET value = value || 'x' WHERE key = 'readiness'")
        .await;
    // What was rolled back was never on a page.
    let mut tx = test.store.begin().await.unwrap();
    assert!(hold(&mut tx, &variant("poster"), 3).await.unwrap());
    drop(tx);
    assert_eq!(version(&test.store).await.unwrap(), before);
}

#[tokio::test]
async fn catalog_version_rises_when_stock_crosses_a_step_and_only_then() {
    let test = TestStore::new().await;
    let most = Availability::FEW + 3;
    let stocks: Vec<_> = (0..=most)
        .flat_map(|on_hand| (0..=on_hand).map(move |held| (on_hand, held)))
        .collect();
    let mut before = None;
    // Each follows on the one before, so that steps are crossed by many ways.
    for (on_hand, held) in stocks.iter().chain(stocks.iter().rev()).copied() {
        let sql =
            format!("UPDATE variants SET on_hand = {on_hand}, held = {held} WHERE id = 'poster'");
        let rose = raises(&test, &sql).await;
        if let Some((from_on_hand, from_held)) = before.filter(|before| *before != (on_hand, held))
        {
            let crosses =
                Availability::of(from_on_hand, from_held) != Availability::of(on_hand, held);
            assert_eq!(rose, crosses, "{before:?} to {:?}", (on_hand, held));
        }
        before = Some((on_hand, held));
    }
}

#[tokio::test]
async fn catalog_version_rises_with_every_function_that_writes_the_catalog() {
    let test = TestStore::new().await;
    let poster = variant("poster");
    let mut last = version(&test.store).await.unwrap();
    for step in 0..7 {
        let mut tx = test.store.begin().await.unwrap();
        match step {
            0 => assert!(hold(&mut tx, &poster, 3).await.unwrap()),
            1 => assert!(release(&mut tx, &poster, 2).await.unwrap()),
            2 => assert!(sell_free(&mut tx, &poster, 2).await.unwrap()),
            3 => assert!(sell_held(&mut tx, &poster, 1).await.unwrap()),
            4 => assert!(restock(&mut tx, &poster, 1).await.unwrap()),
            5 => insert_test_collection(&mut tx, "more", 3).await.unwrap(),
            _ => {
                let product = TestProduct::new("tray").variant("tray", &[], 100, 1);
                assert!(product.insert(&mut tx).await.unwrap());
            }
        }
        assert_eq!(
            version(&test.store).await.unwrap(),
            last,
            "the change shows before its commit"
        );
        let ended = test.store.transactions_ended();
        tx.commit().await.unwrap();
        assert_eq!(test.store.transactions_ended(), ended + 1);
        let now = version(&test.store).await.unwrap();
        assert!(now > last, "step {step}");
        last = now;
    }
}
