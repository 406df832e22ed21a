use domain::order::{Payment, PaymentFact};
use serde::Deserialize;

use crate::session::total;

/// An event that Stripe delivered, as far as the shop acts on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its id (`evt_…`).
    pub id: String,
    /// Its type, such as `checkout.session.completed`.
    pub kind: String,
    /// Whether it is about real money.
    pub livemode: bool,
    /// The object that it is about.
    pub object_id: Option<String>,
    /// What it says about a Checkout Session, if it says anything that moves an order.
    pub news: Option<SessionNews>,
}

/// What an event says about a Checkout Session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionNews {
    /// The session (`cs_…`).
    pub session_id: String,
    /// The order that it pays, as the shop named it when it made the session.
    pub client_reference_id: Option<String>,
    /// What happened.
    pub fact: PaymentFact,
}

/// The body is signed by Stripe and yet no event.
#[derive(Debug, thiserror::Error)]
pub enum ParseEventError {
    /// It is not JSON, or not an event.
    #[error("the body is not an event")]
    NotAnEvent(#[source] serde_json::Error),
    /// A member that the shop acts on is missing or of another type.
    #[error("the event {id} lacks a usable {member}")]
    Incomplete {
        /// The event's id.
        id: String,
        /// The member.
        member: &'static str,
    },
}

impl Event {
    /// Reads an event from the verified body. Members that the shop does not act on may be missing or of any form, so
    /// that an endpoint of another API version works too.
    ///
    /// # Errors
    /// When it is no event, or one about a session without the members that say what happened.
    pub fn parse(body: &[u8]) -> Result<Self, ParseEventError> {
        let envelope: Envelope =
            serde_json::from_slice(body).map_err(ParseEventError::NotAnEvent)?;
        let object_id = envelope
            .data
            .object
            .get("id")
            .and_then(serde_json::Value::as_str)
            .map(str::to_owned);
        let news = match envelope.kind.strip_prefix("checkout.session.") {
            Some(what) => Self::session_news(&envelope, what)?,
            None => None,
        };
        Ok(Self {
            id: envelope.id,
            kind: envelope.kind,
            livemode: envelope.livemode.unwrap_or(false),
            object_id,
            news,
        })
    }

    fn session_news(
        envelope: &Envelope,
        what: &str,
    ) -> Result<Option<SessionNews>, ParseEventError> {
        let incomplete = |member| ParseEventError::Incomplete {
            id: envelope.id.clone(),
            member,
        };
        let session: Session =
            Session::deserialize(&envelope.data.object).map_err(|_| incomplete("data.object"))?;
        // Sessions that save a card or sell a subscription are another integration's, and may have no amount.
        if session
            .mode
            .as_deref()
            .is_some_and(|mode| mode != "payment")
        {
            return Ok(None);
        }
        let fact = match what {
            "completed" => {
                let payment = session.payment().map_err(incomplete)?;
                match session.payment_status.as_deref() {
                    Some("paid" | "no_payment_required") => PaymentFact::Paid(payment),
                    Some("unpaid") => PaymentFact::Unpaid(payment),
                    _ => return Err(incomplete("payment_status")),
                }
            }
            "async_payment_succeeded" => {
                PaymentFact::AsyncPaymentSucceeded(session.payment().map_err(incomplete)?)
            }
            "async_payment_failed" => PaymentFact::AsyncPaymentFailed,
            "expired" => PaymentFact::Expired,
            _ => return Ok(None),
        };
        Ok(Some(SessionNews {
            session_id: session.id,
            client_reference_id: session.client_reference_id,
            fact,
        }))
    }
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    livemode: Option<bool>,
    #[serde(default)]
    data: Data,
}

/// Events without an object of their own exist; they say nothing about a session.
#[derive(Default, Deserialize)]
struct Data {
    #[serde(default)]
    object: serde_json::Value,
}

#[derive(Deserialize)]
struct Session {
    id: String,
    mode: Option<String>,
    client_reference_id: Option<String>,
    payment_status: Option<String>,
    amount_total: Option<i64>,
    currency: Option<String>,
    payment_intent: Option<Reference>,
    customer_details: Option<CustomerDetails>,
    customer_email: Option<String>,
}

#[derive(Deserialize)]
struct CustomerDetails {
    email: Option<String>,
}

/// An id, or the object itself where it was expanded.
#[derive(Deserialize)]
#[serde(untagged)]
enum Reference {
    Id(String),
    Object { id: String },
}

impl Session {
    fn payment(&self) -> Result<Payment, &'static str> {
        Ok(Payment {
            total: total(self.amount_total, self.currency.as_deref())?,
            payment_intent_id: self
                .payment_intent
                .as_ref()
                .map(|reference| match reference {
                    Reference::Id(id) | Reference::Object { id } => id.clone(),
                }),
            email: self
                .customer_details
                .as_ref()
                .and_then(|details| details.email.clone())
                .or_else(|| self.customer_email.clone()),
        })
    }
}
