use domain::id::OrderId;
use domain::money::Money;
use domain::order::{Payment, PaymentFact};

use crate::event::{Incomplete, money};

/// A Checkout Session to make, in `payment` mode on Stripe's hosted page.
#[derive(Clone, Debug)]
pub struct NewCheckoutSession {
    /// The order that it pays: becomes `client_reference_id` and makes the idempotency key.
    pub order: OrderId,
    /// The order's number, for whoever reads the Stripe Dashboard.
    pub order_number: i64,
    /// What is bought.
    pub line_items: Vec<LineItem>,
    /// The shopper's address, if known; it is then not asked for.
    pub customer_email: Option<String>,
    /// When the session ends, in Unix seconds; at least 30 minutes from now.
    pub expires_at: i64,
    /// Where the shopper goes after paying; Stripe puts the id in place of `{CHECKOUT_SESSION_ID}`.
    pub success_url: String,
    /// Where the shopper goes to change their mind.
    pub cancel_url: String,
}

/// A line of a [`NewCheckoutSession`].
#[derive(Clone, Debug)]
pub struct LineItem {
    /// What the pay page calls it.
    pub name: String,
    /// The variant's options, if it has any.
    pub description: Option<String>,
    /// Where its picture is; only addresses that Stripe can reach are of use.
    pub image_url: Option<String>,
    /// The price of one.
    pub unit_price: Money,
    /// How many.
    pub quantity: u32,
}

/// A Checkout Session as far as the shop acts on it.
#[derive(Clone, Debug)]
pub struct CheckoutSession {
    /// Its id (`cs_…`).
    pub id: String,
    /// Where the shopper pays; only while it is open.
    pub url: Option<String>,
    /// The order that it pays.
    pub client_reference_id: Option<String>,
    /// Whether the shopper can still pay.
    pub status: SessionStatus,
}

/// Whether the shopper can still pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionStatus {
    /// The shopper can pay.
    Open,
    /// It ended, with this result.
    Settled(PaymentFact),
    /// Stripe says something that this version of the shop does not know.
    Unknown,
}

impl CheckoutSession {
    /// Takes from Stripe's form what the shop acts on.
    pub(crate) fn read(session: stripe_checkout::CheckoutSession) -> Result<Self, Incomplete> {
        use stripe_checkout::{
            CheckoutSessionPaymentStatus as Payments, CheckoutSessionStatus as Status,
        };

        let status = match session.status {
            Some(Status::Open) => SessionStatus::Open,
            Some(Status::Expired) => SessionStatus::Settled(PaymentFact::Expired),
            Some(Status::Complete) => {
                let currency = session
                    .currency
                    .as_ref()
                    .map(|currency| currency.to_string());
                let payment = Payment {
                    total: money(("amount_total", session.amount_total), currency.as_deref())?,
                    payment_intent_id: session
                        .payment_intent
                        .as_ref()
                        .map(|intent| intent.id().to_string()),
                    email: session
                        .customer_details
                        .and_then(|details| details.email)
                        .or(session.customer_email),
                };
                match session.payment_status {
                    Payments::Paid | Payments::NoPaymentRequired => {
                        SessionStatus::Settled(PaymentFact::Paid(payment))
                    }
                    Payments::Unpaid => SessionStatus::Settled(PaymentFact::Unpaid(payment)),
                    _ => SessionStatus::Unknown,
                }
            }
            _ => SessionStatus::Unknown,
        };
        Ok(Self {
            id: session.id.to_string(),
            url: session.url,
            client_reference_id: session.client_reference_id,
            status,
        })
    }
}
