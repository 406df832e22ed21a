use std::collections::VecDeque;
use std::time::Duration;

use domain::id::{OrderId, OrderToken};
use domain::order::{
    Effect, Notice, Order, OrderLine, PaymentFact, Refund, RefundFact, Shipment, StockMove,
};
use payments::SessionStatus;
use store::Tx;

use crate::admin::{Admin, OrderPermit};
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

/// Why an order cannot be marked as shipped. The text is for the owner.
#[derive(Debug, thiserror::Error)]
pub enum ShipError {
    /// There is no such order.
    #[error("There is no such order.")]
    NotFound,
    /// Its goods are not the shopper's.
    #[error("Only a paid order whose goods are there can be shipped.")]
    NothingToShip,
    /// The database failed.
    #[error(transparent)]
    Failed(#[from] Error),
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

/// Marks an order as shipped and tells the shopper. Said again, it corrects carrier and number; the shopper is told once.
///
/// # Errors
/// When there is nothing to ship, or the database fails.
pub async fn ship(
    shop: &Shop,
    permit: &OrderPermit,
    carrier: Option<&str>,
    tracking_number: Option<&str>,
) -> Result<(), ShipError> {
    let has_shipped = shop
        .store
        .retrying(|| async {
            let mut tx = shop.store.begin().await?;
            let Some(order) = store::orders::lock_by_number(&mut tx, permit.number()).await? else {
                return Ok(None);
            };
            let is_due = order.can_be_shipped();
            if is_due {
                let mut next = order.clone();
                let first = order.shipment.as_ref().map(|shipment| shipment.shipped_at);
                next.shipment = Some(Shipment {
                    shipped_at: first.unwrap_or_else(|| shop.now()),
                    carrier: carrier.map(str::to_owned),
                    tracking_number: tracking_number.map(str::to_owned),
                });
                let effects = VecDeque::from([Effect::Tell(Notice::Shipped)]);
                finish(&mut tx, &order, next, effects, shop.now()).await?;
            }
            tx.commit().await?;
            Ok(Some(is_due))
        })
        .await
        .map_err(Error::from)?;
    shop.wake_worker();
    match has_shipped {
        Some(true) => Ok(()),
        Some(false) => Err(ShipError::NothingToShip),
        None => Err(ShipError::NotFound),
    }
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

/// Applies a fact in a transaction of its own, and answers whether it changed the order.
pub(crate) async fn settle(shop: &Shop, id: &OrderId, fact: &PaymentFact) -> Result<bool, Error> {
    let applied = shop
        .store
        .retrying(|| async {
            let mut tx = shop.store.begin().await?;
            let applied = match store::orders::lock(&mut tx, id).await? {
                Some(order) => apply(&mut tx, &order, fact, shop.now()).await?,
                None => Applied::Unchanged,
            };
            tx.commit().await?;
            Ok(applied)
        })
        .await?;
    if fact.payment().is_some() && applied != Applied::Unchanged {
        meet_waiting(shop).await;
    }
    shop.wake_worker();
    Ok(applied != Applied::Unchanged)
}

/// After the commit of a payment, or of what waits for one: brings together what came at the same moment. What was
/// committed stands either way, so a database that fails here is only logged; the reconciler looks again.
pub(crate) async fn meet_waiting(shop: &Shop) {
    if let Err(error) = attach_waiting(shop).await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "what waits for a payment could not be looked at"
        );
    }
}

/// Brings refunds and disputes to the order whose payment they waited for. On PostgreSQL both may come at the same moment
/// and neither see the other; whoever commits last finds both here.
///
/// # Errors
/// When the database fails.
pub(crate) async fn attach_waiting(shop: &Shop) -> Result<(), Error> {
    for id in store::disputes::orders_waited_for(&shop.store).await? {
        shop.store
            .retrying(|| async {
                let mut tx = shop.store.begin().await?;
                if let Some(order) = store::orders::lock(&mut tx, &id).await? {
                    apply_waiting(&mut tx, &order, shop.now()).await?;
                }
                tx.commit().await
            })
            .await?;
    }
    Ok(())
}

/// Does to the database what `fact` does to the order. The webhook, the order page's own question, the reconciler and
/// every other source of facts come here, with the order locked by the same transaction.
pub(crate) async fn apply(
    tx: &mut Tx,
    order: &Order,
    fact: &PaymentFact,
    now: i64,
) -> Result<Applied, store::Error> {
    let mut next = order.clone();
    let mut effects: VecDeque<Effect> = next.apply(fact, now).into();
    // A part of what is told now may wait already, told at the same moment as the payment.
    let may_wait = matches!(fact, PaymentFact::Refund(_) | PaymentFact::Dispute(_));
    if order.payment_intent_id.is_none() || may_wait {
        effects.extend(catch_up(tx, &mut next, now).await?);
    }
    finish(tx, order, next, effects, now).await
}

/// Writes `next` over `order` and carries out the effects.
pub(crate) async fn finish(
    tx: &mut Tx,
    order: &Order,
    mut next: Order,
    mut effects: VecDeque<Effect>,
    now: i64,
) -> Result<Applied, store::Error> {
    while let Some(effect) = effects.pop_front() {
        match effect {
            Effect::Stock(StockMove::Sell) => {
                if !sell_held(tx, order).await? {
                    effects.extend(next.apply(&PaymentFact::StockMismatch, now));
                }
            }
            Effect::Stock(StockMove::Release) => {
                if !release(tx, order).await? {
                    effects.extend(next.apply(&PaymentFact::StockMismatch, now));
                }
            }
            Effect::Stock(StockMove::SellReleased) => {
                if !sell_released(tx, order).await? {
                    // There is nothing to ship and nothing bought: the owner and the shopper hear of the refund instead.
                    effects.retain(|effect| {
                        *effect != Effect::Tell(Notice::Receipt)
                            && *effect != Effect::Tell(Notice::NewOrder)
                    });
                    effects.extend(next.apply(&PaymentFact::GoodsGone, now));
                }
            }
            Effect::PutBack(mut pieces) => {
                pieces.sort();
                for (variant, quantity) in pieces {
                    store::stock::put_back(tx, &variant, quantity).await?;
                }
            }
            Effect::Tell(notice) => store::outbox::insert(tx, &order.id, &notice, now).await?,
            // The decision is in the books; who wakes after the commit finds it there.
            Effect::SendRefund(_) => {}
        }
    }
    if next == *order {
        return Ok(Applied::Unchanged);
    }
    store::orders::save(tx, order, &next).await?;
    tracing::info!(order.id = %order.id, order.number = order.number, order.status = %next.status, "order went on");
    if next.flag.is_some() && next.flag != order.flag {
        tracing::warn!(order.id = %order.id, order.number = order.number, order.flag = next.flag.map(domain::order::Flag::as_str), "the owner has to look at an order");
        return Ok(Applied::Flagged);
    }
    Ok(Applied::Changed)
}

/// Applies what came before the payment that it belongs to.
async fn apply_waiting(tx: &mut Tx, order: &Order, now: i64) -> Result<Applied, store::Error> {
    let mut next = order.clone();
    let effects = catch_up(tx, &mut next, now).await?;
    finish(tx, order, next, effects.into(), now).await
}

/// Takes in the refunds and disputes that were told before the order's payment was known.
async fn catch_up(tx: &mut Tx, order: &mut Order, now: i64) -> Result<Vec<Effect>, store::Error> {
    let Some(payment_intent_id) = order.payment_intent_id.clone() else {
        return Ok(Vec::new());
    };
    let mut effects = Vec::new();
    for refund in store::refunds::take_waiting(tx, &payment_intent_id, Some(&order.id)).await? {
        if let Some(fact) = as_fact(refund) {
            effects.extend(order.apply(&PaymentFact::Refund(fact), now));
        }
    }
    for dispute in store::disputes::take_waiting(tx, &payment_intent_id, Some(&order.id)).await? {
        effects.extend(order.apply(&PaymentFact::Dispute(dispute), now));
    }
    Ok(effects)
}

fn as_fact(refund: Refund) -> Option<RefundFact> {
    Some(RefundFact {
        stripe_id: refund.stripe_id?,
        refund_id: None,
        amount: refund.amount,
        status: refund.status,
        reason: refund.reason,
        failure: refund.failure,
        created_at: refund.created_at,
    })
}

/// Takes what the order holds off the shelf, and answers whether the shelf held all of it. What it did not hold is
/// taken from what is free, as far as there is any: the goods were promised first.
async fn sell_held(tx: &mut Tx, order: &Order) -> Result<bool, store::Error> {
    let mut was_all_held = true;
    for line in in_lock_order(&order.lines) {
        if !store::stock::sell_held(tx, &line.variant, line.quantity).await? {
            was_all_held = false;
            store::stock::sell_free(tx, &line.variant, line.quantity).await?;
        }
    }
    Ok(was_all_held)
}

/// Frees what the order holds, and answers whether the shelf held all of it.
async fn release(tx: &mut Tx, order: &Order) -> Result<bool, store::Error> {
    let mut was_all_held = true;
    for line in in_lock_order(&order.lines) {
        was_all_held &= store::stock::release(tx, &line.variant, line.quantity).await?;
    }
    Ok(was_all_held)
}

/// Takes what was released off the shelf again, all of it or nothing.
async fn sell_released(tx: &mut Tx, order: &Order) -> Result<bool, store::Error> {
    let lines = in_lock_order(&order.lines);
    for (taken, line) in lines.iter().enumerate() {
        if !store::stock::sell_free(tx, &line.variant, line.quantity).await? {
            for line in &lines[..taken] {
                store::stock::put_back(tx, &line.variant, line.quantity).await?;
            }
            return Ok(false);
        }
    }
    Ok(true)
}

/// Every transaction touches variants in the same order, so that no two wait for each other.
pub(crate) fn in_lock_order(lines: &[OrderLine]) -> Vec<&OrderLine> {
    let mut lines: Vec<&OrderLine> = lines.iter().collect();
    lines.sort_by(|a, b| a.variant.cmp(&b.variant));
    lines
}
