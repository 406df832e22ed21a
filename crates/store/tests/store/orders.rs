use domain::id::OrderToken;
use domain::id::{OrderId, ParcelId, RefundId};
use domain::money::{Currency, Money};
use domain::order::{
    Dispute, DisputeFunds, DisputeStatus, Flag, Order, OrderStatus, Parcel, ParcelPieces, Payment,
    PaymentState, Refund, RefundLine, RefundReason, RefundSource, RefundStatus, StockState,
};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row};
use store::orders::{by_number, by_token, lock, newest_of_cart, newest_of_cart_in, paid, save};
use store::payments::{set_reference, set_reference_if_missing};
use store::{Commit, Rollback};
use store::{Error, Tx};
use testkit::orders::{cart_key, insert_order, line, order_id, payment, payment_id};
use tokio::task::JoinSet;

use crate::test_store::TestStore;

fn token(id: &str) -> OrderToken {
    OrderToken::parse(&format!("token-{id}")).unwrap()
}

/// Reads an order in hand, changes it and writes it.
async fn change(tx: &mut Tx, id: &OrderId, change: impl FnOnce(&mut Order)) {
    let before = lock(tx, id).await.unwrap().unwrap();
    let mut after = before.clone();
    change(&mut after);
    save(tx, &before, &after).await.unwrap();
    assert_eq!(lock(tx, id).await.unwrap(), Some(after));
}

fn expire(order: &mut Order) {
    order.status = OrderStatus::Expired;
    order.stock = StockState::Released;
    order.payments[0].state = PaymentState::Expired;
}

fn refund(id: &str, status: RefundStatus) -> Refund {
    Refund {
        id: RefundId::parse(id).unwrap(),
        stripe_id: None,
        amount: Money::new(2400, Currency::USD),
        status,
        source: RefundSource::Admin,
        reason: Some(RefundReason::Duplicate),
        note: Some("Sent twice".to_owned()),
        failure: None,
        lines: Vec::new(),
        with_shipping: false,
        attempt: 1,
        created_at: 1_700_000_100,
    }
}

fn dispute(id: &str) -> Dispute {
    Dispute {
        id: id.to_owned(),
        amount: Money::new(4800, Currency::USD),
        status: DisputeStatus::NeedsResponse,
        reason: "fraudulent".to_owned(),
        due_by: Some(1_700_900_000),
        funds: DisputeFunds::Withdrawn,
        is_charge_refundable: false,
        is_appealed: true,
        opened_at: 1_700_000_200,
        told_at: 1_700_000_201,
    }
}

#[tokio::test]
async fn order_is_read_as_it_was_written() {
    let test = TestStore::new().await;
    assert_eq!(test.order("order-1", "cart-1").await.unwrap(), 1001);
    let order = by_token(&test.store, &token("order-1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((order.id.as_str(), order.number), ("order-1", 1001));
    assert_eq!(
        (order.status, order.stock, order.flag),
        (OrderStatus::Pending, StockState::Held, None)
    );
    assert_eq!(order.total, Money::new(4800, Currency::USD));
    assert_eq!((order.created_at, order.paid_at), (1_700_000_000, None));
    assert_eq!(order.email, None);
    assert_eq!(order.payments, [payment("order-1")]);
    assert_eq!(order.lines, [line("print-a4", 2)]);

    let same = Some(order);
    assert_eq!(by_number(&test.store, 1001).await.unwrap(), same);
    assert_eq!(
        newest_of_cart(&test.store, &cart_key("cart-1"))
            .await
            .unwrap(),
        same
    );
    let mut tx = test.store.begin().await.unwrap();
    assert_eq!(
        newest_of_cart_in(&mut tx, &cart_key("cart-1"))
            .await
            .unwrap(),
        same
    );
    assert_eq!(lock(&mut tx, &order_id("order-1")).await.unwrap(), same);
    assert_eq!(lock(&mut tx, &order_id("order-2")).await.unwrap(), None);
    assert_eq!(
        by_token(&test.store, &token("order-2")).await.unwrap(),
        None
    );
    assert_eq!(
        newest_of_cart(&test.store, &cart_key("cart-2"))
            .await
            .unwrap(),
        None
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn orders_made_at_once_have_numbers_of_their_own() {
    let test = TestStore::new().await;
    let mut orders = JoinSet::new();
    let test = std::sync::Arc::new(test);
    for number in 0..20 {
        let test = std::sync::Arc::clone(&test);
        orders.spawn(async move {
            let (id, cart) = (format!("order-{number}"), format!("cart-{number}"));
            let order = test.store.transaction(async |mut tx| {
                insert_order(&mut tx, &id, &cart)
                    .await
                    .map(|number| Commit(tx, number))
            });
            order.await.unwrap()
        });
    }
    let mut numbers = orders.join_all().await;
    numbers.sort_unstable();
    assert_eq!(numbers, (1001..=1020).collect::<Vec<i64>>());
}

#[tokio::test]
async fn cart_has_one_open_order_and_the_number_of_the_loser_is_used_again() {
    let test = TestStore::new().await;
    test.order("order-1", "cart-1").await.unwrap();
    let error = test.order("order-2", "cart-1").await.unwrap_err();
    assert!(error.is_conflict(), "{error:?}");
    assert_eq!(test.order("order-3", "cart-2").await.unwrap(), 1002);

    let mut tx = test.store.begin().await.unwrap();
    change(&mut tx, &order_id("order-1"), expire).await;
    tx.commit().await.unwrap();
    assert_eq!(test.order("order-4", "cart-1").await.unwrap(), 1003);
    let newest = newest_of_cart(&test.store, &cart_key("cart-1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(newest.id.as_str(), "order-4");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_clicks_write_one_order() {
    let test = std::sync::Arc::new(TestStore::new().await);
    let mut clicks = JoinSet::new();
    for number in 0..10 {
        let test = std::sync::Arc::clone(&test);
        clicks.spawn(async move {
            let id = format!("order-{number}");
            let find_or_write = test.store.transaction(async |mut tx| {
                if let Some(order) = newest_of_cart_in(&mut tx, &cart_key("cart-1")).await? {
                    return Ok(Rollback(order.number));
                }
                insert_order(&mut tx, &id, "cart-1")
                    .await
                    .map(|number| Commit(tx, number))
            });
            find_or_write.await.unwrap()
        });
    }
    assert_eq!(clicks.join_all().await, [1001; 10]);
}

#[tokio::test]
async fn session_that_stripe_names_is_noted_for_an_order_that_ended_without_one() {
    let test = TestStore::new().await;
    test.order("order-1", "cart-1").await.unwrap();
    let id = order_id("order-1");
    let mut tx = test.store.begin().await.unwrap();
    change(&mut tx, &id, expire).await;
    for session in ["cs_1", "cs_2"] {
        set_reference_if_missing(&mut tx, &payment_id("order-1"), session)
            .await
            .unwrap();
    }
    let order = lock(&mut tx, &id).await.unwrap().unwrap();
    assert_eq!(order.payments[0].reference.as_deref(), Some("cs_1"));
}

#[tokio::test]
async fn session_is_noted_once_and_only_while_the_order_is_open() {
    let test = TestStore::new().await;
    test.order("order-1", "cart-1").await.unwrap();
    let id = order_id("order-1");
    let mut tx = test.store.begin().await.unwrap();
    assert!(
        set_reference(&mut tx, &payment_id("order-1"), "cs_1")
            .await
            .unwrap()
    );
    assert!(
        set_reference(&mut tx, &payment_id("order-1"), "cs_1")
            .await
            .unwrap()
    );
    assert!(
        !set_reference(&mut tx, &payment_id("order-1"), "cs_2")
            .await
            .unwrap()
    );
    change(&mut tx, &id, expire).await;
    assert!(
        !set_reference(&mut tx, &payment_id("order-1"), "cs_1")
            .await
            .unwrap()
    );
    assert!(
        !set_reference(&mut tx, &payment_id("order-2"), "cs_1")
            .await
            .unwrap()
    );
    let order = lock(&mut tx, &id).await.unwrap().unwrap();
    assert_eq!(order.payments[0].reference.as_deref(), Some("cs_1"));
}

#[tokio::test]
async fn all_that_happens_to_an_order_can_be_written_and_read() {
    let test = TestStore::new().await;
    test.order("order-1", "cart-1").await.unwrap();
    let id = order_id("order-1");
    let mut tx = test.store.begin().await.unwrap();
    for status in OrderStatus::ALL {
        for stock in [StockState::Held, StockState::Sold, StockState::Released] {
            change(&mut tx, &id, |order| {
                order.status = status;
                order.stock = stock;
            })
            .await;
        }
    }
    for flag in Flag::ALL.into_iter().map(Some).chain([None]) {
        change(&mut tx, &id, |order| order.flag = flag).await;
    }
    change(&mut tx, &id, |order| {
        order.status = OrderStatus::Paid;
        order.payments[0].payment_reference = Some("pi_1".to_owned());
        order.email = Some("a@example.com".to_owned());
        order.paid_at = Some(1_700_000_050);
        order.parcels.push(Parcel {
            id: ParcelId::parse("parcel-1").unwrap(),
            carrier: Some("Post".to_owned()),
            tracking_number: None,
            shipped_at: 1_700_000_300,
            delivered_at: None,
            pieces: vec![ParcelPieces {
                variant: order.lines[0].variant.clone(),
                quantity: 1,
            }],
        });
    })
    .await;
    change(&mut tx, &id, |order| {
        order.parcels[0].tracking_number = Some("123456".to_owned());
        order.parcels[0].delivered_at = Some(1_700_000_400);
        let second = Parcel {
            id: ParcelId::parse("parcel-2").unwrap(),
            ..order.parcels[0].clone()
        };
        order.parcels.push(second);
    })
    .await;
    change(&mut tx, &id, |order| {
        order.refunds.push(Refund {
            lines: vec![RefundLine {
                variant: order.lines[0].variant.clone(),
                quantity: 2,
                restocked: 1,
            }],
            ..refund("refund-1", RefundStatus::Requested)
        });
        order.disputes.push(dispute("du_1"));
    })
    .await;
    change(&mut tx, &id, |order| {
        order.refunds[0].stripe_id = Some("re_1".to_owned());
        order.refunds[0].status = RefundStatus::Succeeded;
        order.disputes[0].status = DisputeStatus::Won;
        order.disputes[0].funds = DisputeFunds::Reinstated;
    })
    .await;
    change(&mut tx, &id, |order| {
        order.refunds[0].status = RefundStatus::Failed;
        order.refunds[0].failure = Some("declined".to_owned());
    })
    .await;
    tx.commit().await.unwrap();
    let refunded = "SELECT amount_refunded FROM orders";
    assert_eq!(test.database.number(refunded).await, 0);
}

#[tokio::test]
async fn refunded_amount_is_in_the_orders_row() {
    let test = TestStore::new().await;
    test.order("order-1", "cart-1").await.unwrap();
    let mut tx = test.store.begin().await.unwrap();
    change(&mut tx, &order_id("order-1"), |order| {
        order.payments[0].payment_reference = Some("pi_1".to_owned());
        for (id, status) in [
            ("a", RefundStatus::Succeeded),
            ("b", RefundStatus::Pending),
            ("c", RefundStatus::Failed),
        ] {
            order.refunds.push(refund(id, status));
        }
    })
    .await;
    tx.commit().await.unwrap();
    let refunded = "SELECT amount_refunded FROM orders";
    assert_eq!(test.database.number(refunded).await, 2400);
    let pending = store::refunds::pending(&test.store, i64::MAX, 10)
        .await
        .unwrap();
    assert_eq!(pending.len(), 1);
    assert_eq!(pending[0].id.as_str(), "b");
}

#[tokio::test]
async fn unmatched_refunds_and_disputes_wait_for_their_order() {
    let test = TestStore::new().await;
    test.order("order-1", "cart-1").await.unwrap();
    let mut tx = test.store.begin().await.unwrap();
    let early = refund("re-1", RefundStatus::Succeeded);
    store::refunds::save_unmatched(&mut tx, "pi_1", &early, false)
        .await
        .unwrap();
    store::disputes::save_unmatched(&mut tx, "pi_1", &dispute("du_1"), false)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let waited_for = || store::disputes::orders_with_unmatched(&test.store);
    assert_eq!(waited_for().await.unwrap(), []);

    let mut tx = test.store.begin().await.unwrap();
    change(&mut tx, &order_id("order-1"), |order| {
        order.payments[0].payment_reference = Some("pi_1".to_owned());
    })
    .await;
    tx.commit().await.unwrap();
    assert_eq!(waited_for().await.unwrap(), [order_id("order-1")]);

    let mut tx = test.store.begin().await.unwrap();
    let id = order_id("order-1");
    let refunds = store::refunds::take_unmatched(&mut tx, "pi_1", Some(&id));
    let refunds = refunds.await.unwrap();
    let disputes = store::disputes::take_unmatched(&mut tx, "pi_1", Some(&id));
    let disputes = disputes.await.unwrap();
    assert_eq!(
        (&refunds[..], &disputes[..]),
        (&[early][..], &[dispute("du_1")][..])
    );
    change(&mut tx, &order_id("order-1"), |order| {
        order.refunds = refunds;
        order.disputes = disputes;
    })
    .await;
    tx.commit().await.unwrap();
    assert_eq!(waited_for().await.unwrap(), []);
}

#[tokio::test]
async fn write_of_another_transaction_is_never_overwritten() {
    let test = TestStore::new().await;
    test.order("order-1", "cart-1").await.unwrap();
    let (id, early, du) = (
        order_id("order-1"),
        refund("re-1", RefundStatus::Succeeded),
        dispute("du_1"),
    );
    let mut tx = test.store.begin().await.unwrap();
    let kept = store::refunds::save_unmatched(&mut tx, "pi_1", &early, false);
    kept.await.unwrap();
    let kept = store::disputes::save_unmatched(&mut tx, "pi_1", &du, false);
    kept.await.unwrap();

    // Two events told of the same at once, and this one did not see the other.
    let again = store::refunds::save_unmatched(&mut tx, "pi_1", &early, false).await;
    assert!(again.unwrap_err().is_conflict());
    let again = store::disputes::save_unmatched(&mut tx, "pi_1", &du, false).await;
    assert!(again.unwrap_err().is_conflict());
    // The order was told, and did not see what waits.
    let pi = Payment {
        payment_reference: Some("pi_1".to_owned()),
        ..payment("order-1")
    };
    let unseen = store::refunds::save(&mut tx, &id, Some(&pi), &early).await;
    assert!(unseen.unwrap_err().is_conflict());
    let unseen = store::disputes::save(&mut tx, &id, Some(&pi), &du).await;
    assert!(unseen.unwrap_err().is_conflict());

    let taken = store::refunds::take_unmatched(&mut tx, "pi_1", Some(&id));
    assert_eq!(taken.await.unwrap(), std::slice::from_ref(&early));
    let taken = store::disputes::take_unmatched(&mut tx, "pi_1", Some(&id));
    assert_eq!(taken.await.unwrap(), std::slice::from_ref(&du));
    // An event that saw it wait comes after its order got it.
    let late = store::refunds::save_unmatched(&mut tx, "pi_1", &early, true).await;
    assert!(late.unwrap_err().is_conflict());
    let late = store::disputes::save_unmatched(&mut tx, "pi_1", &du, true).await;
    assert!(late.unwrap_err().is_conflict());
    let saved = store::refunds::save(&mut tx, &id, Some(&pi), &early);
    saved.await.unwrap();
    let saved = store::disputes::save(&mut tx, &id, Some(&pi), &du);
    saved.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn order_lock_is_exclusive() {
    let test = TestStore::new().await;
    test.order("order-1", "cart-1").await.unwrap();
    let mut hands = JoinSet::new();
    for number in 0..12_u32 {
        let store = test.store.clone();
        hands.spawn(async move {
            store
                .transaction(async |mut tx| {
                    let id = order_id("order-1");
                    let before = lock(&mut tx, &id).await?.unwrap();
                    // Read, think, write: an update of another hand in between would be lost.
                    let mut after = before.clone();
                    let count = before.email.as_deref().unwrap_or("0").parse::<u32>();
                    tokio::task::yield_now().await;
                    after.email = Some((count.unwrap() + 1).to_string());
                    save(&mut tx, &before, &after).await?;
                    Ok(Commit(tx, ()))
                })
                .await
                .unwrap_or_else(|error| panic!("{number}: {error:?}"));
        });
    }
    hands.join_all().await;
    let order = by_number(&test.store, 1001).await.unwrap().unwrap();
    assert_eq!(order.email.as_deref(), Some("12"));
}

#[tokio::test]
async fn paid_and_flagged_orders_come_newest_first_page_by_page() {
    let test = TestStore::new().await;
    for number in 0..7 {
        let (id, cart) = (format!("order-{number}"), format!("cart-{number}"));
        test.order(&id, &cart).await.unwrap();
    }
    // Order 1004 was never paid; 1005 is flagged instead, and was made before the others were paid.
    for (number, paid_at) in [(1001, 30), (1002, 10), (1003, 20), (1006, 20), (1007, 40)] {
        let sql = format!(
            "UPDATE orders SET paid_at = 1700000000 + {paid_at}, status = 'paid' WHERE number = {number}"
        );
        test.database.run(&sql).await;
    }
    test.database
        .run("UPDATE orders SET flag = 'amount_mismatch' WHERE number = 1005")
        .await;
    let mut seen = Vec::new();
    for (page, has_next) in [(0, true), (1, true), (2, false)] {
        let (orders, has_more) = paid(&test.store, page, 2).await.unwrap();
        assert_eq!((orders.len(), has_more), (2, has_next), "page {page}");
        seen.extend(
            orders
                .into_iter()
                .map(|order| (order.number, order.time - 1_700_000_000)),
        );
    }
    assert_eq!(
        seen,
        [
            (1007, 40),
            (1001, 30),
            (1006, 20),
            (1003, 20),
            (1002, 10),
            (1005, 0)
        ]
    );
    for page in [3, 1_000_000, i64::MAX] {
        assert_eq!(
            paid(&test.store, page, 2).await.unwrap(),
            (Vec::new(), false),
            "page {page}"
        );
    }
    let (all, has_more) = paid(&test.store, 0, 6).await.unwrap();
    assert_eq!((all.len(), has_more), (6, false));
}

#[tokio::test]
async fn row_that_the_shop_never_writes_is_corrupt_and_no_panic() {
    for (column, sql) in [
        ("orders.currency", "UPDATE orders SET currency = 'dollars'"),
        ("orders.flag", "UPDATE orders SET flag = 'nonsense'"),
        ("orders.id", "UPDATE orders SET id = 'order 1'"),
        ("orders.token", "UPDATE orders SET token = ''"),
        ("payments.id", "UPDATE payments SET id = 'payment 1'"),
        (
            "payments.currency",
            "UPDATE payments SET currency = 'dollars'",
        ),
        (
            "order_lines.variant_id",
            "UPDATE order_lines SET variant_id = 'print a4'",
        ),
        (
            "order_lines.quantity",
            "UPDATE order_lines SET quantity = 99999999999",
        ),
    ] {
        let test = TestStore::new().await;
        test.order("order-1", "cart-1").await.unwrap();
        if column == "orders.id" {
            test.database.run("DELETE FROM order_lines").await;
            test.database.run("DELETE FROM payments").await;
        }
        test.database.run(sql).await;
        match by_number(&test.store, 1001).await {
            Err(Error::Corrupt(found)) => assert_eq!(found, column),
            other => panic!("{sql} gave {other:?}"),
        }
    }
}

#[tokio::test]
async fn database_itself_refuses_what_can_never_be() {
    let test = TestStore::new().await;
    test.order("order-1", "cart-1").await.unwrap();
    for sql in [
        "UPDATE variants SET held = on_hand + 1",
        "UPDATE variants SET held = -1",
        "UPDATE variants SET on_hand = -1",
        "UPDATE variants SET unit_amount = -1",
        "UPDATE orders SET status = 'nonsense'",
        "UPDATE orders SET stock = 'nonsense'",
        "UPDATE orders SET amount_refunded = amount_total + 1",
        "UPDATE order_lines SET quantity = 0",
    ] {
        assert!(test.database.try_run(sql).await.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn decided_refund_is_sent_before_pending_ones_are_checked() {
    let test = TestStore::new().await;
    test.order("order-1", "cart-1").await.unwrap();
    let mut tx = test.store.begin().await.unwrap();
    change(&mut tx, &order_id("order-1"), |order| {
        order.payments[0].payment_reference = Some("pi_1".to_owned());
        for number in 0..30 {
            let id = format!("bank-{number:02}");
            order.refunds.push(refund(&id, RefundStatus::Pending));
        }
        for (id, status) in [
            ("decided", RefundStatus::Requested),
            ("refused", RefundStatus::Refused),
        ] {
            order.refunds.push(Refund {
                created_at: 1_700_000_900,
                ..refund(id, status)
            });
        }
    })
    .await;
    tx.commit().await.unwrap();

    let decided = async |before| {
        let open = store::refunds::decided(&test.store, before, 10).await;
        let ids = open.unwrap().into_iter().map(|open| open.id.to_string());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(decided(1_700_000_900).await, ["decided"]);
    assert!(decided(1_700_000_899).await.is_empty());

    // Whoever asks about ten at a time hears of all of them some day.
    let mut asked = std::collections::HashSet::new();
    while asked.len() < 30 {
        let pending = store::refunds::pending(&test.store, i64::MAX, 10).await;
        let pending = pending.unwrap();
        assert_eq!(pending.len(), 10);
        asked.extend(pending.into_iter().map(|open| open.id));
    }
}

/// The order and the condition of [`paid`], which reads from an index however many orders there are.
#[tokio::test]
async fn list_of_orders_is_read_from_its_index() {
    let test = TestStore::new().await;
    let list = "SELECT number FROM orders WHERE paid_at IS NOT NULL OR flag IS NOT NULL \
                ORDER BY COALESCE(paid_at, created_at) DESC, number DESC LIMIT 51";
    let mut connection = AnyConnection::connect(&test.database.url).await.unwrap();
    let (explain, column) = if test.database.url.starts_with("postgres") {
        // With no rows there is nothing that an index would be faster than.
        connection
            .execute("SET enable_seqscan = off; SET enable_sort = off")
            .await
            .unwrap();
        ("EXPLAIN", 0)
    } else {
        ("EXPLAIN QUERY PLAN", 3)
    };
    let plan = format!("{explain} {list}");
    let rows = connection.fetch_all(AssertSqlSafe(plan)).await.unwrap();
    let plan: Vec<String> = rows.iter().map(|row| row.get(column)).collect();
    assert!(plan.join("\n").contains("orders_list"), "{plan:?}");
}
