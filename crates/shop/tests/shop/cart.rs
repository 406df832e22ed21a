use domain::cart::{LineNotice, SeenPrices};
use domain::money::{Currency, Money};

use crate::test_shop::{TestShop, cart};

#[tokio::test]
async fn cart_is_priced_from_the_database_alone() {
    let test = TestShop::open().await;
    let priced = test
        .price(&cart("low-a4.2~low-a3.1"), &SeenPrices::default(), None)
        .await;
    let lines: Vec<_> = priced
        .lines
        .iter()
        .map(|line| {
            (
                line.sku.as_str(),
                line.options.as_str(),
                line.quantity,
                line.limit,
                line.total.amount(),
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            ("LOW-A4", "LOW-A4", 2, 10, 4800),
            ("LOW-A3", "LOW-A3", 1, 10, 3800)
        ]
    );
    assert_eq!(priced.subtotal, Money::new(8600, Currency::USD));
    assert!(!priced.needs_review());

    test.database
        .run("UPDATE variants SET unit_amount = 2500 WHERE id = 'low-a4'")
        .await;
    let priced = test
        .price(&cart("low-a4.2"), &SeenPrices::default(), None)
        .await;
    assert_eq!(priced.subtotal.amount(), 5000);
}

#[tokio::test]
async fn empty_cart_costs_nothing() {
    let test = TestShop::open().await;
    let priced = test.price(&cart(""), &SeenPrices::default(), None).await;
    assert!(priced.is_empty() && !priced.needs_review());
    assert_eq!(priced.subtotal, Money::zero(Currency::USD));
}

#[tokio::test]
async fn line_no_longer_sold_is_dropped_and_counted() {
    let test = TestShop::open().await;
    let priced = test
        .price(
            &cart("gone.1~low-a4.1~never-was.99"),
            &SeenPrices::default(),
            None,
        )
        .await;
    assert_eq!((priced.lines.len(), priced.dropped), (1, 2));
    assert!(priced.needs_review());
    assert_eq!(priced.to_cart(), cart("low-a4.1"));
}

#[tokio::test]
async fn quantity_above_the_stock_is_lowered() {
    let test = TestShop::open().await;
    let priced = test
        .price(&cart("low-a4.11"), &SeenPrices::default(), None)
        .await;
    assert_eq!(priced.lines[0].quantity, 10);
    assert_eq!(
        priced.lines[0].notices,
        [LineNotice::QuantityLowered { to: 10 }]
    );
    assert_eq!(priced.subtotal.amount(), 24_000);
}

#[tokio::test]
async fn held_by_others_is_in_checkout_and_costs_nothing() {
    let test = TestShop::open().await;
    test.order(&cart("last.1")).await;
    let priced = test
        .price(&cart("last.1"), &SeenPrices::default(), None)
        .await;
    assert_eq!((priced.lines[0].quantity, priced.lines[0].limit), (0, 0));
    assert_eq!(priced.lines[0].notices, [LineNotice::InCheckout]);
    assert_eq!(priced.subtotal.amount(), 0);
    assert_eq!(
        priced.to_cart(),
        cart("last.1"),
        "the line is not lost unseen"
    );
}

#[tokio::test]
async fn own_hold_is_free_to_its_cart_and_to_nobody_else() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    test.pay_page(&cart("last.1~low-a4.8"), &key).await;
    let own = test
        .price(
            &cart("last.1~low-a4.10"),
            &SeenPrices::default(),
            Some(&key),
        )
        .await;
    assert!(!own.needs_review(), "{own:?}");
    let stranger = crate::test_shop::new_key();
    let other = test
        .price(
            &cart("last.1~low-a4.10"),
            &SeenPrices::default(),
            Some(&stranger),
        )
        .await;
    assert_eq!(other.lines[0].notices, [LineNotice::InCheckout]);
    assert_eq!(
        other.lines[1].notices,
        [LineNotice::LoweredByCheckouts { to: 2 }]
    );
}

#[tokio::test]
async fn product_with_a_quantity_limit_lowers_what_is_asked_for() {
    let test = TestShop::open().await;
    test.database
        .run("UPDATE products SET quantity_limit = 3 WHERE slug = 'low-a4'")
        .await;
    for (wanted, quantity, notices) in [
        (2, 2, vec![]),
        (3, 3, vec![]),
        (4, 3, vec![LineNotice::LoweredToLimit { to: 3 }]),
        (99, 3, vec![LineNotice::LoweredToLimit { to: 3 }]),
    ] {
        let cart = cart(&format!("low-a4.{wanted}"));
        let priced = test.price(&cart, &SeenPrices::default(), None).await;
        let line = &priced.lines[0];
        assert_eq!((line.quantity, line.limit), (quantity, 3), "{wanted}");
        assert_eq!(line.notices, notices, "{wanted}");
    }
    let too_many = test
        .check_out(&cart("low-a4.4"), &crate::test_shop::new_key())
        .await;
    assert!(too_many.is_err(), "{too_many:?}");
    // What is there and free counts, too.
    test.database
        .run("UPDATE variants SET on_hand = 2 WHERE id = 'low-a4'")
        .await;
    let priced = test
        .price(&cart("low-a4.4"), &SeenPrices::default(), None)
        .await;
    assert_eq!(
        priced.lines[0].notices,
        [LineNotice::QuantityLowered { to: 2 }]
    );
}

#[tokio::test]
async fn sold_out_line_says_so() {
    let test = TestShop::open().await;
    test.database
        .run("UPDATE variants SET on_hand = 0 WHERE id = 'last'")
        .await;
    let priced = test
        .price(&cart("last.1"), &SeenPrices::default(), None)
        .await;
    assert_eq!(priced.lines[0].notices, [LineNotice::SoldOut]);
}

#[tokio::test]
async fn hold_that_has_ended_is_counted_once() {
    let test = TestShop::open().await;
    let key = crate::test_shop::new_key();
    let url = test.pay_page(&cart("low-a4.4"), &key).await;
    test.pay(&url).await;
    let paid = test.event("checkout.session.completed").await;
    shop::webhooks::receive(&test.shop, &paid).await.unwrap();
    let priced = test
        .price(&cart("low-a4.9"), &SeenPrices::default(), Some(&key))
        .await;
    assert_eq!(
        priced.lines[0].limit, 6,
        "what was bought is no hold any more"
    );
}

#[tokio::test]
async fn price_that_changed_since_the_last_look_is_said() {
    let test = TestShop::open().await;
    let usd = |amount| Money::new(amount, Currency::USD);
    for (seen, payload) in [
        ("low-a4.2400", None),
        ("", None),
        ("low-a3.1", None),
        ("low-a4.1999", Some(1999)),
        ("low-a4.-9223372036854775808", Some(i64::MIN)),
    ] {
        let priced = test
            .price(&cart("low-a4.1"), &SeenPrices::from_cookie(seen), None)
            .await;
        let expected: Vec<_> = payload
            .map(|from| LineNotice::PriceChanged {
                from: usd(from),
                to: usd(2400),
            })
            .into_iter()
            .collect();
        assert_eq!(priced.lines[0].notices, expected, "{seen}");
        assert_eq!(priced.subtotal, usd(2400), "what was seen is never charged");
    }
}

#[tokio::test]
async fn sold_out_line_that_was_seen_does_not_keep_the_rest_from_checkout() {
    let test = TestShop::open().await;
    test.order(&cart("last.1")).await;
    let both = cart("last.1~low-a4.2");
    let first = test.price(&both, &SeenPrices::default(), None).await;
    assert!(first.needs_review(), "it is said once");
    let seen = SeenPrices::from_cookie(&SeenPrices::of(&first).to_string());
    let second = test.price(&both, &seen, None).await;
    assert!(!second.needs_review(), "{second:?}");

    let key = crate::test_shop::new_key();
    let answer =
        shop::checkout::start(&test.shop, &both, &seen, &key, shop::Client::UNKNOWN, None).await;
    crate::test_shop::pay_page(answer);
    let order = test.newest(&key).await;
    assert_eq!((order.lines.len(), order.total.amount()), (1, 4800));

    let alone = shop::checkout::start(
        &test.shop,
        &cart("last.1"),
        &seen,
        &key,
        shop::Client::UNKNOWN,
        None,
    )
    .await;
    assert!(
        matches!(alone, Err(shop::checkout::CheckoutError::EmptyCart)),
        "{alone:?}"
    );
}

#[tokio::test]
async fn line_that_is_back_in_stock_is_said_before_it_is_paid() {
    let test = TestShop::open().await;
    let seen = SeenPrices::from_cookie("low-a4.-1");
    let priced = test.price(&cart("low-a4.1"), &seen, None).await;
    assert_eq!(priced.lines[0].notices, [LineNotice::BackInStock]);
    assert!(priced.needs_review());
}
