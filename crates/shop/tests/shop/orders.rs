use domain::id::OrderToken;
use domain::order::OrderStatus;
use shop::checkout::paid_with;
use shop::orders::{PER_PAGE, by_number, list, view};

use crate::test_shop::{EMAIL, TestShop, cart};

#[tokio::test]
async fn wrong_token_shows_nothing() {
    let test = TestShop::open().await;
    let (order, _) = test.order(&cart("low-a4.1")).await;
    let text = order.token.as_str();
    for wrong in [
        &text[1..],
        &text.to_ascii_uppercase(),
        &format!("{text}0"),
        "0",
        order.id.as_str(),
    ] {
        let token = OrderToken::parse(wrong).unwrap();
        if wrong != text {
            assert_eq!(
                view(&test.shop, &token, None).await.unwrap(),
                None,
                "{wrong}"
            );
        }
    }
    assert_eq!(
        view(&test.shop, &order.token, None).await.unwrap(),
        Some(order)
    );
}

#[tokio::test]
async fn stripe_is_asked_only_about_the_orders_own_session() {
    let test = TestShop::open().await;
    let (order, url) = test.order(&cart("low-a4.1")).await;
    let (other, other_url) = test.order(&cart("low-a4.1")).await;
    test.pay(&url).await;
    test.pay(&other_url).await;
    let foreign = other.payments[0].reference.clone().unwrap();
    for session in [
        None,
        Some(""),
        Some("cs_test_unknown"),
        Some(foreign.as_str()),
    ] {
        let seen = view(&test.shop, &order.token, session)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(seen.status, OrderStatus::Pending, "{session:?}");
    }
    let own = order.payments[0].reference.clone().unwrap();
    let seen = view(&test.shop, &order.token, Some(&own))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(seen.status, OrderStatus::Paid);
    assert_eq!(seen.email.as_deref(), Some(EMAIL));
    assert_eq!(test.again(&other).await.status, OrderStatus::Pending);

    // The webhook comes late and finds everything done.
    for event in test.events("checkout.session.completed").await {
        shop::webhooks::receive(&test.shop, &event).await.unwrap();
    }
    assert_eq!(test.on_hand("low-a4").await, 8);
    test.check_books().await;
}

#[tokio::test]
async fn order_that_is_not_paid_yet_is_shown_as_it_is() {
    let test = TestShop::open().await;
    let (order, _) = test.order(&cart("low-a4.1")).await;
    let own = order.payments[0].reference.clone().unwrap();
    let seen = view(&test.shop, &order.token, Some(&own))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(seen, order);
}

#[tokio::test]
async fn order_is_shown_as_it_is_while_stripe_cannot_be_reached() {
    let test = TestShop::open().await;
    let (order, _) = test.order(&cart("low-a4.1")).await;
    let own = order.payments[0].reference.clone().unwrap();
    let cut_off = test.without_stripe().await;
    let seen = view(&cut_off, &order.token, Some(&own))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(seen, order);
}

#[tokio::test]
async fn cart_knows_the_order_that_it_was_paid_with_and_no_other() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let url = test.pay_page(&cart("low-a4.1"), &key).await;
    assert_eq!(paid_with(&test.shop, &key).await.unwrap(), None);
    test.pay(&url).await;
    let paid = test.event("checkout.session.completed").await;
    shop::webhooks::receive(&test.shop, &paid).await.unwrap();
    let order = test.newest(&key).await;
    assert_eq!(paid_with(&test.shop, &key).await.unwrap(), Some(order));
    let other = crate::test_shop::new_key();
    assert_eq!(paid_with(&test.shop, &other).await.unwrap(), None);
}

#[tokio::test]
async fn admin_sees_paid_and_flagged_orders_newest_first() {
    let test = TestShop::open().await;
    let session = test.admin().await;
    let admin = shop::admin::authorize(&test.shop, &session)
        .await
        .unwrap()
        .unwrap();

    let (first, first_url) = test.order(&cart("low-a4.1")).await;
    let (second, second_url) = test.order(&cart("low-a4.2")).await;
    let (flagged, _) = test.order(&cart("low-a4.3")).await;
    test.order(&cart("low-a4.1")).await;
    let flag = format!(
        "UPDATE orders SET flag = 'amount_mismatch', created_at = created_at - 60 WHERE id = '{}'",
        flagged.id
    );
    test.database.run(&flag).await;
    for (order, url) in [(&second, &second_url), (&first, &first_url)] {
        test.pay(url).await;
        test.pass_here(10);
        view(
            &test.shop,
            &order.token,
            order.payments[0].reference.as_deref(),
        )
        .await
        .unwrap();
    }

    let (orders, has_more) = list(&test.shop, &admin, 0).await.unwrap();
    let numbers: Vec<_> = orders.iter().map(|order| order.number).collect();
    assert_eq!(numbers, [first.number, second.number, flagged.number]);
    assert!(!has_more);
    assert_eq!(orders[1].total.amount(), 4800);
    assert_eq!(orders[1].email.as_deref(), Some(EMAIL));
    for (page, expected) in [
        (-1, 3),
        (1, 0),
        (i64::MAX, 0),
        (i64::MIN, 3),
        (i64::MAX / PER_PAGE, 0),
    ] {
        assert_eq!(
            list(&test.shop, &admin, page).await.unwrap().0.len(),
            expected,
            "page {page}"
        );
    }

    let shown = by_number(&test.shop, &admin, second.number)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(shown, test.again(&second).await);
    for number in [0, -1, i64::MAX] {
        assert_eq!(by_number(&test.shop, &admin, number).await.unwrap(), None);
    }
}
