use domain::cart::SeenPrices;
use domain::money::{Currency, Money};
use domain::order::{OrderStatus, PaymentFact, PaymentReport, StockState};
use payments::event::{Event, EventPayload, SessionEvent};
use payments::{Mode, RetryPolicy, SecretKey, Stripe};
use shop::checkout::{Checkout, CheckoutError};
use shop::{Clock, Shop};
use tokio::task::JoinSet;

use crate::stand::{Stand, cart, pay_page, start};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_checkouts_of_the_last_ten_pieces_make_ten_orders() {
    let stand = Stand::open().await;
    let mut clicks = JoinSet::new();
    for _ in 0..200 {
        let shop = stand.shop.clone();
        clicks.spawn(async move {
            let key = crate::stand::new_key();
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
    assert_eq!((won.len(), stand.count_orders().await), (10, 10));
    assert_eq!(
        (stand.on_hand("low-a4").await, stand.held("low-a4").await),
        (10, 10)
    );
    stand.check_books().await;

    for click in won {
        stand.pay(&pay_page(click)).await;
    }
    stand.tell("checkout.session.completed").await;
    assert_eq!(
        (stand.on_hand("low-a4").await, stand.held("low-a4").await),
        (0, 0)
    );
    stand.check_books().await;
}

#[tokio::test]
async fn a_shopper_is_not_blocked_by_the_hold_of_the_own_earlier_click() {
    let stand = Stand::open().await;
    let key = crate::stand::new_key();
    stand.pay_page(&cart("low-a4.10~last.1"), &key).await;
    // Back, one thing out, and to the pay page again: all of it is still the shopper's.
    stand.pay_page(&cart("last.1"), &key).await;
    assert_eq!(
        (stand.held("low-a4").await, stand.held("last").await),
        (0, 1)
    );
    stand.pay_page(&cart("low-a4.10~last.1"), &key).await;
    assert_eq!(
        (stand.held("low-a4").await, stand.held("last").await),
        (10, 1)
    );
    stand.check_books().await;
}

#[tokio::test]
async fn a_payment_that_settles_later_writes_to_the_shopper_only_when_it_is_settled() {
    let stand = Stand::open().await;
    for (fact, emails) in [
        (None, vec![]),
        (Some(PaymentFact::Failed), vec!["payment_failed"]),
    ] {
        let (order, _) = stand.order(&cart("low-a4.1")).await;
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
            stand.deliver(&event).await;
        }
        assert_eq!(stand.emails(&order).await, emails);
    }
    stand.check_books().await;
}

#[tokio::test]
async fn an_order_of_nothing_to_pay_completes_without_a_card() {
    let stand = Stand::open().await;
    stand
        .database
        .run("UPDATE variants SET unit_amount = 0 WHERE id = 'last'")
        .await;
    let (order, url) = stand.order(&cart("last.1")).await;
    stand.pay_with(&url, "").await;
    stand.tell("checkout.session.completed").await;
    let order = stand.again(&order).await;
    assert_eq!(
        (order.status, order.stock, order.total.amount()),
        (OrderStatus::Paid, StockState::Sold, 0)
    );
    assert_eq!(order.payments[0].payment_reference, None);
    assert_eq!(stand.emails(&order).await, ["new_order", "receipt"]);
    let admin = stand.admin().await;
    let refused = stand.refund(&admin, &order, 1).await.unwrap_err();
    assert_eq!(refused.to_string(), "There is no payment to refund.");
    stand.check_books().await;
}

#[tokio::test]
async fn yen_are_charged_as_yen() {
    let stand = Stand::open().await;
    stand
        .database
        .run("INSERT INTO settings (key, value) VALUES ('currency', 'jpy')")
        .await;
    let key = SecretKey::parse("sk_test_sandbox").unwrap();
    let stripe = Stripe::new(&key, Some(stand.sandbox.base_url()), RetryPolicy::default()).unwrap();
    let shop = Shop::open(
        stand.store.clone(),
        stripe,
        Mode::Test,
        Clock::system(),
        "http://shop.test",
    )
    .await
    .unwrap();
    let key = crate::stand::new_key();
    let answer = start(&shop, &cart("low-a4.2"), &SeenPrices::default(), &key).await;
    stand.pay(&pay_page(answer)).await;
    for event in stand.all_events().await {
        shop::webhooks::receive(&shop, &event).await.unwrap();
    }
    let order = stand.newest(&key).await;
    let yen = Money::new(4800, Currency::parse("jpy").unwrap());
    assert_eq!((order.status, order.total), (OrderStatus::Paid, yen));
    assert_eq!(yen.to_string(), "¥4,800");
    let session = order.payments[0].reference.clone().unwrap();
    let session = stand
        .ask_stripe(&format!("/v1/checkout/sessions/{session}"))
        .await;
    assert_eq!(
        (&session["amount_total"], &session["currency"]),
        (&4800.into(), &"jpy".into())
    );
}

#[tokio::test]
async fn every_step_of_an_order_is_told_once_however_often_its_events_come() {
    let stand = Stand::open().await;
    let admin = stand.admin().await;
    let order = stand.paid_with("low-a4.2", "4242424242424242").await;
    let csrf = stand.csrf(&admin, &order).await;
    for tracking_number in [None, Some("123")] {
        shop::orders::ship(&stand.shop, &csrf, Some("DHL"), tracking_number)
            .await
            .unwrap();
    }
    stand.refund(&admin, &order, 1000).await.unwrap();
    stand.charge_back(&order).await;
    let mut events = stand.all_events().await;
    for round in 0..3 {
        for event in &mut events {
            // The same change, as an event of another name.
            event.id = format!("{}_{round}", event.id);
            stand.deliver(event).await;
        }
    }
    assert_eq!(
        stand.emails(&order).await,
        ["dispute", "new_order", "receipt", "refund", "shipped"]
    );
    let answer = shop::checkout::paid_with(&stand.shop, &crate::stand::new_key()).await;
    assert_eq!(answer.unwrap(), None);
    stand.check_books().await;
}

#[tokio::test]
async fn a_hold_that_expired_is_not_revived_by_a_change_of_the_cart() {
    let stand = Stand::open().await;
    let key = crate::stand::new_key();
    stand.pay_page(&cart("last.1"), &key).await;
    let first = stand.newest(&key).await;
    stand.pass(36 * 60).await;
    stand.tell("checkout.session.expired").await;
    let (_, url) = stand.order(&cart("last.1")).await;
    stand.pay(&url).await;
    stand.tell("checkout.session.completed").await;
    let answer = stand.check_out(&cart("low-a4.1~last.1"), &key).await;
    assert!(
        matches!(answer, Err(CheckoutError::NeedsReview)),
        "{answer:?}"
    );
    assert!(matches!(
        stand.check_out(&cart("low-a4.1"), &key).await,
        Ok(Checkout::Pay { .. })
    ));
    let first = stand.again(&first).await;
    assert_eq!(
        (first.status, first.stock),
        (OrderStatus::Expired, StockState::Released)
    );
    stand.check_books().await;
}
