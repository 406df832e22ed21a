//! The setup intent: making a payment method ready for later payments, without one now.

use serde_json::{Map, Value, json};

use super::object::Object;
use super::payment_method_options;
use super::setup_attempt::SetupAttempt;
use crate::ids;

object_type! {
    /// A setup intent: making a payment method ready for later payments.
    SetupIntent = "setup_intent";
}

impl SetupIntent {
    /// A setup intent that waits for a payment method. Members are named as Stripe names them;
    /// those that are not given keep their defaults. `now` is in Unix seconds.
    pub(crate) fn create(types: &[String], members: Map<String, Value>, now: i64) -> Self {
        let id = ids::object("seti");
        let mut intent = Self(Object::new(json!({
            "id": id,
            "object": "setup_intent",
            "allowed_payment_method_types": null,
            "application": null,
            "automatic_payment_methods": null,
            "cancellation_reason": null,
            "client_secret": ids::client_secret(&id),
            "created": now,
            "customer": null,
            "customer_account": null,
            "description": null,
            "excluded_payment_method_types": null,
            "flow_directions": null,
            "last_setup_error": null,
            "latest_attempt": null,
            "livemode": false,
            "managed_payments": { "enabled": false },
            "mandate": null,
            "metadata": {},
            "next_action": null,
            "on_behalf_of": null,
            "payment_method": null,
            "payment_method_configuration_details": null,
            "payment_method_options": {},
            "payment_method_types": [],
            "single_use_mandate": null,
            "status": "requires_payment_method",
            "usage": "off_session",
        })));
        payment_method_options::offer(&mut intent, types);
        intent.apply(members);
        intent
    }

    /// The payment method is ready, by an attempt.
    pub(crate) fn succeed(&mut self, attempt: &SetupAttempt) {
        self.advance("succeeded", attempt);
    }

    /// The attempt came to nothing; another payment method is wanted.
    pub(crate) fn fail(&mut self, attempt: &SetupAttempt) {
        self.advance("requires_payment_method", attempt);
        self.set("payment_method", Value::Null);
        self.set("last_setup_error", attempt.get("setup_error").clone());
    }

    /// The bank wants the shopper to authenticate on the page at `url`, which leads back to
    /// `return_url`.
    pub(crate) fn require_authentication(
        &mut self,
        attempt: &SetupAttempt,
        url: &str,
        return_url: Option<&str>,
    ) {
        self.advance("requires_action", attempt);
        self.set(
        "next_action",
        json!({ "type": "redirect_to_url", "redirect_to_url": { "url": url, "return_url": return_url } }),
    );
    }

    /// Nobody will set anything up any more. `reason` is one of Stripe's.
    pub(crate) fn cancel(&mut self, reason: Option<&str>) {
        self.set("status", "canceled");
        self.set("cancellation_reason", reason);
        self.set("next_action", Value::Null);
    }

    fn advance(&mut self, status: &str, attempt: &SetupAttempt) {
        self.set("status", status);
        self.set("latest_attempt", attempt.id());
        self.set("next_action", Value::Null);
        self.set("last_setup_error", Value::Null);
    }
}
