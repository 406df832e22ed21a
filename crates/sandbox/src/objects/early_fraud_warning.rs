//! The early fraud warning: the bank of a card holds a payment for fraud, and nobody has disputed
//! it yet.

use serde_json::json;

use super::charge::Charge;
use super::object::{Object, ObjectType};
use crate::ids;

object_type! {
    /// An early fraud warning about a charge.
    EarlyFraudWarning = "radar.early_fraud_warning";
}

impl EarlyFraudWarning {
    /// The warning about a charge. `now` is in Unix seconds.
    pub(crate) fn create(charge: &Charge, now: i64) -> Self {
        Self(Object::new(json!({
            "id": ids::object("issfr"),
            "object": Self::KIND,
            "actionable": is_actionable(charge),
            "charge": charge.id(),
            "created": now,
            "fraud_type": "misc",
            "livemode": false,
            "payment_intent": charge.get("payment_intent"),
        })))
    }
}

/// True if refunding the charge of a warning would still help: it is neither disputed nor refunded
/// in full.
pub(crate) fn is_actionable(charge: &Charge) -> bool {
    charge.get("disputed") != true && charge.get("refunded") != true
}
