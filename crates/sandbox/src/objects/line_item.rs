//! Line items of a session, with the price and the product that come with `price_data`.

use serde_json::{Value, json};

use super::Object;
use super::session::Line;
use crate::ids;

/// The product of a line. Stripe makes such products inactive: they are for this one session.
pub(crate) fn product(line: &Line, now: i64) -> Object {
    Object::new(json!({
        "id": ids::product(),
        "object": "product",
        "active": false,
        "created": now,
        "default_price": null,
        "description": line.description,
        "images": line.images,
        "livemode": false,
        "marketing_features": [],
        "metadata": line.product_metadata,
        "name": line.name,
        "package_dimensions": null,
        "shippable": null,
        "statement_descriptor": null,
        "tax_code": line.tax_code,
        "tax_details": null,
        "unit_label": line.unit_label,
        "updated": now,
        "url": null,
    }))
}

/// The line item with its price inside.
pub(crate) fn item(line: &Line, product: &Object, now: i64) -> Value {
    // The session's total was checked to be in range, and no line is more than the total.
    let amount = line.unit_amount.saturating_mul(line.quantity);
    json!({
        "id": ids::object("li"),
        "object": "item",
        "adjustable_quantity": null,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": line.currency.code(),
        "description": line.name,
        "metadata": line.metadata,
        "price": price(line, product.id(), now),
        "quantity": line.quantity,
    })
}

fn price(line: &Line, product: &str, now: i64) -> Value {
    json!({
        "id": ids::object("price"),
        "object": "price",
        "active": false,
        "billing_scheme": "per_unit",
        "created": now,
        "currency": line.currency.code(),
        "custom_unit_amount": null,
        "livemode": false,
        "lookup_key": null,
        "metadata": {},
        "nickname": null,
        "product": product,
        "recurring": null,
        "tax_behavior": line.tax_behavior.as_deref().unwrap_or("unspecified"),
        "tiers_mode": null,
        "transform_quantity": null,
        "type": "one_time",
        "unit_amount": line.unit_amount,
        "unit_amount_decimal": line.unit_amount.to_string(),
    })
}
