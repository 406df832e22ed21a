use domain::id::{OrderId, OrderToken};
use domain::money::{Currency, Money};
use domain::order::{
    Change, Flag, Order, OrderStatus, Payment, PaymentFact, StockMove, StockState,
};
use proptest::prelude::*;

fn pending() -> Order {
    Order {
        id: OrderId::parse("order-1").unwrap(),
        number: 1001,
        token: OrderToken::parse("token").unwrap(),
        status: OrderStatus::Pending,
        stock: StockState::Held,
        flag: None,
        total: Money::new(2400, Currency::USD),
        email: None,
        checkout_session_id: None,
        payment_intent_id: None,
        created_at: 0,
        expires_at: 1800,
        paid_at: None,
        lines: Vec::new(),
    }
}

fn payment(amount: i64, currency: &str) -> Payment {
    Payment {
        total: Money::new(amount, Currency::parse(currency).unwrap()),
        payment_intent_id: None,
        email: None,
    }
}

/// Does what the use-case does with a change, with a shelf that always has enough.
fn carry_out(order: &mut Order, fact: &PaymentFact) -> Change {
    let change = order.apply(fact);
    match change {
        Change::None => {}
        Change::Flag(flag) => order.flag = Some(flag),
        Change::To { status, stock } => {
            order.status = status;
            order.stock = match stock {
                StockMove::Keep => order.stock,
                StockMove::Sell | StockMove::SellReleased => StockState::Sold,
                StockMove::Release => StockState::Released,
            };
        }
    }
    change
}

fn facts() -> impl Strategy<Value = Vec<PaymentFact>> {
    let fact = prop_oneof![
        Just(PaymentFact::Paid(payment(2400, "usd"))),
        Just(PaymentFact::Unpaid(payment(2400, "usd"))),
        Just(PaymentFact::AsyncPaymentSucceeded(payment(2400, "usd"))),
        Just(PaymentFact::AsyncPaymentFailed),
        Just(PaymentFact::Expired),
    ];
    prop::collection::vec(fact, 0..12)
}

#[test]
fn a_payment_of_the_orders_amount_pays_it_and_sells_what_is_held() {
    let change = pending().apply(&PaymentFact::Paid(payment(2400, "usd")));
    assert_eq!(
        change,
        Change::To {
            status: OrderStatus::Paid,
            stock: StockMove::Sell
        }
    );
}

#[test]
fn another_amount_or_currency_flags_the_order_instead() {
    for other in [
        payment(2399, "usd"),
        payment(2401, "usd"),
        payment(2400, "eur"),
    ] {
        assert_eq!(
            pending().apply(&PaymentFact::Paid(other)),
            Change::Flag(Flag::AmountMismatch)
        );
    }
}

#[test]
fn a_payment_after_expiry_takes_the_goods_from_the_shelf_again() {
    let mut order = pending();
    carry_out(&mut order, &PaymentFact::Expired);
    assert_eq!(
        order.apply(&PaymentFact::Paid(payment(2400, "usd"))),
        Change::To {
            status: OrderStatus::Paid,
            stock: StockMove::SellReleased
        }
    );
}

#[test]
fn every_status_and_flag_is_read_as_it_was_written() {
    for status in OrderStatus::ALL {
        assert_eq!(OrderStatus::parse(status.as_str()), Some(status));
    }
    for flag in [Flag::AmountMismatch, Flag::OutOfStock] {
        assert_eq!(Flag::parse(flag.as_str()), Some(flag));
    }
    assert_eq!(OrderStatus::parse("Paid"), None);
}

proptest! {
    #[test]
    fn money_that_arrived_is_never_forgotten(before in facts(), after in facts()) {
        let mut order = pending();
        for fact in before.iter().chain([&PaymentFact::Paid(payment(2400, "usd"))]).chain(&after) {
            carry_out(&mut order, fact);
        }
        prop_assert_eq!(order.status, OrderStatus::Paid);
        prop_assert_eq!(order.stock, StockState::Sold);
    }

    #[test]
    fn a_fact_told_twice_changes_nothing_the_second_time(before in facts(), last in facts()) {
        let mut order = pending();
        for fact in &before {
            carry_out(&mut order, fact);
        }
        if let Some(fact) = last.first() {
            carry_out(&mut order, fact);
            prop_assert_eq!(order.apply(fact), Change::None);
        }
    }

    #[test]
    fn goods_are_held_exactly_while_the_money_is_open(facts in facts()) {
        let mut order = pending();
        for fact in &facts {
            carry_out(&mut order, fact);
            let expected = match order.status {
                OrderStatus::Pending | OrderStatus::Processing => StockState::Held,
                OrderStatus::Failed | OrderStatus::Expired => StockState::Released,
                OrderStatus::Paid | OrderStatus::PartiallyRefunded | OrderStatus::Refunded => StockState::Sold,
            };
            prop_assert_eq!(order.stock, expected);
        }
    }
}
