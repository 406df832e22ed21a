//! The refund.

use serde_json::{Value, json};

use super::Object;
use crate::ids;

/// What a refund is made of.
#[derive(Debug)]
pub(crate) struct RefundInput<'a> {
    /// Minor units.
    pub(crate) amount: i64,
    pub(crate) reason: Option<&'a str>,
    pub(crate) metadata: Value,
    pub(crate) instructions_email: Option<&'a str>,
    pub(crate) status: Status,
}

/// How far a refund is. Cards never ask the shopper to do anything, so nothing here requires an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Succeeded,
    Failed,
}

/// Makes the refund of a charge. `now` is in Unix seconds.
pub(crate) fn create(input: &RefundInput<'_>, charge: &Object, now: i64) -> Object {
    let by_card = charge.get("payment_method_details")["type"] == "card";
    let mut refund = Object::new(json!({
        "id": ids::object(if by_card { "re" } else { "pyr" }),
        "object": "refund",
        "amount": input.amount,
        "balance_transaction": null,
        "charge": charge.id(),
        "created": now,
        "currency": charge.get("currency"),
        "customer": charge.get("customer"),
        "customer_account": null,
        "destination_details": destination(charge),
        "metadata": input.metadata,
        "payment_intent": charge.get("payment_intent"),
        "payment_method": charge.get("payment_method"),
        "reason": input.reason,
        "receipt_number": null,
        "source_transfer_reversal": null,
        "status": input.status.name(),
        "transfer_reversal": null,
    }));
    if input.status == Status::Pending {
        refund.set("pending_reason", "processing");
    }
    if let Some(email) = input.instructions_email {
        refund.set("instructions_email", email);
    }
    refund
}

/// How far the refund is.
pub(crate) fn status(refund: &Object) -> Status {
    [Status::Pending, Status::Failed]
        .into_iter()
        .find(|status| refund.text("status") == status.name())
        .unwrap_or(Status::Succeeded)
}

/// The money has arrived.
pub(crate) fn succeed(refund: &mut Object) {
    refund.set("status", Status::Succeeded.name());
    refund.unset("pending_reason");
    refund.unplan();
}

/// The money has come back, as `entry` of the balance.
pub(crate) fn fail(refund: &mut Object, reason: &str, entry: &Object) {
    refund.set("status", Status::Failed.name());
    refund.set("failure_reason", reason);
    refund.set("failure_balance_transaction", entry.id());
    refund.unset("pending_reason");
    refund.unplan();
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

fn destination(charge: &Object) -> Value {
    match &charge.get("payment_method_details")["type"] {
        kind if kind == "card" => json!({
            "card": {
                "reference_status": "pending",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        }),
        kind => json!({ "type": kind }),
    }
}
