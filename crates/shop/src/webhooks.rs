use domain::id::{OrderId, PaymentId};
use domain::money::Money;
use domain::order::{
    Effect, Flag, Notification, Order, OrderAmounts, OrderFact, OrderStatus, Payment, PaymentState,
    Provider, Refund, StockState,
};
use payments::Mode;
use payments::event::{
    ChargeEvent, DisputeEvent, EarlyFraudWarningEvent, Event, EventPayload, RefundEvent,
    SessionEvent,
};
use store::events::NewEvent;
use store::orders::NewOrder;
use store::{Commit, Rollback, Tx};

use crate::admin::Admin;
use crate::orders::{Applied, apply};
use crate::{Error, Shop, orders, random, refunds};

pub use store::events::{EventSummary, Outcome};

/// The number of events on a page of the admin's list.
pub const PER_PAGE: i64 = 50;

/// Webhook events, the latest first, and whether there are more.
pub async fn recent(shop: &Shop, _: &Admin, page: i64) -> Result<(Vec<EventSummary>, bool), Error> {
    Ok(store::events::recent(&shop.store, page.max(0), PER_PAGE).await?)
}

/// The error of an event that was not taken. Stripe has to send it again.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// It is a test event in a live shop, or a live event in a test shop.
    #[error("the event is of the other mode than this shop")]
    WrongMode,
    /// It is about another Stripe account than the shop's.
    #[error("the event is about another Stripe account than this shop's")]
    WrongAccount,
    /// The database failed, or Stripe did not answer about refunds that the event hints at.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Takes an event whose signature was verified: claims its id, applies what it says and writes down
/// what became of it, all or nothing. Of any number of copies, at the same time or later, one has
/// an effect. An event of the other mode or of another account is not claimed, so that it is taken
/// once it reaches the shop that it is for.
///
/// # Errors
/// When the event is not for this shop, or was not taken.
pub async fn receive(shop: &Shop, event: &Event) -> Result<(), ReceiveError> {
    if event.livemode != (shop.mode == Mode::Live) {
        return Err(ReceiveError::WrongMode);
    }
    if event.account.is_some() && event.account.as_deref() != shop.account() {
        return Err(ReceiveError::WrongAccount);
    }
    if let Some(EventPayload::ChargeRefunded(payload)) = &event.payload {
        find_refunds(shop, payload).await?;
    }
    let outcome = shop
        .store
        .transaction(async |mut tx| {
            let new = NewEvent {
                id: &event.id,
                kind: &event.kind,
                object_id: event.object_id.as_deref(),
                received_at: shop.now(),
            };
            if !store::events::claim(&mut tx, new).await? {
                tracing::debug!(stripe.event_id = event.id, "event came again");
                return Ok(Rollback(None));
            }
            let (order, outcome) = act(shop, &mut tx, event).await?;
            store::events::settle(&mut tx, &event.id, order.as_ref(), outcome).await?;
            Ok(Commit(tx, Some(outcome)))
        })
        .await
        .map_err(Error::from)?;
    if let Some(outcome) = outcome {
        tracing::info!(
            stripe.event_id = event.id,
            stripe.event_type = event.kind,
            event.outcome = outcome.as_str(),
            "event received"
        );
    }
    let is_payment = matches!(&event.payload, Some(EventPayload::Session(payload)) if payload.fact.report().is_some());
    match outcome {
        Some(Outcome::Unmatched) => orders::apply_unmatched_or_log(shop).await,
        Some(Outcome::Applied | Outcome::Flagged) if is_payment => {
            orders::apply_unmatched_or_log(shop).await
        }
        Some(_) | None => {}
    }
    shop.wake_worker();
    Ok(())
}

/// An endpoint may be subscribed to `charge.refunded` alone, which tells how much went back and not
/// in which refunds. When that is more than the shop knows of, Stripe is asked for them.
async fn find_refunds(shop: &Shop, payload: &ChargeEvent) -> Result<(), Error> {
    let Some(payment_reference) = &payload.payment_reference else {
        return Ok(());
    };
    let Some(order) = store::orders::by_payment_reference(&shop.store, payment_reference).await?
    else {
        return Ok(());
    };
    let (known, reported) = (order.refunded_at_stripe(), payload.amount_refunded);
    if known.currency() != reported.currency() || known.amount() < reported.amount() {
        refunds::sync(shop, &order).await?;
    }
    Ok(())
}

async fn act(
    shop: &Shop,
    tx: &mut Tx,
    event: &Event,
) -> Result<(Option<OrderId>, Outcome), store::Error> {
    match &event.payload {
        Some(EventPayload::Session(payload)) => act_on_session(shop, tx, payload).await,
        Some(EventPayload::Refund(payload)) => match order_of_refund(tx, payload).await? {
            Some(order) => act_on(shop, tx, &order, &OrderFact::Refund(payload.fact.clone())).await,
            None => save_unmatched_refund(tx, payload).await,
        },
        Some(EventPayload::Dispute(payload)) => {
            match order_of_payment(tx, payload.payment_reference.as_deref()).await? {
                Some(order) => {
                    act_on(
                        shop,
                        tx,
                        &order,
                        &OrderFact::Dispute(payload.dispute.clone()),
                    )
                    .await
                }
                None => save_unmatched_dispute(tx, payload).await,
            }
        }
        Some(EventPayload::EarlyFraudWarning(payload)) => {
            match order_of_payment(tx, payload.payment_reference.as_deref()).await? {
                Some(order) => {
                    let fact = OrderFact::EarlyFraudWarning(payload.warning.clone());
                    act_on(shop, tx, &order, &fact).await
                }
                None => keep_early_fraud_warning(tx, payload).await,
            }
        }
        Some(EventPayload::ChargeRefunded(payload)) => {
            let order = order_of_payment(tx, payload.payment_reference.as_deref()).await?;
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
    fact: &OrderFact,
) -> Result<(Option<OrderId>, Outcome), store::Error> {
    let outcome = match apply(tx, order, fact, shop.now()).await? {
        Applied::Changed => Outcome::Applied,
        Applied::Unchanged => Outcome::Unchanged,
        Applied::Flagged => Outcome::Flagged,
    };
    Ok((Some(order.id.clone()), outcome))
}

/// The refund of a payment that no order has yet: the payment's own event may still be on its way.
async fn save_unmatched_refund(
    tx: &mut Tx,
    payload: &RefundEvent,
) -> Result<(Option<OrderId>, Outcome), store::Error> {
    let Some(payment_reference) = &payload.payment_reference else {
        return Ok((None, Outcome::Ignored));
    };
    let unmatched = store::refunds::take_unmatched(tx, payment_reference, None).await?;
    let known = unmatched
        .into_iter()
        .find(|refund| refund.stripe_id.as_ref() == Some(&payload.fact.stripe_id));
    let is_known = known.is_some();
    let refund = Refund::from_fact(known, &payload.fact);
    store::refunds::save_unmatched(tx, payment_reference, &refund, is_known).await?;
    Ok((None, Outcome::Unmatched))
}

/// The same for a dispute.
async fn save_unmatched_dispute(
    tx: &mut Tx,
    payload: &DisputeEvent,
) -> Result<(Option<OrderId>, Outcome), store::Error> {
    let Some(payment_reference) = &payload.payment_reference else {
        return Ok((None, Outcome::Ignored));
    };
    let unmatched = store::disputes::take_unmatched(tx, payment_reference, None).await?;
    let mut dispute = payload.dispute.clone();
    let known = unmatched.iter().find(|known| known.id == dispute.id);
    if let Some(known) = known {
        dispute.merge(known);
    }
    store::disputes::save_unmatched(tx, payment_reference, &dispute, known.is_some()).await?;
    Ok((None, Outcome::Unmatched))
}

/// The same for an early fraud warning.
async fn keep_early_fraud_warning(
    tx: &mut Tx,
    payload: &EarlyFraudWarningEvent,
) -> Result<(Option<OrderId>, Outcome), store::Error> {
    let Some(reference) = &payload.payment_reference else {
        return Ok((None, Outcome::Ignored));
    };
    let unmatched = store::early_fraud_warnings::take_unmatched(tx, reference, None).await?;
    let mut warning = payload.warning.clone();
    let known = unmatched.iter().find(|known| known.id == warning.id);
    if let Some(known) = known {
        warning.merge(known);
    }
    store::early_fraud_warnings::save_unmatched(tx, reference, &warning, known.is_some()).await?;
    Ok((None, Outcome::Unmatched))
}

async fn order_of_refund(
    tx: &mut Tx,
    payload: &RefundEvent,
) -> Result<Option<Order>, store::Error> {
    if let Some(id) = &payload.order_id
        && let Some(order) = store::orders::lock(tx, id).await?
        && order
            .payments
            .iter()
            .any(|payment| payment.payment_reference == payload.payment_reference)
    {
        return Ok(Some(order));
    }
    order_of_payment(tx, payload.payment_reference.as_deref()).await
}

async fn order_of_payment(
    tx: &mut Tx,
    payment_reference: Option<&str>,
) -> Result<Option<Order>, store::Error> {
    match payment_reference {
        Some(id) => store::orders::lock_by_payment_reference(tx, id).await,
        None => Ok(None),
    }
}

/// Applies what a session's event says to its order. A session of another integration on the same
/// Stripe account names no order of ours, or names one that is paid in another session.
async fn act_on_session(
    shop: &Shop,
    tx: &mut Tx,
    payload: &SessionEvent,
) -> Result<(Option<OrderId>, Outcome), store::Error> {
    let reference = payload.client_reference_id.as_deref();
    let Some(id) = reference.and_then(|reference| OrderId::parse(reference).ok()) else {
        return Ok((None, Outcome::Ignored));
    };
    let Some(order) = store::orders::lock(tx, &id).await? else {
        return act_on_unknown(shop, tx, &id, payload).await;
    };
    let reference = Some(&payload.session_id);
    let known = order
        .payments
        .iter()
        .find(|payment| payment.reference.as_ref() == reference);
    let payment = match known {
        Some(payment) => payment,
        // The event overtook the answer to our own call, or that was lost and the order given up.
        None => match order
            .payments
            .iter()
            .find(|payment| payment.reference.is_none() && payment.mode == shop.mode)
        {
            Some(payment) => {
                store::payments::set_reference_if_missing(tx, &payment.id, &payload.session_id)
                    .await?;
                payment
            }
            None => return Ok((None, Outcome::Ignored)),
        },
    };
    let fact = OrderFact::Payment(payment.id.clone(), payload.fact.clone());
    act_on(shop, tx, &order, &fact).await
}

/// Applies the event of a session that the shop made for an order which the database does not hold,
/// as after a backup was restored. Money must not be lost sight of: an order without lines is
/// written for it and flagged. Its number is not given out again.
async fn act_on_unknown(
    shop: &Shop,
    tx: &mut Tx,
    id: &OrderId,
    payload: &SessionEvent,
) -> Result<(Option<OrderId>, Outcome), store::Error> {
    // Another integration, or another shop, may use the same account and names like ours.
    let is_own = payload
        .mark
        .as_deref()
        .is_some_and(|mark| shop.is_session_mark(id, mark));
    let Some(number) = payload.order_number.filter(|_| is_own) else {
        return Ok((None, Outcome::Ignored));
    };
    store::orders::skip_numbers(tx, number).await?;
    let Some(report) = payload.fact.report() else {
        return Ok((None, Outcome::Ignored));
    };
    let now = shop.now();
    let order = unknown_order(shop, id, &payload.session_id, report.total, now);
    let new = NewOrder {
        id,
        token: &order.token,
        cart_key: &random::unused_cart_key(),
        total: order.total,
        amounts: &order.amounts,
        details: None,
        email: None,
        lines: &[],
        created_at: now,
        payment: &order.payments[0],
    };
    let number = store::orders::insert_with_number(tx, &new, number).await?;
    let order = Order { number, ..order };
    let mut next = order.clone();
    next.stock = StockState::Released;
    next.flag = Some(Flag::OrderUnknown);
    let fact = OrderFact::Payment(order.payments[0].id.clone(), payload.fact.clone());
    let mut effects = next.apply(&fact, now);
    effects.push(Effect::Notify(Notification::NeedsReview));
    orders::finish(tx, &order, next, effects.into(), now).await?;
    tracing::error!(order.id = %id, order.number = number, "payment received for an unknown order");
    Ok((Some(id.clone()), Outcome::Flagged))
}

/// An order of which only the money is known. Its payment expects nothing, so that whatever comes
/// waits for the admin's decision.
fn unknown_order(shop: &Shop, id: &OrderId, session_id: &str, total: Money, now: i64) -> Order {
    let payment = Payment {
        id: PaymentId::parse(id.as_str()).expect("an order id is of the same form"),
        provider: Provider::StripeCheckout,
        mode: shop.mode,
        account: shop.account().map(str::to_owned),
        reference: Some(session_id.to_owned()),
        payment_reference: None,
        state: PaymentState::Open,
        amount: Money::zero(total.currency()),
        captured: None,
        expires_at: now,
        attempt: 1,
    };
    Order {
        id: id.clone(),
        number: 0,
        token: random::order_token(),
        status: OrderStatus::Pending,
        stock: StockState::Held,
        flag: None,
        total,
        amounts: OrderAmounts::of_lines(total),
        details: None,
        email: None,
        created_at: now,
        paid_at: None,
        parcels: Vec::new(),
        lines: Vec::new(),
        payments: vec![payment],
        refunds: Vec::new(),
        disputes: Vec::new(),
        early_fraud_warnings: Vec::new(),
    }
}
