//! The price.

use serde_json::{Value, json};

use super::object::Object;
use crate::currency::Currency;
use crate::ids;

object_type! {
    /// A price of a product.
    Price = "price";
}

impl Price {
    /// An active price of a product for one payment. `unit_amount` is in minor units, `now` in Unix
    /// seconds.
    pub(crate) fn create(product: &str, currency: Currency, unit_amount: i64, now: i64) -> Self {
        Self(Object::new(json!({
            "id": ids::object("price"),
            "object": "price",
            "active": true,
            "billing_scheme": "per_unit",
            "created": now,
            "currency": currency.code(),
            "custom_unit_amount": null,
            "livemode": false,
            "lookup_key": null,
            "metadata": {},
            "nickname": null,
            "product": product,
            "recurring": null,
            "tax_behavior": "unspecified",
            "tiers_mode": null,
            "transform_quantity": null,
            "type": "one_time",
            "unit_amount": unit_amount,
            "unit_amount_decimal": unit_amount.to_string(),
        })))
    }
}

/// The recurrence of a price.
pub(crate) fn recurring(interval: &str, interval_count: i64) -> Value {
    json!({
        "interval": interval,
        "interval_count": interval_count,
        "meter": null,
        "usage_type": "licensed",
    })
}
