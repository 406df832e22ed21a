//! The charge: one attempt to take money from a card or a bank account.

use serde_json::json;

use super::charge_attempt::{Attempt, Course};
use super::charge_details;
use super::object::Object;
use super::payment_method::Instrument;
use super::refund::Refund;
use crate::cards::Decline;
use crate::ids;

object_type! {
    /// A charge: one attempt to take money from a card or a bank account.
    Charge = "charge";
}

/// The number of refunds that a charge shows; the list of refunds has them all.
const REFUNDS_SHOWN: usize = 10;

impl Charge {
    /// Makes the charge of an attempt.
    pub(crate) fn create(attempt: &Attempt<'_>) -> Self {
        let intent = attempt.intent;
        let amount = intent.integer("amount");
        let (status, paid, captured) = match attempt.course {
            Course::Taken => ("succeeded", true, true),
            Course::Authorized { .. } => ("succeeded", true, false),
            Course::Pending => ("pending", false, true),
            Course::Declined(_) => ("failed", false, false),
        };
        let decline = match attempt.course {
            Course::Declined(decline) => Some(decline),
            _ => None,
        };
        let id = ids::object(match attempt.instrument {
            Instrument::Card(_) => "ch",
            Instrument::Debit(_) => "py",
        });
        let refunds = json!({ "object": "list", "data": [], "has_more": false, "url": format!("/v1/charges/{id}/refunds") });
        let mut charge = Self(Object::new(json!({
            "id": id,
            "object": "charge",
            "amount": amount,
            "amount_captured": if captured { amount } else { 0 },
            "amount_refunded": 0,
            "application": null,
            "application_fee": null,
            "application_fee_amount": null,
            "balance_transaction": null,
            "billing_details": attempt.payment_method.get("billing_details"),
            "calculated_statement_descriptor": charge_details::statement_descriptor(attempt),
            "captured": captured,
            "created": attempt.now,
            "currency": intent.text("currency"),
            "customer": intent.get("customer"),
            "description": intent.get("description"),
            "disputed": false,
            "failure_balance_transaction": null,
            "failure_code": decline.map(|decline| decline.code),
            "failure_message": decline.map(|decline| decline.message),
            "fraud_details": {},
            "livemode": false,
            "metadata": intent.get("metadata"),
            "on_behalf_of": null,
            "outcome": charge_details::outcome(attempt.course),
            "paid": paid,
            "payment_intent": intent.id(),
            "payment_method": attempt.payment_method.id(),
            "payment_method_details": charge_details::payment_method_details(attempt, amount),
            "radar_options": {},
            "receipt_email": intent.get("receipt_email"),
            "receipt_number": null,
            "receipt_url": null,
            "refunded": false,
            "refunds": refunds,
            "review": null,
            "shipping": intent.get("shipping"),
            "source_transfer": null,
            "statement_descriptor": intent.get("statement_descriptor"),
            "statement_descriptor_suffix": intent.get("statement_descriptor_suffix"),
            "status": status,
            "transfer_data": null,
            "transfer_group": intent.get("transfer_group"),
        })));
        // Some test cards decide what happens later, to a refund or by a dispute.
        if let Instrument::Card(card) = attempt.instrument {
            charge.set_private("test_card", card.name.as_str());
        }
        charge
    }

    /// A pending charge has come through.
    pub(crate) fn arrive(&mut self) {
        self.set("status", "succeeded");
        self.set("paid", true);
    }

    /// A pending charge has come to nothing.
    pub(crate) fn fail(&mut self, decline: &Decline) {
        self.set("status", "failed");
        self.set("captured", false);
        self.set("amount_captured", 0);
        self.set("failure_code", decline.code);
        self.set("failure_message", decline.message);
        self.set("outcome", charge_details::refused(decline));
    }

    /// Takes `amount` minor units of what was authorized.
    pub(crate) fn capture(&mut self, amount: i64) {
        self.set("captured", true);
        self.set("amount_captured", amount);
    }

    /// Lets go of what was authorized and not captured.
    pub(crate) fn release(&mut self) {
        let amount = self.integer("amount");
        self.set("amount_refunded", amount);
        self.set("refunded", true);
    }

    /// The amount that can still be refunded, in minor units.
    pub(crate) fn refundable(&self) -> i64 {
        self.integer("amount_captured") - self.integer("amount_refunded")
    }

    /// Gives `amount` minor units back with a refund; a negative amount undoes one that failed.
    pub(crate) fn refund(&mut self, refund: &Refund, amount: i64) {
        let refunded = self.integer("amount_refunded") + amount;
        self.set("amount_refunded", refunded);
        let left = self.refundable();
        self.set("refunded", refunded > 0 && left == 0);
        self.keep_refund(refund);
    }

    /// Shows a refund as it is now among the charge's newest ones.
    pub(crate) fn keep_refund(&mut self, refund: &Refund) {
        let mut list = self.get("refunds").clone();
        let Some(shown) = list["data"].as_array_mut() else {
            return;
        };
        match shown.iter_mut().find(|other| other["id"] == refund.id()) {
            Some(place) => *place = refund.body().clone(),
            None => shown.insert(0, refund.body().clone()),
        }
        if shown.len() > REFUNDS_SHOWN {
            shown.truncate(REFUNDS_SHOWN);
            list["has_more"] = json!(true);
        }
        self.set("refunds", list);
    }
}
