use domain::cart::SeenPrices;
use domain::order::{Flag, OrderStatus, PaymentFact, RefundSource, RefundStatus, StockState};
use payments::event::{Event, EventPayload, SessionEvent};
use shop::checkout::CheckoutError;
use shop::reconcile;
use testkit::delay_proxy::DelayProxy;

use crate::test_shop::{TestShop, cart};

/// The payment of a session that the shop had given up, because a cancel overtook a late 3-D
/// Secure.
async fn pay_after_the_end(test: &TestShop, text: &str) -> (domain::order::Order, Event) {
    let (order, url) = test.order(&cart(text)).await;
    test.pay(&url).await;
    let session_id = order.payments[0].reference.clone().unwrap();
    let expired = Event {
        id: "evt_expired".to_owned(),
        kind: "checkout.session.expired".to_owned(),
        livemode: false,
        account: None,
        object_id: Some(session_id.clone()),
        created: 0,
        payload: Some(EventPayload::Session(SessionEvent {
            session_id,
            client_reference_id: Some(order.id.to_string()),
            order_number: None,
            mark: None,
            fact: PaymentFact::Expired,
        })),
    };
    test.deliver(&expired).await;
    assert_eq!(test.again(&order).await.status, OrderStatus::Expired);
    (order, test.event("checkout.session.completed").await)
}

#[tokio::test]
async fn expiry_is_no_failure_and_nobody_is_written_to() {
    let test = TestShop::open().await;
    let (order, _) = test.order(&cart("low-a4.1")).await;
    test.pass(36 * 60).await;
    test.tell("checkout.session.expired").await;
    assert_eq!(test.again(&order).await.status, OrderStatus::Expired);
    assert!(test.emails(&order).await.is_empty());
    test.check_books().await;
}

#[tokio::test]
async fn payment_after_a_cancel_is_filled_while_there_is_stock() {
    let test = TestShop::open().await;
    let (order, paid) = pay_after_the_end(&test, "low-a4.3~last.1").await;
    test.deliver(&paid).await;
    let order = test.again(&order).await;
    assert_eq!(
        (order.status, order.stock, order.flag),
        (OrderStatus::Paid, StockState::Sold, None)
    );
    assert_eq!(test.emails(&order).await, ["new_order", "receipt"]);
    test.check_books().await;
}

#[tokio::test]
async fn payment_after_a_cancel_goes_back_by_itself_when_the_goods_are_gone() {
    let test = TestShop::open().await;
    let (order, paid) = pay_after_the_end(&test, "low-a4.3~last.1").await;
    test.order(&cart("last.1")).await;
    test.deliver(&paid).await;
    let seen = test.again(&order).await;
    assert_eq!(
        (seen.status, seen.flag),
        (OrderStatus::Paid, Some(Flag::OutOfStock))
    );
    assert_eq!(
        test.emails(&order).await,
        ["late_payment"],
        "there is nothing bought"
    );

    for _ in 0..2 {
        reconcile::run_once(&test.shop, 0).await.unwrap();
    }
    for event in test.all_events().await {
        test.deliver(&event).await;
    }
    let order = test.again(&order).await;
    assert_eq!(
        (order.status, order.flag, order.stock),
        (OrderStatus::Refunded, None, StockState::Released)
    );
    assert_eq!(
        (
            order.refunds.len(),
            order.refunds[0].source,
            order.refunds[0].status
        ),
        (1, RefundSource::Automatic, RefundStatus::Succeeded)
    );
    assert_eq!(
        test.refunds_at_stripe(&order).await,
        [(7200 + 5000, "succeeded".to_owned())]
    );
    assert_eq!(test.emails(&order).await, ["late_payment", "refund"]);
    test.check_books().await;
}

#[tokio::test]
async fn late_payment_is_never_refunded_twice_when_the_answer_is_lost() {
    let test = TestShop::open().await;
    let (order, paid) = pay_after_the_end(&test, "last.1").await;
    test.order(&cart("last.1")).await;
    test.deliver(&paid).await;
    let shop = test.with_stripe_at(test.sandbox.base_url()).await;
    test.control("/sandbox/faults", &[("api_error_after", "100")])
        .await;
    reconcile::run_once(&shop, 0).await.unwrap();
    let waiting = test.again(&order).await;
    assert_eq!(waiting.refunds[0].status, RefundStatus::Requested);
    test.control("/sandbox/faults", &[("reset", "true")]).await;
    reconcile::run_once(&shop, 0).await.unwrap();
    let order = test.again(&order).await;
    assert_eq!(order.status, OrderStatus::Refunded);
    assert_eq!(test.refunds_at_stripe(&order).await.len(), 1);
}

#[tokio::test]
async fn payment_of_a_session_whose_making_was_lost_is_filled_and_names_it() {
    let test = TestShop::open().await;
    let gate = DelayProxy::before(test.sandbox.base_url()).await;
    gate.cut();
    let shop = test.with_stripe_at(&gate.base).await;
    let key = crate::test_shop::new_key();
    let lost =
        crate::test_shop::start(&shop, &cart("low-a4.1"), &SeenPrices::default(), &key).await;
    assert!(matches!(lost, Err(CheckoutError::Failed(_))), "{lost:?}");
    let order = test.newest(&key).await;
    assert_eq!(
        (order.status, &order.payments[0].reference),
        (OrderStatus::Expired, &None)
    );

    let sessions = test.ask_stripe("/v1/checkout/sessions").await;
    let session = &sessions["data"][0];
    test.pay(session["url"].as_str().unwrap()).await;
    test.tell("checkout.session.completed").await;
    let order = test.again(&order).await;
    assert_eq!(
        (order.status, order.stock),
        (OrderStatus::Paid, StockState::Sold)
    );
    assert_eq!(
        order.payments[0].reference.as_deref(),
        session["id"].as_str()
    );
    test.check_books().await;
}
