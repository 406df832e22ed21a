//! Products, their prices, and shipping rates.

use serde_json::{Value, json};

use super::object::Object;
use crate::currency::Currency;
use crate::ids;

object_type! {
    /// A product.
    Product = "product";
}

object_type! {
    /// A price of a product.
    Price = "price";
}

object_type! {
    /// A shipping rate.
    ShippingRate = "shipping_rate";
}

/// An active product of which only the name is known. `now` is in Unix seconds.
pub(crate) fn product(name: &str, now: i64) -> Product {
    Product(Object::new(json!({
        "id": ids::product(),
        "object": "product",
        "active": true,
        "created": now,
        "default_price": null,
        "description": null,
        "images": [],
        "livemode": false,
        "marketing_features": [],
        "metadata": {},
        "name": name,
        "package_dimensions": null,
        "shippable": null,
        "statement_descriptor": null,
        "tax_code": null,
        "tax_details": null,
        "unit_label": null,
        "updated": now,
        "url": null,
    })))
}

/// An active price of a product for one payment. `unit_amount` is in minor units, `now` in Unix
/// seconds.
pub(crate) fn price(product: &str, currency: Currency, unit_amount: i64, now: i64) -> Price {
    Price(Object::new(json!({
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

/// An active shipping rate. `amount` is in minor units, `now` in Unix seconds.
pub(crate) fn shipping_rate(name: &str, currency: Currency, amount: i64, now: i64) -> ShippingRate {
    ShippingRate(Object::new(json!({
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

/// The recurrence of a price.
pub(crate) fn recurring(interval: &str, interval_count: i64) -> Value {
    json!({
        "interval": interval,
        "interval_count": interval_count,
        "meter": null,
        "usage_type": "licensed",
    })
}
