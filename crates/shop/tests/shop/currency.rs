use domain::money::{Currency, Money};
use domain::order::OrderStatus;
use shop::checkout::{Checkout, CheckoutError};

use crate::test_shop::{EMAIL, TestShop, cart};

/// A stand that sells in another currency, with the same numbers of its minor units as prices.
async fn open_in(currency: &str) -> TestShop {
    let mut test = TestShop::open().await;
    let sql = format!("INSERT INTO settings (key, value) VALUES ('currency', '{currency}')");
    test.database.run(&sql).await;
    test.shop = test.with_stripe_at(test.sandbox.base_url()).await;
    test
}

async fn set_price(test: &TestShop, variant: &str, amount: i64) {
    let sql = format!("UPDATE variants SET unit_amount = {amount} WHERE id = '{variant}'");
    test.database.run(&sql).await;
}

#[tokio::test]
async fn every_currency_is_charged_in_its_own_minor_units() {
    // A yen has no hundredths and a dinar has thousandths: neither is multiplied or divided on the
    // way.
    for currency in ["jpy", "kwd", "usd"] {
        let test = open_in(currency).await;
        let (order, url) = test.order(&cart("low-a4.1")).await;
        let price = Money::new(2400, Currency::parse(currency).unwrap());
        assert_eq!(order.total, price);

        test.pay(&url).await;
        let charges = test.ask_stripe("/v1/charges").await;
        let charge = &charges["data"][0];
        assert_eq!(charge["amount_captured"], 2400, "{currency}");
        assert_eq!(charge["currency"], currency);

        let event = test.event("checkout.session.completed").await;
        shop::webhooks::receive(&test.shop, &event).await.unwrap();
        let order = test.again(&order).await;
        assert_eq!((order.status, order.flag), (OrderStatus::Paid, None));
        assert_eq!(order.total, price);
    }
}

#[tokio::test]
async fn less_than_stripe_charges_is_refused_before_anything_is_held() {
    for (currency, minimum) in [("usd", 50), ("gbp", 30), ("jpy", 50)] {
        let test = open_in(currency).await;
        set_price(&test, "low-a4", minimum - 1).await;
        let answer = test
            .check_out(&cart("low-a4.1"), &crate::test_shop::new_key())
            .await;
        match answer {
            Err(CheckoutError::BelowMinimum { minimum: least }) => {
                let currency = Currency::parse(currency).unwrap();
                assert_eq!(least, Money::new(minimum, currency));
            }
            other => panic!("{currency}: {other:?}"),
        }
        assert_eq!(test.count_orders().await, 0);
        assert_eq!(test.held("low-a4").await, 0);
        assert!(test.sessions().await.is_empty(), "Stripe was not asked");

        set_price(&test, "low-a4", minimum).await;
        let (order, _) = test.order(&cart("low-a4.1")).await;
        assert_eq!(order.total.amount(), minimum, "the least itself is charged");
    }
}

#[tokio::test]
async fn unchargeable_price_is_refused_before_a_hold() {
    let test = open_in("kwd").await;
    set_price(&test, "low-a4", 1255).await;
    let answer = test
        .check_out(&cart("low-a4.1"), &crate::test_shop::new_key())
        .await;
    match answer {
        Err(CheckoutError::Failed(shop::Error::NotChargeable(amount))) => {
            assert_eq!(amount.amount(), 1255);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(test.count_orders().await, 0);
    assert!(test.sessions().await.is_empty(), "Stripe was not asked");
}

#[tokio::test]
async fn order_for_nothing_needs_no_payment() {
    let test = TestShop::open().await;
    set_price(&test, "low-a4", 0).await;
    let key = crate::test_shop::new_key();
    let answer = test.check_out(&cart("low-a4.1"), &key).await;
    let Ok(Checkout::Pay { url }) = answer else {
        panic!("{answer:?}")
    };
    let form = [("email", EMAIL)];
    let answer = test.post(&url, &form).await;
    assert_eq!(answer.status(), 303, "no card is asked for");
    let event = test.event("checkout.session.completed").await;
    shop::webhooks::receive(&test.shop, &event).await.unwrap();
    let order = test.newest(&key).await;
    assert_eq!((order.status, order.flag), (OrderStatus::Paid, None));
    assert_eq!(test.on_hand("low-a4").await, 9);
}
