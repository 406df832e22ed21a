//! The uses of coupons and promotion codes, which both are limited in number and time.

use super::object::Object;

/// Counts one use. What is used up becomes invalid or inactive.
pub(crate) fn redeem(object: &mut Object, now: i64) {
    object.set("times_redeemed", object.integer("times_redeemed") + 1);
    if !is_left(object, now) {
        end(object);
        object.unplan();
    }
}

/// True if a coupon or a promotion code can still be used: neither its time nor its number is used
/// up.
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
