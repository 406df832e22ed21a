use domain::id::OrderId;
use domain::money::Money;
use domain::order::{Dispute, EarlyFraudWarning, PaymentFact, RefundFact};
use serde::Deserialize;
use serde_json::Value;

/// Members that several kinds of objects have.
mod object;

/// Events about a charge.
mod charge;
/// Events about a dispute.
mod dispute;
/// Events about an early fraud warning.
mod early_fraud_warning;
/// A refund, as an event or an answer has it.
mod refund;
/// Events about a Checkout Session.
mod session;

pub(crate) use object::{Incomplete, Reference, metadata_text, money};
pub(crate) use refund::RefundObject;

/// An event that Stripe delivered, as far as the shop acts on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its id (`evt_…`).
    pub id: String,
    /// Its type, such as `checkout.session.completed`.
    pub kind: String,
    /// True if it is about real money.
    pub livemode: bool,
    /// The connected account that it is about (`acct_…`); none for the merchant's own.
    pub account: Option<String>,
    /// When it happened by Stripe's clock, in Unix seconds; 0 for a form of event that says it
    /// otherwise.
    pub created: i64,
    /// The object that it is about.
    pub object_id: Option<String>,
    /// The payload, if it moves an order.
    pub payload: Option<EventPayload>,
}

/// The payload of an event: the members that the shop acts on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventPayload {
    /// A Checkout Session went on.
    Session(SessionEvent),
    /// A refund was made or went on.
    Refund(RefundEvent),
    /// A dispute was opened or went on.
    Dispute(DisputeEvent),
    /// A payment was reported as fraudulent, or what was reported went on.
    EarlyFraudWarning(EarlyFraudWarningEvent),
    /// A charge was paid back, in part or in full.
    ChargeRefunded(ChargeEvent),
}

/// The payload of an event about a Checkout Session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEvent {
    /// The session (`cs_…`).
    pub session_id: String,
    /// The order that it pays, as the shop named it when it made the session.
    pub client_reference_id: Option<String>,
    /// The order's number, as the shop wrote it when it made the session.
    pub order_number: Option<i64>,
    /// Proof of the installation that made the session.
    pub mark: Option<String>,
    /// The fact about the payment.
    pub fact: PaymentFact,
}

/// The payload of an event about a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundEvent {
    /// The payment that is given back (`pi_…`).
    pub payment_reference: Option<String>,
    /// The order, when the shop made the refund.
    pub order_id: Option<OrderId>,
    /// The object, as Stripe describes it.
    pub fact: RefundFact,
}

/// The payload of an event about a dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeEvent {
    /// The payment that is disputed (`pi_…`).
    pub payment_reference: Option<String>,
    /// The object, as Stripe describes it.
    pub dispute: Dispute,
}

/// The payload of an event about an early fraud warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlyFraudWarningEvent {
    /// The payment that is reported (`pi_…`).
    pub payment_reference: Option<String>,
    /// The object, as Stripe describes it.
    pub warning: EarlyFraudWarning,
}

/// The payload of an event about the refunds of a charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeEvent {
    /// The payment that the charge belongs to (`pi_…`).
    pub payment_reference: Option<String>,
    /// The order, when the shop made the payment.
    pub order_id: Option<OrderId>,
    /// The amount that was paid back so far, all refunds together.
    pub amount_refunded: Money,
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
    /// Every type that can move an order: what a webhook endpoint has to be subscribed to.
    pub const KINDS: [&'static str; 16] = [
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
        "refund.created",
        "refund.updated",
        "refund.failed",
        "charge.refund.updated",
        "charge.refunded",
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "radar.early_fraud_warning.created",
        "radar.early_fraud_warning.updated",
    ];

    /// Reads an event from the verified body. Members that the shop does not act on may be missing
    /// or of any form, so that an endpoint of another API version works too.
    ///
    /// # Errors
    /// When it is no event, or one that the shop acts on without the members that say what
    /// happened.
    pub fn parse(body: &[u8]) -> Result<Self, ParseEventError> {
        let envelope: Envelope =
            serde_json::from_slice(body).map_err(ParseEventError::NotAnEvent)?;
        let payload =
            envelope
                .payload()
                .map_err(|Incomplete(member)| ParseEventError::Incomplete {
                    id: envelope.id.clone(),
                    member,
                })?;
        Ok(Self {
            created: envelope.created().unwrap_or(0),
            object_id: envelope.object()["id"].as_str().map(str::to_owned),
            livemode: envelope.livemode.unwrap_or(false),
            account: envelope.account,
            id: envelope.id,
            kind: envelope.kind,
            payload,
        })
    }
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    livemode: Option<bool>,
    /// Unix seconds, or a text in events of another family, which say nothing that the shop acts
    /// on.
    account: Option<String>,
    #[serde(default)]
    created: Value,
    #[serde(default)]
    data: Data,
}

/// Events without an object of their own exist; they say nothing about an order.
#[derive(Default, Deserialize)]
struct Data {
    #[serde(default)]
    object: Value,
}

impl Envelope {
    fn object(&self) -> &Value {
        &self.data.object
    }

    fn created(&self) -> Option<i64> {
        self.created.as_i64()
    }

    fn payload(&self) -> Result<Option<EventPayload>, Incomplete> {
        let object = self.object();
        Ok(match self.kind.as_str() {
            "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated" => {
                RefundObject::parse(object)?
                    .into_event()?
                    .map(EventPayload::Refund)
            }
            "charge.refunded" => Some(EventPayload::ChargeRefunded(charge::parse(object)?)),
            "radar.early_fraud_warning.created" | "radar.early_fraud_warning.updated" => {
                let reported_at = self.created().ok_or(Incomplete("created"))?;
                let payload = early_fraud_warning::parse(object, reported_at)?;
                Some(EventPayload::EarlyFraudWarning(payload))
            }
            kind => {
                if let Some(what) = kind.strip_prefix("checkout.session.") {
                    session::parse(object, what)?.map(EventPayload::Session)
                } else if let Some(what) = kind.strip_prefix("charge.dispute.") {
                    let told_at = self.created().ok_or(Incomplete("created"))?;
                    dispute::parse(object, what, told_at)?.map(EventPayload::Dispute)
                } else {
                    None
                }
            }
        })
    }
}
