use domain::order::{Dispute, DisputeFunds, DisputeStatus};
use serde::Deserialize;
use serde_json::Value;

use super::DisputeEvent;
use super::object::{Incomplete, Reference, money};

#[derive(Deserialize)]
struct DisputeObject {
    id: String,
    amount: Option<i64>,
    currency: Option<String>,
    status: Option<String>,
    reason: Option<String>,
    created: Option<i64>,
    payment_intent: Option<Reference>,
    evidence_details: Option<EvidenceDetails>,
    is_charge_refundable: Option<bool>,
    /// Ids alone where they are not expanded.
    #[serde(default)]
    balance_transactions: Value,
}

#[derive(Deserialize)]
struct EvidenceDetails {
    due_by: Option<i64>,
}

/// Parses `charge.dispute.{what}`. `told_at` is when Stripe said it, in Unix seconds.
pub(super) fn parse(
    object: &Value,
    what: &str,
    told_at: i64,
) -> Result<Option<DisputeEvent>, Incomplete> {
    if !matches!(
        what,
        "created" | "updated" | "closed" | "funds_withdrawn" | "funds_reinstated"
    ) {
        return Ok(None);
    }
    let dispute = DisputeObject::deserialize(object).map_err(|_| Incomplete("data.object"))?;
    let funds = match what {
        "funds_withdrawn" => DisputeFunds::Withdrawn,
        "funds_reinstated" => DisputeFunds::Reinstated,
        _ => dispute.funds(),
    };
    let status = DisputeStatus::parse(dispute.status.as_deref().unwrap_or_default());
    Ok(Some(DisputeEvent {
        dispute: Dispute {
            amount: money(("amount", dispute.amount), dispute.currency.as_deref())?,
            status,
            reason: dispute.reason.unwrap_or_else(|| "general".to_owned()),
            due_by: dispute.evidence_details.and_then(|details| details.due_by),
            funds,
            is_charge_refundable: dispute.is_charge_refundable.unwrap_or(true),
            is_appealed: status.is_appeal(),
            opened_at: dispute.created.unwrap_or(told_at),
            told_at,
            id: dispute.id,
        },
        payment_reference: dispute.payment_intent.map(Reference::into_id),
    }))
}

impl DisputeObject {
    /// The place of the money, by the movements on the balance: Stripe writes one when the bank
    /// takes the money, and one more when it comes back.
    ///
    /// Source: <https://docs.stripe.com/api/disputes/object#dispute_object-balance_transactions>
    fn funds(&self) -> DisputeFunds {
        let moved = |has_direction: fn(i64) -> bool| {
            self.balance_transactions
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|row| row["amount"].as_i64())
                .any(has_direction)
        };
        if moved(i64::is_positive) {
            DisputeFunds::Reinstated
        } else if moved(i64::is_negative) {
            DisputeFunds::Withdrawn
        } else {
            DisputeFunds::Kept
        }
    }
}
