use domain::cart::SeenPrices;
use domain::money::{Currency, Money};
use domain::order::{OrderStatus, PaymentFact, PaymentReport, StockState};
use payments::event::{Event, EventPayload, SessionEvent};
use payments::{Mode, RetryPolicy, SecretKey, Stripe};
use shop::checkout::{Checkout, CheckoutError};
use shop::{Clock, Shop};
use tokio::task::JoinSet;

use crate::parcels::all_that_is_left;
use crate::test_shop::{TestShop, cart, pay_page, start};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_checkouts_of_the_last_ten_pieces_make_ten_orders() {
    let test = TestShop::open().await;
    let mut clicks = JoinSet::new();
    for _ in 0..200 {
        let shop = test.shop.clone();
        clicks.spawn(async move {
            let key = crate::test_shop::new_key();
            start(&shop, &cart("low-a4.1"), &SeenPrices::default(), &key).await
        });
    }
    let (won, lost): (Vec<_>, Vec<_>) =
        clicks.join_all().await.into_iter().partition(Result::is_ok);
    assert!(
        lost.iter()
            .all(|answer| matches!(answer, Err(CheckoutError::NeedsReview))),
        "{lost:?}"
    );
    assert_eq!((won.len(), test.count_orders().await), (10, 10));
    assert_eq!(
        (test.on_hand("low-a4").await, test.held("low-a4").await),
        (10, 10)
    );
    test.check_books().await;

    for click in won {
        test.pay(&pay_page(click)).await;
    }
    test.tell("checkout.session.completed").await;
    assert_eq!(
        (test.on_hand("low-a4").await, test.held("low-a4").await),
        (0, 0)
    );
    test.check_books().await;
}

#[tokio::test]
async fn shopper_is_not_blocked_by_the_hold_of_the_own_earlier_click() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    test.pay_page(&cart("low-a4.10~last.1"), &key).await;
    // Back, one thing out, and to the pay page again: all of it is still the shopper's.
    test.pay_page(&cart("last.1"), &key).await;
    assert_eq!((test.held("low-a4").await, test.held("last").await), (0, 1));
    test.pay_page(&cart("low-a4.10~last.1"), &key).await;
    assert_eq!(
        (test.held("low-a4").await, test.held("last").await),
        (10, 1)
    );
    test.check_books().await;
}

#[tokio::test]
async fn payment_that_settles_later_writes_to_the_shopper_only_when_it_is_settled() {
    let test = TestShop::open().await;
    for (fact, emails) in [
        (None, vec![]),
        (Some(PaymentFact::Failed), vec!["payment_failed"]),
    ] {
        let (order, _) = test.order(&cart("low-a4.1")).await;
        let payment = PaymentReport {
            total: order.total,
            payment_reference: Some(format!("pi_{}", order.number)),
            email: Some("ada@example.com".to_owned()),
        };
        let session_id = order.payments[0].reference.clone().unwrap();
        let facts = [Some(PaymentFact::Processing(payment)), fact.clone(), fact];
        for (position, fact) in facts.into_iter().flatten().enumerate() {
            let event = Event {
                id: format!("evt_{}_{position}", order.number),
                kind: "checkout.session.test".to_owned(),
                livemode: false,
                account: None,
                object_id: Some(session_id.clone()),
                created: 0,
                payload: Some(EventPayload::Session(SessionEvent {
                    session_id: session_id.clone(),
                    client_reference_id: Some(order.id.to_string()),
                    order_number: None,
                    mark: None,
                    fact,
                })),
            };
            test.deliver(&event).await;
        }
        assert_eq!(test.emails(&order).await, emails);
    }
    test.check_books().await;
}

#[tokio::test]
async fn order_of_nothing_to_pay_completes_without_a_card() {
    let test = TestShop::open().await;
    test.database
        .run("UPDATE variants SET unit_amount = 0 WHERE id = 'last'")
        .await;
    let (order, url) = test.order(&cart("last.1")).await;
    test.pay_with(&url, "").await;
    test.tell("checkout.session.completed").await;
    let order = test.again(&order).await;
    assert_eq!(
        (order.status, order.stock, order.total.amount()),
        (OrderStatus::Paid, StockState::Sold, 0)
    );
    assert_eq!(order.payments[0].payment_reference, None);
    assert_eq!(test.emails(&order).await, ["new_order", "receipt"]);
    let admin = test.admin().await;
    let refused = test.refund(&admin, &order, 1).await.unwrap_err();
    assert_eq!(refused.to_string(), "There is no payment to refund.");
    test.check_books().await;
}

#[tokio::test]
async fn yen_are_charged_as_yen() {
    let test = TestShop::open().await;
    test.database
        .run("INSERT INTO settings (key, value) VALUES ('currency', 'jpy')")
        .await;
    let key = SecretKey::parse("sk_test_sandbox").unwrap();
    let stripe = Stripe::new(&key, Some(test.sandbox.base_url()), RetryPolicy::default()).unwrap();
    let shop = Shop::open(
        test.store.clone(),
        stripe,
        Mode::Test,
        Clock::system(),
        "http://shop.test",
    )
    .await
    .unwrap();
    let key = crate::test_shop::new_key();
    let answer = start(&shop, &cart("low-a4.2"), &SeenPrices::default(), &key).await;
    test.pay(&pay_page(answer)).await;
    for event in test.all_events().await {
        shop::webhooks::receive(&shop, &event).await.unwrap();
    }
    let order = test.newest(&key).await;
    let yen = Money::new(4800, Currency::parse("jpy").unwrap());
    assert_eq!((order.status, order.total), (OrderStatus::Paid, yen));
    assert_eq!(yen.to_string(), "¥4,800");
    let session = order.payments[0].reference.clone().unwrap();
    let session = test
        .ask_stripe(&format!("/v1/checkout/sessions/{session}"))
        .await;
    assert_eq!(
        (&session["amount_total"], &session["currency"]),
        (&4800.into(), &"jpy".into())
    );
}

#[tokio::test]
async fn every_step_of_an_order_is_notified_once_however_often_its_events_come() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.2", "4242424242424242").await;
    let csrf = test.csrf(&admin, &order).await;
    for _ in 0..2 {
        shop::orders::ship(&test.shop, &csrf, all_that_is_left("parcel-1"))
            .await
            .unwrap();
    }
    test.refund(&admin, &order, 1000).await.unwrap();
    test.charge_back(&order).await;
    let mut events = test.all_events().await;
    for round in 0..3 {
        for event in &mut events {
            // The same change, as an event of another name.
            event.id = format!("{}_{round}", event.id);
            test.deliver(event).await;
        }
    }
    assert_eq!(
        test.emails(&order).await,
        ["dispute", "new_order", "receipt", "refund", "shipped"]
    );
    let answer = shop::checkout::paid_with(&test.shop, &crate::test_shop::new_key()).await;
    assert_eq!(answer.unwrap(), None);
    test.check_books().await;
}

#[tokio::test]
async fn hold_that_expired_is_not_revived_by_a_change_of_the_cart() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    test.pay_page(&cart("last.1"), &key).await;
    let first = test.newest(&key).await;
    test.pass(36 * 60).await;
    test.tell("checkout.session.expired").await;
    let (_, url) = test.order(&cart("last.1")).await;
    test.pay(&url).await;
    test.tell("checkout.session.completed").await;
    let answer = test.check_out(&cart("low-a4.1~last.1"), &key).await;
    assert!(
        matches!(answer, Err(CheckoutError::NeedsReview)),
        "{answer:?}"
    );
    assert!(matches!(
        test.check_out(&cart("low-a4.1"), &key).await,
        Ok(Checkout::Pay { .. })
    ));
    let first = test.again(&first).await;
    assert_eq!(
        (first.status, first.stock),
        (OrderStatus::Expired, StockState::Released)
    );
    test.check_books().await;
}
