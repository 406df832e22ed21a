use domain::order::Notification;
use store::outbox;
use tokio::task::JoinSet;

use crate::shelf::{Shelf, order_id};

const NOW: i64 = 1_700_000_000;

async fn tell(shelf: &Shelf, notification: &Notification) {
    let mut tx = shelf.store.begin().await.unwrap();
    outbox::insert(&mut tx, &order_id("order-1"), notification, NOW)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn take(shelf: &Shelf, now: i64) -> Vec<outbox::OutboxMessage> {
    let messages = shelf
        .store
        .retrying(|| async {
            let mut tx = shelf.store.begin().await?;
            let messages = outbox::take_due(&mut tx, now, now + 60, 10).await?;
            tx.commit().await?;
            Ok(messages)
        })
        .await;
    messages.unwrap()
}

#[tokio::test]
async fn what_has_to_be_told_is_written_down_once() {
    let shelf = Shelf::new().await;
    shelf.order("order-1", "cart-1").await.unwrap();
    for notification in [
        Notification::Receipt,
        Notification::Receipt,
        Notification::NewOrder,
    ] {
        tell(&shelf, &notification).await;
    }
    assert_eq!(outbox::count_unsent(&shelf.store).await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_workers_at_once_one_takes_a_letter() {
    let shelf = std::sync::Arc::new(Shelf::new().await);
    shelf.order("order-1", "cart-1").await.unwrap();
    tell(&shelf, &Notification::Receipt).await;
    let mut workers = JoinSet::new();
    for _ in 0..8 {
        let shelf = std::sync::Arc::clone(&shelf);
        workers.spawn(async move { take(&shelf, NOW).await.len() });
    }
    assert_eq!(workers.join_all().await.iter().sum::<usize>(), 1);
}

#[tokio::test]
async fn a_letter_is_taken_again_when_its_worker_died_and_never_once_it_was_sent() {
    let shelf = Shelf::new().await;
    shelf.order("order-1", "cart-1").await.unwrap();
    tell(&shelf, &Notification::Receipt).await;
    let first = take(&shelf, NOW).await;
    assert_eq!((first.len(), first[0].attempts), (1, 1));
    assert_eq!(take(&shelf, NOW + 59).await, []);
    let again = take(&shelf, NOW + 60).await;
    assert_eq!((&again[0].id, again[0].attempts), (&first[0].id, 2));

    let mut tx = shelf.store.begin().await.unwrap();
    outbox::reschedule(&mut tx, &first[0].id, NOW + 500, "the server is busy")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(take(&shelf, NOW + 499).await, []);

    let mut tx = shelf.store.begin().await.unwrap();
    outbox::mark_sent(&mut tx, &first[0].id, NOW + 500)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(take(&shelf, NOW + 500).await, []);
    assert_eq!(outbox::count_unsent(&shelf.store).await.unwrap(), 0);
}
