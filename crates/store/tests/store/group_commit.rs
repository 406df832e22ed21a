use std::sync::Arc;

use store::{Commit, Engine, Error, Rollback, Store};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::test_store::TestStore;

/// Lets everything that is ready run until it waits, on the test's one thread.
async fn let_others_wait() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

async fn value(store: &Store, key: &str) -> Option<String> {
    store::settings::get(store, key).await.unwrap()
}

/// Begins a transaction that writes `key`, and commits when it is told to.
async fn write_on_signal(store: Store, key: &'static str, begun: Arc<Notify>, go_on: Arc<Notify>) {
    let written = store.transaction(async |mut tx| {
        store::settings::set(&mut tx, key, "written").await?;
        begun.notify_one();
        go_on.notified().await;
        Ok(Commit(tx, ()))
    });
    written.await.unwrap();
}

#[tokio::test]
async fn waiting_transactions_share_a_commit() {
    let test = TestStore::new().await;
    if test.store.engine() == Engine::Postgres {
        return;
    }
    let [begun, go_on, begun_next, go_on_next] = std::array::from_fn(|_| Arc::new(Notify::new()));
    let first = write_on_signal(test.store.clone(), "first", begun.clone(), go_on.clone());
    let first = tokio::spawn(first);
    begun.notified().await;
    let next = write_on_signal(
        test.store.clone(),
        "next",
        begun_next.clone(),
        go_on_next.clone(),
    );
    let next = tokio::spawn(next);
    let_others_wait().await;
    go_on.notify_one();
    begun_next.notified().await;
    let_others_wait().await;
    assert!(!first.is_finished(), "answered before its commit");
    assert_eq!(value(&test.store, "first").await, None);
    go_on_next.notify_one();
    first.await.unwrap();
    next.await.unwrap();
    for key in ["first", "next"] {
        assert_eq!(value(&test.store, key).await.as_deref(), Some("written"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn members_end_each_by_themselves() {
    let test = TestStore::new().await;
    let mut members = JoinSet::new();
    for number in 0..90 {
        let store = test.store.clone();
        members.spawn(async move {
            let key = format!("member-{number}");
            let answer = store
                .transaction(async |mut tx| {
                    store::settings::set(&mut tx, &key, "written").await?;
                    tokio::task::yield_now().await;
                    match number % 3 {
                        0 => Ok(Commit(tx, "committed")),
                        1 => Ok(Rollback("rolled back")),
                        _ => Err(Error::Corrupt("member")),
                    }
                })
                .await;
            (number, answer)
        });
    }
    for (number, answer) in members.join_all().await {
        let written = value(&test.store, &format!("member-{number}")).await;
        match number % 3 {
            0 => assert_eq!(
                (answer.unwrap(), written.as_deref()),
                ("committed", Some("written"))
            ),
            1 => assert_eq!((answer.unwrap(), written), ("rolled back", None)),
            _ => {
                assert!(matches!(answer, Err(Error::Corrupt("member"))));
                assert_eq!(written, None);
            }
        }
    }
}

#[tokio::test]
async fn rollback_that_saw_another_member_waits_for_its_commit() {
    let test = TestStore::new().await;
    if test.store.engine() == Engine::Postgres {
        return;
    }
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let first = write_on_signal(test.store.clone(), "event", begun.clone(), go_on.clone());
    let first = tokio::spawn(first);
    begun.notified().await;
    let store = test.store.clone();
    let copy = tokio::spawn(async move {
        let is_new = store.transaction(async |mut tx| {
            let is_new = store::settings::set_default(&mut tx, "event", "again").await?;
            Ok(Rollback(is_new))
        });
        let is_new = is_new.await.unwrap();
        (is_new, value(&store, "event").await)
    });
    let_others_wait().await;
    go_on.notify_one();
    let (is_new, seen) = copy.await.unwrap();
    assert!(!is_new);
    assert_eq!(seen.as_deref(), Some("written"));
    first.await.unwrap();
}

#[tokio::test]
async fn abandoned_member_takes_nobody_with_it() {
    let test = TestStore::new().await;
    let [begun, go_on, begun_next, never] = std::array::from_fn(|_| Arc::new(Notify::new()));
    let first = write_on_signal(test.store.clone(), "first", begun.clone(), go_on.clone());
    let first = tokio::spawn(first);
    begun.notified().await;
    let next = write_on_signal(test.store.clone(), "next", begun_next.clone(), never);
    let next = tokio::spawn(next);
    let_others_wait().await;
    go_on.notify_one();
    begun_next.notified().await;
    // The first has written again by itself, once its group is lost.
    go_on.notify_one();
    next.abort();
    assert!(next.await.unwrap_err().is_cancelled());
    first.await.unwrap();
    assert_eq!(
        value(&test.store, "first").await.as_deref(),
        Some("written")
    );
    assert_eq!(value(&test.store, "next").await, None);
}

#[tokio::test]
async fn caller_that_stops_waiting_leaves_no_lock_behind() {
    let test = TestStore::new().await;
    let [begun, go_on, begun_next, go_on_next] = std::array::from_fn(|_| Arc::new(Notify::new()));
    let first = write_on_signal(test.store.clone(), "first", begun.clone(), go_on.clone());
    let first = tokio::spawn(first);
    begun.notified().await;
    let next = write_on_signal(
        test.store.clone(),
        "next",
        begun_next.clone(),
        go_on_next.clone(),
    );
    let next = tokio::spawn(next);
    let_others_wait().await;
    go_on.notify_one();
    begun_next.notified().await;
    first.abort();
    next.abort();
    let last = test.store.transaction(async |mut tx| {
        store::settings::set(&mut tx, "last", "written").await?;
        Ok(Commit(tx, ()))
    });
    last.await.unwrap();
    assert_eq!(value(&test.store, "last").await.as_deref(), Some("written"));
}
