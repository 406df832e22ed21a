use std::sync::atomic::{AtomicU32, Ordering};

use store::{Commit, Completion, Engine, Error, Rollback, Store};
use testkit::database::Database;
use testkit::orders::insert_order;
use tokio::task::JoinSet;

use crate::test_store::TestStore;

#[tokio::test]
async fn migrating_again_changes_nothing() {
    let test = TestStore::new().await;
    test.store.migrate().await.unwrap();
    assert_eq!(
        test.database.number("SELECT COUNT(*) FROM variants").await,
        3
    );
    test.store.close().await;
    let store = Store::open(&test.database.url).await.unwrap();
    store.migrate().await.unwrap();
    assert_eq!(
        test.database.number("SELECT COUNT(*) FROM variants").await,
        3
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn machines_that_start_together_migrate_once() {
    let database = Database::empty().await;
    let mut starts = JoinSet::new();
    for _ in 0..4 {
        let url = database.url.clone();
        starts.spawn(async move {
            let store = Store::open(&url).await?;
            store.migrate().await
        });
    }
    for start in starts.join_all().await {
        start.unwrap();
    }
    let counter = "SELECT value FROM counters WHERE name = 'order_number'";
    assert_eq!(database.number(counter).await, 1000);
}

#[tokio::test]
async fn engine_is_chosen_by_the_url() {
    let test = TestStore::new().await;
    let expected = if test.database.url.starts_with("postgres") {
        Engine::Postgres
    } else {
        Engine::Sqlite
    };
    assert_eq!(test.store.engine(), expected);
    test.store.ping().await.unwrap();
    for url in ["", "mysql://localhost/shop", "shop.db", "/data/shop.db"] {
        let error = Store::open(url).await.unwrap_err();
        assert!(matches!(error, Error::UnknownEngine), "{url:?}: {error:?}");
    }
}

#[tokio::test]
async fn closed_store_is_unavailable() {
    let test = TestStore::new().await;
    test.store.close().await;
    assert!(matches!(
        test.store.ping().await,
        Err(Error::Unavailable(_))
    ));
    assert!(matches!(
        test.store.begin().await,
        Err(Error::Unavailable(_))
    ));
}

#[tokio::test]
async fn transaction_that_is_dropped_leaves_nothing_behind() {
    let test = TestStore::new().await;
    let mut tx = test.store.begin().await.unwrap();
    store::settings::set(&mut tx, "key", "value").await.unwrap();
    drop(tx);
    // The next one on the same connection starts clean.
    let mut tx = test.store.begin().await.unwrap();
    store::settings::set(&mut tx, "other", "value")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        store::settings::get(&test.store, "key").await.unwrap(),
        None
    );
    let other = store::settings::get(&test.store, "other").await.unwrap();
    assert_eq!(other.as_deref(), Some("value"));
}

#[tokio::test]
async fn transaction_that_says_rollback_leaves_nothing_behind() {
    let test = TestStore::new().await;
    for (key, is_kept) in [("kept", true), ("gone", false)] {
        let answer = test.store.transaction(async |mut tx| {
            store::settings::set(&mut tx, key, "value").await?;
            Ok(if is_kept { Commit(tx, 7) } else { Rollback(7) })
        });
        assert_eq!(answer.await.unwrap(), 7);
    }
    let kept = store::settings::get(&test.store, "kept").await.unwrap();
    assert_eq!(kept.as_deref(), Some("value"));
    let gone = store::settings::get(&test.store, "gone").await.unwrap();
    assert_eq!(gone, None);
}

#[tokio::test]
async fn only_a_conflict_is_tried_again() {
    let test = TestStore::new().await;
    let tries = AtomicU32::new(0);
    let count = || tries.fetch_add(1, Ordering::Relaxed);
    for error in [|| Error::Corrupt("orders.status"), || Error::UnknownEngine] {
        tries.store(0, Ordering::Relaxed);
        let answer = test
            .store
            .transaction(async |_| {
                count();
                Err::<Completion<()>, _>(error())
            })
            .await;
        assert!(!answer.unwrap_err().is_conflict());
        assert_eq!(tries.load(Ordering::Relaxed), 1);
    }
}

#[tokio::test]
async fn conflict_that_does_not_go_away_ends_after_some_tries() {
    let test = TestStore::new().await;
    test.order("order-1", "cart-1").await.unwrap();
    let tries = AtomicU32::new(0);
    let answer = test
        .store
        .transaction(async |mut tx| {
            tries.fetch_add(1, Ordering::Relaxed);
            insert_order(&mut tx, "order-2", "cart-1")
                .await
                .map(|number| Commit(tx, number))
        })
        .await;
    assert!(answer.unwrap_err().is_conflict());
    assert_eq!(tries.load(Ordering::Relaxed), 12);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn deadlocked_transactions_both_succeed() {
    let test = TestStore::new().await;
    let mut writers = JoinSet::new();
    // PostgreSQL looks for a deadlock after a second, and resolves one at a time: with more writers
    // the last of them waits longer than a lock is waited for.
    for number in 0..4 {
        let store = test.store.clone();
        writers.spawn(async move {
            // Opposite orders are what a database resolves by defeating one of the two.
            let (first, second) = if number % 2 == 0 {
                ("a", "b")
            } else {
                ("b", "a")
            };
            store
                .transaction(async |mut tx| {
                    store::settings::set(&mut tx, first, "1").await?;
                    tokio::task::yield_now().await;
                    store::settings::set(&mut tx, second, "1").await?;
                    Ok(Commit(tx, ()))
                })
                .await
        });
    }
    for answer in writers.join_all().await {
        answer.unwrap();
    }
}

#[tokio::test]
async fn default_never_overwrites() {
    let test = TestStore::new().await;
    let mut tx = test.store.begin().await.unwrap();
    assert!(
        store::settings::set_default(&mut tx, "key", "first")
            .await
            .unwrap()
    );
    assert!(
        !store::settings::set_default(&mut tx, "key", "second")
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    let value = store::settings::get(&test.store, "key").await.unwrap();
    assert_eq!(value.as_deref(), Some("first"));
}
