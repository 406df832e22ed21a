use std::time::{SystemTime, UNIX_EPOCH};

use domain::id::{CartKey, OrderId, OrderToken, PaymentId, VariantId};
use domain::money::{Currency, Money};
use domain::order::{Mode, OrderAmounts, OrderLine, Payment, PaymentState, Provider};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use store::Store;
use store::orders::NewOrder;
use testkit::products::TestProduct;
use uuid::Uuid;

use crate::SECRET;

/// A signed event, as Stripe sends it.
pub(crate) struct Delivery {
    pub(crate) signature: String,
    pub(crate) body: String,
}

/// The number of orders that are written in one transaction.
const BATCH: u64 = 500;

/// Puts a product on the shelf of which there is always enough, and answers what an order for one
/// is.
pub(crate) async fn stock(store: &Store) -> anyhow::Result<OrderLine> {
    let line = OrderLine {
        variant: VariantId::parse("low-a4")?,
        sku: "LOW-A4".to_owned(),
        title: "Low Water".to_owned(),
        options: "A4".to_owned(),
        image: "/art/low-water.svg".to_owned(),
        unit_price: Money::new(2400, Currency::USD),
        quantity: 1,
        discount: Money::zero(Currency::USD),
        tax: Money::zero(Currency::USD),
        paid: Money::new(2400, Currency::USD),
        kind: domain::catalog::ProductKind::Shipped,
    };
    let mut tx = store.begin().await?;
    let product = TestProduct::new("low-water").option("Size").variant(
        "low-a4",
        &[&line.options],
        line.unit_price.amount(),
        1_000_000,
    );
    product.insert(&mut tx).await?;
    tx.commit().await?;
    Ok(line)
}

/// Orders that hold their stock and wait for their payment, and for each the event that says it
/// came.
pub(crate) async fn prepare(
    store: &Store,
    line: &OrderLine,
    count: u64,
) -> anyhow::Result<Vec<Delivery>> {
    let mut deliveries = Vec::new();
    for batch in (0..count).step_by(usize::try_from(BATCH)?) {
        let mut tx = store.begin().await?;
        for _ in batch..count.min(batch + BATCH) {
            let name = Uuid::now_v7();
            let id = OrderId::parse(&name.to_string())?;
            let session = format!("cs_test_{}", name.simple());
            let order = NewOrder {
                id: &id,
                token: &OrderToken::parse(&name.simple().to_string())?,
                cart_key: &CartKey::parse(&name.simple().to_string())?,
                total: line.unit_price,
                amounts: &OrderAmounts::of_lines(line.unit_price),
                details: None,
                email: None,
                lines: std::slice::from_ref(line),
                created_at: now()?,
                payment: &payment(&id, line.unit_price, &session, now()?)?,
            };
            anyhow::ensure!(store::stock::hold(&mut tx, &line.variant, 1).await?);
            store::orders::insert(&mut tx, &order).await?;
            deliveries.push(delivery(&order, &session, name)?);
        }
        tx.commit().await?;
    }
    Ok(deliveries)
}

fn payment(order: &OrderId, amount: Money, session: &str, now: i64) -> anyhow::Result<Payment> {
    Ok(Payment {
        id: PaymentId::parse(order.as_str())?,
        provider: Provider::StripeCheckout,
        mode: Mode::Test,
        account: None,
        reference: Some(session.to_owned()),
        payment_reference: None,
        state: PaymentState::Open,
        amount,
        captured: None,
        expires_at: now + 2100,
        attempt: 1,
    })
}

fn delivery(order: &NewOrder<'_>, session: &str, name: Uuid) -> anyhow::Result<Delivery> {
    let time = now()?;
    let body = json!({
        "id": format!("evt_{}", name.simple()),
        "object": "event",
        "type": "checkout.session.completed",
        "created": time,
        "livemode": false,
        "data": { "object": {
            "id": session,
            "object": "checkout.session",
            "mode": "payment",
            "client_reference_id": order.id.as_str(),
            "payment_status": "paid",
            "payment_intent": format!("pi_{}", name.simple()),
            "amount_total": order.total.amount(),
            "currency": order.total.currency().code(),
            "customer_details": { "email": "ada@example.com" },
        }},
    })
    .to_string();
    let mac =
        Hmac::<Sha256>::new_from_slice(SECRET.as_bytes())?.chain_update(format!("{time}.{body}"));
    let signature = format!("t={time},v1={}", hex::encode(mac.finalize().into_bytes()));
    Ok(Delivery { signature, body })
}

fn now() -> anyhow::Result<i64> {
    Ok(i64::try_from(
        SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs(),
    )?)
}
