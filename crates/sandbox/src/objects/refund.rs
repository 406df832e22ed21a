//! The refund.

use serde_json::{Value, json};

use super::balance_transaction::BalanceTransaction;
use super::charge::Charge;
use super::object::Object;
use crate::ids;

object_type! {
    /// A refund of a charge, all of it or a part.
    Refund = "refund";
}

/// The time that a shopper has to say where the money shall go, in seconds: 45 days.
const INSTRUCTIONS_GOOD_FOR: i64 = 45 * 24 * 60 * 60;

/// The parameters of a new refund, as the API and the control surface read them.
#[derive(Debug, Default)]
pub(crate) struct RefundParams {
    /// Minor units; everything that is left unless given.
    pub(crate) amount: Option<i64>,
    pub(crate) reason: Option<String>,
    /// An object of texts, or null.
    pub(crate) metadata: Value,
    pub(crate) instructions_email: Option<String>,
    pub(crate) course: Course,
}

/// The course of a refund after its creation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Course {
    /// As the test card of its charge says; most succeed at once.
    #[default]
    OfCard,
    /// Pending, and succeeded later.
    Pending,
    /// Succeeded, and failed later.
    Fails,
    /// Waits for the shopper to say where the money shall go.
    RequiresAction,
}

/// The status of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    /// The shopper was asked by e-mail where the money shall go. Banks and cards know that by
    /// themselves.
    RequiresAction,
    Succeeded,
    Failed,
    Canceled,
}

impl Refund {
    /// Makes the refund of a charge over `amount` minor units. `now` is in Unix seconds.
    pub(crate) fn create(
        params: &RefundParams,
        charge: &Charge,
        amount: i64,
        status: Status,
        now: i64,
    ) -> Self {
        let by_card = charge.get("payment_method_details")["type"] == "card";
        let mut refund = Self(Object::new(json!({
            "id": ids::object(if by_card { "re" } else { "pyr" }),
            "object": "refund",
            "amount": amount,
            "balance_transaction": null,
            "charge": charge.id(),
            "created": now,
            "currency": charge.get("currency"),
            "customer": charge.get("customer"),
            "customer_account": null,
            "destination_details": destination(charge),
            "metadata": if params.metadata.is_object() { params.metadata.clone() } else { json!({}) },
            "payment_intent": charge.get("payment_intent"),
            "payment_method": charge.get("payment_method"),
            "reason": params.reason,
            "receipt_number": null,
            "source_transfer_reversal": null,
            "status": status.name(),
            "transfer_reversal": null,
        })));
        match status {
            Status::Pending => refund.set("pending_reason", "processing"),
            Status::RequiresAction => {
                let email = params.instructions_email.as_deref().map_or_else(
                    || charge.get("billing_details")["email"].clone(),
                    Value::from,
                );
                refund.set("next_action", ask_by_email(&email, now));
                refund.plan("expire", now + INSTRUCTIONS_GOOD_FOR);
            }
            Status::Succeeded | Status::Failed | Status::Canceled => {}
        }
        if let Some(email) = params.instructions_email.as_deref() {
            refund.set("instructions_email", email);
        }
        refund
    }

    /// The status on the wire.
    pub(crate) fn status(&self) -> Status {
        [
            Status::Pending,
            Status::RequiresAction,
            Status::Failed,
            Status::Canceled,
        ]
        .into_iter()
        .find(|status| self.text("status") == status.name())
        .unwrap_or(Status::Succeeded)
    }

    /// The money has arrived.
    pub(crate) fn succeed(&mut self) {
        self.end_with(Status::Succeeded);
    }

    /// The money has come back, as `entry` of the balance, because the refund failed or was
    /// canceled.
    pub(crate) fn return_money(
        &mut self,
        status: Status,
        reason: &str,
        entry: &BalanceTransaction,
    ) {
        self.set("failure_reason", reason);
        self.set("failure_balance_transaction", entry.id());
        self.end_with(status);
    }

    fn end_with(&mut self, status: Status) {
        self.set("status", status.name());
        self.unset("pending_reason");
        self.unset("next_action");
        self.unplan();
    }
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

fn destination(charge: &Charge) -> Value {
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
