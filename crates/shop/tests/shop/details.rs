use domain::address::{Address, AddressInput};
use domain::discount::CodeProblem;
use domain::email::EmailAddress;
use domain::id::CartKey;
use domain::id::RateId;
use domain::money::{Currency, Money};
use domain::order::OrderStatus;
use domain::shipping::Destination;
use shop::Client;
use shop::checkout::{Checkout, CheckoutDetails, CheckoutError, CheckoutProblem};

use crate::test_shop::{TestShop, cart, new_key};

/// A shop with one zone, a tax of 10 % on top, and a code for 10 % that ten orders may have.
async fn open() -> TestShop {
    let test = TestShop::open().await;
    for statement in [
        "INSERT INTO shipping_zones (id, name, places, position) VALUES ('home', 'Home', 'US', 0)",
        "INSERT INTO shipping_rates (id, zone_id, name, delivery_time, price_by, price, position) \
         VALUES ('standard', 'home', 'Standard', '', 'flat', '500', 0)",
        "INSERT INTO tax_rates (id, name, place, rate, position) VALUES ('us', 'Tax', 'US', 100000, 0)",
        "INSERT INTO discounts (id, title, code, kind, value, max_uses) \
         VALUES ('ten', 'Ten', 'TEN', 'percent', 100000, 10)",
        "UPDATE variants SET on_hand = 1000 WHERE id = 'low-a4'",
    ] {
        test.database.run(statement).await;
    }
    test
}

fn details(email: &str, code: Option<&str>, total: i64) -> CheckoutDetails {
    let input = AddressInput {
        name: "Ada Lovelace".to_owned(),
        line1: "1 Main Street".to_owned(),
        city: "Springfield".to_owned(),
        region: "IL".to_owned(),
        postal_code: "62701".to_owned(),
        country: "US".to_owned(),
        ..AddressInput::default()
    };
    let address = Address::parse(&input).unwrap();
    CheckoutDetails {
        email: EmailAddress::parse(email).unwrap(),
        destination: Destination::of(&address, None),
        address: Some(address),
        company: None,
        delivery: RateId::parse("standard").ok(),
        code: code.map(str::to_owned),
        note: None,
        is_gift: false,
        newsletter: false,
        expected_total: Money::new(total, Currency::USD),
    }
}

async fn start(
    test: &TestShop,
    key: &CartKey,
    details: Option<&CheckoutDetails>,
) -> Result<Checkout, CheckoutError> {
    let seen = domain::cart::SeenPrices::default();
    let (cart, client) = (cart("low-a4.1"), Client::UNKNOWN);
    shop::checkout::start(&test.shop, &cart, &seen, key, client, details).await
}

/// The total of one print at 24 dollars without the code: 24.00 + 5.00, and the tax.
const FULL: i64 = 3190;

/// The same with the code: 21.60 + 5.00, and the tax.
const REDUCED: i64 = 2926;

#[tokio::test]
async fn cart_that_is_shipped_asks_for_details_and_holds_nothing() {
    let test = open().await;
    let answer = start(&test, &new_key(), None).await.unwrap();
    assert_eq!(answer, Checkout::AskDetails);
    assert_eq!(test.database.held("low-a4").await, 0);
}

#[tokio::test]
async fn order_keeps_what_was_agreed_and_the_payment_asks_for_it() {
    let test = open().await;
    let key = new_key();
    let details = details("ada@example.com", Some(" t e n"), REDUCED);
    start(&test, &key, Some(&details)).await.unwrap();
    test.database.run("DELETE FROM shipping_rates").await;
    test.database.run("DELETE FROM tax_rates").await;
    let order = test.newest(&key).await;
    assert_eq!(order.total.amount(), REDUCED);
    assert_eq!(order.payments[0].amount, order.total);
    let line = &order.lines[0];
    let shares = [line.discount, line.tax, line.paid].map(Money::amount);
    assert_eq!(shares, [240, 216, 2376]);
    assert_eq!(order.amounts.shipping.as_ref().unwrap().total.amount(), 550);
    assert_eq!(order.amounts.taxes[0].amount.amount(), 266);
    assert_eq!(order.amounts.discounts[0].code.as_deref(), Some("TEN"));
    let kept = order.details.as_ref().unwrap();
    assert_eq!(kept.address, details.address);
    assert_eq!(order.email.as_deref(), Some("ada@example.com"));
}

#[tokio::test]
async fn another_address_replaces_the_open_order_and_the_same_one_keeps_it() {
    let test = open().await;
    let key = new_key();
    let ada = details("ada@example.com", Some("TEN"), REDUCED);
    let first = start(&test, &key, Some(&ada)).await.unwrap();
    assert_eq!(start(&test, &key, Some(&ada)).await.unwrap(), first);
    let mut grace = ada.clone();
    grace.address.as_mut().unwrap().name = "Grace Hopper".to_owned();
    let second = start(&test, &key, Some(&grace)).await.unwrap();
    assert_ne!(second, first);
    let order = test.newest(&key).await;
    let address = order.details.unwrap().address.unwrap();
    assert_eq!(address.name, "Grace Hopper");
    let uses = "SELECT uses FROM discounts WHERE id = 'ten'";
    assert_eq!(test.database.number(uses).await, 1, "one order has it");
    assert_eq!(test.database.held("low-a4").await, 1);
}

#[tokio::test]
async fn another_total_is_not_charged() {
    let test = open().await;
    let details = details("ada@example.com", None, FULL - 1);
    let error = start(&test, &new_key(), Some(&details)).await.unwrap_err();
    let CheckoutError::Problems(problems) = error else {
        panic!("{error}")
    };
    let from = Money::new(FULL - 1, Currency::USD);
    assert_eq!(problems, [CheckoutProblem::TotalChanged { from }]);
}

#[tokio::test]
async fn last_ten_uses_of_a_code_go_to_ten_of_two_hundred_and_come_back() {
    let test = open().await;
    let keys: Vec<_> = (0..200).map(|_| new_key()).collect();
    let clicks = keys.iter().enumerate().map(|(number, key)| {
        let details = details(
            &format!("shopper{number}@example.com"),
            Some("TEN"),
            REDUCED,
        );
        let test = &test;
        async move { start(test, key, Some(&details)).await }
    });
    let mut paid = 0;
    for answer in futures_util::future::join_all(clicks).await {
        match answer {
            Ok(Checkout::Pay { .. }) => paid += 1,
            Err(CheckoutError::Problems(problems)) => {
                let used_up = [CheckoutProblem::Code(CodeProblem::UsedUp)];
                assert_eq!(problems, used_up);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(paid, 10);
    let uses = "SELECT uses FROM discounts WHERE id = 'ten'";
    assert_eq!(test.database.number(uses).await, 10);
    assert_eq!(test.database.held("low-a4").await, 10);
    // An order that comes to nothing gives its use back.
    let open = "SELECT token FROM orders WHERE status = 'pending' ORDER BY number LIMIT 1";
    let token = test.database.texts(open).await.remove(0);
    let token = domain::id::OrderToken::parse(&token).unwrap();
    shop::orders::cancel(&test.shop, &token).await.unwrap();
    assert_eq!(test.by_token(&token).await.status, OrderStatus::Expired);
    assert_eq!(test.database.number(uses).await, 9);
}

#[tokio::test]
async fn code_for_one_order_of_each_shopper_is_counted_by_address() {
    let test = open().await;
    test.database
        .run("UPDATE discounts SET max_uses_by_email = 1")
        .await;
    let first = details("ada@example.com", Some("TEN"), REDUCED);
    start(&test, &new_key(), Some(&first)).await.unwrap();
    let again = details("ADA@example.com", Some("TEN"), REDUCED);
    let error = start(&test, &new_key(), Some(&again)).await.unwrap_err();
    let CheckoutError::Problems(problems) = error else {
        panic!("{error}")
    };
    assert_eq!(problems, [CheckoutProblem::Code(CodeProblem::UsedByEmail)]);
    let uses = "SELECT uses FROM discounts WHERE id = 'ten'";
    assert_eq!(test.database.number(uses).await, 1);
}
