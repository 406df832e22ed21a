use domain::id::OrderToken;
use domain::order::OrderStatus;
use shop::checkout::paid_with;
use shop::orders::{PER_PAGE, by_number, list, view};

use crate::stand::{EMAIL, Stand, cart};

#[tokio::test]
async fn a_wrong_token_shows_nothing() {
    let stand = Stand::open().await;
    let (order, _) = stand.order(&cart("low-a4.1")).await;
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
                view(&stand.shop, &token, None).await.unwrap(),
                None,
                "{wrong}"
            );
        }
    }
    assert_eq!(
        view(&stand.shop, &order.token, None).await.unwrap(),
        Some(order)
    );
}

#[tokio::test]
async fn stripe_is_asked_only_about_the_orders_own_session() {
    let stand = Stand::open().await;
    let (order, url) = stand.order(&cart("low-a4.1")).await;
    let (other, other_url) = stand.order(&cart("low-a4.1")).await;
    stand.pay(&url).await;
    stand.pay(&other_url).await;
    let foreign = other.payments[0].reference.clone().unwrap();
    for session in [
        None,
        Some(""),
        Some("cs_test_unknown"),
        Some(foreign.as_str()),
    ] {
        let seen = view(&stand.shop, &order.token, session)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(seen.status, OrderStatus::Pending, "{session:?}");
    }
    let own = order.payments[0].reference.clone().unwrap();
    let seen = view(&stand.shop, &order.token, Some(&own))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(seen.status, OrderStatus::Paid);
    assert_eq!(seen.email.as_deref(), Some(EMAIL));
    assert_eq!(stand.again(&other).await.status, OrderStatus::Pending);

    // The webhook comes late and finds everything done.
    for event in stand.events("checkout.session.completed").await {
        shop::webhooks::receive(&stand.shop, &event).await.unwrap();
    }
    assert_eq!(stand.on_hand("low-a4").await, 8);
    stand.check_books().await;
}

#[tokio::test]
async fn an_order_that_is_not_paid_yet_is_shown_as_it_is() {
    let stand = Stand::open().await;
    let (order, _) = stand.order(&cart("low-a4.1")).await;
    let own = order.payments[0].reference.clone().unwrap();
    let seen = view(&stand.shop, &order.token, Some(&own))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(seen, order);
}

#[tokio::test]
async fn an_order_is_shown_as_it_is_while_stripe_cannot_be_reached() {
    let stand = Stand::open().await;
    let (order, _) = stand.order(&cart("low-a4.1")).await;
    let own = order.payments[0].reference.clone().unwrap();
    let cut_off = stand.without_stripe().await;
    let seen = view(&cut_off, &order.token, Some(&own))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(seen, order);
}

#[tokio::test]
async fn a_cart_knows_the_order_that_it_was_paid_with_and_no_other() {
    let stand = Stand::open().await;
    let key = crate::stand::new_key();
    let url = stand.pay_page(&cart("low-a4.1"), &key).await;
    assert_eq!(paid_with(&stand.shop, &key).await.unwrap(), None);
    stand.pay(&url).await;
    let paid = stand.event("checkout.session.completed").await;
    shop::webhooks::receive(&stand.shop, &paid).await.unwrap();
    let order = stand.newest(&key).await;
    assert_eq!(paid_with(&stand.shop, &key).await.unwrap(), Some(order));
    let other = crate::stand::new_key();
    assert_eq!(paid_with(&stand.shop, &other).await.unwrap(), None);
}

#[tokio::test]
async fn the_owner_sees_paid_and_flagged_orders_newest_first() {
    let stand = Stand::open().await;
    let session = stand.admin().await;
    let admin = shop::admin::authorize(&stand.shop, &session)
        .await
        .unwrap()
        .unwrap();

    let (first, first_url) = stand.order(&cart("low-a4.1")).await;
    let (second, second_url) = stand.order(&cart("low-a4.2")).await;
    let (flagged, _) = stand.order(&cart("low-a4.3")).await;
    stand.order(&cart("low-a4.1")).await;
    let flag = format!(
        "UPDATE orders SET flag = 'amount_mismatch', created_at = created_at - 60 WHERE id = '{}'",
        flagged.id
    );
    stand.database.run(&flag).await;
    for (order, url) in [(&second, &second_url), (&first, &first_url)] {
        stand.pay(url).await;
        stand.pass_here(10);
        view(
            &stand.shop,
            &order.token,
            order.payments[0].reference.as_deref(),
        )
        .await
        .unwrap();
    }

    let (orders, has_more) = list(&stand.shop, &admin, 0).await.unwrap();
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
            list(&stand.shop, &admin, page).await.unwrap().0.len(),
            expected,
            "page {page}"
        );
    }

    let shown = by_number(&stand.shop, &admin, second.number)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(shown, stand.again(&second).await);
    for number in [0, -1, i64::MAX] {
        assert_eq!(by_number(&stand.shop, &admin, number).await.unwrap(), None);
    }
}
