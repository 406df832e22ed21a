//! The refund.

use serde_json::{Value, json};

use super::Object;
use crate::ids;

/// How long a shopper has to say where the money shall go, in seconds: 45 days.
const INSTRUCTIONS_GOOD_FOR: i64 = 45 * 24 * 60 * 60;

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

/// How far a refund is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    /// The shopper was asked by e-mail where the money shall go. Banks and cards know that by themselves.
    RequiresAction,
    Succeeded,
    Failed,
    Canceled,
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
    match input.status {
        Status::Pending => refund.set("pending_reason", "processing"),
        Status::RequiresAction => {
            let email = input.instructions_email.map_or_else(
                || charge.get("billing_details")["email"].clone(),
                Value::from,
            );
            refund.set("next_action", ask_by_email(&email, now));
            refund.plan("expire", now + INSTRUCTIONS_GOOD_FOR);
        }
        Status::Succeeded | Status::Failed | Status::Canceled => {}
    }
    if let Some(email) = input.instructions_email {
        refund.set("instructions_email", email);
    }
    refund
}

/// How far the refund is.
pub(crate) fn status(refund: &Object) -> Status {
    [
        Status::Pending,
        Status::RequiresAction,
        Status::Failed,
        Status::Canceled,
    ]
    .into_iter()
    .find(|status| refund.text("status") == status.name())
    .unwrap_or(Status::Succeeded)
}

/// The money has arrived.
pub(crate) fn succeed(refund: &mut Object) {
    finish(refund, Status::Succeeded);
}

/// The money has come back, as `entry` of the balance, because the refund failed or was canceled.
pub(crate) fn return_money(refund: &mut Object, status: Status, reason: &str, entry: &Object) {
    refund.set("failure_reason", reason);
    refund.set("failure_balance_transaction", entry.id());
    finish(refund, status);
}

fn finish(refund: &mut Object, status: Status) {
    refund.set("status", status.name());
    refund.unset("pending_reason");
    refund.unset("next_action");
    refund.unplan();
}

fn ask_by_email(email: &Value, now: i64) -> Value {
    json!({
        "type": "display_details",
        "display_details": {
            "email_sent": { "email_sent_at": now, "email_sent_to": email.as_str().unwrap_or_default() },
            "expires_at": now + INSTRUCTIONS_GOOD_FOR,
        },
    })
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::RequiresAction => "requires_action",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
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
