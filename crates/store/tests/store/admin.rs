use store::admin::{
    delete_all_sessions, delete_session, forget_failures, has_session, insert_session, note_failure,
};
use tokio::task::JoinSet;

use crate::shelf::{Shelf, fresh};

#[tokio::test]
async fn a_session_goes_on_until_its_time_or_its_end() {
    let shelf = Shelf::new().await;
    let mut tx = shelf.store.begin().await.unwrap();
    for hash in ["a", "b", "c"] {
        insert_session(&mut tx, hash, 100, 200).await.unwrap();
    }
    delete_session(&mut tx, "b").await.unwrap();
    tx.commit().await.unwrap();
    for (hash, now, goes_on) in [
        ("a", 100, true),
        ("a", 199, true),
        ("a", 200, false),
        ("b", 100, false),
        ("", 100, false),
    ] {
        assert_eq!(
            has_session(&shelf.store, hash, now).await.unwrap(),
            goes_on,
            "{hash} at {now}"
        );
    }
    let mut tx = shelf.store.begin().await.unwrap();
    delete_all_sessions(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!has_session(&shelf.store, "a", 100).await.unwrap());
}

#[tokio::test]
async fn a_new_session_clears_away_those_that_are_over() {
    let shelf = Shelf::new().await;
    let mut tx = shelf.store.begin().await.unwrap();
    insert_session(&mut tx, "old", 100, 200).await.unwrap();
    insert_session(&mut tx, "going-on", 150, 201).await.unwrap();
    insert_session(&mut tx, "new", 200, 300).await.unwrap();
    tx.commit().await.unwrap();
    let left = shelf
        .database
        .texts("SELECT token_hash FROM admin_sessions ORDER BY token_hash")
        .await;
    assert_eq!(left, ["going-on", "new"]);
}

#[tokio::test]
async fn failures_count_by_client_until_they_are_old_or_forgiven() {
    let shelf = Shelf::new().await;
    let mut tx = shelf.store.begin().await.unwrap();
    assert_eq!(note_failure(&mut tx, "1", "a", 100, 0).await.unwrap(), 1);
    assert_eq!(note_failure(&mut tx, "2", "a", 110, 0).await.unwrap(), 2);
    assert_eq!(note_failure(&mut tx, "3", "b", 110, 0).await.unwrap(), 1);
    assert_eq!(note_failure(&mut tx, "4", "a", 200, 101).await.unwrap(), 2);
    forget_failures(&mut tx, "a").await.unwrap();
    assert_eq!(note_failure(&mut tx, "5", "a", 200, 0).await.unwrap(), 1);
    assert_eq!(note_failure(&mut tx, "6", "b", 200, 0).await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn failures_at_the_same_moment_are_counted_one_by_one() {
    let shelf = Shelf::new().await;
    let mut failures = JoinSet::new();
    for _ in 0..16 {
        let store = shelf.store.clone();
        failures.spawn(async move {
            store
                .retrying(|| async {
                    let mut tx = store.begin().await?;
                    let count = note_failure(&mut tx, &fresh(), "client", 100, 0).await?;
                    tx.commit().await?;
                    Ok(count)
                })
                .await
                .unwrap()
        });
    }
    let mut counts = failures.join_all().await;
    counts.sort_unstable();
    assert_eq!(counts, (1..=16).collect::<Vec<i64>>());
}
