//! The payment intent: one payment, over as many attempts as it takes.

use serde_json::{Map, Value, json};

use super::checkout_session::Customer;
use super::{Object, payment_method_options};
use crate::ids;

/// The members that a merchant may set on a new payment intent, besides its amount, currency and types.
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

/// What a payment intent is made of.
#[derive(Debug)]
pub(crate) struct IntentInput {
    /// Minor units.
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) payment_method_types: Vec<String>,
    /// Members as Stripe names them; those that are not given keep their defaults.
    pub(crate) members: Map<String, Value>,
}

/// A payment intent that waits for a payment method. `now` is in Unix seconds.
pub(crate) fn create(input: IntentInput, now: i64) -> Object {
    let id = ids::object("pi");
    let mut intent = Object::new(json!({
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
    }));
    payment_method_options::offer(&mut intent, &input.payment_method_types);
    for (member, value) in input.members {
        if SETTABLE.contains(&member.as_str()) {
            intent.set(&member, value);
        }
    }
    intent
}

/// The payment intent that the first attempt to pay a session makes.
pub(crate) fn of_session(session: &Object, now: i64) -> Object {
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
    let mut intent = create(input, now);
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
pub(crate) fn session(intent: &Object) -> Option<&str> {
    intent.private()["session"].as_str()
}

/// The order came to another amount, in minor units, before anything was paid. The bank has to be asked anew.
pub(crate) fn reprice(intent: &mut Object, amount: i64) {
    if intent.integer("amount") == amount {
        return;
    }
    intent.set("amount", amount);
    if intent.text("status") == "requires_action" {
        intent.set("status", "requires_payment_method");
        intent.set("payment_method", Value::Null);
        intent.set("next_action", Value::Null);
    }
}

/// The shopper said where the goods go.
pub(crate) fn ship(intent: &mut Object, customer: &Customer) {
    if let Some(to) = &customer.shipping {
        intent.set(
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

/// A payment method is chosen; the payment, or the setup of a setup intent, waits to be confirmed.
pub(crate) fn choose(intent: &mut Object, payment_method: &Object) {
    intent.set("payment_method", payment_method.id());
    intent.set("status", "requires_confirmation");
    intent.set("next_action", Value::Null);
}

/// The money has been taken: `received` minor units.
pub(crate) fn succeed(intent: &mut Object, received: i64) {
    advance(intent, "succeeded");
    intent.set("amount_received", received);
    intent.set("amount_capturable", 0);
    intent.unplan();
}

/// The money is reserved until the merchant captures it, or until the Unix second `until`.
pub(crate) fn authorize(intent: &mut Object, until: i64) {
    advance(intent, "requires_capture");
    intent.set("amount_capturable", intent.integer("amount"));
    intent.plan("expire", until);
}

/// The bank will say later, here at the Unix second `at`.
pub(crate) fn process(intent: &mut Object, at: i64) {
    advance(intent, "processing");
    intent.plan("settle", at);
}

/// The attempt came to nothing; another payment method is wanted.
pub(crate) fn fail(intent: &mut Object, error: Value) {
    advance(intent, "requires_payment_method");
    intent.set("payment_method", Value::Null);
    intent.set("last_payment_error", error);
    intent.unplan();
}

/// Nobody will pay any more. `reason` is one of Stripe's.
pub(crate) fn cancel(intent: &mut Object, reason: Option<&str>, now: i64) {
    intent.set("status", "canceled");
    intent.set("canceled_at", now);
    intent.set("cancellation_reason", reason);
    intent.set("amount_capturable", 0);
    intent.set("next_action", Value::Null);
    intent.unplan();
}

/// The bank wants the shopper to authenticate on the page at `url`, which leads back to `return_url`.
pub(crate) fn require_authentication(intent: &mut Object, url: &str, return_url: Option<&str>) {
    advance(intent, "requires_action");
    intent.set(
        "next_action",
        json!({ "type": "redirect_to_url", "redirect_to_url": { "url": url, "return_url": return_url } }),
    );
}

fn advance(intent: &mut Object, status: &str) {
    intent.set("status", status);
    intent.set("next_action", Value::Null);
    intent.set("last_payment_error", Value::Null);
}
