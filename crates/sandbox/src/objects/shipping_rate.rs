//! The shipping rate.

use serde_json::json;

use super::object::Object;
use crate::currency::Currency;
use crate::ids;

object_type! {
    /// A shipping rate.
    ShippingRate = "shipping_rate";
}

impl ShippingRate {
    /// An active shipping rate. `amount` is in minor units, `now` in Unix seconds.
    pub(crate) fn create(name: &str, currency: Currency, amount: i64, now: i64) -> Self {
        Self(Object::new(json!({
            "id": ids::object("shr"),
            "object": "shipping_rate",
            "active": true,
            "created": now,
            "delivery_estimate": null,
            "display_name": name,
            "fixed_amount": { "amount": amount, "currency": currency.code() },
            "livemode": false,
            "metadata": {},
            "tax_behavior": "unspecified",
            "tax_code": null,
            "type": "fixed_amount",
        })))
    }
}
