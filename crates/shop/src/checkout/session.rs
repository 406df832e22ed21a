use domain::id::{OrderId, PaymentId};
use domain::order::{Order, OrderFact, Payment, PaymentFact};
use payments::ApiError;
use store::Commit;

use super::agreed::Agreed;
use crate::provider::{self, PaymentLookup};
use crate::{Error, Shop, orders};

/// A payment page with less than this left, in seconds, is replaced rather than sent to.
const LEAST_SECONDS_LEFT: i64 = 120;

/// The age below which an order counts as new, in seconds.
const NEW_SECONDS: i64 = 60;

/// Returns where the order can be paid; `None` when it cannot, and the cart has to be looked at
/// again.
pub(super) async fn ensure_open(
    shop: &Shop,
    order: &Order,
    agreed: &Agreed,
) -> Result<Option<String>, Error> {
    let Some(payment) = order.open_payment() else {
        return Ok(None);
    };
    let url = match &payment.reference {
        Some(_) => {
            let answer = ask(shop, order, payment);
            shop.asked
                .once(payment.id.as_str(), shop.now(), answer)
                .await?
        }
        None => create(shop, order, payment).await?,
    };
    if let Some(url) = &url
        && let Err(error) = shop.stripe.check_pay_page(url)
    {
        // Nobody is sent there, so nothing is held for it.
        end(shop, &order.id, &payment.id).await?;
        return Err(error.into());
    }
    let has_time_left = payment.expires_at.saturating_sub(shop.now()) >= LEAST_SECONDS_LEFT;
    match url {
        Some(url) if has_time_left && agreed.is_of(order) => Ok(Some(url)),
        Some(_) => {
            end(shop, &order.id, &payment.id).await?;
            Ok(None)
        }
        None => Ok(None),
    }
}

/// Ends an order whose payment was never created at the provider, because the server died or the
/// answer was lost: nobody was sent to pay there. The same call again finds the payment if there is
/// one, so that it can be ended there, too. An order past its time gives back what it holds even
/// when the provider does not answer.
pub(crate) async fn abandon(shop: &Shop, order: &Order, payment: &Payment) -> Result<(), Error> {
    match provider::begin(shop, order, payment).await {
        Ok(begun) => {
            set_reference(shop, &payment.id, &begun.reference).await?;
            end(shop, &order.id, &payment.id).await
        }
        // It was never made, and its time is used up.
        Err(Error::Stripe(ApiError::Refused { .. })) => release_unstarted(shop, &order.id).await,
        Err(Error::Stripe(error)) if payment.expires_at <= shop.now() => {
            tracing::warn!(order.id = %order.id, stripe.error = %error, "released an order that is past its time without asking Stripe");
            release_unstarted(shop, &order.id).await
        }
        Err(error) => Err(error),
    }
}

/// Claims the right to ask the provider about a payment, once in `interval` seconds whoever asks,
/// and returns whether this caller has it.
pub(crate) async fn claim_status_check(
    shop: &Shop,
    id: &PaymentId,
    interval: i64,
) -> Result<bool, Error> {
    let now = shop.now();
    let not_since = now.saturating_sub(interval);
    let claimed = shop.store.transaction(async |mut tx| {
        let claimed = store::payments::claim_status_check(&mut tx, id, now, not_since).await?;
        Ok(Commit(tx, claimed))
    });
    Ok(claimed.await?)
}

/// Asks the provider about an open payment and applies the answer. Returns where it can be paid. A
/// payment that the provider does not know flags the order and releases nothing: it may have been
/// paid in another account.
pub(crate) async fn ask(
    shop: &Shop,
    order: &Order,
    payment: &Payment,
) -> Result<Option<String>, Error> {
    let (fact, url) = match provider::retrieve(shop, payment).await? {
        PaymentLookup::Open(url) if order.flag.is_none() => return Ok(url),
        PaymentLookup::Open(url) => (OrderFact::PaymentKnown, url),
        PaymentLookup::Fact(fact) => (OrderFact::Payment(payment.id.clone(), fact), None),
        PaymentLookup::Unknown => (OrderFact::PaymentUnknown(payment.id.clone()), None),
        PaymentLookup::Unclear => return Ok(None),
    };
    orders::settle(shop, &order.id, &fact).await?;
    Ok(url)
}

/// Creates the payment at the provider, or finds the one that a second click made at the same time.
/// When that fails, the order gives back what it held.
async fn create(shop: &Shop, order: &Order, payment: &Payment) -> Result<Option<String>, Error> {
    let is_new = shop.now().saturating_sub(order.created_at) < NEW_SECONDS;
    let begun = match provider::begin(shop, order, payment).await {
        Ok(begun) => begun,
        Err(error) => {
            release_unstarted(shop, &order.id).await?;
            return match error {
                // A crash came between the order and its payment, and the order's time is used up:
                // a new one has time. One that is new already would fare no better.
                Error::Stripe(ApiError::Refused { param, .. }) if param == "expires_at" => {
                    if is_new { Err(Error::Clock) } else { Ok(None) }
                }
                error => Err(error),
            };
        }
    };
    if set_reference(shop, &payment.id, &begun.reference).await? {
        return Ok(begun.url);
    }
    // A second click failed meanwhile and gave the order up: its payment must not be paid. If it
    // was ended already, or paid, another look at the cart tells which.
    let abandoned = Payment {
        reference: Some(begun.reference),
        ..payment.clone()
    };
    provider::end(shop, &abandoned).await?;
    Ok(None)
}

/// Ends the open payment of an order that is to be replaced, and with it the hold.
pub(super) async fn end(shop: &Shop, order: &OrderId, id: &PaymentId) -> Result<(), Error> {
    // The order may have been read before its payment's reference was set; the database knows.
    let Some(order) = store::orders::by_id(&shop.store, order).await? else {
        return Ok(());
    };
    let Some(payment) = order
        .payment(id)
        .filter(|payment| payment.reference.is_some())
    else {
        return Ok(());
    };
    if provider::end(shop, payment).await? {
        let fact = OrderFact::Payment(id.clone(), PaymentFact::Expired);
        orders::settle(shop, &order.id, &fact).await?;
    } else {
        // It was paid, or expired by itself, a moment ago; then the provider knows better.
        ask(shop, &order, payment).await?;
    }
    Ok(())
}

/// Sets the reference of an order's payment, and returns whether the order still wanted one.
async fn set_reference(shop: &Shop, id: &PaymentId, reference: &str) -> Result<bool, Error> {
    let was_set = shop
        .store
        .transaction(async |mut tx| {
            let was_set = store::payments::set_reference(&mut tx, id, reference).await?;
            Ok(Commit(tx, was_set))
        })
        .await?;
    Ok(was_set)
}

/// Gives back what an order without a payment at the provider holds.
async fn release_unstarted(shop: &Shop, id: &OrderId) -> Result<(), Error> {
    shop.store
        .transaction(async |mut tx| {
            if let Some(order) = store::orders::lock(&mut tx, id).await?
                && let Some(payment) = order.open_payment()
                && payment.reference.is_none()
            {
                let fact = OrderFact::Payment(payment.id.clone(), PaymentFact::Expired);
                orders::apply(&mut tx, &order, &fact, shop.now()).await?;
            }
            Ok(Commit(tx, ()))
        })
        .await?;
    Ok(())
}
