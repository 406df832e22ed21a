//! The line items of a session.

use serde_json::{Value, json};

use super::Object;
use crate::ids;

/// The members that answers leave out unless they are asked for.
pub(crate) const ON_REQUEST: [&str; 2] = ["discounts", "taxes"];

/// A line item of which only the price is known; its amounts are set when the session is priced.
pub(crate) fn create(
    price: &Object,
    product: &Object,
    quantity: i64,
    metadata: Value,
    adjustable_quantity: Value,
) -> Value {
    json!({
        "id": ids::object("li"),
        "object": "item",
        "adjustable_quantity": adjustable_quantity,
        "amount_discount": 0,
        "amount_subtotal": 0,
        "amount_tax": 0,
        "amount_total": 0,
        "currency": price.text("currency"),
        "description": product.text("name"),
        "discounts": [],
        "metadata": metadata,
        "price": price.body(),
        "quantity": quantity,
        "taxes": [],
    })
}
