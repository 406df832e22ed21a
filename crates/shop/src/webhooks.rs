use domain::id::OrderId;
use domain::order::{Order, PaymentFact, Refund};
use payments::Mode;
use payments::event::{ChargeNews, DisputeNews, Event, News, RefundNews, SessionNews};
use store::Tx;
use store::events::{NewEvent, Outcome};

use crate::admin::Admin;
use crate::orders::{Applied, apply};
use crate::{Error, Shop, orders, refunds};

pub use store::events::EventSummary;

/// How many events a page of the owner's list has.
pub const PER_PAGE: i64 = 50;

/// What Stripe delivered, the latest first, and whether there is more.
///
/// # Errors
/// When the database fails.
pub async fn recent(shop: &Shop, _: &Admin, page: i64) -> Result<(Vec<EventSummary>, bool), Error> {
    Ok(store::events::recent(&shop.store, page.max(0), PER_PAGE).await?)
}

/// Takes an event whose signature was verified: claims its id, applies what it says and writes down what became of it,
/// all or nothing. Of any number of copies, at the same time or later, one has an effect.
///
/// # Errors
/// When the database fails, or Stripe does not answer about refunds that the event hints at. Then the event was not
/// taken, and Stripe has to send it again.
pub async fn receive(shop: &Shop, event: &Event) -> Result<(), Error> {
    if event.livemode == (shop.mode == Mode::Live)
        && let Some(News::ChargeRefunded(news)) = &event.news
    {
        find_refunds(shop, news).await?;
    }
    let outcome = shop
        .store
        .retrying(|| async {
            let mut tx = shop.store.begin().await?;
            let new = NewEvent {
                id: &event.id,
                kind: &event.kind,
                object_id: event.object_id.as_deref(),
                received_at: shop.now(),
            };
            if !store::events::claim(&mut tx, new).await? {
                tracing::debug!(stripe.event_id = event.id, "event came again");
                return Ok(None);
            }
            let (order, outcome) = act(shop, &mut tx, event).await?;
            store::events::settle(&mut tx, &event.id, order.as_ref(), outcome).await?;
            tx.commit().await?;
            tracing::info!(
                stripe.event_id = event.id,
                stripe.event_type = event.kind,
                event.outcome = outcome.as_str(),
                "event received"
            );
            Ok(Some(outcome))
        })
        .await?;
    let is_payment =
        matches!(&event.news, Some(News::Session(news)) if news.fact.payment().is_some());
    match outcome {
        Some(Outcome::Waiting) => orders::meet_waiting(shop).await,
        Some(Outcome::Applied | Outcome::Flagged) if is_payment => orders::meet_waiting(shop).await,
        Some(_) | None => {}
    }
    shop.wake_worker();
    Ok(())
}

/// An endpoint may be subscribed to `charge.refunded` alone, which tells how much went back and not in which refunds.
/// When that is more than the shop knows of, Stripe is asked for them.
async fn find_refunds(shop: &Shop, news: &ChargeNews) -> Result<(), Error> {
    let Some(payment_intent_id) = &news.payment_intent_id else {
        return Ok(());
    };
    let Some(order) = store::orders::by_payment_intent(&shop.store, payment_intent_id).await?
    else {
        return Ok(());
    };
    let (known, told) = (order.refunded_at_stripe(), news.amount_refunded);
    if known.currency() != told.currency() || known.amount() < told.amount() {
        refunds::sync(shop, &order, payment_intent_id).await?;
    }
    Ok(())
}

async fn act(
    shop: &Shop,
    tx: &mut Tx,
    event: &Event,
) -> Result<(Option<OrderId>, Outcome), store::Error> {
    if event.livemode != (shop.mode == Mode::Live) {
        return Ok((None, Outcome::WrongMode));
    }
    match &event.news {
        Some(News::Session(news)) => match order_of_session(tx, news).await? {
            Some(order) => act_on(shop, tx, &order, &news.fact).await,
            None => Ok((None, Outcome::Ignored)),
        },
        Some(News::Refund(news)) => match order_of_refund(tx, news).await? {
            Some(order) => act_on(shop, tx, &order, &PaymentFact::Refund(news.fact.clone())).await,
            None => keep_refund(tx, news).await,
        },
        Some(News::Dispute(news)) => {
            match order_of_payment(tx, news.payment_intent_id.as_deref()).await? {
                Some(order) => {
                    act_on(
                        shop,
                        tx,
                        &order,
                        &PaymentFact::Dispute(news.dispute.clone()),
                    )
                    .await
                }
                None => keep_dispute(tx, news).await,
            }
        }
        Some(News::ChargeRefunded(news)) => {
            let order = order_of_payment(tx, news.payment_intent_id.as_deref()).await?;
            Ok(match order {
                Some(order) => (Some(order.id), Outcome::Unchanged),
                None => (None, Outcome::Ignored),
            })
        }
        None => Ok((None, Outcome::Ignored)),
    }
}

async fn act_on(
    shop: &Shop,
    tx: &mut Tx,
    order: &Order,
    fact: &PaymentFact,
) -> Result<(Option<OrderId>, Outcome), store::Error> {
    let outcome = match apply(tx, order, fact, shop.now()).await? {
        Applied::Changed => Outcome::Applied,
        Applied::Unchanged => Outcome::Unchanged,
        Applied::Flagged => Outcome::Flagged,
    };
    Ok((Some(order.id.clone()), outcome))
}

/// The refund of a payment that no order has yet: the payment's own event may still be on its way.
async fn keep_refund(
    tx: &mut Tx,
    news: &RefundNews,
) -> Result<(Option<OrderId>, Outcome), store::Error> {
    let Some(payment_intent_id) = &news.payment_intent_id else {
        return Ok((None, Outcome::Ignored));
    };
    let waiting = store::refunds::take_waiting(tx, payment_intent_id, None).await?;
    let known = waiting
        .into_iter()
        .find(|refund| refund.stripe_id.as_ref() == Some(&news.fact.stripe_id));
    let is_known = known.is_some();
    let refund = Refund::told(known, &news.fact);
    store::refunds::keep(tx, payment_intent_id, &refund, is_known).await?;
    Ok((None, Outcome::Waiting))
}

/// The same for a dispute.
async fn keep_dispute(
    tx: &mut Tx,
    news: &DisputeNews,
) -> Result<(Option<OrderId>, Outcome), store::Error> {
    let Some(payment_intent_id) = &news.payment_intent_id else {
        return Ok((None, Outcome::Ignored));
    };
    let waiting = store::disputes::take_waiting(tx, payment_intent_id, None).await?;
    let mut dispute = news.dispute.clone();
    let known = waiting.iter().find(|known| known.id == dispute.id);
    if let Some(known) = known {
        dispute.merge(known);
    }
    store::disputes::keep(tx, payment_intent_id, &dispute, known.is_some()).await?;
    Ok((None, Outcome::Waiting))
}

async fn order_of_refund(tx: &mut Tx, news: &RefundNews) -> Result<Option<Order>, store::Error> {
    if let Some(id) = &news.order_id
        && let Some(order) = store::orders::lock(tx, id).await?
        && order.payment_intent_id == news.payment_intent_id
    {
        return Ok(Some(order));
    }
    order_of_payment(tx, news.payment_intent_id.as_deref()).await
}

async fn order_of_payment(
    tx: &mut Tx,
    payment_intent_id: Option<&str>,
) -> Result<Option<Order>, store::Error> {
    match payment_intent_id {
        Some(id) => store::orders::lock_by_payment_intent(tx, id).await,
        None => Ok(None),
    }
}

/// The order that the session pays, locked. A session of another integration on the same Stripe account names no order
/// of ours, or names one that is paid in another session.
async fn order_of_session(tx: &mut Tx, news: &SessionNews) -> Result<Option<Order>, store::Error> {
    let Some(id) = news
        .client_reference_id
        .as_deref()
        .and_then(|reference| OrderId::parse(reference).ok())
    else {
        return Ok(None);
    };
    let Some(order) = store::orders::lock(tx, &id).await? else {
        return Ok(None);
    };
    match &order.checkout_session_id {
        Some(session_id) => Ok((*session_id == news.session_id).then_some(order)),
        // The event overtook the answer to our own call, or that was lost and the order given up.
        None => {
            store::orders::learn_session(tx, &id, &news.session_id).await?;
            Ok(Some(order))
        }
    }
}
