//! `currency_options`: prices, coupons, shipping rates and promotion codes in other currencies than
//! their own.

use serde_json::{Map, Value, json};

use super::object::Object;
use crate::currency::Currency;

const MEMBER: &str = "currency_options";

/// The options in other currencies, by currency.
pub(crate) fn others(object: &Object) -> Map<String, Value> {
    object.private()[MEMBER]
        .as_object()
        .cloned()
        .unwrap_or_default()
}

/// Sets the options in other currencies.
pub(crate) fn set(object: &mut Object, others: Map<String, Value>) {
    if others != self::others(object) {
        object.set_private(MEMBER, others);
    }
}

/// All options, that in its own currency too, as answers show them on request.
pub(crate) fn all(object: &Object) -> Value {
    let mut all = others(object);
    if let Some((currency, option)) = own(object) {
        all.insert(currency.to_owned(), option);
    }
    Value::Object(all)
}

/// The member of an option that is its amount.
pub(crate) fn amount_member(kind: &str) -> &'static str {
    match kind {
        "price" => "unit_amount",
        "coupon" => "amount_off",
        "promotion_code" => "minimum_amount",
        _ => "amount",
    }
}

/// The amount in a currency, in its minor units, if there is one.
pub(crate) fn amount(object: &Object, currency: Currency) -> Option<i64> {
    let member = amount_member(object.kind());
    match own(object) {
        Some((code, option)) if code == currency.code() => option[member].as_i64(),
        _ => object.private()[MEMBER][currency.code()][member].as_i64(),
    }
}

/// The option in its own currency; none for what has no amount.
fn own(object: &Object) -> Option<(&str, Value)> {
    let (place, currency) = match object.kind() {
        "shipping_rate" => (object.get("fixed_amount"), "currency"),
        "promotion_code" => (object.get("restrictions"), "minimum_amount_currency"),
        _ => (object.body(), "currency"),
    };
    let member = amount_member(object.kind());
    let mut option = json!({});
    option[member] = place[member].clone();
    match object.kind() {
        "price" => {
            for member in ["custom_unit_amount", "tax_behavior", "unit_amount_decimal"] {
                option[member] = object.get(member).clone();
            }
        }
        "shipping_rate" => option["tax_behavior"] = object.get("tax_behavior").clone(),
        _ => {}
    }
    Some((place[currency].as_str()?, option))
}
