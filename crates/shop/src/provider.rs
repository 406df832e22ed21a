//! The differences between the ways to pay: begin, look, end, give back. The only place that
//! matches on [`Provider`].

use domain::money::Money;
use domain::order::{Order, OrderLine, Payment, PaymentFact, Provider, Refund, RefundFact};
use payments::{ApiError, CheckoutSession, LineItem, NewCheckoutSession, NewRefund, SessionStatus};
use store::Commit;
use text::Text;

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
        line_items: line_items(order, site),
        customer_email: order.email.clone(),
        ship_to: order
            .details
            .as_ref()
            .and_then(|details| details.address.clone()),
        expires_at: payment.expires_at,
        success_url: format!(
            "{site}/orders/{}?session_id={{CHECKOUT_SESSION_ID}}",
            order.token
        ),
        cancel_url: format!("{site}/cart"),
    }
}

/// The lines of the pay page, which add up to the order's total: goods at what is paid for them after
/// discounts, the delivery, and taxes that come on top.
fn line_items(order: &Order, site: &str) -> Vec<LineItem> {
    let text = Text::default().breakdown();
    let amounts = &order.amounts;
    let mut items: Vec<_> = order
        .lines
        .iter()
        .map(|line| goods_item(line, amounts.prices_include_tax, site))
        .collect();
    let extra = |name, unit_price| LineItem {
        name,
        description: None,
        image_url: None,
        unit_price,
        quantity: 1,
    };
    if let Some(shipping) = &amounts.shipping {
        let price = untaxed(shipping.total, shipping.tax, amounts.prices_include_tax);
        items.push(extra(
            text.shipping(&shipping.name, shipping.is_pickup),
            price,
        ));
    }
    if !amounts.prices_include_tax {
        let taxes = amounts.taxes.iter();
        items
            .extend(taxes.map(|tax| extra(text.tax(&tax.name, &tax.rate.to_string()), tax.amount)));
    }
    items
}

/// A line at the price of each piece, or as a whole when a discount makes that uneven.
fn goods_item(line: &OrderLine, prices_include_tax: bool, site: &str) -> LineItem {
    let paid = untaxed(line.paid, line.tax, prices_include_tax);
    let is_even = line.total().is_ok_and(|price| price == paid);
    let (name, unit_price, quantity) = if is_even || line.quantity == 1 {
        let unit_price = if is_even { line.unit_price } else { paid };
        (line.title.clone(), unit_price, line.quantity)
    } else {
        (format!("{} × {}", line.quantity, line.title), paid, 1)
    };
    LineItem {
        name,
        description: Some(line.options.clone()).filter(|options| !options.is_empty()),
        image_url: Some(format!("{site}{}", line.image)),
        unit_price,
        quantity,
    }
}

/// The amount paid for a part of the order, without the taxes that come on top of it.
fn untaxed(paid: Money, tax: Money, prices_include_tax: bool) -> Money {
    if prices_include_tax {
        paid
    } else {
        Money::new(paid.amount().saturating_sub(tax.amount()), paid.currency())
    }
}
