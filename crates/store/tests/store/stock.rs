use store::Commit;
use store::stock::{hold, release, restock, sell_free, sell_held};
use testkit::orders::variant;
use tokio::task::JoinSet;

use crate::test_store::TestStore;

#[tokio::test]
async fn pieces_are_held_released_and_sold() {
    let test = TestStore::new().await;
    let print = variant("print-a4");
    let mut tx = test.store.begin().await.unwrap();
    assert!(hold(&mut tx, &print, 6).await.unwrap());
    assert!(release(&mut tx, &print, 1).await.unwrap());
    assert!(sell_held(&mut tx, &print, 3).await.unwrap());
    assert!(sell_free(&mut tx, &print, 2).await.unwrap());
    assert!(restock(&mut tx, &print, 1).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(test.counts("print-a4").await, (6, 2));
    assert_eq!(
        test.counts("print-a3").await,
        (10, 0),
        "the others are left alone"
    );
}

#[tokio::test]
async fn missing_pieces_are_neither_held_nor_sold_nor_released() {
    let test = TestStore::new().await;
    let print = variant("print-a4");
    let mut tx = test.store.begin().await.unwrap();
    assert!(!hold(&mut tx, &print, 11).await.unwrap());
    assert!(!hold(&mut tx, &print, u32::MAX).await.unwrap());
    assert!(!sell_free(&mut tx, &print, 11).await.unwrap());
    assert!(!release(&mut tx, &print, 1).await.unwrap());
    assert!(!sell_held(&mut tx, &print, 1).await.unwrap());
    assert!(hold(&mut tx, &print, 10).await.unwrap());
    assert!(!hold(&mut tx, &print, 1).await.unwrap());
    assert!(!sell_free(&mut tx, &print, 1).await.unwrap());
    assert!(!sell_held(&mut tx, &print, 11).await.unwrap());
    assert!(!release(&mut tx, &print, 11).await.unwrap());
    let gone = variant("gone");
    assert!(!hold(&mut tx, &gone, 1).await.unwrap());
    assert!(!restock(&mut tx, &gone, 1).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(test.counts("print-a4").await, (10, 10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn last_ten_pieces_are_sold_to_ten_of_forty() {
    let test = TestStore::new().await;
    let mut shoppers = JoinSet::new();
    for _ in 0..40 {
        let store = test.store.clone();
        shoppers.spawn(async move {
            store
                .transaction(async |mut tx| {
                    let is_held = hold(&mut tx, &variant("print-a4"), 1).await?;
                    Ok(Commit(tx, is_held))
                })
                .await
                .unwrap()
        });
    }
    let held = shoppers
        .join_all()
        .await
        .into_iter()
        .filter(|is_held| *is_held)
        .count();
    assert_eq!(held, 10);
    assert_eq!(test.counts("print-a4").await, (10, 10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn books_add_up_after_concurrent_changes() {
    let test = TestStore::new().await;
    let mut shoppers = JoinSet::new();
    for number in 0..32_u32 {
        let store = test.store.clone();
        shoppers.spawn(async move {
            let print = variant("print-a4");
            let is_held = store
                .transaction(async |mut tx| {
                    let is_held = hold(&mut tx, &print, 1 + number % 3).await?;
                    Ok(Commit(tx, is_held))
                })
                .await
                .unwrap();
            if !is_held {
                return 0;
            }
            let pays = number % 2 == 0;
            store
                .transaction(async |mut tx| {
                    let quantity = 1 + number % 3;
                    let moved = if pays {
                        sell_held(&mut tx, &print, quantity).await?
                    } else {
                        release(&mut tx, &print, quantity).await?
                    };
                    assert!(moved, "what was held can be sold or released");
                    Ok(Commit(tx, ()))
                })
                .await
                .unwrap();
            if pays { 1 + i64::from(number % 3) } else { 0 }
        });
    }
    let sold: i64 = shoppers.join_all().await.into_iter().sum();
    assert_eq!(test.counts("print-a4").await, (10 - sold, 0));
}
