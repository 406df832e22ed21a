use domain::address::Address;
use domain::id::{OrderId, PaymentId};
use domain::money::Money;
use domain::order::{PaymentFact, PaymentReport};

use serde::Deserialize;
use serde_json::Value;

use crate::event::{Incomplete, Reference, metadata_text, money};

/// A Checkout Session to make, in `payment` mode on Stripe's hosted page.
#[derive(Clone, Debug)]
pub struct NewCheckoutSession {
    /// The order that it pays: becomes `client_reference_id`.
    pub order: OrderId,
    /// The payment: makes the idempotency key.
    pub payment: PaymentId,
    /// The number of its idempotency key, from 1: how often its creation was begun with a new one.
    pub attempt: u32,
    /// The order's number, for whoever reads the Stripe Dashboard.
    pub order_number: i64,
    /// Proof that this installation made the session, which comes back with its events.
    pub mark: String,
    /// The shop's name at the top of the pay page; Stripe shows the account's unless given.
    pub display_name: Option<String>,
    /// The bought goods.
    pub line_items: Vec<LineItem>,
    /// The shopper's address, if known; it is then not asked for.
    pub customer_email: Option<String>,
    /// The address that the goods go to, for the Dashboard and for checks of fraud.
    pub ship_to: Option<Address>,
    /// When the session ends, in Unix seconds; at least 30 minutes from now.
    pub expires_at: i64,
    /// The address to go to after paying; Stripe puts the id in place of `{CHECKOUT_SESSION_ID}`.
    pub success_url: String,
    /// The address to go to without paying.
    pub cancel_url: String,
}

/// A line of a [`NewCheckoutSession`].
#[derive(Clone, Debug)]
pub struct LineItem {
    /// The name on the pay page.
    pub name: String,
    /// The variant's options, if it has any.
    pub description: Option<String>,
    /// The address of its picture; only addresses that Stripe can reach are of use.
    pub image_url: Option<String>,
    /// The price of one.
    pub unit_price: Money,
    /// The quantity.
    pub quantity: u32,
}

/// A Checkout Session as far as the shop acts on it.
#[derive(Clone, Debug)]
pub struct CheckoutSession {
    /// Its id (`cs_…`).
    pub id: String,
    /// The address of the pay page; only while it is open.
    pub url: Option<String>,
    /// The order that it pays.
    pub client_reference_id: Option<String>,
    /// The status.
    pub status: SessionStatus,
}

/// The status of a Checkout Session: whether the shopper can still pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionStatus {
    /// The shopper can pay.
    Open,
    /// It ended, with this result.
    Settled(PaymentFact),
    /// Stripe says something that this version of the shop does not know.
    Unknown,
}

impl NewCheckoutSession {
    /// The idempotency key. The first attempt's key has no number.
    pub(crate) fn idempotency_key(&self) -> String {
        match self.attempt {
            0 | 1 => format!("checkout-{}", self.payment),
            attempt => format!("checkout-{}-{attempt}", self.payment),
        }
    }
}

impl CheckoutSession {
    /// Reads an answer of Stripe's API. Members that the shop does not act on may be missing or of
    /// any form.
    pub(crate) fn parse(object: &Value) -> Result<Self, Incomplete> {
        let session = SessionObject::parse(object)?;
        let status = match session.status.as_deref() {
            Some("open") => SessionStatus::Open,
            Some("expired") => SessionStatus::Settled(PaymentFact::Expired),
            Some("complete") if session.has_failed() => SessionStatus::Settled(PaymentFact::Failed),
            Some("complete") => session
                .completed()?
                .map_or(SessionStatus::Unknown, SessionStatus::Settled),
            _ => SessionStatus::Unknown,
        };
        Ok(Self {
            status,
            id: session.id,
            url: session.url,
            client_reference_id: session.client_reference_id,
        })
    }
}

/// A Checkout Session as Stripe's API and events tell it: only the members that the shop acts on.
///
/// Source: <https://docs.stripe.com/api/checkout/sessions/object>
#[derive(Deserialize)]
pub(crate) struct SessionObject {
    pub(crate) id: String,
    url: Option<String>,
    mode: Option<String>,
    pub(crate) client_reference_id: Option<String>,
    status: Option<String>,
    payment_status: Option<String>,
    amount_total: Option<i64>,
    currency: Option<String>,
    payment_intent: Option<Reference>,
    customer_details: Option<CustomerDetails>,
    customer_email: Option<String>,
    #[serde(default)]
    metadata: Value,
}

#[derive(Deserialize)]
struct CustomerDetails {
    email: Option<String>,
}

impl SessionObject {
    pub(crate) fn parse(object: &Value) -> Result<Self, Incomplete> {
        Self::deserialize(object).map_err(|_| Incomplete("data.object"))
    }

    /// True if it takes a payment, rather than saving a card or selling a subscription.
    pub(crate) fn is_payment(&self) -> bool {
        self.mode.as_deref().is_none_or(|mode| mode == "payment")
    }

    /// The fact about the payment of a completed session; `None` for a `payment_status` that is not
    /// known.
    pub(crate) fn completed(&self) -> Result<Option<PaymentFact>, Incomplete> {
        Ok(match self.payment_status.as_deref() {
            Some("paid" | "no_payment_required") => Some(PaymentFact::Captured(self.report()?)),
            Some("unpaid") => Some(PaymentFact::Processing(self.report()?)),
            _ => None,
        })
    }

    /// True if a method that settles later did not, which the expanded PaymentIntent tells even
    /// when the event was lost.
    ///
    /// Source: <https://docs.stripe.com/payments/paymentintents/lifecycle>
    fn has_failed(&self) -> bool {
        let intent = self.payment_intent.as_ref().and_then(Reference::status);
        self.payment_status.as_deref() == Some("unpaid")
            && matches!(intent, Some("requires_payment_method" | "canceled"))
    }

    /// The order's number, if the shop wrote it when it made the session.
    pub(crate) fn order_number(&self) -> Option<i64> {
        metadata_text(&self.metadata, "order_number")?.parse().ok()
    }

    /// The proof that an installation of the shop wrote when it made the session.
    pub(crate) fn mark(&self) -> Option<String> {
        metadata_text(&self.metadata, "installation_mark").map(str::to_owned)
    }

    pub(crate) fn report(&self) -> Result<PaymentReport, Incomplete> {
        let details = self.customer_details.as_ref();
        Ok(PaymentReport {
            total: money(
                ("amount_total", self.amount_total),
                self.currency.as_deref(),
            )?,
            payment_reference: self.payment_intent.as_ref().map(Reference::id),
            email: details
                .and_then(|details| details.email.clone())
                .or_else(|| self.customer_email.clone()),
        })
    }
}
