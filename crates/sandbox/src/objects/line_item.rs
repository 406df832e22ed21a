//! The line items of a session.

use serde_json::{Value, json};

use super::currency_options;
use super::object::Object;
use crate::currency::Currency;
use crate::ids;

/// The members that answers leave out unless they are asked for.
pub(crate) const ON_REQUEST: [&str; 2] = ["discounts", "taxes"];

/// The member that answers never have: what one costs in the currency of the session, in minor
/// units. The price may be in another one.
pub(crate) const UNIT_AMOUNT: &str = "unit_amount";

/// A line item of which only the price is known, in one of its currencies; its amounts are set when
/// the session is priced.
pub(crate) fn create(
    price: &Object,
    product: &Object,
    currency: Currency,
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
        "currency": currency.code(),
        "description": product.text("name"),
        "discounts": [],
        "metadata": metadata,
        "price": price.body(),
        "quantity": quantity,
        "taxes": [],
        UNIT_AMOUNT: currency_options::amount(price, currency),
    })
}

/// The price of one in the currency of the session, in minor units.
pub(crate) fn unit_amount(item: &Value) -> i64 {
    let own = item["price"][UNIT_AMOUNT].as_i64();
    item[UNIT_AMOUNT].as_i64().or(own).unwrap_or_default()
}
