use domain::id::OrderId;
use domain::order::Order;
use payments::Mode;
use payments::event::{Event, SessionNews};
use store::Tx;
use store::events::{NewEvent, Outcome};

use crate::orders::{Applied, apply};
use crate::{Error, Shop};

/// Takes an event whose signature was verified: claims its id, applies what it says and writes down what became of it,
/// all or nothing. Of any number of copies, at the same time or later, one has an effect.
///
/// # Errors
/// When the database fails. Then nothing was written, and Stripe has to send it again.
pub async fn receive(shop: &Shop, event: &Event) -> Result<(), Error> {
    shop.store
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
                return Ok(());
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
            Ok(())
        })
        .await?;
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
    let Some(news) = &event.news else {
        return Ok((None, Outcome::Ignored));
    };
    let Some(order) = find_order(tx, news).await? else {
        return Ok((None, Outcome::Ignored));
    };
    let outcome = match apply(tx, &order, &news.fact, shop.now()).await? {
        Applied::Changed => Outcome::Applied,
        Applied::Unchanged => Outcome::Unchanged,
        Applied::Flagged => Outcome::Flagged,
    };
    Ok((Some(order.id), outcome))
}

/// The order that the session pays, locked. A session of another integration on the same Stripe account names no order
/// of ours, or names one that is paid in another session.
async fn find_order(tx: &mut Tx, news: &SessionNews) -> Result<Option<Order>, store::Error> {
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
        // The event overtook the answer to our own call.
        None => {
            store::orders::set_session(tx, &id, &news.session_id).await?;
            Ok(Some(order))
        }
    }
}
