//! The payment intent of a session.

use serde_json::{Value, json};

use super::Object;
use crate::ids;

/// The payment intent that the first attempt to pay a session makes.
pub(crate) fn create(session: &Object, now: i64) -> Object {
    let id = ids::object("pi");
    let data = &session.private()["payment_intent_data"];
    let amount = session.integer("amount_total");
    let metadata = if data["metadata"].is_object() {
        data["metadata"].clone()
    } else {
        json!({})
    };
    let mut intent = Object::new(json!({
        "id": id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
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
        "currency": session.text("currency"),
        "customer": null,
        "customer_account": null,
        "description": data["description"],
        "excluded_payment_method_types": null,
        "last_payment_error": null,
        "latest_charge": null,
        "livemode": false,
        "managed_payments": { "enabled": false },
        "metadata": metadata,
        "next_action": null,
        "on_behalf_of": null,
        "payment_method": null,
        "payment_method_configuration_details": null,
        "payment_method_options": {
            "card": {
                "installments": null,
                "mandate_options": null,
                "network": null,
                "request_three_d_secure": "automatic",
            },
        },
        "payment_method_types": ["card"],
        "processing": null,
        "receipt_email": data["receipt_email"],
        "review": null,
        "setup_future_usage": data["setup_future_usage"],
        "shipping": null,
        "statement_descriptor": data["statement_descriptor"],
        "statement_descriptor_suffix": data["statement_descriptor_suffix"],
        "status": "requires_payment_method",
        "transfer_data": null,
        "transfer_group": data["transfer_group"],
    }));
    intent.set_private("session", session.id());
    intent
}

/// The money has been taken.
pub(crate) fn succeed(intent: &mut Object, charge: &Object, payment_method: &Object) {
    intent.set("status", "succeeded");
    intent.set("amount_received", intent.integer("amount"));
    intent.set("latest_charge", charge.id());
    intent.set("payment_method", payment_method.id());
    intent.set("next_action", Value::Null);
    intent.set("last_payment_error", Value::Null);
}

/// The attempt came to nothing; another payment method is wanted.
pub(crate) fn fail(intent: &mut Object, error: Value, charge: Option<&Object>) {
    intent.set("status", "requires_payment_method");
    intent.set("payment_method", Value::Null);
    intent.set("next_action", Value::Null);
    intent.set("last_payment_error", error);
    if let Some(charge) = charge {
        intent.set("latest_charge", charge.id());
    }
}

/// The bank wants the shopper to authenticate on the page at `url`, which leads back to `return_url`.
pub(crate) fn require_authentication(
    intent: &mut Object,
    payment_method: &Object,
    url: &str,
    return_url: &str,
) {
    intent.set("status", "requires_action");
    intent.set("payment_method", payment_method.id());
    intent.set("last_payment_error", Value::Null);
    intent.set(
        "next_action",
        json!({ "type": "redirect_to_url", "redirect_to_url": { "url": url, "return_url": return_url } }),
    );
}
