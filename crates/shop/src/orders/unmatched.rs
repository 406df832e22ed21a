use domain::order::{Effect, Order, OrderFact, Refund, RefundFact};
use store::{Commit, Tx};

use super::apply::{Applied, finish};
use crate::{Error, Shop};

/// After the commit of a payment, or of what waits for one: brings together what came at the same
/// moment, which only happens where several transactions write at once. What was committed stands
/// either way, so a database that fails here is only logged; the reconciler looks again.
pub(crate) async fn apply_unmatched_or_log(shop: &Shop) {
    if shop.store.has_one_writer() {
        return;
    }
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
                tracing::error!(order.id = %id, error = &error as &dyn std::error::Error, "order row is corrupt");
            }
            applied => applied?,
        }
    }
    Ok(())
}

/// Applies what came before the payment that it belongs to.
async fn apply_unmatched_of(tx: &mut Tx, order: &Order, now: i64) -> Result<Applied, store::Error> {
    let mut next = order.clone();
    let effects = take_unmatched_facts(tx, &mut next, now).await?;
    finish(tx, order, next, effects.into(), now).await
}

/// Takes in the refunds, disputes and early fraud warnings that were told before the order's
/// payment was known.
pub(super) async fn take_unmatched_facts(
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
        if !store::payments::has_unmatched(tx, &reference).await? {
            continue;
        }
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
