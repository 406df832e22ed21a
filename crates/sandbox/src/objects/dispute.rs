//! The dispute: a chargeback, or an inquiry that may become one.

use serde_json::{Value, json};

use super::charge::Charge;
use super::object::Object;
use crate::ids;

object_type! {
    /// A dispute of a charge: a chargeback, or an inquiry that may become one.
    Dispute = "dispute";
}

/// The time that the merchant has for an answer, in seconds: a week.
const TIME_TO_ANSWER: i64 = 7 * 24 * 60 * 60;

/// Every kind of evidence.
pub(crate) const EVIDENCE: &[&str] = &[
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
];

/// Every reason that Stripe tells for a dispute, the usual one first.
pub(crate) const REASONS: &[&str] = &[
    "fraudulent",
    "product_not_received",
    "product_unacceptable",
    "duplicate",
    "credit_not_processed",
    "subscription_canceled",
    "unrecognized",
    "general",
    "noncompliant",
    "bank_cannot_process",
    "check_returned",
    "customer_initiated",
    "debit_not_authorized",
    "incorrect_account_details",
    "insufficient_funds",
];

/// The kind of a dispute, which decides whether the money is gone already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The bank has taken the money back.
    Chargeback,
    /// The bank only asks.
    Inquiry,
}

/// The status of a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    WarningNeedsResponse,
    WarningUnderReview,
    WarningClosed,
    NeedsResponse,
    UnderReview,
    Won,
    Lost,
}

impl Dispute {
    /// Makes the dispute of a charge over `amount` minor units. `now` is in Unix seconds.
    pub(crate) fn create(charge: &Charge, kind: Kind, reason: &str, amount: i64, now: i64) -> Self {
        let mut dispute = Self(Object::new(json!({
            "id": ids::object("du"),
            "object": "dispute",
            "amount": amount,
            "balance_transactions": [],
            "charge": charge.id(),
            "created": now,
            "currency": charge.get("currency"),
            "enhanced_eligibility_types": [],
            "evidence": no_evidence(),
            "evidence_details": {
                "due_by": null,
                "enhanced_eligibility": {},
                "has_evidence": false,
                "past_due": false,
                "submission_count": 0,
                "submission_method": "not_submitted",
            },
            "intended_submission_method": "manual",
            "is_charge_refundable": true,
            "livemode": false,
            "metadata": {},
            "payment_intent": charge.get("payment_intent"),
            "reason": reason,
            "status": Status::WarningNeedsResponse.name(),
        })));
        let card = &charge.get("payment_method_details")["card"];
        if card.is_object() {
            let details = json!({
                "card": {
                    "brand": card["brand"],
                    "case_type": "inquiry",
                    "network": card["brand"],
                    "network_reason_code": network_reason_code(reason),
                },
                "type": "card",
            });
            dispute.set("payment_method_details", details);
        }
        dispute.expect_answer(now);
        if kind == Kind::Chargeback {
            dispute.charge_back(now);
        }
        dispute
    }

    /// Turns it into a chargeback, which takes the money and can no longer be settled by a refund.
    pub(crate) fn charge_back(&mut self, now: i64) {
        self.set("status", Status::NeedsResponse.name());
        self.set("is_charge_refundable", false);
        self.set_in("payment_method_details", "/card/case_type", "chargeback");
        self.expect_answer(now);
    }

    /// The bank has the merchant's answer.
    pub(crate) fn submit(&mut self) {
        let status = match self.status() {
            Status::WarningNeedsResponse => Status::WarningUnderReview,
            Status::NeedsResponse => Status::UnderReview,
            other => other,
        };
        let count = self.get("evidence_details")["submission_count"].as_i64();
        self.set("status", status.name());
        self.set_in("evidence_details", "/has_evidence", true);
        self.set_in(
            "evidence_details",
            "/submission_count",
            count.unwrap_or(0) + 1,
        );
        self.set_in("evidence_details", "/submission_method", "manual");
        self.unplan();
    }

    /// The bank has decided, or the time for an answer is over.
    pub(crate) fn close(&mut self, status: Status) {
        self.set("status", status.name());
        self.set("is_charge_refundable", status != Status::Lost);
        self.unplan();
    }

    /// The status on the wire.
    pub(crate) fn status(&self) -> Status {
        [
            Status::WarningUnderReview,
            Status::WarningClosed,
            Status::NeedsResponse,
            Status::UnderReview,
            Status::Won,
            Status::Lost,
        ]
        .into_iter()
        .find(|status| self.text("status") == status.name())
        .unwrap_or(Status::WarningNeedsResponse)
    }

    /// Without an answer in time the dispute is lost, or the inquiry closed.
    fn expect_answer(&mut self, now: i64) {
        self.set_in("evidence_details", "/due_by", now + TIME_TO_ANSWER);
        self.plan("time_is_up", now + TIME_TO_ANSWER);
    }
}

impl Status {
    /// The name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WarningNeedsResponse => "warning_needs_response",
            Self::WarningUnderReview => "warning_under_review",
            Self::WarningClosed => "warning_closed",
            Self::NeedsResponse => "needs_response",
            Self::UnderReview => "under_review",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }
}

fn no_evidence() -> Value {
    let mut evidence: Value = EVIDENCE
        .iter()
        .map(|member| ((*member).to_owned(), Value::Null))
        .collect();
    evidence["enhanced_evidence"] = json!({});
    evidence
}

/// Visa's code for the reason.
fn network_reason_code(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "fraudulent" | "unrecognized" => "10.4",
        "product_not_received" => "13.1",
        "subscription_canceled" => "13.2",
        "product_unacceptable" => "13.3",
        "credit_not_processed" => "13.6",
        "duplicate" => "12.6.1",
        _ => return None,
    })
}
