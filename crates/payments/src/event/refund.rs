use domain::id::{OrderId, RefundId};
use domain::order::{RefundFact, RefundReason, RefundStatus};
use serde::Deserialize;
use serde_json::Value;

use super::RefundEvent;
use super::object::{Incomplete, Reference, metadata_text, money};

/// A refund as Stripe's API and events tell it.
#[derive(Deserialize)]
pub(crate) struct RefundObject {
    id: String,
    amount: Option<i64>,
    currency: Option<String>,
    status: Option<String>,
    reason: Option<String>,
    failure_reason: Option<String>,
    created: Option<i64>,
    payment_intent: Option<Reference>,
    #[serde(default)]
    metadata: Value,
}

impl RefundObject {
    pub(crate) fn parse(object: &Value) -> Result<Self, Incomplete> {
        Self::deserialize(object).map_err(|_| Incomplete("data.object"))
    }

    /// The event that it is; none when its status is one that this version of the shop does not
    /// know.
    pub(crate) fn into_event(self) -> Result<Option<RefundEvent>, Incomplete> {
        let amount = money(("amount", self.amount), self.currency.as_deref())?;
        let created_at = self.created.ok_or(Incomplete("data.object.created"))?;
        let Some(status) = self.status.as_deref().and_then(status) else {
            return Ok(None);
        };
        Ok(Some(RefundEvent {
            payment_reference: self.payment_intent.map(Reference::into_id),
            order_id: metadata_text(&self.metadata, "order_id")
                .and_then(|id| OrderId::parse(id).ok()),
            fact: RefundFact {
                stripe_id: self.id,
                refund_id: metadata_text(&self.metadata, "refund_id")
                    .and_then(|id| RefundId::parse(id).ok()),
                amount,
                status,
                reason: self.reason.as_deref().and_then(RefundReason::parse),
                failure: self.failure_reason,
                created_at,
            },
        }))
    }
}

fn status(text: &str) -> Option<RefundStatus> {
    match RefundStatus::parse(text)? {
        // These are the shop's own; Stripe would mean something else by them.
        RefundStatus::Requested | RefundStatus::Refused => None,
        known @ (RefundStatus::Pending
        | RefundStatus::RequiresAction
        | RefundStatus::Succeeded
        | RefundStatus::Canceled
        | RefundStatus::Failed) => Some(known),
    }
}
