//! The early fraud warning: the bank of a card holds a payment for fraud, and nobody has disputed it yet.

use serde_json::json;

use super::Object;
use crate::ids;

/// The `object` member.
pub(crate) const KIND: &str = "radar.early_fraud_warning";

/// The warning about a charge. `now` is in Unix seconds.
pub(crate) fn create(charge: &Object, now: i64) -> Object {
    Object::new(json!({
        "id": ids::object("issfr"),
        "object": KIND,
        "actionable": is_actionable(charge),
        "charge": charge.id(),
        "created": now,
        "fraud_type": "misc",
        "livemode": false,
        "payment_intent": charge.get("payment_intent"),
    }))
}

/// Whether refunding the charge of a warning would still help: it is neither disputed nor refunded in full.
pub(crate) fn is_actionable(charge: &Object) -> bool {
    charge.get("disputed") != true && charge.get("refunded") != true
}
