//! Coupons, promotion codes, and the discounts that they give.

use serde_json::{Value, json};

use super::Object;
use crate::currency::Currency;
use crate::ids;
use crate::percent::Percent;

/// How much a coupon takes off.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Off {
    Percent(Percent),
    /// Minor units.
    Amount(i64, Currency),
}

/// A coupon for one payment, without limits. `now` is in Unix seconds.
pub(crate) fn coupon(id: &str, off: Off, now: i64) -> Object {
    let (percent, amount, currency) = match off {
        Off::Percent(percent) => (percent.to_json(), Value::Null, Value::Null),
        Off::Amount(amount, currency) => (Value::Null, amount.into(), currency.code().into()),
    };
    Object::new(json!({
        "id": id,
        "object": "coupon",
        "amount_off": amount,
        "created": now,
        "currency": currency,
        "duration": "once",
        "duration_in_months": null,
        "livemode": false,
        "max_redemptions": null,
        "metadata": {},
        "name": null,
        "percent_off": percent,
        "redeem_by": null,
        "times_redeemed": 0,
        "valid": true,
    }))
}

/// An active promotion code for a coupon, without limits. `now` is in Unix seconds.
pub(crate) fn code(code: &str, coupon: &str, now: i64) -> Object {
    Object::new(json!({
        "id": ids::object("promo"),
        "object": "promotion_code",
        "active": true,
        "code": code,
        "created": now,
        "customer": null,
        "customer_account": null,
        "expires_at": null,
        "livemode": false,
        "max_redemptions": null,
        "metadata": {},
        "promotion": { "coupon": coupon, "type": "coupon" },
        "restrictions": {
            "first_time_transaction": false,
            "minimum_amount": null,
            "minimum_amount_currency": null,
        },
        "times_redeemed": 0,
    }))
}

/// Whether a coupon or a promotion code can still be used: neither its time nor its number is used up.
pub(crate) fn is_left(object: &Object, now: i64) -> bool {
    let most = object.get("max_redemptions").as_i64();
    ends_at(object).is_none_or(|ends| now < ends)
        && most.is_none_or(|most| object.integer("times_redeemed") < most)
}

/// Plans the end of what ends at a time.
pub(crate) fn plan(object: &mut Object) {
    if let Some(at) = ends_at(object) {
        object.plan("end", at);
    }
}

fn ends_at(object: &Object) -> Option<i64> {
    match object.kind() {
        "coupon" => object.get("redeem_by").as_i64(),
        _ => object.get("expires_at").as_i64(),
    }
}

/// Turns a coupon invalid, or a promotion code inactive.
pub(crate) fn end(object: &mut Object) {
    let member = match object.kind() {
        "coupon" => "valid",
        _ => "active",
    };
    object.set(member, false);
}
