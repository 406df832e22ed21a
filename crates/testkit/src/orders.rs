use domain::id::{CartKey, OrderId, OrderToken, PaymentId, VariantId};
use domain::money::{Currency, Money};
use domain::order::{Mode, OrderAmounts, OrderLine, Payment, PaymentState, Provider};
use store::orders::NewOrder;
use store::{Result, Tx};

/// Writes a pending order for two prints (48 dollars), and returns its number.
///
/// # Errors
/// A conflict when the cart has an open order already.
pub async fn insert_order(tx: &mut Tx, id: &str, cart: &str) -> Result<i64> {
    let order = NewOrder {
        id: &order_id(id),
        token: &OrderToken::parse(&format!("token-{id}")).unwrap(),
        cart_key: &cart_key(cart),
        total: Money::new(4800, Currency::USD),
        amounts: &OrderAmounts::of_lines(Money::new(4800, Currency::USD)),
        details: None,
        email: None,
        lines: &[line("print-a4", 2)],
        created_at: 1_700_000_000,
        payment: &payment(id),
    };
    store::orders::insert(tx, &order).await
}

/// The payment of an order: open, and not known to any provider.
pub fn payment(order: &str) -> Payment {
    Payment {
        id: payment_id(order),
        provider: Provider::StripeCheckout,
        mode: Mode::Test,
        account: Some("acct_1".to_owned()),
        reference: None,
        payment_reference: None,
        state: PaymentState::Open,
        amount: Money::new(4800, Currency::USD),
        captured: None,
        expires_at: 1_700_001_860,
        attempt: 1,
    }
}

/// The id of the payment of an order.
pub fn payment_id(order: &str) -> PaymentId {
    PaymentId::parse(&format!("payment-of-{order}")).unwrap()
}

/// A line of prints at 24 dollars.
pub fn line(id: &str, quantity: u32) -> OrderLine {
    OrderLine {
        variant: variant(id),
        sku: id.to_ascii_uppercase(),
        title: "Print".to_owned(),
        options: "A4".to_owned(),
        image: "/art/print.svg".to_owned(),
        unit_price: Money::new(2400, Currency::USD),
        quantity,
        discount: Money::zero(Currency::USD),
        tax: Money::zero(Currency::USD),
        paid: Money::new(2400 * i64::from(quantity), Currency::USD),
        kind: domain::catalog::ProductKind::Shipped,
    }
}

/// The id of a variant.
pub fn variant(id: &str) -> VariantId {
    VariantId::parse(id).unwrap()
}

/// The id of an order.
pub fn order_id(id: &str) -> OrderId {
    OrderId::parse(id).unwrap()
}

/// The key of a cart.
pub fn cart_key(key: &str) -> CartKey {
    CartKey::parse(key).unwrap()
}
