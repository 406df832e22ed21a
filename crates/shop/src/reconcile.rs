use std::collections::HashSet;
use std::time::Duration;

use domain::id::{OrderId, RefundId};
use domain::order::{OrderFact, PaymentState};
use payments::ApiError;
use store::Commit;

use crate::isolation::isolated;
use crate::webhooks::{self, ReceiveError};
use crate::{Error, Shop, checkout, orders, refunds};

/// The report of a reconciliation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Events that Stripe had, and the shop had not heard of.
    pub events: usize,
    /// Orders whose session had ended without the shop knowing, or that never got one.
    pub orders: usize,
    /// Refunds that went on.
    pub refunds: usize,
    /// Questions that could not be answered now. They are asked again.
    pub failures: usize,
}

/// The grace period of webhooks, in seconds. An event that is older was lost.
pub const GRACE_SECONDS: i64 = 2 * 60;

/// The interval between reconciliations.
const INTERVAL: Duration = Duration::from_secs(60);

/// The most orders and refunds that are asked about at a time.
const BATCH: i64 = 100;

/// The most payments that shoppers are at, that are asked about at a time. The rest of a batch is
/// for those whose money is on its way, which may take days: neither kind waits for the other.
const MOST_OPEN: i64 = 80;

/// The time for which lost events are looked for at first, in seconds: as long as Stripe goes on
/// trying to deliver them.
const FIRST_LOOK: i64 = 3 * 24 * 60 * 60;

/// The overlap with what was looked at before, in seconds: Stripe may list an event a little late.
const OVERLAP: i64 = 10 * 60;

/// Until when Stripe's events have been looked at.
const EVENTS_SEEN: &str = "events_seen_until";

/// Reconciles at once, every minute, and whenever a transaction may have left a refund to
/// send. It ends only when it is dropped, which is safe at any moment.
pub async fn run(shop: Shop) {
    loop {
        match isolated(run_once(&shop, GRACE_SECONDS)).await {
            Ok(report) if report == Report::default() => {}
            Ok(report) => tracing::info!(
                reconcile.events = report.events,
                reconcile.orders = report.orders,
                reconcile.refunds = report.refunds,
                reconcile.failures = report.failures,
                "reconciliation applied changes"
            ),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "reconciliation failed"
                );
            }
        }
        let next = tokio::time::Instant::now() + INTERVAL;
        let mut tried = HashSet::new();
        while let Ok(()) = tokio::time::timeout_at(next, shop.has_work()).await {
            if let Err(error) = isolated(send_decided(&shop, &mut tried)).await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "sending refunds failed"
                );
            }
        }
    }
}

/// Reconciles once: takes in events that Stripe has and the shop has not heard of, asks
/// about orders that have been open for too long, and brings refunds on. Everything older than
/// `grace`, in seconds, counts as lost.
///
/// # Errors
/// When the database fails. What Stripe does not answer is counted.
pub async fn run_once(shop: &Shop, grace: i64) -> Result<Report, Error> {
    let mut report = Report::default();
    let before = shop.now().saturating_sub(grace);
    take_in_events(shop, before, &mut report).await?;
    orders::apply_unmatched(shop).await?;
    flag_stranded(shop).await?;
    let mut open = Vec::new();
    for (state, limit) in [
        (PaymentState::Open, MOST_OPEN),
        (PaymentState::Processing, BATCH),
    ] {
        let left = BATCH.saturating_sub(i64::try_from(open.len()).unwrap_or(BATCH));
        let (mode, limit) = (shop.mode, limit.min(left));
        open.extend(store::payments::to_ask_about(&shop.store, mode, state, before, limit).await?);
    }
    for id in open {
        count(
            isolated(settle_order(shop, &id)).await,
            &mut report.orders,
            &mut report.failures,
        )?;
    }
    let mut open = store::refunds::decided(&shop.store, before, BATCH).await?;
    open.extend(store::refunds::pending(&shop.store, before, BATCH).await?);
    for open in open {
        let sent = isolated(refunds::send(shop, &open.order_id, &open.id)).await;
        let brought_on = sent.map(|issued| issued.status() != open.status);
        count(brought_on, &mut report.refunds, &mut report.failures)?;
    }
    Ok(report)
}

/// Flags the orders whose payment was begun in the other mode, before the shop was moved: with the
/// key of today nobody can be asked about them, so the admin has to decide.
async fn flag_stranded(shop: &Shop) -> Result<(), Error> {
    for id in store::payments::stranded(&shop.store, shop.mode, shop.now(), BATCH).await? {
        let Ok(Some(order)) = store::orders::by_id(&shop.store, &id).await else {
            continue;
        };
        if let Some(payment) = order.open_payment() {
            let fact = OrderFact::PaymentUnknown(payment.id.clone());
            orders::settle(shop, &id, &fact).await?;
        }
    }
    Ok(())
}

/// Sends the refunds that were decided and not yet sent, but for those `tried` before: while Stripe
/// does not answer, everything else that happens in the shop would ask for them again.
async fn send_decided(shop: &Shop, tried: &mut HashSet<RefundId>) -> Result<(), Error> {
    for open in store::refunds::decided(&shop.store, shop.now(), BATCH).await? {
        if tried.insert(open.id.clone())
            && let Err(error) = refunds::send(shop, &open.order_id, &open.id).await
        {
            tracing::warn!(refund.id = %open.id, error = &error as &dyn std::error::Error, "refund not sent yet, Stripe failed");
        }
    }
    Ok(())
}

/// Takes in what Stripe has told, or tried to tell, since the last look.
async fn take_in_events(shop: &Shop, before: i64, report: &mut Report) -> Result<(), Error> {
    let seen = store::settings::get(&shop.store, EVENTS_SEEN).await?;
    let seen: i64 = seen
        .and_then(|seen| seen.parse().ok())
        .unwrap_or_else(|| shop.now().saturating_sub(FIRST_LOOK));
    let events = match shop.stripe.events_since(seen.saturating_sub(OVERLAP)).await {
        Ok(events) => events,
        Err(error) => {
            // A restricted key may not read events; asking about each order and refund still sets
            // most things right.
            tracing::warn!(stripe.error = %error, "listing Stripe's events failed");
            report.failures += usize::from(matches!(error, ApiError::Unreachable(_)));
            return Ok(());
        }
    };
    let mut until = seen;
    for event in events.iter().filter(|event| event.created <= before) {
        until = until.max(event.created);
        if store::events::is_known(&shop.store, &event.id).await? {
            continue;
        }
        match webhooks::receive(shop, event).await {
            Ok(()) => report.events += 1,
            Err(ReceiveError::Failed(Error::Store(error)))
                if !matches!(error, store::Error::Corrupt(_)) =>
            {
                return Err(error.into());
            }
            // It is for another shop on the same key, and stays with Stripe.
            Err(ReceiveError::WrongMode | ReceiveError::WrongAccount) => {}
            Err(ReceiveError::Failed(error @ Error::Store(_))) => {
                tracing::error!(
                    stripe.event_id = event.id,
                    error = &error as &dyn std::error::Error,
                    "event refers to a corrupt row"
                );
                report.failures += 1;
            }
            Err(error) => {
                tracing::warn!(
                    stripe.event_id = event.id,
                    error = &error as &dyn std::error::Error,
                    "applying a listed event failed"
                );
                report.failures += 1;
                // It has to be found again at the next look.
                return Ok(());
            }
        }
    }
    if until > seen {
        shop.store
            .transaction(async |mut tx| {
                store::settings::set(&mut tx, EVENTS_SEEN, &until.to_string()).await?;
                Ok(Commit(tx, ()))
            })
            .await?;
    }
    Ok(())
}

/// Asks the provider about an order whose payment is still open, and returns whether it went on.
async fn settle_order(shop: &Shop, id: &OrderId) -> Result<bool, Error> {
    let Some(order) = store::orders::by_id(&shop.store, id).await? else {
        return Ok(false);
    };
    let Some(payment) = order.open_payment() else {
        return Ok(false);
    };
    // It counts as asked now, whoever asked before.
    checkout::claim_status_check(shop, &payment.id, 0).await?;
    if payment.reference.is_none() {
        checkout::abandon(shop, &order, payment).await?;
    } else {
        checkout::ask(shop, &order, payment).await?;
    }
    let now = store::orders::by_id(&shop.store, id).await?;
    Ok(now.is_some_and(|now| now.status != order.status))
}

/// Counts what Stripe cannot answer now, and a row that cannot be read: neither keeps the others
/// from being looked at. A database that fails ends the run.
fn count(
    outcome: Result<bool, Error>,
    changed: &mut usize,
    failures: &mut usize,
) -> Result<(), Error> {
    match outcome {
        Ok(has_changed) => *changed += usize::from(has_changed),
        Err(error @ Error::Store(store::Error::Corrupt(_))) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "reconciliation skipped a row that cannot be read"
            );
            *failures += 1;
        }
        Err(Error::Store(error)) => return Err(error.into()),
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "request to Stripe failed"
            );
            *failures += 1;
        }
    }
    Ok(())
}
