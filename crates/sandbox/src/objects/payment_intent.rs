//! The payment intent: one payment, over as many attempts as it takes.

use serde_json::{Map, Value, json};

use super::checkout_session::CheckoutSession;
use super::checkout_session::Shopper;
use super::object::Object;
use super::payment_method::PaymentMethod;
use super::payment_method_options;
use crate::ids;

object_type! {
    /// A payment intent: one payment, over as many attempts as it takes.
    PaymentIntent = "payment_intent";
}

/// The members that a merchant may set on a new payment intent, besides its amount, currency and
/// types.
const SETTABLE: &[&str] = &[
    "automatic_payment_methods",
    "capture_method",
    "confirmation_method",
    "customer",
    "description",
    "metadata",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
];

/// The parameters of a new payment intent.
#[derive(Debug)]
pub(crate) struct IntentInput {
    /// Minor units.
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) payment_method_types: Vec<String>,
    /// Members as Stripe names them; those that are not given keep their defaults.
    pub(crate) members: Map<String, Value>,
}

impl PaymentIntent {
    /// A payment intent that waits for a payment method. `now` is in Unix seconds.
    pub(crate) fn create(input: IntentInput, now: i64) -> Self {
        let id = ids::object("pi");
        let mut intent = Self(Object::new(json!({
            "id": id,
            "object": "payment_intent",
            "amount": input.amount,
            "amount_capturable": 0,
            "allowed_payment_method_types": null,
            "amount_details": { "tip": {} },
            "amount_received": 0,
            "application": null,
            "application_fee_amount": null,
            "automatic_payment_methods": null,
            "canceled_at": null,
            "cancellation_reason": null,
            "capture_method": "automatic_async",
            "client_secret": ids::client_secret(&id),
            "confirmation_method": "automatic",
            "created": now,
            "currency": input.currency,
            "customer": null,
            "customer_account": null,
            "description": null,
            "excluded_payment_method_types": null,
            "last_payment_error": null,
            "latest_charge": null,
            "livemode": false,
            "managed_payments": { "enabled": false },
            "metadata": {},
            "next_action": null,
            "on_behalf_of": null,
            "payment_method": null,
            "payment_method_configuration_details": null,
            "payment_method_options": {},
            "payment_method_types": [],
            "processing": null,
            "receipt_email": null,
            "review": null,
            "setup_future_usage": null,
            "shipping": null,
            "statement_descriptor": null,
            "statement_descriptor_suffix": null,
            "status": "requires_payment_method",
            "transfer_data": null,
            "transfer_group": null,
        })));
        payment_method_options::offer(&mut intent, &input.payment_method_types);
        for (member, value) in input.members {
            if SETTABLE.contains(&member.as_str()) {
                intent.set(&member, value);
            }
        }
        intent
    }

    /// The payment intent that the first attempt to pay a session makes.
    pub(crate) fn of_session(session: &CheckoutSession, now: i64) -> Self {
        let types = session.get("payment_method_types").as_array();
        let input = IntentInput {
            amount: session.integer("amount_total"),
            currency: session.text("currency").to_owned(),
            payment_method_types: types
                .into_iter()
                .flatten()
                .filter_map(|kind| kind.as_str().map(ToOwned::to_owned))
                .collect(),
            members: session.private()["payment_intent_data"]
                .as_object()
                .cloned()
                .unwrap_or_default(),
        };
        let mut intent = Self::create(input, now);
        if intent.get("customer").is_null() {
            intent.set("customer", session.get("customer").clone());
        }
        intent.set(
            "payment_method_options",
            payment_method_options::passed_on(session),
        );
        intent.set_private("session", session.id());
        intent
    }

    /// The Checkout Session that made it, if one did.
    pub(crate) fn session(&self) -> Option<&str> {
        session_of(self)
    }

    /// The order came to another amount, in minor units, before anything was paid. The bank has to
    /// be asked anew.
    pub(crate) fn reprice(&mut self, amount: i64) {
        if self.integer("amount") == amount {
            return;
        }
        self.set("amount", amount);
        if self.text("status") == "requires_action" {
            self.set("status", "requires_payment_method");
            self.set("payment_method", Value::Null);
            self.set("next_action", Value::Null);
        }
    }

    /// The shopper said where the goods go.
    pub(crate) fn ship(&mut self, customer: &Shopper) {
        if let Some(to) = &customer.shipping {
            self.set(
                "shipping",
                json!({
                    "address": to.address,
                    "carrier": null,
                    "name": to.name,
                    "phone": customer.phone,
                    "tracking_number": null,
                }),
            );
        }
    }

    /// The money has been taken: `received` minor units.
    pub(crate) fn succeed(&mut self, received: i64) {
        self.advance("succeeded");
        self.set("amount_received", received);
        self.set("amount_capturable", 0);
        self.unplan();
    }

    /// The money is reserved until the merchant captures it, or until the Unix second `until`.
    pub(crate) fn authorize(&mut self, until: i64) {
        self.advance("requires_capture");
        let amount = self.integer("amount");
        self.set("amount_capturable", amount);
        self.plan("expire", until);
    }

    /// The bank will say later, here at the Unix second `at`.
    pub(crate) fn process(&mut self, at: i64) {
        self.advance("processing");
        self.plan("settle", at);
    }

    /// The attempt came to nothing; another payment method is wanted.
    pub(crate) fn fail(&mut self, error: Value) {
        self.advance("requires_payment_method");
        self.set("payment_method", Value::Null);
        self.set("last_payment_error", error);
        self.unplan();
    }

    /// Nobody will pay any more. `reason` is one of Stripe's.
    pub(crate) fn cancel(&mut self, reason: Option<&str>, now: i64) {
        self.set("status", "canceled");
        self.set("canceled_at", now);
        self.set("cancellation_reason", reason);
        self.set("amount_capturable", 0);
        self.set("next_action", Value::Null);
        self.unplan();
    }

    /// The bank wants the shopper to authenticate on the page at `url`, which leads back to
    /// `return_url`.
    pub(crate) fn require_authentication(&mut self, url: &str, return_url: Option<&str>) {
        self.advance("requires_action");
        self.set(
        "next_action",
        json!({ "type": "redirect_to_url", "redirect_to_url": { "url": url, "return_url": return_url } }),
    );
    }

    fn advance(&mut self, status: &str) {
        self.set("status", status);
        self.set("next_action", Value::Null);
        self.set("last_payment_error", Value::Null);
    }
}

/// As [`PaymentIntent::session`]; none for a setup intent.
pub(crate) fn session_of(intent: &Object) -> Option<&str> {
    intent.private()["session"].as_str()
}

/// A payment method is chosen; the payment, or the setup of a setup intent, waits to be confirmed.
pub(crate) fn choose(intent: &mut Object, payment_method: &PaymentMethod) {
    intent.set("payment_method", payment_method.id());
    intent.set("status", "requires_confirmation");
    intent.set("next_action", Value::Null);
}
