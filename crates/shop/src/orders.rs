use std::time::Duration;

use domain::id::{OrderId, OrderToken};
use domain::order::{Change, Flag, Order, OrderLine, PaymentFact, StockMove, StockState};
use payments::SessionStatus;
use store::Tx;

use crate::admin::Admin;
use crate::{Error, Shop};

pub use store::orders::OrderSummary;

/// What became of a payment fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The order went on.
    Changed,
    /// The order knew already, or knew better.
    Unchanged,
    /// The owner has to look at the order.
    Flagged,
}

/// How long an order's page waits for Stripe. It is followed by questions to the database, so nothing is lost.
const ASK_TIMEOUT: Duration = Duration::from_secs(3);

/// How many orders a page of the owner's list has.
pub const PER_PAGE: i64 = 50;

/// The order behind the address of its page. When the shopper comes back from Stripe with the order's own
/// `session_id` and the webhook is late, Stripe is asked, and its answer is applied as the webhook's would be.
///
/// # Errors
/// When the database fails. When Stripe does, the order is shown as it is.
pub async fn view(
    shop: &Shop,
    token: &OrderToken,
    session_id: Option<&str>,
) -> Result<Option<Order>, Error> {
    let Some(order) = store::orders::by_token(&shop.store, token).await? else {
        return Ok(None);
    };
    let is_own_session = session_id.is_some() && session_id == order.checkout_session_id.as_deref();
    if order.status.is_final() || !is_own_session {
        return Ok(Some(order));
    }
    match tokio::time::timeout(ASK_TIMEOUT, ask_stripe(shop, &order)).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => {
            tracing::warn!(order.id = %order.id, error = &error as &dyn std::error::Error, "could not ask Stripe about an order");
        }
        Err(_) => {
            tracing::warn!(order.id = %order.id, "Stripe took too long to answer about an order")
        }
    }
    Ok(store::orders::by_token(&shop.store, token).await?)
}

/// The orders that have money in them or need the owner's eye, newest first, and whether there are more.
///
/// # Errors
/// When the database fails.
pub async fn list(shop: &Shop, _: &Admin, page: i64) -> Result<(Vec<OrderSummary>, bool), Error> {
    Ok(store::orders::paid(&shop.store, page.max(0), PER_PAGE).await?)
}

/// One order, for the owner.
///
/// # Errors
/// When the database fails.
pub async fn by_number(shop: &Shop, _: &Admin, number: i64) -> Result<Option<Order>, Error> {
    Ok(store::orders::by_number(&shop.store, number).await?)
}

/// Asks Stripe what became of the order's Checkout Session, and applies the answer. Answers the session's address
/// while it can still be paid.
pub(crate) async fn ask_stripe(shop: &Shop, order: &Order) -> Result<Option<String>, Error> {
    let Some(session_id) = &order.checkout_session_id else {
        return Ok(None);
    };
    let session = shop.stripe.checkout_session(session_id).await?;
    match session.status {
        SessionStatus::Open => Ok(session.url),
        SessionStatus::Unknown => Ok(None),
        SessionStatus::Settled(fact) => {
            settle(shop, &order.id, &fact).await?;
            Ok(None)
        }
    }
}

/// Applies a fact in a transaction of its own.
pub(crate) async fn settle(shop: &Shop, id: &OrderId, fact: &PaymentFact) -> Result<(), Error> {
    shop.store
        .retrying(|| async {
            let mut tx = shop.store.begin().await?;
            if let Some(order) = store::orders::lock(&mut tx, id).await? {
                apply(&mut tx, &order, fact, shop.now()).await?;
            }
            tx.commit().await
        })
        .await?;
    Ok(())
}

/// Does to the database what `fact` does to the order. The webhook, the order page's own question and every other
/// source of facts come here, with the order locked by the same transaction.
pub(crate) async fn apply(
    tx: &mut Tx,
    order: &Order,
    fact: &PaymentFact,
    now: i64,
) -> Result<Applied, store::Error> {
    let change = order.apply(fact);
    let (status, stock) = match change {
        Change::None => return Ok(Applied::Unchanged),
        Change::Flag(flag) => {
            flag_order(tx, order, flag).await?;
            if let Some(payment) = fact.payment() {
                store::orders::set_payment(tx, &order.id, payment, None).await?;
            }
            return Ok(Applied::Flagged);
        }
        Change::To { status, stock } => (status, stock),
    };
    let moved = move_stock(tx, order, stock).await?;
    store::orders::set_status(tx, &order.id, status, moved.unwrap_or(order.stock)).await?;
    if let Some(payment) = fact.payment() {
        let paid_at = status.has_been_paid().then_some(now);
        store::orders::set_payment(tx, &order.id, payment, paid_at).await?;
    }
    tracing::info!(order.id = %order.id, order.number = order.number, order.status = %status, "order went on");
    if moved.is_none() {
        flag_order(tx, order, Flag::OutOfStock).await?;
        return Ok(Applied::Flagged);
    }
    Ok(Applied::Changed)
}

/// Moves an order's goods and answers where they are now; `None` when they are gone.
async fn move_stock(
    tx: &mut Tx,
    order: &Order,
    stock: StockMove,
) -> Result<Option<StockState>, store::Error> {
    match stock {
        StockMove::Keep => return Ok(Some(order.stock)),
        StockMove::SellReleased => return sell_released(tx, order).await,
        StockMove::Sell | StockMove::Release => {}
    }
    for line in in_lock_order(&order.lines) {
        let was_held = match stock {
            StockMove::Sell => store::stock::sell_held(tx, &line.variant, line.quantity).await?,
            _ => store::stock::release(tx, &line.variant, line.quantity).await?,
        };
        if !was_held {
            tracing::error!(order.id = %order.id, variant.id = %line.variant, "a held piece is missing from the books");
            return Err(store::Error::Corrupt("variants.held"));
        }
    }
    Ok(Some(match stock {
        StockMove::Sell => StockState::Sold,
        _ => StockState::Released,
    }))
}

/// Takes what was released off the shelf again, all of it or nothing.
async fn sell_released(tx: &mut Tx, order: &Order) -> Result<Option<StockState>, store::Error> {
    let lines = in_lock_order(&order.lines);
    for (taken, line) in lines.iter().enumerate() {
        if !store::stock::sell_free(tx, &line.variant, line.quantity).await? {
            for line in &lines[..taken] {
                store::stock::put_back(tx, &line.variant, line.quantity).await?;
            }
            return Ok(None);
        }
    }
    Ok(Some(StockState::Sold))
}

async fn flag_order(tx: &mut Tx, order: &Order, flag: Flag) -> Result<(), store::Error> {
    tracing::warn!(order.id = %order.id, order.number = order.number, order.flag = flag.as_str(), "the owner has to look at an order");
    store::orders::set_flag(tx, &order.id, flag).await
}

/// Every transaction touches variants in the same order, so that no two wait for each other.
pub(crate) fn in_lock_order(lines: &[OrderLine]) -> Vec<&OrderLine> {
    let mut lines: Vec<&OrderLine> = lines.iter().collect();
    lines.sort_by(|a, b| a.variant.cmp(&b.variant));
    lines
}
