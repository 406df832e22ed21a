use domain::cart::SeenPrices;
use domain::order::{Flag, OrderStatus, StockState};
use shop::checkout::{Checkout, CheckoutError};
use testkit::delay_proxy::DelayProxy;
use tokio::task::JoinSet;

use crate::test_shop::{TestShop, cart, pay_page, start};

#[tokio::test]
async fn empty_cart_buys_nothing() {
    let test = TestShop::open().await;
    let answer = test
        .check_out(&cart(""), &crate::test_shop::new_key())
        .await;
    assert!(
        matches!(answer, Err(CheckoutError::EmptyCart)),
        "{answer:?}"
    );
    assert_eq!(test.count_orders().await, 0);
}

#[tokio::test]
async fn click_holds_the_goods_and_leads_to_a_session_of_the_databases_amount() {
    let test = TestShop::open().await;
    let (order, url) = test.order(&cart("low-a4.2~low-a3.1")).await;
    assert_eq!(
        (order.status, order.stock),
        (OrderStatus::Pending, StockState::Held)
    );
    assert_eq!(order.total.amount(), 8600);
    assert_eq!(
        (test.held("low-a4").await, test.held("low-a3").await),
        (2, 1)
    );

    let id = order.payments[0].reference.clone().unwrap();
    let session = test
        .ask_stripe(&format!("/v1/checkout/sessions/{id}"))
        .await;
    assert_eq!(session["amount_total"], 8600);
    assert_eq!(session["currency"], "usd");
    assert_eq!(session["client_reference_id"], order.id.as_str());
    assert_eq!(session["url"], url.as_str());
    assert_eq!(session["expires_at"], order.payments[0].expires_at);
    assert_eq!(
        session["success_url"],
        format!(
            "http://shop.test/orders/{}?session_id={{CHECKOUT_SESSION_ID}}",
            order.token
        )
    );
    assert_eq!(session["cancel_url"], "http://shop.test/cart");
    let lines = test
        .ask_stripe(&format!("/v1/checkout/sessions/{id}/line_items"))
        .await;
    assert_eq!(lines["data"][0]["price"]["unit_amount"], 2400);
    assert_eq!(lines["data"][0]["quantity"], 2);
    test.check_books().await;
}

#[tokio::test]
async fn changed_cart_goes_back_for_review() {
    let test = TestShop::open().await;
    for (text, seen) in [
        ("gone.1", ""),
        ("low-a4.1~gone.1", ""),
        ("low-a4.11", ""),
        ("last.2", ""),
        ("low-a4.1", "low-a4.2399"),
    ] {
        let seen = SeenPrices::from_cookie(seen);
        let answer = start(&test.shop, &cart(text), &seen, &crate::test_shop::new_key()).await;
        assert!(
            matches!(answer, Err(CheckoutError::NeedsReview)),
            "{text}: {answer:?}"
        );
    }
    assert_eq!(test.count_orders().await, 0);
    assert!(test.sessions().await.is_empty());
    test.check_books().await;
}

#[tokio::test]
async fn price_that_changes_between_look_and_click_is_never_charged_unseen() {
    let test = TestShop::open().await;
    let cart = cart("low-a4.1");
    let seen = SeenPrices::of(&test.price(&cart, &SeenPrices::default(), None).await);
    test.database
        .run("UPDATE variants SET unit_amount = 9900 WHERE id = 'low-a4'")
        .await;
    let key = crate::test_shop::new_key();
    let answer = start(&test.shop, &cart, &seen, &key).await;
    assert!(
        matches!(answer, Err(CheckoutError::NeedsReview)),
        "{answer:?}"
    );
    assert_eq!(test.held("low-a4").await, 0);

    let seen = SeenPrices::of(&test.price(&cart, &seen, Some(&key)).await);
    pay_page(start(&test.shop, &cart, &seen, &key).await);
    assert_eq!(test.newest(&key).await.total.amount(), 9900);
}

#[tokio::test]
async fn price_that_changes_after_the_click_replaces_the_session() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let first = test.pay_page(&cart("low-a4.1"), &key).await;
    test.database
        .run("UPDATE variants SET unit_amount = 9900 WHERE id = 'low-a4'")
        .await;
    let second = test.pay_page(&cart("low-a4.1"), &key).await;
    assert_ne!(first, second);
    assert_eq!(test.newest(&key).await.total.amount(), 9900);
    let states: Vec<_> = test
        .sessions()
        .await
        .into_iter()
        .map(|(_, state)| state)
        .collect();
    assert_eq!(states, ["expired", "open"]);
    test.check_books().await;
}

/// Eight clicks at the same moment.
async fn click_eight_times(test: &TestShop, text: &str) {
    let key = crate::test_shop::new_key();
    let mut clicks = JoinSet::new();
    for _ in 0..8 {
        let (shop, cart, key) = (test.shop.clone(), cart(text), key.clone());
        clicks.spawn(async move { start(&shop, &cart, &SeenPrices::default(), &key).await });
    }
    let urls: Vec<_> = clicks.join_all().await.into_iter().map(pay_page).collect();
    assert!(urls.iter().all(|url| *url == urls[0]), "{urls:?}");
    let order = test.newest(&key).await;
    assert_eq!(
        test.sessions().await,
        [(order.id.to_string(), "open".to_owned())]
    );
    assert_eq!(test.count_orders().await, 1);
    test.check_books().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_clicks_at_once_make_one_order_with_one_session_and_one_hold() {
    let test = TestShop::open().await;
    click_eight_times(&test, "low-a4.2~low-a3.1").await;
    assert_eq!(test.held("low-a4").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn double_click_does_not_take_the_last_piece_from_itself() {
    let test = TestShop::open().await;
    click_eight_times(&test, "last.1").await;
    assert_eq!(test.held("last").await, 1);
}

#[tokio::test]
async fn same_cart_in_a_second_tab_leads_to_the_same_pay_page() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let first = test.pay_page(&cart("low-a4.2~low-a3.1"), &key).await;
    let second = test.pay_page(&cart("low-a3.1~low-a4.2"), &key).await;
    assert_eq!(first, second);
    assert_eq!(test.count_orders().await, 1);
    test.check_books().await;
}

#[tokio::test]
async fn changed_cart_ends_the_old_session_and_moves_the_hold() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    test.pay_page(&cart("low-a4.8"), &key).await;
    let old = test.newest(&key).await;
    // Its own hold does not stand in its way.
    test.pay_page(&cart("low-a4.9~last.1"), &key).await;
    let new = test.newest(&key).await;
    assert_eq!((test.held("low-a4").await, test.held("last").await), (9, 1));
    let old = test.again(&old).await;
    assert_eq!(
        (old.status, old.stock),
        (OrderStatus::Expired, StockState::Released)
    );
    assert_eq!(
        test.sessions().await,
        [
            (old.id.to_string(), "expired".to_owned()),
            (new.id.to_string(), "open".to_owned())
        ]
    );
    test.check_books().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_tabs_with_different_carts_leave_one_order_that_can_be_paid() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let mut clicks = JoinSet::new();
    for quantity in 1..=4 {
        let (shop, cart, key) = (
            test.shop.clone(),
            cart(&format!("low-a4.{quantity}")),
            key.clone(),
        );
        clicks.spawn(async move { start(&shop, &cart, &SeenPrices::default(), &key).await });
    }
    // Some may be told to look again; none may fail or leave a second session open.
    for answer in clicks.join_all().await {
        assert!(
            matches!(
                answer,
                Ok(Checkout::Pay { .. }) | Err(CheckoutError::NeedsReview)
            ),
            "{answer:?}"
        );
    }
    let pending = test
        .database
        .texts("SELECT id FROM orders WHERE status = 'pending'")
        .await;
    let open: Vec<_> = test
        .sessions()
        .await
        .into_iter()
        .filter(|(_, state)| state == "open")
        .map(|(order, _)| order)
        .collect();
    assert!(pending.len() <= 1, "{pending:?}");
    assert_eq!(pending, open);
    test.check_books().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn last_piece_goes_to_one_shopper() {
    let test = TestShop::open().await;
    let mut clicks = JoinSet::new();
    for _ in 0..5 {
        let shop = test.shop.clone();
        clicks.spawn(async move {
            start(
                &shop,
                &cart("low-a4.1~last.1"),
                &SeenPrices::default(),
                &crate::test_shop::new_key(),
            )
            .await
        });
    }
    let (won, lost): (Vec<_>, Vec<_>) =
        clicks.join_all().await.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1, "{won:?}");
    assert!(
        lost.iter()
            .all(|answer| matches!(answer, Err(CheckoutError::NeedsReview))),
        "{lost:?}"
    );
    assert_eq!((test.held("last").await, test.held("low-a4").await), (1, 1));
    assert_eq!(test.count_orders().await, 1);
    test.check_books().await;
}

#[tokio::test]
async fn paid_cart_leads_to_its_order_even_before_the_webhook() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let url = test.pay_page(&cart("low-a4.2"), &key).await;
    test.pay(&url).await;
    let order = test.newest(&key).await;
    assert_eq!(
        order.status,
        OrderStatus::Pending,
        "nobody has told the shop"
    );
    let answer = test.check_out(&cart("low-a4.2"), &key).await.unwrap();
    assert_eq!(
        answer,
        Checkout::AlreadyPaid {
            token: order.token.clone()
        }
    );
    assert_eq!(test.again(&order).await.status, OrderStatus::Paid);
    // And again, now that the shop knows.
    let answer = test.check_out(&cart("low-a4.2"), &key).await.unwrap();
    assert_eq!(answer, Checkout::AlreadyPaid { token: order.token });
    assert_eq!(
        (test.on_hand("low-a4").await, test.held("low-a4").await),
        (8, 0)
    );
    assert_eq!(test.sessions().await.len(), 1);
    test.check_books().await;
}

#[tokio::test]
async fn step_back_after_the_last_piece_was_bought_leads_to_its_order() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let url = test.pay_page(&cart("last.1~low-a4.2"), &key).await;
    test.pay(&url).await;
    let paid = test.event("checkout.session.completed").await;
    shop::webhooks::receive(&test.shop, &paid).await.unwrap();
    test.database
        .run("UPDATE variants SET unit_amount = 9900 WHERE id = 'low-a4'")
        .await;
    let token = test.newest(&key).await.token;
    let again = test
        .check_out(&cart("low-a4.2~last.1"), &key)
        .await
        .unwrap();
    assert_eq!(again, Checkout::AlreadyPaid { token });
}

#[tokio::test]
async fn paid_lines_are_not_charged_again_with_the_next_item() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let url = test.pay_page(&cart("low-a4.2"), &key).await;
    test.pay(&url).await;
    let paid = test.newest(&key).await;
    // The shopper never saw the order's page, so the cart still has what was paid, and now one
    // more.
    let answer = test.check_out(&cart("low-a4.3"), &key).await.unwrap();
    let token = paid.token.clone();
    assert_eq!(answer, Checkout::AlreadyPaid { token });
    assert_eq!(test.again(&paid).await.status, OrderStatus::Paid);
    assert_eq!(test.sessions().await.len(), 1);
    // With what was bought taken out, the cart has a new key and buys the rest.
    let key = crate::test_shop::new_key();
    let url = test.pay_page(&cart("low-a4.1"), &key).await;
    test.pay(&url).await;
    let answer = test.check_out(&cart("low-a4.1"), &key).await.unwrap();
    let token = test.newest(&key).await.token;
    assert_eq!(answer, Checkout::AlreadyPaid { token });
    assert_eq!(
        (test.on_hand("low-a4").await, test.held("low-a4").await),
        (7, 0)
    );
    test.check_books().await;
}

#[tokio::test]
async fn unreachable_stripe_leaves_no_hold_and_the_next_click_is_a_fresh_one() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let cut_off = test.without_stripe().await;
    let answer = start(&cut_off, &cart("last.1"), &SeenPrices::default(), &key).await;
    assert!(
        matches!(answer, Err(CheckoutError::Failed(shop::Error::Stripe(_)))),
        "{answer:?}"
    );
    let order = test.newest(&key).await;
    assert_eq!(
        (order.status, order.stock),
        (OrderStatus::Expired, StockState::Released)
    );
    assert_eq!(test.held("last").await, 0);

    test.pay_page(&cart("last.1"), &key).await;
    assert_ne!(test.newest(&key).await.id, order.id);
    test.check_books().await;
}

#[tokio::test]
async fn changed_cart_keeps_its_open_order_while_stripe_cannot_be_reached() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    test.pay_page(&cart("low-a4.1"), &key).await;
    let cut_off = test.without_stripe().await;
    let answer = start(&cut_off, &cart("low-a4.2"), &SeenPrices::default(), &key).await;
    assert!(
        matches!(answer, Err(CheckoutError::Failed(_))),
        "{answer:?}"
    );
    // The session can still be paid, so its goods stay held.
    assert_eq!(test.newest(&key).await.status, OrderStatus::Pending);
    assert_eq!(test.held("low-a4").await, 1);
    test.check_books().await;
}

#[tokio::test]
async fn session_that_is_almost_over_is_replaced() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let first = test.pay_page(&cart("last.1"), &key).await;
    test.pass_here(32 * 60);
    assert_eq!(test.pay_page(&cart("last.1"), &key).await, first);
    test.pass_here(2 * 60);
    let second = test.pay_page(&cart("last.1"), &key).await;
    assert_ne!(first, second);
    assert_eq!(test.held("last").await, 1);
    test.check_books().await;
}

#[tokio::test]
async fn session_that_expired_by_itself_is_replaced_without_its_webhook() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let first = test.pay_page(&cart("last.1"), &key).await;
    let old = test.newest(&key).await;
    test.pass(36 * 60).await;
    let second = test.pay_page(&cart("last.1"), &key).await;
    assert_ne!(first, second);
    assert_eq!(test.again(&old).await.status, OrderStatus::Expired);
    assert_eq!(test.held("last").await, 1);
    test.check_books().await;
}

#[tokio::test]
async fn order_that_a_crash_left_without_a_session_blocks_nobody() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let gate = DelayProxy::before(test.sandbox.base_url()).await;
    let shop = test.with_stripe_at(&gate.base).await;
    let click = tokio::spawn({
        let key = key.clone();
        async move { start(&shop, &cart("last.1"), &SeenPrices::default(), &key).await }
    });
    gate.done().await;
    // The machine stops here; what it wrote stays.
    click.abort();
    assert!(click.await.unwrap_err().is_cancelled());
    let left = test.newest(&key).await;
    assert_eq!(
        (left.status, left.payments[0].reference.as_deref()),
        (OrderStatus::Pending, None)
    );

    // Stripe still knows the session by the order's idempotency key.
    test.pass(5 * 60).await;
    test.pay_page(&cart("last.1"), &key).await;
    assert_eq!(test.newest(&key).await.id, left.id);
    assert_eq!(test.sessions().await.len(), 1);
    test.check_books().await;
}

#[tokio::test]
async fn order_that_a_crash_left_before_stripe_was_asked_is_replaced() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    // Nobody answers here, as when the machine stops before its request arrives.
    let silence = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let shop = test
        .with_stripe_at(&format!("http://{}", silence.local_addr().unwrap()))
        .await;
    let click = tokio::spawn({
        let key = key.clone();
        async move { start(&shop, &cart("last.1"), &SeenPrices::default(), &key).await }
    });
    let _connection = silence.accept().await.unwrap();
    click.abort();
    assert!(click.await.unwrap_err().is_cancelled());
    let left = test.newest(&key).await;
    assert_eq!(left.status, OrderStatus::Pending);

    // So late that Stripe refuses the time at which the order's session is to end.
    test.pass(10 * 60).await;
    test.pay_page(&cart("last.1"), &key).await;
    assert_eq!(test.again(&left).await.status, OrderStatus::Expired);
    assert_eq!(test.held("last").await, 1);
    test.check_books().await;
}

#[tokio::test]
async fn payment_that_overtakes_the_answer_to_the_click_is_found_by_it() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let gate = DelayProxy::before(test.sandbox.base_url()).await;
    let slow = test.with_stripe_at(&gate.base).await;
    let click = tokio::spawn({
        let (slow, key) = (slow.clone(), key.clone());
        async move { start(&slow, &cart("last.1"), &SeenPrices::default(), &key).await }
    });
    gate.done().await;
    // The other click of a double click has its answer, and the shopper is quick.
    let url = test.pay_page(&cart("last.1"), &key).await;
    test.pay(&url).await;
    let paid = test.event("checkout.session.completed").await;
    shop::webhooks::receive(&test.shop, &paid).await.unwrap();
    gate.open();
    let order = test.newest(&key).await;
    assert_eq!(
        click.await.unwrap().unwrap(),
        Checkout::AlreadyPaid { token: order.token }
    );
    assert_eq!(test.count_orders().await, 1);
    test.check_books().await;
}

#[tokio::test]
async fn click_whose_answer_was_cut_off_leaves_the_session_of_the_other_click() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let gate = DelayProxy::before(test.sandbox.base_url()).await;
    let slow = test.with_stripe_at(&gate.base).await;
    let click = tokio::spawn({
        let (slow, key) = (slow.clone(), key.clone());
        async move { start(&slow, &cart("last.1"), &SeenPrices::default(), &key).await }
    });
    gate.done().await;
    let url = test.pay_page(&cart("last.1"), &key).await;
    gate.cut();
    let answer = click.await.unwrap();
    assert!(
        matches!(answer, Err(CheckoutError::Failed(_))),
        "{answer:?}"
    );
    let order = test.newest(&key).await;
    assert_eq!(
        (order.status, test.held("last").await),
        (OrderStatus::Pending, 1)
    );
    assert_eq!(test.pay_page(&cart("last.1"), &key).await, url);
    test.check_books().await;
}

#[tokio::test]
async fn abandoned_checkout_creates_no_session() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let gate = DelayProxy::before(test.sandbox.base_url()).await;
    let slow = test.with_stripe_at(&gate.base).await;
    let click = tokio::spawn({
        let (slow, key) = (slow.clone(), key.clone());
        async move { start(&slow, &cart("last.1"), &SeenPrices::default(), &key).await }
    });
    gate.done().await;
    let cut_off = test.without_stripe().await;
    start(&cut_off, &cart("last.1"), &SeenPrices::default(), &key)
        .await
        .unwrap_err();
    let given_up = test.newest(&key).await;
    assert_eq!(given_up.status, OrderStatus::Expired);
    gate.open();
    pay_page(click.await.unwrap());
    let order = test.newest(&key).await;
    assert_ne!(order.id, given_up.id);
    assert_eq!(
        test.sessions().await,
        [
            (given_up.id.to_string(), "expired".to_owned()),
            (order.id.to_string(), "open".to_owned())
        ]
    );
    test.check_books().await;
}

#[tokio::test]
async fn cart_whose_payment_is_in_review_is_not_paid_again() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let url = test.pay_page(&cart("low-a4.1"), &key).await;
    // The admin changed the order's amount behind the shop's back; the session has the old one.
    test.database
        .run("UPDATE orders SET amount_total = 2300")
        .await;
    test.database.run("UPDATE payments SET amount = 2300").await;
    test.pay(&url).await;
    let order = test.newest(&key).await;
    for _ in 0..2 {
        let answer = test.check_out(&cart("low-a4.1"), &key).await.unwrap();
        assert_eq!(
            answer,
            Checkout::AlreadyPaid {
                token: order.token.clone()
            }
        );
    }
    let order = test.again(&order).await;
    assert_eq!(order.flag, Some(Flag::AmountMismatch));
    assert_eq!(test.sessions().await.len(), 1);
    test.check_books().await;
}
