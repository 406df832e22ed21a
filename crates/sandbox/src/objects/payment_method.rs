//! The payment method: a card with who holds it.

use serde_json::{Value, json};

use super::Object;
use super::session::Customer;
use crate::cards::Card;
use crate::ids;

/// A card payment method. Of the number only the last four digits are kept.
pub(crate) fn create(card: &Card, customer: &Customer, now: i64) -> Object {
    Object::new(json!({
        "id": ids::object("pm"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": billing_details(customer),
        "card": {
            "brand": card.brand.name(),
            "checks": checks(card),
            "country": card.country(),
            "display_brand": card.brand.name(),
            "exp_month": card.exp_month,
            "exp_year": card.exp_year,
            "fingerprint": card.fingerprint,
            "funding": card.funding(),
            "generated_from": null,
            "last4": card.last4,
            "networks": { "available": [card.brand.name()], "preferred": null },
            "regulated_status": "unregulated",
            "three_d_secure_usage": { "supported": true },
            "wallet": null,
        },
        "created": now,
        "customer": null,
        "customer_account": null,
        "livemode": false,
        "metadata": {},
        "type": "card",
    }))
}

/// Who holds the card.
pub(crate) fn billing_details(customer: &Customer) -> Value {
    let empty = json!({
        "city": null, "country": null, "line1": null, "line2": null, "postal_code": null, "state": null,
    });
    json!({
        "address": if customer.address.is_null() { empty } else { customer.address.clone() },
        "email": customer.email,
        "name": customer.name,
        "phone": customer.phone,
        "tax_id": null,
    })
}

/// What the card's bank said about the security code and the address.
pub(crate) fn checks(card: &Card) -> Value {
    json!({
        "address_line1_check": null,
        "address_postal_code_check": card.postal_code_check(),
        "cvc_check": card.cvc_check(),
    })
}
