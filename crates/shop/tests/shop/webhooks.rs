use domain::money::{Currency, Money};
use domain::order::{Flag, Order, OrderStatus, PaymentFact, PaymentReport, StockState};
use payments::event::{Event, EventPayload, SessionEvent};
use shop::webhooks::{ReceiveError, receive};
use testkit::delay_proxy::DelayProxy;
use tokio::task::JoinSet;

use crate::test_shop::{EMAIL, TestShop, cart};

/// An event about the order's session, with an id of its own.
fn event(id: &str, order: &Order, fact: PaymentFact) -> Event {
    let session_id = order.payments[0].reference.clone().unwrap();
    Event {
        id: id.to_owned(),
        kind: "checkout.session.test".to_owned(),
        livemode: false,
        account: None,
        object_id: Some(session_id.clone()),
        created: 0,
        payload: Some(EventPayload::Session(SessionEvent {
            session_id,
            client_reference_id: Some(order.id.to_string()),
            order_number: None,
            mark: None,
            fact,
        })),
    }
}

fn payment(amount: i64, currency: &str) -> PaymentReport {
    PaymentReport {
        total: Money::new(amount, Currency::parse(currency).unwrap()),
        payment_reference: Some("pi_1".to_owned()),
        email: Some(EMAIL.to_owned()),
    }
}

fn paid(order: &Order) -> PaymentFact {
    PaymentFact::Captured(payment(order.total.amount(), "usd"))
}

/// The outcome of each event in the database, oldest first.
async fn outcomes(test: &TestShop) -> Vec<String> {
    test.database
        .texts("SELECT outcome FROM webhook_events ORDER BY received_at, id")
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_copies_of_a_payment_at_once_pay_once() {
    let test = TestShop::open().await;
    let (order, url) = test.order(&cart("low-a4.3~low-a3.1")).await;
    test.pay(&url).await;
    let event = test.event("checkout.session.completed").await;
    let mut deliveries = JoinSet::new();
    for _ in 0..10 {
        let (shop, event) = (test.shop.clone(), event.clone());
        deliveries.spawn(async move { receive(&shop, &event).await });
    }
    for answer in deliveries.join_all().await {
        answer.unwrap();
    }
    receive(&test.shop, &event).await.unwrap();

    let order = test.again(&order).await;
    assert_eq!(
        (order.status, order.stock, order.flag),
        (OrderStatus::Paid, StockState::Sold, None)
    );
    assert_eq!(order.email.as_deref(), Some(EMAIL));
    assert!(
        order.payments[0]
            .payment_reference
            .clone()
            .unwrap()
            .starts_with("pi_")
    );
    assert!(order.paid_at.is_some());
    assert_eq!(
        (test.on_hand("low-a4").await, test.held("low-a4").await),
        (7, 0)
    );
    assert_eq!(outcomes(&test).await, ["applied"]);
    test.check_books().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn different_events_of_one_payment_at_once_pay_once() {
    let test = TestShop::open().await;
    let (order, _) = test.order(&cart("low-a4.3")).await;
    let mut deliveries = JoinSet::new();
    for number in 0..6 {
        let fact = match number % 3 {
            0 => paid(&order),
            1 => PaymentFact::Captured(payment(7200, "usd")),
            _ => PaymentFact::Processing(payment(7200, "usd")),
        };
        let (shop, event) = (
            test.shop.clone(),
            event(&format!("evt_{number}"), &order, fact),
        );
        deliveries.spawn(async move { receive(&shop, &event).await });
    }
    for answer in deliveries.join_all().await {
        answer.unwrap();
    }
    assert_eq!(test.again(&order).await.status, OrderStatus::Paid);
    assert_eq!(test.on_hand("low-a4").await, 7);
    assert_eq!(outcomes(&test).await.len(), 6);
    test.check_books().await;
}

#[tokio::test]
async fn another_amount_or_currency_flags_the_order_and_pays_nothing() {
    for other in [
        payment(2399, "usd"),
        payment(2401, "usd"),
        payment(0, "usd"),
        payment(2400, "eur"),
    ] {
        let test = TestShop::open().await;
        let (order, _) = test.order(&cart("low-a4.1")).await;
        let wrong = event("evt_1", &order, PaymentFact::Captured(other.clone()));
        receive(&test.shop, &wrong).await.unwrap();
        let order = test.again(&order).await;
        assert_eq!(
            (order.status, order.flag),
            (OrderStatus::Processing, Some(Flag::AmountMismatch)),
            "{other:?}"
        );
        assert_eq!((order.stock, order.paid_at), (StockState::Held, None));
        // The admin needs it to find the money.
        assert_eq!(order.payments[0].payment_reference.as_deref(), Some("pi_1"));
        assert_eq!(order.total.amount(), 2400);
        assert_eq!(outcomes(&test).await, ["flagged"]);
        test.check_books().await;
    }
}

#[tokio::test]
async fn event_of_the_other_mode_or_account_is_refused_and_not_claimed() {
    let test = TestShop::open().await;
    let (order, _) = test.order(&cart("low-a4.1")).await;
    let live = Event {
        livemode: true,
        ..event("evt_1", &order, paid(&order))
    };
    let connected = Event {
        account: Some("acct_of_another".to_owned()),
        ..event("evt_1", &order, paid(&order))
    };
    let own = event("evt_1", &order, paid(&order));
    let (shop, live_shop) = (&test.shop, &test.live().await);
    let refused = [
        receive(shop, &live).await,
        receive(shop, &connected).await,
        receive(live_shop, &own).await,
    ];
    assert!(matches!(
        refused,
        [
            Err(ReceiveError::WrongMode),
            Err(ReceiveError::WrongAccount),
            Err(ReceiveError::WrongMode)
        ]
    ));
    assert_eq!(outcomes(&test).await, [""; 0]);
    assert_eq!(test.again(&order).await.status, OrderStatus::Pending);

    // Nothing was swallowed: the shop that it is for takes the same event.
    receive(shop, &own).await.unwrap();
    assert_eq!(test.again(&order).await.status, OrderStatus::Paid);
}

#[tokio::test]
async fn payment_of_another_shop_on_the_same_account_is_ignored() {
    let test = TestShop::open().await;
    let (order, url) = test.order(&cart("low-a4.2")).await;
    test.pay(&url).await;
    let other = TestShop::open().await;
    for mark in [None, Some("0".repeat(32))] {
        let mut event = test.event("checkout.session.completed").await;
        let Some(EventPayload::Session(payload)) = &mut event.payload else {
            panic!("it is about a session");
        };
        if mark.is_some() {
            payload.mark = mark;
        }
        payload.order_number = Some(i64::MAX);
        event.id = format!("evt_{:?}", payload.mark);
        receive(&other.shop, &event).await.unwrap();
    }
    assert_eq!(outcomes(&other).await, ["ignored", "ignored"]);
    assert_eq!(other.count_orders().await, 0);
    let (own, _) = other.order(&cart("low-a4.1")).await;
    assert_eq!(own.number, order.number);
}

#[tokio::test]
async fn payment_of_an_order_that_the_database_lost_is_flagged_and_its_number_not_reused() {
    let test = TestShop::open().await;
    let (order, url) = test.order(&cart("low-a4.2")).await;
    test.pay(&url).await;
    // A backup from before the order was restored.
    for table in ["order_lines", "payments", "orders"] {
        test.database.run(&format!("DELETE FROM {table}")).await;
    }
    test.database.run("UPDATE variants SET held = 0").await;
    test.database
        .run("UPDATE counters SET value = 1000 WHERE name = 'order_number'")
        .await;
    test.tell("checkout.session.completed").await;

    let found = store::orders::by_number(&test.store, order.number)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.id, order.id);
    assert_eq!(
        (found.status, found.flag, found.captured()),
        (
            OrderStatus::Processing,
            Some(Flag::OrderUnknown),
            order.total
        )
    );
    assert_eq!(test.emails(&found).await, ["needs_a_look"]);
    assert_eq!(outcomes(&test).await, ["flagged"]);
    let (next, _) = test.order(&cart("low-a4.1")).await;
    assert_eq!(next.number, order.number + 1);

    // It can be given back, which settles it.
    let admin = test.admin().await;
    test.refund(&admin, &found, 4800).await.unwrap();
    let settled = test.again(&found).await;
    assert_eq!(
        (settled.status, settled.flag),
        (OrderStatus::Refunded, None)
    );
}

#[tokio::test]
async fn event_of_no_order_is_recorded_and_ignored() {
    let test = TestShop::open().await;
    let (order, _) = test.order(&cart("low-a4.1")).await;
    let about = |id: &str, session: &str, reference: Option<&str>| {
        let mut event = event(id, &order, paid(&order));
        let Some(EventPayload::Session(payload)) = &mut event.payload else {
            panic!("no news of a session");
        };
        payload.session_id = session.to_owned();
        payload.client_reference_id = reference.map(str::to_owned);
        event
    };
    let own = order.payments[0].reference.as_deref().unwrap();
    for event in [
        about("evt_1", "cs_test_foreign", Some(order.id.as_str())),
        about("evt_2", "cs_test_foreign", Some("an-order-of-another-shop")),
        about("evt_3", "cs_test_foreign", Some("user@example.com/7")),
        about("evt_4", "cs_test_foreign", Some("")),
        about("evt_5", own, None),
        Event {
            created: 0,
            payload: None,
            ..about("evt_6", own, None)
        },
    ] {
        receive(&test.shop, &event).await.unwrap();
    }
    let order = test.again(&order).await;
    assert_eq!((order.status, order.flag), (OrderStatus::Pending, None));
    assert_eq!(outcomes(&test).await, ["ignored"; 6]);
    test.check_books().await;
}

#[tokio::test]
async fn payment_that_overtakes_the_answer_of_stripe_is_applied() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let gate = DelayProxy::before(test.sandbox.base_url()).await;
    let slow = test.with_stripe_at(&gate.base).await;
    let click = tokio::spawn({
        let key = key.clone();
        async move { crate::test_shop::start(&slow, &cart("last.1"), &Default::default(), &key).await }
    });
    gate.done().await;
    click.abort();
    assert!(click.await.unwrap_err().is_cancelled());
    let order = test.newest(&key).await;
    assert_eq!(order.payments[0].reference, None);

    let session = test.ask_stripe("/v1/checkout/sessions").await["data"][0].clone();
    test.pay(session["url"].as_str().unwrap()).await;
    receive(&test.shop, &test.event("checkout.session.completed").await)
        .await
        .unwrap();
    let order = test.again(&order).await;
    assert_eq!(order.status, OrderStatus::Paid);
    assert_eq!(
        order.payments[0].reference.as_deref(),
        session["id"].as_str()
    );
    test.check_books().await;
}

#[tokio::test]
async fn expired_session_gives_the_goods_back_once() {
    let test = TestShop::open().await;
    let (order, _) = test.order(&cart("low-a4.3~last.1")).await;
    // Another shopper's hold, which a second release would take from.
    test.order(&cart("low-a4.3")).await;
    for id in ["evt_1", "evt_1", "evt_2"] {
        receive(&test.shop, &event(id, &order, PaymentFact::Expired))
            .await
            .unwrap();
    }
    let order = test.again(&order).await;
    assert_eq!(
        (order.status, order.stock),
        (OrderStatus::Expired, StockState::Released)
    );
    assert_eq!((test.held("low-a4").await, test.held("last").await), (3, 0));
    assert_eq!(outcomes(&test).await, ["applied", "unchanged"]);
    test.check_books().await;
}

#[tokio::test]
async fn stripes_own_expiry_reaches_the_order() {
    let test = TestShop::open().await;
    let (order, _) = test.order(&cart("last.1")).await;
    test.pass(36 * 60).await;
    // Whoever asks for the session makes the sandbox look at the time.
    test.sessions().await;
    receive(&test.shop, &test.event("checkout.session.expired").await)
        .await
        .unwrap();
    assert_eq!(test.again(&order).await.status, OrderStatus::Expired);
    assert_eq!(test.held("last").await, 0);
    test.check_books().await;
}

#[tokio::test]
async fn payment_after_expiry_takes_the_goods_off_the_stock_again() {
    let test = TestShop::open().await;
    let (order, _) = test.order(&cart("low-a4.3~last.1")).await;
    receive(&test.shop, &event("evt_1", &order, PaymentFact::Expired))
        .await
        .unwrap();
    receive(&test.shop, &event("evt_2", &order, paid(&order)))
        .await
        .unwrap();
    let order = test.again(&order).await;
    assert_eq!(
        (order.status, order.stock, order.flag),
        (OrderStatus::Paid, StockState::Sold, None)
    );
    assert_eq!(
        (test.on_hand("low-a4").await, test.on_hand("last").await),
        (7, 0)
    );
    test.check_books().await;
}

#[tokio::test]
async fn payment_for_goods_that_went_to_others_is_kept_and_flagged() {
    let test = TestShop::open().await;
    let (order, _) = test.order(&cart("low-a4.3~last.1")).await;
    receive(&test.shop, &event("evt_1", &order, PaymentFact::Expired))
        .await
        .unwrap();
    test.order(&cart("last.1")).await;
    receive(&test.shop, &event("evt_2", &order, paid(&order)))
        .await
        .unwrap();
    let order = test.again(&order).await;
    assert_eq!(
        (order.status, order.flag),
        (OrderStatus::Paid, Some(Flag::OutOfStock))
    );
    assert_eq!(
        order.stock,
        StockState::Released,
        "a part of the goods is not taken either"
    );
    assert!(order.paid_at.is_some());
    assert_eq!(
        (test.on_hand("low-a4").await, test.held("last").await),
        (10, 1)
    );
    assert_eq!(outcomes(&test).await, ["applied", "flagged"]);
    // Told again, it does not try again.
    receive(&test.shop, &event("evt_3", &order, paid(&order)))
        .await
        .unwrap();
    assert_eq!(test.on_hand("low-a4").await, 10);
    test.check_books().await;
}

#[tokio::test]
async fn old_event_changes_nothing_about_a_paid_order() {
    let test = TestShop::open().await;
    let (order, _) = test.order(&cart("low-a4.3")).await;
    receive(&test.shop, &event("evt_0", &order, paid(&order)))
        .await
        .unwrap();
    let before = test.again(&order).await;
    for (id, fact) in [
        ("evt_1", PaymentFact::Expired),
        ("evt_2", PaymentFact::Processing(payment(7200, "usd"))),
        ("evt_3", PaymentFact::Failed),
        ("evt_4", PaymentFact::Captured(payment(1, "eur"))),
    ] {
        test.pass_here(1);
        receive(&test.shop, &event(id, &order, fact)).await.unwrap();
    }
    assert_eq!(test.again(&order).await, before);
    assert_eq!(
        outcomes(&test).await,
        [
            "applied",
            "unchanged",
            "unchanged",
            "unchanged",
            "unchanged"
        ]
    );
    test.check_books().await;
}

#[tokio::test]
async fn payment_that_settles_later_holds_the_goods_until_it_does_or_fails() {
    let test = TestShop::open().await;
    let (settles, _) = test.order(&cart("low-a4.3")).await;
    let (fails, _) = test.order(&cart("low-a4.2")).await;
    receive(
        &test.shop,
        &event(
            "evt_1",
            &settles,
            PaymentFact::Processing(payment(7200, "usd")),
        ),
    )
    .await
    .unwrap();
    receive(
        &test.shop,
        &event(
            "evt_2",
            &fails,
            PaymentFact::Processing(payment(4800, "usd")),
        ),
    )
    .await
    .unwrap();
    assert_eq!(test.again(&settles).await.status, OrderStatus::Processing);
    assert_eq!(test.again(&settles).await.paid_at, None);
    assert_eq!(test.held("low-a4").await, 5);

    let succeeded = PaymentFact::Captured(payment(7200, "usd"));
    receive(&test.shop, &event("evt_3", &settles, succeeded))
        .await
        .unwrap();
    receive(&test.shop, &event("evt_4", &fails, PaymentFact::Failed))
        .await
        .unwrap();
    assert_eq!(test.again(&settles).await.status, OrderStatus::Paid);
    assert_eq!(test.again(&fails).await.status, OrderStatus::Failed);
    assert_eq!(
        (test.on_hand("low-a4").await, test.held("low-a4").await),
        (7, 0)
    );
    test.check_books().await;
}

#[tokio::test]
async fn event_that_could_not_be_applied_is_not_recorded_and_can_come_again() {
    let test = TestShop::open().await;
    let (order, _) = test.order(&cart("low-a4.3")).await;
    let paid = event("evt_1", &order, paid(&order));
    // Where e-mails to send are written is missing, so the transaction ends half-way.
    test.database
        .run("ALTER TABLE outbox RENAME TO outbox_elsewhere")
        .await;
    receive(&test.shop, &paid).await.unwrap_err();
    assert!(outcomes(&test).await.is_empty());
    assert_eq!(test.again(&order).await.status, OrderStatus::Pending);
    test.check_books().await;

    test.database
        .run("ALTER TABLE outbox_elsewhere RENAME TO outbox")
        .await;
    receive(&test.shop, &paid).await.unwrap();
    assert_eq!(test.again(&order).await.status, OrderStatus::Paid);
    test.check_books().await;
}

#[tokio::test]
async fn payment_is_taken_and_flagged_when_the_stock_does_not_hold_what_the_order_held() {
    let test = TestShop::open().await;
    let (order, _) = test.order(&cart("low-a4.3")).await;
    test.database
        .run("UPDATE variants SET held = 0 WHERE id = 'low-a4'")
        .await;
    let paid = event("evt_1", &order, paid(&order));
    receive(&test.shop, &paid).await.unwrap();
    let order = test.again(&order).await;
    assert_eq!(order.status, OrderStatus::Paid);
    assert_eq!(order.flag, Some(Flag::StockMismatch));
    assert_eq!(
        (test.on_hand("low-a4").await, test.held("low-a4").await),
        (7, 0)
    );
}
