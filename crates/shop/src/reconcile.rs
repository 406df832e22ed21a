use std::collections::HashSet;
use std::time::Duration;

use domain::id::{OrderId, RefundId};
use payments::ApiError;

use crate::{Error, Shop, checkout, orders, refunds, webhooks};

/// What a look at the books found, and set right.
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

/// How long webhooks have the first word, in seconds. What is older than that was lost.
pub const PATIENCE: i64 = 2 * 60;

/// How often the books are looked at.
const INTERVAL: Duration = Duration::from_secs(60);

/// How many orders and refunds are asked about at a time.
const BATCH: i64 = 100;

/// How far back lost events are looked for at first, in seconds: as long as Stripe goes on trying to deliver them.
const FIRST_LOOK: i64 = 3 * 24 * 60 * 60;

/// How much of what was looked at before is looked at again, in seconds: Stripe may list an event a little late.
const OVERLAP: i64 = 10 * 60;

/// Until when Stripe's events have been looked at.
const EVENTS_SEEN: &str = "events_seen_until";

/// Looks at the books at once, every minute, and whenever a transaction may have left a refund to send. It ends only
/// when it is dropped, which is safe at any moment.
pub async fn run(shop: Shop) {
    loop {
        match once(&shop, PATIENCE).await {
            Ok(report) if report == Report::default() => {}
            Ok(report) => tracing::info!(
                reconcile.events = report.events,
                reconcile.orders = report.orders,
                reconcile.refunds = report.refunds,
                reconcile.failures = report.failures,
                "the books were set right"
            ),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the books could not be looked at"
                );
            }
        }
        let next = tokio::time::Instant::now() + INTERVAL;
        let mut tried = HashSet::new();
        while let Ok(()) = tokio::time::timeout_at(next, shop.has_work()).await {
            if let Err(error) = send_decided(&shop, &mut tried).await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "refunds could not be sent"
                );
            }
        }
    }
}

/// Looks at the books once: takes in events that Stripe has and the shop has not heard of, asks about orders that have
/// been open for too long, and brings refunds on. Everything older than `patience`, in seconds, counts as lost.
///
/// # Errors
/// When the database fails. What Stripe does not answer is counted.
pub async fn once(shop: &Shop, patience: i64) -> Result<Report, Error> {
    let mut report = Report::default();
    let before = shop.now().saturating_sub(patience);
    take_in_events(shop, before, &mut report).await?;
    orders::attach_waiting(shop).await?;
    for id in store::orders::open(&shop.store, before, BATCH).await? {
        count(
            settle_order(shop, &id).await,
            &mut report.orders,
            &mut report.failures,
        )?;
    }
    let mut open = store::refunds::decided(&shop.store, before, BATCH).await?;
    open.extend(store::refunds::pending(&shop.store, before, BATCH).await?);
    for open in open {
        let sent = refunds::send(shop, &open.order_id, &open.id).await;
        let brought_on = sent.map(|issued| issued.status() != open.status);
        count(brought_on, &mut report.refunds, &mut report.failures)?;
    }
    Ok(report)
}

/// Sends the refunds that were decided and not yet sent, but for those `tried` before: while Stripe does not answer,
/// everything else that happens in the shop would ask for them again.
async fn send_decided(shop: &Shop, tried: &mut HashSet<RefundId>) -> Result<(), Error> {
    for open in store::refunds::decided(&shop.store, shop.now(), BATCH).await? {
        if tried.insert(open.id.clone())
            && let Err(error) = refunds::send(shop, &open.order_id, &open.id).await
        {
            tracing::warn!(refund.id = %open.id, error = &error as &dyn std::error::Error, "a refund waits for Stripe");
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
            // A restricted key may not read events; asking about each order and refund still sets most things right.
            tracing::warn!(stripe.error = %error, "Stripe's events could not be listed");
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
            Err(Error::Store(error)) => return Err(error.into()),
            Err(error) => {
                tracing::warn!(
                    stripe.event_id = event.id,
                    error = &error as &dyn std::error::Error,
                    "an event could not be taken in"
                );
                report.failures += 1;
                // It has to be found again at the next look.
                return Ok(());
            }
        }
    }
    if until > seen {
        shop.store
            .retrying(|| async {
                let mut tx = shop.store.begin().await?;
                store::settings::set(&mut tx, EVENTS_SEEN, &until.to_string()).await?;
                tx.commit().await
            })
            .await?;
    }
    Ok(())
}

/// Asks Stripe about an order whose money is still open, and answers whether it went on.
async fn settle_order(shop: &Shop, id: &OrderId) -> Result<bool, Error> {
    let Some(order) = store::orders::by_id(&shop.store, id).await? else {
        return Ok(false);
    };
    if order.checkout_session_id.is_none() {
        checkout::abandon(shop, &order).await?;
    } else {
        checkout::ask(shop, &order).await?;
    }
    let now = store::orders::by_id(&shop.store, id).await?;
    Ok(now.is_some_and(|now| now.status != order.status))
}

/// What Stripe cannot answer now is counted; a database that fails ends the look.
fn count(
    outcome: Result<bool, Error>,
    changed: &mut usize,
    failures: &mut usize,
) -> Result<(), Error> {
    match outcome {
        Ok(has_changed) => *changed += usize::from(has_changed),
        Err(Error::Store(error)) => return Err(error.into()),
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "Stripe could not be asked"
            );
            *failures += 1;
        }
    }
    Ok(())
}
