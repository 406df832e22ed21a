//! The differences between the ways to pay: begin, look, end, give back. The only place that
//! matches on [`Provider`].

use domain::order::{Order, Payment, PaymentFact, Provider, Refund, RefundFact};
use payments::{ApiError, CheckoutSession, LineItem, NewCheckoutSession, NewRefund, SessionStatus};
use store::Commit;

use crate::{Error, Shop};

/// A payment that exists at its provider.
#[derive(Clone, Debug)]
pub(crate) struct Begun {
    /// The provider's name for it.
    pub(crate) reference: String,
    /// The address of the pay page; only while it can be paid on.
    pub(crate) url: Option<String>,
}

/// The answer of a provider about a payment.
#[derive(Clone, Debug)]
pub(crate) enum PaymentLookup {
    /// The shopper can pay, at this address.
    Open(Option<String>),
    /// It went on.
    Fact(PaymentFact),
    /// The provider does not know it.
    Unknown,
    /// The answer says something that this version of the shop does not know.
    Unclear,
}

/// The time by which a session may have been made before its order, in seconds: as far as clocks
/// differ.
const CLOCK_SLACK: i64 = 10 * 60;

/// Creates the payment at its provider, or finds it if it is there already. A failure that the
/// provider stored under the idempotency key is answered by a look whether the payment exists, and
/// only then by another key.
///
/// # Errors
/// When the provider refuses or cannot be reached.
pub(crate) async fn begin(shop: &Shop, order: &Order, payment: &Payment) -> Result<Begun, Error> {
    match payment.provider {
        Provider::StripeCheckout => {
            let new = new_session(shop, order, payment);
            let session = match shop.stripe.create_checkout_session(&new).await {
                Err(error) if error.is_stored() => match find_session(shop, order).await? {
                    Some(session) => session,
                    None => {
                        let attempt = shop
                            .store
                            .transaction(async |mut tx| {
                                let (id, before) = (&payment.id, payment.attempt);
                                let next =
                                    store::payments::next_attempt(&mut tx, id, before).await?;
                                Ok(Commit(tx, next))
                            })
                            .await?;
                        let again = NewCheckoutSession { attempt, ..new };
                        shop.stripe.create_checkout_session(&again).await?
                    }
                },
                answer => answer?,
            };
            Ok(Begun {
                reference: session.id,
                url: session.url,
            })
        }
    }
}

/// Asks the provider about a payment that it has.
///
/// # Errors
/// When the provider refuses or cannot be reached.
pub(crate) async fn retrieve(shop: &Shop, payment: &Payment) -> Result<PaymentLookup, Error> {
    let Some(reference) = &payment.reference else {
        return Ok(PaymentLookup::Unclear);
    };
    match payment.provider {
        Provider::StripeCheckout => match shop.stripe.checkout_session(reference).await {
            Ok(session) => Ok(match session.status {
                SessionStatus::Open => PaymentLookup::Open(session.url),
                SessionStatus::Settled(fact) => PaymentLookup::Fact(fact),
                SessionStatus::Unknown => PaymentLookup::Unclear,
            }),
            Err(error) if error.is_not_found() => Ok(PaymentLookup::Unknown),
            Err(error) => Err(error.into()),
        },
    }
}

/// Ends a payment at its provider, so that the shopper can no longer pay in it. Returns whether it
/// was ended now; if not, it ended before, or was paid.
///
/// # Errors
/// When the provider cannot be reached.
pub(crate) async fn end(shop: &Shop, payment: &Payment) -> Result<bool, Error> {
    let Some(reference) = &payment.reference else {
        return Ok(false);
    };
    match payment.provider {
        Provider::StripeCheckout => match shop.stripe.expire_checkout_session(reference).await {
            Ok(_) => Ok(true),
            Err(ApiError::Refused { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        },
    }
}

/// Gives money of a payment back. The same refund and attempt again is the same refund.
///
/// # Errors
/// When the provider refuses or cannot be reached.
pub(crate) async fn refund(
    shop: &Shop,
    order: &Order,
    payment: &Payment,
    refund: &Refund,
) -> Result<RefundFact, Error> {
    let Some(payment_reference) = payment.payment_reference.clone() else {
        return Err(Error::NotFound("the payment to refund"));
    };
    match payment.provider {
        Provider::StripeCheckout => {
            let new = NewRefund {
                id: refund.id.clone(),
                attempt: refund.attempt,
                order: order.id.clone(),
                payment_reference,
                amount: refund.amount,
                reason: refund.reason,
            };
            Ok(shop.stripe.create_refund(&new).await?)
        }
    }
}

/// Asks the provider about a refund that it has.
///
/// # Errors
/// When the provider does not know it or cannot be reached.
pub(crate) async fn retrieve_refund(
    shop: &Shop,
    payment: &Payment,
    stripe_id: &str,
) -> Result<RefundFact, Error> {
    match payment.provider {
        Provider::StripeCheckout => Ok(shop.stripe.refund(stripe_id).await?),
    }
}

/// All refunds that the provider has of a payment, whoever made them.
///
/// # Errors
/// When the provider refuses or cannot be reached.
pub(crate) async fn refunds_of(shop: &Shop, payment: &Payment) -> Result<Vec<RefundFact>, Error> {
    let Some(reference) = &payment.payment_reference else {
        return Ok(Vec::new());
    };
    match payment.provider {
        Provider::StripeCheckout => Ok(shop.stripe.refunds_of(reference).await?),
    }
}

/// The open session that an earlier attempt made for this order, if there is one.
async fn find_session(shop: &Shop, order: &Order) -> Result<Option<CheckoutSession>, Error> {
    let since = order.created_at.saturating_sub(CLOCK_SLACK);
    let sessions = shop.stripe.checkout_sessions_of(&order.id, since).await?;
    let is_open = |session: &CheckoutSession| session.status == SessionStatus::Open;
    Ok(sessions.into_iter().find(is_open))
}

fn new_session(shop: &Shop, order: &Order, payment: &Payment) -> NewCheckoutSession {
    let site = shop.site_url();
    NewCheckoutSession {
        order: order.id.clone(),
        payment: payment.id.clone(),
        attempt: payment.attempt,
        order_number: order.number,
        mark: shop.session_mark(&order.id),
        display_name: shop.name().map(str::to_owned),
        line_items: order
            .lines
            .iter()
            .map(|line| LineItem {
                name: line.title.clone(),
                description: Some(line.options.clone()).filter(|options| !options.is_empty()),
                image_url: Some(format!("{site}{}", line.image)),
                unit_price: line.unit_price,
                quantity: line.quantity,
            })
            .collect(),
        customer_email: None,
        expires_at: payment.expires_at,
        success_url: format!(
            "{site}/orders/{}?session_id={{CHECKOUT_SESSION_ID}}",
            order.token
        ),
        cancel_url: format!("{site}/cart"),
    }
}
