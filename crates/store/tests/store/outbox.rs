use domain::order::Notification;
use store::Commit;
use store::outbox;
use testkit::orders::order_id;
use tokio::task::JoinSet;

use crate::test_store::TestStore;

const NOW: i64 = 1_700_000_000;

async fn tell(test: &TestStore, notification: &Notification) {
    let mut tx = test.store.begin().await.unwrap();
    outbox::insert(
        &mut tx,
        &order_id("order-1"),
        std::slice::from_ref(notification),
        NOW,
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

async fn take(test: &TestStore, now: i64) -> Vec<outbox::OutboxMessage> {
    let messages = test
        .store
        .transaction(async |mut tx| {
            let messages = outbox::take_due(&mut tx, now, now + 60, 10).await?;
            Ok(Commit(tx, messages))
        })
        .await;
    messages.unwrap()
}

#[tokio::test]
async fn notification_is_written_once() {
    let test = TestStore::new().await;
    test.order("order-1", "cart-1").await.unwrap();
    for notification in [
        Notification::Receipt,
        Notification::Receipt,
        Notification::NewOrder,
    ] {
        tell(&test, &notification).await;
    }
    assert_eq!(outbox::count_unsent(&test.store).await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn message_is_taken_by_one_of_many_workers() {
    let test = std::sync::Arc::new(TestStore::new().await);
    test.order("order-1", "cart-1").await.unwrap();
    tell(&test, &Notification::Receipt).await;
    let mut workers = JoinSet::new();
    for _ in 0..8 {
        let test = std::sync::Arc::clone(&test);
        workers.spawn(async move { take(&test, NOW).await.len() });
    }
    assert_eq!(workers.join_all().await.iter().sum::<usize>(), 1);
}

#[tokio::test]
async fn email_is_taken_again_when_its_worker_died_and_never_once_it_was_sent() {
    let test = TestStore::new().await;
    test.order("order-1", "cart-1").await.unwrap();
    tell(&test, &Notification::Receipt).await;
    let first = take(&test, NOW).await;
    assert_eq!((first.len(), first[0].attempts), (1, 1));
    assert_eq!(take(&test, NOW + 59).await, []);
    let again = take(&test, NOW + 60).await;
    assert_eq!((&again[0].id, again[0].attempts), (&first[0].id, 2));

    let mut tx = test.store.begin().await.unwrap();
    outbox::reschedule(&mut tx, &first[0].id, NOW + 500, "the server is busy")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(take(&test, NOW + 499).await, []);

    let mut tx = test.store.begin().await.unwrap();
    outbox::mark_sent(&mut tx, &first[0].id, NOW + 500)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(take(&test, NOW + 500).await, []);
    assert_eq!(outbox::count_unsent(&test.store).await.unwrap(), 0);
}
