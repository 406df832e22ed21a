use std::pin::pin;
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use sqlx::{AnyConnection, Connection, Executor};
use store::{Engine, Error, Result, Store, Timeouts};
use testkit::database::Database;
use testkit::freezing_proxy::FreezingProxy;

use crate::test_store::TestStore;

/// Timeouts that a test can wait for, in the same order as the real ones.
const SHORT: Timeouts = Timeouts {
    acquire: Duration::from_millis(1500),
    ping: Duration::from_millis(200),
    read: Duration::from_millis(1500),
    transaction: Duration::from_millis(1500),
    lock: Duration::from_millis(300),
    statement: Duration::from_millis(800),
    idle_in_transaction: Duration::from_millis(800),
    readiness: Duration::from_millis(1000),
};

/// Longer than any wait with [`SHORT`] timeouts, and shorter than one without.
const SOON: Duration = Duration::from_secs(4);

async fn write(store: &Store, key: &str) -> Result<()> {
    let mut tx = store.begin().await?;
    store::settings::set(&mut tx, key, "value").await?;
    tx.commit().await
}

async fn has(store: &Store, key: &str) -> bool {
    store::settings::get(store, key).await.unwrap().is_some()
}

fn is_postgres(database: &Database) -> bool {
    database.url.starts_with("postgres")
}

/// A migrated database, and a store with [`SHORT`] timeouts on it.
async fn open_short() -> (Database, Store) {
    let database = Database::empty().await;
    let store = Store::open_with(&database.url, SHORT).await.unwrap();
    store.migrate().await.unwrap();
    (database, store)
}

/// Waits until the store takes writes and reads again.
async fn recover(store: &Store) -> Duration {
    let start = Instant::now();
    while write(store, "recovered").await.is_err()
        || store::settings::get(store, "recovered").await.is_err()
    {
        assert!(start.elapsed() < SOON, "the store does not recover");
    }
    start.elapsed()
}

#[tokio::test]
async fn transaction_that_the_database_ended_by_itself_is_followed_by_a_working_one() {
    let test = TestStore::new().await;
    // As a full disk or an I/O error does on SQLite: the transaction is gone, and so ROLLBACK
    // fails.
    if test.store.engine() == Engine::Sqlite {
        let trigger = "CREATE TRIGGER full AFTER INSERT ON settings WHEN NEW.key = 'full' \
             BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END";
        test.database.run(trigger).await;
    } else {
        test.database
            .run(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ \
                 BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$",
            )
            .await;
        let trigger = "CREATE TRIGGER full_disk BEFORE INSERT ON settings FOR EACH ROW \
             WHEN (NEW.key = 'full') EXECUTE FUNCTION full_disk()";
        test.database.run(trigger).await;
    }
    for number in 0..30 {
        let key = format!("key {number}");
        let mut tx = test.store.begin().await.unwrap();
        store::settings::set(&mut tx, &key, "value").await.unwrap();
        let full = store::settings::set(&mut tx, "full", "value").await;
        assert!(full.is_err());
        if number % 2 == 0 {
            drop(tx);
        } else {
            tx.commit().await.unwrap_err();
        }
        write(&test.store, "next").await.unwrap();
        assert!(!has(&test.store, &key).await);
    }
}

#[tokio::test]
async fn failed_statement_is_never_committed() {
    let test = TestStore::new().await;
    let refuse = if test.store.engine() == Engine::Sqlite {
        "CREATE TRIGGER refuse BEFORE INSERT ON settings WHEN NEW.key = 'refused' \
         BEGIN SELECT RAISE(ABORT, 'refused'); END"
    } else {
        "ALTER TABLE settings ADD CHECK (key <> 'refused')"
    };
    test.database.run(refuse).await;
    for number in 0..25 {
        let mut tx = test.store.begin().await.unwrap();
        store::settings::set(&mut tx, "before", "value")
            .await
            .unwrap();
        let refused = store::settings::set(&mut tx, "refused", "value").await;
        refused.unwrap_err();
        if number % 2 == 0 {
            drop(tx);
        } else {
            tx.commit().await.unwrap_err();
        }
        write(&test.store, "after").await.unwrap();
        assert!(!has(&test.store, "before").await);
    }
}

#[tokio::test]
async fn transaction_dropped_at_any_moment_leaves_a_working_store() {
    let test = TestStore::new().await;
    let mut finished = 0;
    for polls in 1..400 {
        let key = format!("key {polls}");
        let done = poll_some(write(&test.store, &key), polls).await;
        // Whatever it came to, the next one works, and sees all of it or nothing.
        write(&test.store, "next").await.unwrap();
        if done {
            assert!(has(&test.store, &key).await);
            finished += 1;
        }
        if finished > 3 {
            return;
        }
    }
    panic!("no transaction came to its end");
}

#[tokio::test]
async fn read_dropped_at_any_moment_leaves_a_working_store() {
    let test = TestStore::new().await;
    write(&test.store, "key").await.unwrap();
    for polls in 1..60 {
        poll_some(store::settings::get(&test.store, "key"), polls).await;
        assert!(has(&test.store, "key").await);
    }
}

#[tokio::test]
async fn panic_in_a_transaction_leaves_a_working_store() {
    let test = TestStore::new().await;
    for _ in 0..25 {
        let store = test.store.clone();
        let task = tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            store::settings::set(&mut tx, "panicked", "value")
                .await
                .unwrap();
            panic!("as a bug would");
        });
        assert!(task.await.is_err());
    }
    write(&test.store, "next").await.unwrap();
    assert!(!has(&test.store, "panicked").await);
}

#[tokio::test]
async fn lock_of_a_frozen_peer_stops_neither_reads_nor_other_writes_for_long() {
    let (database, store) = open_short().await;
    write(&store, "hot").await.unwrap();
    // The peer holds the row, on SQLite the file, and says nothing more. Its session has no
    // limits, as one of another program.
    let mut peer = AnyConnection::connect(&database.url).await.unwrap();
    let begin = if is_postgres(&database) {
        "BEGIN"
    } else {
        "BEGIN IMMEDIATE"
    };
    peer.execute(begin).await.unwrap();
    peer.execute("UPDATE settings SET value = 'peer' WHERE key = 'hot'")
        .await
        .unwrap();

    let start = Instant::now();
    // More than there are connections.
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let store = store.clone();
        writers.spawn(async move { write(&store, "hot").await });
    }
    tokio::task::yield_now().await;
    assert!(has(&store, "hot").await);
    assert!(start.elapsed() < Duration::from_millis(500), "a read waits");
    for answer in writers.join_all().await {
        let error = answer.unwrap_err();
        assert!(
            matches!(error, Error::Unavailable(_) | Error::Conflict(_)),
            "{error:?}"
        );
    }
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    if is_postgres(&database) {
        write(&store, "another row").await.unwrap();
        store.check_writable().await.unwrap();
    } else {
        store.check_writable().await.unwrap_err();
    }
    peer.execute("ROLLBACK").await.unwrap();
    recover(&store).await;
    store.check_writable().await.unwrap();
}

#[tokio::test]
async fn frozen_client_loses_its_locks() {
    let (database, store) = open_short().await;
    if !is_postgres(&database) {
        return;
    }
    // Another machine of ours, in the middle of a transaction.
    let peer = Store::open_with(&database.url, SHORT).await.unwrap();
    let mut frozen = peer.begin().await.unwrap();
    store::settings::set(&mut frozen, "hot", "frozen")
        .await
        .unwrap();
    let start = Instant::now();
    while write(&store, "hot").await.is_err() {
        assert!(start.elapsed() < SOON);
    }
    assert!(frozen.commit().await.is_err());
    let value = store::settings::get(&store, "hot").await.unwrap();
    assert_eq!(value.as_deref(), Some("value"));
    recover(&peer).await;
}

#[tokio::test]
async fn limits_of_the_database_url_are_kept() {
    let database = Database::empty().await;
    if !is_postgres(&database) {
        return;
    }
    let url = format!("{}&options=-cstatement_timeout=12345", database.url);
    let store = Store::open_with(&url, SHORT).await.unwrap();
    store.migrate().await.unwrap();
    let session = "SELECT string_agg(query, ' ') FROM pg_stat_activity WHERE state = 'idle'";
    assert!(!database.texts(session).await.is_empty());
    // The statement outlives the shop's own limit, and not the configured one.
    database
        .run(
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ \
             BEGIN PERFORM pg_sleep(1.1); RETURN NEW; END $$",
        )
        .await;
    database
        .run("CREATE TRIGGER slow BEFORE INSERT ON settings FOR EACH ROW EXECUTE FUNCTION slow()")
        .await;
    write(&store, "slow").await.unwrap();
    let store = Store::open_with(&database.url, SHORT).await.unwrap();
    let error = write(&store, "too slow").await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
    assert!(
        error_text(&error).contains("statement timeout"),
        "{error:?}"
    );
}

fn error_text(error: &Error) -> String {
    std::error::Error::source(error).map_or_else(String::new, ToString::to_string)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frozen_server_is_given_up_and_found_again() {
    let database = Database::empty().await;
    if !is_postgres(&database) {
        return;
    }
    let proxy = FreezingProxy::open(&database.url).await;
    let store = Store::open_with(&proxy.url, SHORT).await.unwrap();
    store.migrate().await.unwrap();
    for round in 0..4 {
        fill_pools(&store).await;
        let mut open = store.begin().await.unwrap();
        store::settings::set(&mut open, "open", "value")
            .await
            .unwrap();
        proxy.freeze();
        let start = Instant::now();
        // In the middle of a transaction, at its start, in a read and in a probe.
        let (open, begun, read) = tokio::join!(
            async { open.commit().await },
            write(&store, "frozen"),
            store::settings::get(&store, "frozen"),
        );
        store.check_writable().await.unwrap_err();
        for error in [open.unwrap_err(), begun.unwrap_err(), read.unwrap_err()] {
            assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        }
        assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
        // After a failover the old connections never say anything again.
        if round % 2 == 0 {
            proxy.thaw();
        } else {
            proxy.replace();
        }
        let took = recover(&store).await;
        println!("round {round}: well again after {took:?}");
        store.check_writable().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failover_between_two_requests_is_hardly_noticed() {
    let database = Database::empty().await;
    if !is_postgres(&database) {
        return;
    }
    let proxy = FreezingProxy::open(&database.url).await;
    let store = Store::open_with(&proxy.url, SHORT).await.unwrap();
    store.migrate().await.unwrap();
    fill_pools(&store).await;
    proxy.replace();
    // Every pooled connection leads nowhere. Nothing fails, and only the first ones wait for a
    // ping.
    let start = Instant::now();
    for _ in 0..30 {
        write(&store, "next").await.unwrap();
        assert!(has(&store, "next").await);
    }
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
}

#[tokio::test]
async fn readiness_probes_of_a_crowd_are_one_write() {
    let test = TestStore::new().await;
    let seen = "SELECT value FROM settings WHERE key = 'readiness'";
    let mut probes = tokio::task::JoinSet::new();
    for _ in 0..500 {
        let store = test.store.clone();
        probes.spawn(async move { store.check_writable().await });
    }
    for answer in probes.join_all().await {
        answer.unwrap();
    }
    let first = test.database.texts(seen).await;
    test.store.check_writable().await.unwrap();
    assert_eq!(test.database.texts(seen).await, first);
}

/// Uses every connection once.
async fn fill_pools(store: &Store) {
    let mut open = Vec::new();
    for _ in 0..10 {
        open.push(store.begin().await.unwrap());
    }
    drop(open);
    let mut reads = tokio::task::JoinSet::new();
    for _ in 0..30 {
        let store = store.clone();
        reads.spawn(async move { has(&store, "key").await });
    }
    reads.join_all().await;
    recover(store).await;
}

/// Polls a future so many times and drops it. Answers whether it came to its end.
async fn poll_some<T>(work: impl Future<Output = Result<T>>, polls: usize) -> bool {
    let mut work = pin!(work);
    for _ in 0..polls {
        let mut context = Context::from_waker(Waker::noop());
        if work.as_mut().poll(&mut context).is_ready() {
            return true;
        }
        // Lets everything else go on, the database too.
        tokio::task::yield_now().await;
    }
    false
}
