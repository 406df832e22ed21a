use std::collections::VecDeque;
use std::time::Duration;
use store::{Commit, Rollback};

use domain::id::{OrderId, OrderToken};
use domain::order::{
    Effect, Flag, Notification, Order, OrderFact, OrderLine, Refund, RefundFact, Resolution,
    ResolutionError, Shipment, StockMove,
};
use store::Tx;

use crate::admin::{Admin, CsrfProof};
use crate::{Error, Shop, checkout, random};

pub use store::orders::{OrderSummary, ShippingState};

/// What became of a payment fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The order went on.
    Changed,
    /// The order knew already, or knew better.
    Unchanged,
    /// The admin has to look at the order.
    Flagged,
}

/// Why an order cannot be marked as shipped. The text is for the admin.
#[derive(Debug, thiserror::Error)]
pub enum ShipError {
    /// There is no such order.
    #[error("There is no such order.")]
    NotFound,
    /// Its goods are not the shopper's.
    #[error("Only a paid order whose goods are there can be shipped.")]
    NothingToShip,
    /// It was made in test mode, and this is a live shop.
    #[error("This is a test order: no money was paid, so it is not shipped.")]
    TestOrder,
    /// The database failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// How long an order's page waits for Stripe. It is followed by questions to the database, so
/// nothing is lost.
const ASK_TIMEOUT: Duration = Duration::from_secs(3);

/// Why a flag cannot be resolved. The text is for the admin.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// There is no such order.
    #[error("There is no such order.")]
    NotFound,
    /// The order does not need this decision.
    #[error(transparent)]
    NotAllowed(#[from] ResolutionError),
    /// The database failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// How long Stripe is left alone about one order after it was asked, in seconds: anybody who knows
/// an order's page can cause a question.
const ASK_INTERVAL: i64 = 5;

/// How many orders a page of the admin's list has.
pub const PER_PAGE: i64 = 50;

/// The order behind the address of its page. When the shopper comes back from Stripe with the
/// order's own `session_id` and the webhook is late, Stripe is asked, and its answer is applied as
/// the webhook's would be.
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
    let Some(payment) = order.open_payment() else {
        return Ok(Some(order));
    };
    let is_own = session_id.is_some() && session_id == payment.reference.as_deref();
    if !is_own || !checkout::claim_status_check(shop, &payment.id, ASK_INTERVAL).await? {
        return Ok(Some(order));
    }
    match tokio::time::timeout(ASK_TIMEOUT, checkout::ask(shop, &order, payment)).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => {
            tracing::warn!(order.id = %order.id, error = &error as &dyn std::error::Error, "could not ask Stripe about an order");
        }
        Err(_) => {
            tracing::warn!(order.id = %order.id, "Stripe took too long to answer about an order");
        }
    }
    Ok(store::orders::by_token(&shop.store, token).await?)
}

/// The orders that have money in them or need the admin's eye, newest first, and whether there are
/// more.
pub async fn list(shop: &Shop, _: &Admin, page: i64) -> Result<(Vec<OrderSummary>, bool), Error> {
    Ok(store::orders::paid(&shop.store, page.max(0), PER_PAGE).await?)
}

/// One order, for the admin.
pub async fn by_number(shop: &Shop, _: &Admin, number: i64) -> Result<Option<Order>, Error> {
    Ok(store::orders::by_number(&shop.store, number).await?)
}

/// What the admin noted when deciding about an order's last flag.
pub async fn flag_note(shop: &Shop, _: &Admin, number: i64) -> Result<Option<String>, Error> {
    Ok(store::orders::flag_note(&shop.store, number).await?)
}

/// Resolves an order's flag as the admin decided, with a note to remember why.
///
/// # Errors
/// When there is no such flag, or the database fails.
pub async fn resolve(
    shop: &Shop,
    csrf: &CsrfProof,
    resolution: Resolution,
    note: Option<&str>,
) -> Result<(), ResolveError> {
    let resolved = shop
        .store
        .transaction(async |mut tx| {
            let Some(order) = store::orders::lock_by_number(&mut tx, csrf.number()).await? else {
                return Ok(Rollback(Err(ResolveError::NotFound)));
            };
            let mut next = order.clone();
            let effects = match next.resolve(resolution, shop.now()) {
                Ok(effects) => effects,
                Err(error) => return Ok(Rollback(Err(error.into()))),
            };
            finish(&mut tx, &order, next, effects.into(), shop.now()).await?;
            store::orders::set_flag_note(&mut tx, &order.id, note).await?;
            Ok(Commit(tx, Ok(())))
        })
        .await
        .map_err(Error::from)?;
    shop.wake_worker();
    resolved
}

/// Marks an order as shipped and tells the shopper. Said again, it corrects carrier and number; the
/// shopper is told once.
///
/// # Errors
/// When there is nothing to ship, or the database fails.
pub async fn ship(
    shop: &Shop,
    csrf: &CsrfProof,
    carrier: Option<&str>,
    tracking_number: Option<&str>,
) -> Result<(), ShipError> {
    let has_shipped = shop
        .store
        .transaction(async |mut tx| {
            let Some(order) = store::orders::lock_by_number(&mut tx, csrf.number()).await? else {
                return Ok(Rollback(None));
            };
            if shop.is_test_order(&order) {
                return Ok(Rollback(Some(Err(ShipError::TestOrder))));
            }
            let is_due = order.can_be_shipped();
            if is_due {
                let mut next = order.clone();
                let first = order.shipment.as_ref().map(|shipment| shipment.shipped_at);
                next.shipment = Some(Shipment {
                    shipped_at: first.unwrap_or_else(|| shop.now()),
                    carrier: carrier.map(str::to_owned),
                    tracking_number: tracking_number.map(str::to_owned),
                });
                let effects = VecDeque::from([Effect::Notify(Notification::Shipped)]);
                finish(&mut tx, &order, next, effects, shop.now()).await?;
            }
            Ok(Commit(
                tx,
                Some(is_due.then_some(()).ok_or(ShipError::NothingToShip)),
            ))
        })
        .await
        .map_err(Error::from)?;
    shop.wake_worker();
    has_shipped.unwrap_or(Err(ShipError::NotFound))
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

/// After the commit of a payment, or of what waits for one: brings together what came at the same
/// moment. What was committed stands either way, so a database that fails here is only logged; the
/// reconciler looks again.
pub(crate) async fn apply_unmatched_or_log(shop: &Shop) {
    if let Err(error) = apply_unmatched(shop).await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "applying unmatched refunds and disputes failed"
        );
    }
}

/// Brings refunds, disputes and early fraud warnings to the order whose payment they waited for. On
/// PostgreSQL both may come at the same moment and neither see the other; whoever commits last
/// finds both here.
pub(crate) async fn apply_unmatched(shop: &Shop) -> Result<(), Error> {
    for id in store::disputes::orders_with_unmatched(&shop.store).await? {
        let applied = shop
            .store
            .transaction(async |mut tx| {
                if let Some(order) = store::orders::lock(&mut tx, &id).await? {
                    apply_unmatched_of(&mut tx, &order, shop.now()).await?;
                }
                Ok(Commit(tx, ()))
            })
            .await;
        match applied {
            Err(error @ store::Error::Corrupt(_)) => {
                tracing::error!(order.id = %id, error = &error as &dyn std::error::Error, "an order cannot be read");
            }
            applied => applied?,
        }
    }
    Ok(())
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
                    effects.retain(|effect| {
                        *effect != Effect::Notify(Notification::Receipt)
                            && *effect != Effect::Notify(Notification::NewOrder)
                    });
                    effects.extend(next.apply(&OrderFact::GoodsGone, now));
                }
            }
            Effect::Restock(mut pieces) => {
                pieces.sort();
                for (variant, quantity) in pieces {
                    store::stock::restock(tx, &variant, quantity).await?;
                }
            }
            Effect::Notify(notification) => {
                store::outbox::insert(tx, &order.id, &notification, now).await?
            }
            // The decision is in the books; who wakes after the commit finds it there.
            Effect::SendRefund(_) => {}
        }
    }
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

/// Applies what came before the payment that it belongs to.
async fn apply_unmatched_of(tx: &mut Tx, order: &Order, now: i64) -> Result<Applied, store::Error> {
    let mut next = order.clone();
    let effects = take_unmatched_facts(tx, &mut next, now).await?;
    finish(tx, order, next, effects.into(), now).await
}

/// Takes in the refunds, disputes and early fraud warnings that were told before the order's
/// payment was known.
async fn take_unmatched_facts(
    tx: &mut Tx,
    order: &mut Order,
    now: i64,
) -> Result<Vec<Effect>, store::Error> {
    let references: Vec<String> = order
        .payments
        .iter()
        .filter_map(|payment| payment.payment_reference.clone())
        .collect();
    let mut effects = Vec::new();
    for reference in references {
        for refund in store::refunds::take_unmatched(tx, &reference, Some(&order.id)).await? {
            if let Some(fact) = as_fact(refund) {
                effects.extend(order.apply(&OrderFact::Refund(fact), now));
            }
        }
        for dispute in store::disputes::take_unmatched(tx, &reference, Some(&order.id)).await? {
            effects.extend(order.apply(&OrderFact::Dispute(dispute), now));
        }
        let warnings =
            store::early_fraud_warnings::take_unmatched(tx, &reference, Some(&order.id)).await?;
        for warning in warnings {
            effects.extend(order.apply(&OrderFact::EarlyFraudWarning(warning), now));
        }
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

/// Takes what the order holds off the shelf, and answers whether the shelf held all of it. What it
/// did not hold is taken from what is free, as far as there is any: the goods were promised first.
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
                store::stock::restock(tx, &line.variant, line.quantity).await?;
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
