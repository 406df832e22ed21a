use domain::order::{OrderStatus, ShipmentBlock, ShippingState};

use crate::test_shop::{TestShop, cart};

const IS_REPORTED: &str = "4000000000005423";

/// The shipping state of the order in the admin's list.
async fn shipping(test: &TestShop) -> (ShippingState, bool) {
    let (orders, _) = store::orders::paid(&test.store, 0, 1).await.unwrap();
    (orders[0].shipping, orders[0].is_blocked)
}

#[tokio::test]
async fn early_fraud_warning_blocks_shipment_until_all_is_refunded() {
    let test = TestShop::open().await;
    let order = test.paid_with("low-a4.1", IS_REPORTED).await;
    assert_eq!(shipping(&test).await, (ShippingState::ToPack, false));
    for _ in 0..2 {
        test.tell("radar.early_fraud_warning.created").await;
    }
    let order = test.again(&order).await;
    assert_eq!(
        order.shipment_block(),
        Some(ShipmentBlock::EarlyFraudWarning)
    );
    assert_eq!(shipping(&test).await, (ShippingState::ToPack, true));
    assert_eq!(
        test.emails(&order).await,
        ["early_fraud_warning", "new_order", "receipt"]
    );

    let payment = order.payments[0].payment_reference.clone().unwrap();
    test.control("/v1/refunds", &[("payment_intent", &payment)])
        .await;
    for event in test.all_events().await {
        test.deliver(&event).await;
    }
    let order = test.again(&order).await;
    assert_eq!(order.status, OrderStatus::Refunded);
    assert!(!order.early_fraud_warnings[0].is_actionable);
    assert_eq!(order.shipment_block(), None);
    assert_eq!(shipping(&test).await.0, ShippingState::Nothing);
}

#[tokio::test]
async fn early_fraud_warning_finds_its_payment_in_any_order_of_events() {
    for is_backwards in [false, true] {
        let test = TestShop::open().await;
        let (order, url) = test.order(&cart("low-a4.1")).await;
        test.pay_with(&url, IS_REPORTED).await;
        let mut events = test.all_events().await;
        if is_backwards {
            events.reverse();
        }
        for event in &events {
            test.deliver(event).await;
        }
        let order = test.again(&order).await;
        assert_eq!(order.status, OrderStatus::Paid);
        assert_eq!(order.early_fraud_warnings.len(), 1);
        assert_eq!(
            order.shipment_block(),
            Some(ShipmentBlock::EarlyFraudWarning)
        );
        assert_eq!(
            test.emails(&order).await,
            ["early_fraud_warning", "new_order", "receipt"]
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn early_fraud_warning_that_comes_at_the_same_moment_as_its_payment_finds_it() {
    let test = TestShop::open().await;
    for _ in 0..5 {
        let (order, url) = test.order(&cart("low-a4.1")).await;
        test.pay_with(&url, IS_REPORTED).await;
        let mut arrivals = tokio::task::JoinSet::new();
        for event in test.all_events().await {
            let shop = test.shop.clone();
            arrivals.spawn(async move { shop::webhooks::receive(&shop, &event).await });
        }
        for arrival in arrivals.join_all().await {
            arrival.unwrap();
        }
        let order = test.again(&order).await;
        assert_eq!(order.status, OrderStatus::Paid);
        assert_eq!(order.early_fraud_warnings.len(), 1);
        let emails = test.emails(&order).await;
        assert!(emails.contains(&"early_fraud_warning".to_owned()));
    }
}

#[tokio::test]
async fn early_fraud_warning_that_was_never_delivered_is_taken_from_the_event_list() {
    let test = TestShop::open().await;
    let (order, url) = test.order(&cart("low-a4.1")).await;
    test.pay_with(&url, IS_REPORTED).await;
    test.pass(600).await;
    shop::reconcile::run_once(&test.shop, shop::reconcile::GRACE_SECONDS)
        .await
        .unwrap();
    let order = test.again(&order).await;
    assert_eq!(order.status, OrderStatus::Paid);
    assert_eq!(
        order.shipment_block(),
        Some(ShipmentBlock::EarlyFraudWarning)
    );
}
