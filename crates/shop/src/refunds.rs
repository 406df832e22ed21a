use domain::id::{OrderId, RefundId};
use domain::order::{Order, OrderFact, Refund, RefundError, RefundRequest, RefundStatus};
use payments::ApiError;
use store::{Commit, Rollback};
use uuid::Uuid;

use crate::admin::CsrfProof;
use crate::orders::{self, finish};
use crate::{Error, Shop, provider};

/// The outcome of a decision to give money back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issued {
    /// Stripe has it, and says where it stands.
    Taken(RefundStatus),
    /// Stripe did not take it, for this reason; nothing moved.
    Refused(String),
    /// Stripe cannot be reached. The decision stands and is sent again by itself.
    Queued,
}

/// The error of a refund that is not made.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// There is no such order.
    #[error("There is no such order.")]
    NotFound,
    /// The rules are against it.
    #[error(transparent)]
    NotAllowed(#[from] RefundError),
    /// The database failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Stripe forgets an idempotency key after 24 hours, in seconds; with an hour to spare.
///
/// Source: <https://docs.stripe.com/api/idempotent_requests>
const KEY_LIFETIME: i64 = 23 * 60 * 60;

impl Issued {
    /// The status of the refund.
    pub const fn status(&self) -> RefundStatus {
        match self {
            Self::Taken(status) => *status,
            Self::Refused(_) => RefundStatus::Refused,
            Self::Queued => RefundStatus::Requested,
        }
    }
}

/// A name for a new decision. It belongs into the form, so that a second click is the same
/// decision.
pub fn new_id() -> RefundId {
    RefundId::parse(&Uuid::now_v7().to_string()).expect("a UUID is hexadecimal digits and dashes")
}

/// Gives money back: writes the decision down, then sends it to Stripe. The same decision again, at
/// the same time or after a lost answer, is the same refund.
///
/// # Errors
/// When it is more than what is left, the payment is disputed, or the database fails. Nothing moved
/// then.
pub async fn issue(
    shop: &Shop,
    csrf: &CsrfProof,
    request: &RefundRequest,
) -> Result<Issued, IssueError> {
    let decided = shop
        .store
        .transaction(async |mut tx| {
            let Some(order) = store::orders::lock_by_number(&mut tx, csrf.number()).await? else {
                return Ok(Rollback(Err(IssueError::NotFound)));
            };
            let mut next = order.clone();
            let effects = match next.request_refund(request.clone(), shop.now()) {
                Ok(effects) => effects,
                Err(error) => return Ok(Rollback(Err(error.into()))),
            };
            finish(&mut tx, &order, next, effects.into(), shop.now()).await?;
            Ok(Commit(tx, Ok(order.id)))
        })
        .await
        .map_err(Error::from)?;
    let order_id = decided?;
    match send(shop, &order_id, &request.id).await {
        Ok(issued) => Ok(issued),
        Err(Error::Stripe(error)) => {
            tracing::warn!(refund.id = %request.id, stripe.error = %error, "refund not sent yet, Stripe failed");
            Ok(Issued::Queued)
        }
        Err(error) => Err(error.into()),
    }
}

/// Brings a refund on: one that Stripe has not heard of is sent, one that is open is asked about.
/// Answers where it stands then.
///
/// # Errors
/// When Stripe cannot be reached, or the database fails. It can be tried again at any time.
pub(crate) async fn send(shop: &Shop, order_id: &OrderId, id: &RefundId) -> Result<Issued, Error> {
    let Some((order, refund)) = find(shop, order_id, id).await? else {
        return Err(Error::NotFound("the refund"));
    };
    let Some(payment) = order.captured_payment() else {
        return Err(Error::NotFound("the payment to refund"));
    };
    if let Some(stripe_id) = &refund.stripe_id {
        if refund.status.is_open() {
            let fact = provider::retrieve_refund(shop, payment, stripe_id).await?;
            orders::settle(shop, order_id, &OrderFact::Refund(fact)).await?;
        }
        return answer(shop, order_id, id).await;
    }
    if refund.status != RefundStatus::Requested {
        return answer(shop, order_id, id).await;
    }
    // Once Stripe has forgotten the key, the same call would be a second refund; its list tells
    // whether there is one.
    let is_old = shop.now().saturating_sub(refund.created_at) >= KEY_LIFETIME;
    if is_old {
        sync(shop, &order).await?;
        if is_sent(shop, order_id, id).await? {
            return answer(shop, order_id, id).await;
        }
    }
    let mut made = provider::refund(shop, &order, payment, &refund).await;
    if let Err(Error::Stripe(error)) = &made
        && error.is_stored()
    {
        // Stripe repeats this failure for a day. It may have made the refund all the same.
        sync(shop, &order).await?;
        if is_sent(shop, order_id, id).await? {
            return answer(shop, order_id, id).await;
        }
        let attempt = shop
            .store
            .transaction(async |mut tx| {
                let next = store::refunds::next_attempt(&mut tx, id, refund.attempt).await?;
                Ok(Commit(tx, next))
            })
            .await?;
        let again = Refund {
            attempt,
            ..refund.clone()
        };
        made = provider::refund(shop, &order, payment, &again).await;
    }
    let fact = match made {
        Ok(fact) => OrderFact::Refund(fact),
        Err(Error::Stripe(ApiError::Refused { code, .. })) => {
            // Stripe may know of refunds, made elsewhere, that the shop does not.
            if let Err(error) = sync(shop, &order).await {
                tracing::warn!(order.id = %order_id, error = &error as &dyn std::error::Error, "listing the refunds of an order failed");
            }
            OrderFact::RefundRefused {
                id: id.clone(),
                why: code,
            }
        }
        Err(error) => return Err(error),
    };
    orders::settle(shop, order_id, &fact).await?;
    answer(shop, order_id, id).await
}

/// Takes in all refunds that the provider has of an order's payments. Returns whether any was new.
pub(crate) async fn sync(shop: &Shop, order: &Order) -> Result<bool, Error> {
    let mut has_changed = false;
    for payment in &order.payments {
        for fact in provider::refunds_of(shop, payment).await? {
            has_changed |= orders::settle(shop, &order.id, &OrderFact::Refund(fact)).await?;
        }
    }
    Ok(has_changed)
}

async fn is_sent(shop: &Shop, order_id: &OrderId, id: &RefundId) -> Result<bool, Error> {
    let found = find(shop, order_id, id).await?;
    Ok(found.is_some_and(|(_, refund)| refund.stripe_id.is_some()))
}

async fn answer(shop: &Shop, order_id: &OrderId, id: &RefundId) -> Result<Issued, Error> {
    let Some((_, refund)) = find(shop, order_id, id).await? else {
        return Err(Error::NotFound("the refund"));
    };
    Ok(match refund.status {
        RefundStatus::Requested => Issued::Queued,
        RefundStatus::Refused => Issued::Refused(refund.failure.unwrap_or_default()),
        status => Issued::Taken(status),
    })
}

async fn find(
    shop: &Shop,
    order_id: &OrderId,
    id: &RefundId,
) -> Result<Option<(Order, Refund)>, Error> {
    let Some(order) = store::orders::by_id(&shop.store, order_id).await? else {
        return Ok(None);
    };
    let refund = order
        .refunds
        .iter()
        .find(|refund| refund.id == *id)
        .cloned();
    Ok(refund.map(|refund| (order, refund)))
}
