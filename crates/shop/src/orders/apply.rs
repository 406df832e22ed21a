use std::collections::VecDeque;

use domain::id::OrderId;
use domain::order::{Effect, Flag, Notification, Order, OrderFact, StockMove};
use store::digital::Grant;
use store::{Commit, Tx};

use super::stock::{release, sell_held, sell_released};
use super::unmatched::{apply_unmatched_or_log, take_unmatched_facts};
use crate::{Error, Shop, random};

/// The outcome of a payment fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Applied {
    /// The order went on.
    Changed,
    /// The order knew already, or knew better.
    Unchanged,
    /// The admin has to look at the order.
    Flagged,
}

/// Applies a fact in a transaction of its own, and answers whether it changed the order.
pub(crate) async fn settle(shop: &Shop, id: &OrderId, fact: &OrderFact) -> Result<bool, Error> {
    let applied = shop
        .store
        .transaction(async |mut tx| {
            let applied = match store::orders::lock(&mut tx, id).await? {
                Some(order) => apply(&mut tx, &order, fact, shop.now()).await?,
                None => Applied::Unchanged,
            };
            Ok(Commit(tx, applied))
        })
        .await?;
    if matches!(fact, OrderFact::Payment(..)) && applied != Applied::Unchanged {
        apply_unmatched_or_log(shop).await;
    }
    shop.wake_worker();
    Ok(applied != Applied::Unchanged)
}

/// Does to the database what `fact` does to the order. The webhook, the order page's own question,
/// the reconciler and every other source of facts come here, with the order locked by the same
/// transaction.
pub(crate) async fn apply(
    tx: &mut Tx,
    order: &Order,
    fact: &OrderFact,
    now: i64,
) -> Result<Applied, store::Error> {
    let mut next = order.clone();
    let mut effects: VecDeque<Effect> = next.apply(fact, now).into();
    // A part of what is told now may wait already, told at the same moment as the payment.
    let may_wait = matches!(
        fact,
        OrderFact::Refund(_) | OrderFact::Dispute(_) | OrderFact::EarlyFraudWarning(_)
    );
    let references = |order: &Order| -> Vec<_> {
        let payments = order.payments.iter();
        payments
            .map(|payment| payment.payment_reference.clone())
            .collect()
    };
    if may_wait || references(order) != references(&next) {
        effects.extend(take_unmatched_facts(tx, &mut next, now).await?);
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
    let mut notifications = Vec::new();
    while let Some(effect) = effects.pop_front() {
        match effect {
            Effect::Stock(StockMove::Sell) => {
                if !sell_held(tx, order).await? {
                    effects.extend(next.apply(&OrderFact::StockMismatch, now));
                }
            }
            Effect::Stock(StockMove::Release) => {
                if !release(tx, order).await? {
                    effects.extend(next.apply(&OrderFact::StockMismatch, now));
                }
            }
            Effect::Stock(StockMove::SellReleased) => {
                if !sell_released(tx, order).await? {
                    // There is nothing to ship and nothing bought: the admin and the shopper hear
                    // of the refund instead.
                    let is_of_sale = |notification: &Notification| {
                        matches!(notification, Notification::Receipt | Notification::NewOrder)
                    };
                    notifications.retain(|notification| !is_of_sale(notification));
                    effects.retain(
                        |effect| !matches!(effect, Effect::Notify(kind) if is_of_sale(kind)),
                    );
                    effects.extend(next.apply(&OrderFact::GoodsGone, now));
                }
            }
            Effect::Restock(mut pieces) => {
                pieces.sort();
                for (variant, quantity) in pieces {
                    store::stock::restock(tx, &variant, quantity).await?;
                }
            }
            Effect::Notify(notification) => notifications.push(notification),
            // The decision is in the books; who wakes after the commit finds it there.
            Effect::SendRefund(_) => {}
        }
    }
    // The money has cleared: what is digital is delivered with it.
    if next.can_be_shipped()
        && !order.can_be_shipped()
        && store::digital::grant(tx, &next, now).await? == Grant::KeysMissing
    {
        notifications.push(Notification::KeysMissing);
    }
    store::outbox::insert(tx, &order.id, &notifications, now).await?;
    if next == *order {
        return Ok(Applied::Unchanged);
    }
    store::orders::save(tx, order, &next).await?;
    tracing::info!(order.id = %order.id, order.number = order.number, order.status = %next.status, "order updated");
    if next.flag.is_some() && next.flag != order.flag {
        tracing::warn!(order.id = %order.id, order.number = order.number, order.flag = next.flag.map(Flag::as_str), "order flagged for review");
        if next.flag == Some(Flag::PaymentUnknown) {
            // The cart can be paid in another order; this one waits for the admin.
            store::orders::detach_cart(tx, &order.id, &random::unused_cart_key()).await?;
        }
        return Ok(Applied::Flagged);
    }
    Ok(Applied::Changed)
}
