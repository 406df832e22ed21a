use store::Commit;
use store::events::{EventSummary, NewEvent, Outcome, claim, outcome, recent, settle};
use testkit::orders::order_id;
use tokio::task::JoinSet;

use crate::test_store::TestStore;

const EVENT: NewEvent<'_> = NewEvent {
    id: "evt_1",
    kind: "checkout.session.completed",
    object_id: Some("cs_1"),
    received_at: 1_700_000_000,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn event_is_claimed_by_one_of_twenty_copies() {
    let test = TestStore::new().await;
    let mut copies = JoinSet::new();
    for _ in 0..20 {
        let store = test.store.clone();
        copies.spawn(async move {
            store
                .transaction(async |mut tx| {
                    let is_new = claim(&mut tx, EVENT).await?;
                    Ok(Commit(tx, is_new))
                })
                .await
                .unwrap()
        });
    }
    let new = copies
        .join_all()
        .await
        .into_iter()
        .filter(|is_new| *is_new)
        .count();
    assert_eq!(new, 1);
    assert_eq!(
        test.database
            .number("SELECT COUNT(*) FROM webhook_events")
            .await,
        1
    );
}

#[tokio::test]
async fn claim_that_was_not_kept_can_be_made_again() {
    let test = TestStore::new().await;
    let mut tx = test.store.begin().await.unwrap();
    assert!(claim(&mut tx, EVENT).await.unwrap());
    drop(tx);
    assert_eq!(outcome(&test.store, "evt_1").await.unwrap(), None);
    let mut tx = test.store.begin().await.unwrap();
    assert!(claim(&mut tx, EVENT).await.unwrap());
    assert!(!claim(&mut tx, EVENT).await.unwrap());
}

#[tokio::test]
async fn every_outcome_can_be_written() {
    let test = TestStore::new().await;
    for outcome_of_it in Outcome::ALL {
        let id = format!("evt_{}", outcome_of_it.as_str());
        let mut tx = test.store.begin().await.unwrap();
        assert!(
            claim(
                &mut tx,
                NewEvent {
                    id: &id,
                    object_id: None,
                    ..EVENT
                }
            )
            .await
            .unwrap()
        );
        let order = order_id("order-1");
        settle(
            &mut tx,
            &id,
            Some(&order).filter(|_| outcome_of_it != Outcome::Ignored),
            outcome_of_it,
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            outcome(&test.store, &id).await.unwrap().as_deref(),
            Some(outcome_of_it.as_str())
        );
    }
    let of_order =
        "SELECT COUNT(*) FROM webhook_events WHERE order_id = 'order-1' AND object_id IS NULL";
    assert_eq!(test.database.number(of_order).await, 5);
}

#[tokio::test]
async fn latest_events_come_first_and_by_the_page() {
    let test = TestStore::new().await;
    for (id, received_at) in [("evt_a", 30), ("evt_b", 10), ("evt_c", 20)] {
        let mut tx = test.store.begin().await.unwrap();
        let event = NewEvent {
            id,
            received_at,
            ..EVENT
        };
        assert!(claim(&mut tx, event).await.unwrap());
        tx.commit().await.unwrap();
    }
    let ids = |events: Vec<EventSummary>| -> Vec<String> {
        events.into_iter().map(|event| event.id).collect()
    };
    let (first, has_more) = recent(&test.store, 0, 2).await.unwrap();
    assert_eq!(
        (first[0].outcome, first[0].order_number),
        (Outcome::Ignored, None)
    );
    assert_eq!(
        (ids(first), has_more),
        (vec!["evt_a".to_owned(), "evt_c".to_owned()], true)
    );
    let (second, has_more) = recent(&test.store, 1, 2).await.unwrap();
    assert_eq!((ids(second), has_more), (vec!["evt_b".to_owned()], false));
    let (beyond, has_more) = recent(&test.store, i64::MAX, 2).await.unwrap();
    assert_eq!((ids(beyond), has_more), (Vec::new(), false));
}
