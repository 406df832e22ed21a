//! The setup attempt: one attempt to set up a payment method.

use serde_json::{Value, json};

use super::charge_details;
use super::object::Object;
use super::payment_method::PaymentMethod;
use super::payment_method::{Instrument, checks};
use super::setup_intent::SetupIntent;
use crate::ids;

object_type! {
    /// A setup attempt: one attempt to set up a payment method.
    SetupAttempt = "setup_attempt";
}

impl SetupAttempt {
    /// An attempt that the bank has not answered yet. `now` is in Unix seconds.
    pub(crate) fn create(
        intent: &SetupIntent,
        method: &PaymentMethod,
        instrument: &Instrument,
        now: i64,
    ) -> Self {
        let kind = instrument.kind();
        let mut details = json!({ "type": kind });
        details[kind] = match instrument {
            Instrument::Debit(_) => json!({}),
            Instrument::Card(card) => json!({
                "brand": card.brand.name(),
                "checks": checks(card),
                "country": card.country(),
                "exp_month": card.exp_month,
                "exp_year": card.exp_year,
                "fingerprint": card.fingerprint,
                "funding": card.funding(),
                "last4": card.last4,
                "network": card.brand.name(),
                "three_d_secure": null,
                "wallet": null,
            }),
        };
        Self(Object::new(json!({
            "id": ids::object("setatt"),
            "object": "setup_attempt",
            "application": null,
            "created": now,
            "customer": intent.get("customer"),
            "customer_account": null,
            "flow_directions": null,
            "livemode": false,
            "on_behalf_of": null,
            "payment_method": method.id(),
            "payment_method_details": details,
            "setup_error": null,
            "setup_intent": intent.id(),
            "status": "requires_confirmation",
            "usage": intent.text("usage"),
        })))
    }

    /// The bank wants the shopper to authenticate.
    pub(crate) fn require_authentication(&mut self) {
        self.set("status", "requires_action");
    }

    /// The shopper has authenticated with the bank.
    pub(crate) fn authenticated(&mut self) {
        let mut result = charge_details::three_d_secure();
        if let Some(result) = result.as_object_mut() {
            // Only a payment can be exempt.
            result.remove("exemption_indicator");
        }
        self.set_in("payment_method_details", "/card/three_d_secure", result);
    }

    pub(crate) fn succeed(&mut self) {
        self.set("status", "succeeded");
    }

    pub(crate) fn fail(&mut self, error: Value) {
        self.set("status", "failed");
        self.set("setup_error", error);
    }

    /// The setup was given up, or tried in another way.
    pub(crate) fn abandon(&mut self) {
        self.set("status", "abandoned");
    }
}
