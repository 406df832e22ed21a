//! Coupons, promotion codes, and the discounts that they give.

use serde_json::{Value, json};

use super::currency_options;
use super::object::Object;
use crate::currency::Currency;
use crate::ids;
use crate::percent::Percent;

object_type! {
    /// A coupon, which takes a percentage or an amount off.
    Coupon = "coupon";
}

object_type! {
    /// A promotion code, by which a shopper uses a coupon.
    PromotionCode = "promotion_code";
}

/// The discount of a coupon.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Discount {
    Percent(Percent),
    /// Minor units.
    Amount(i64, Currency),
}

/// A coupon for one payment, without limits. `now` is in Unix seconds.
pub(crate) fn coupon(id: &str, discount: Discount, now: i64) -> Coupon {
    let (percent, amount, currency) = match discount {
        Discount::Percent(percent) => (percent.to_json(), Value::Null, Value::Null),
        Discount::Amount(amount, currency) => (Value::Null, amount.into(), currency.code().into()),
    };
    Coupon(Object::new(json!({
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
    })))
}

/// An active promotion code for a coupon, without limits. `now` is in Unix seconds.
pub(crate) fn code(code: &str, coupon: &str, now: i64) -> PromotionCode {
    PromotionCode(Object::new(json!({
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
    })))
}

/// The discount of a coupon in a currency, if it can be used there.
pub(crate) fn discount_in(coupon: &Coupon, currency: Currency) -> Option<Discount> {
    if let Some(percent) = Percent::from_json(coupon.get("percent_off")) {
        return Some(Discount::Percent(percent));
    }
    let amount = currency_options::amount(coupon, currency)?;
    Some(Discount::Amount(amount, currency))
}

/// The discount of a coupon as people read it: `25.5% off`, `$5.00 off`.
pub(crate) fn describe(coupon: &Coupon, currency: Currency) -> String {
    match discount_in(coupon, currency) {
        Some(Discount::Percent(percent)) => format!("{percent}% off"),
        Some(Discount::Amount(amount, currency)) => format!("{} off", currency.format(amount)),
        None => String::new(),
    }
}

/// True if a coupon is for a product; most are for all.
pub(crate) fn is_for(coupon: &Coupon, product: &Value) -> bool {
    match coupon.private()["on_request"]["applies_to"]["products"].as_array() {
        None => true,
        Some(products) => products.contains(product),
    }
}

/// Counts one use. What is used up becomes invalid or inactive.
pub(crate) fn redeem(object: &mut Object, now: i64) {
    object.set("times_redeemed", object.integer("times_redeemed") + 1);
    if !is_left(object, now) {
        end(object);
        object.unplan();
    }
}

/// The discount that a session has by a coupon. `now` is in Unix seconds.
pub(crate) fn discount(
    session: &str,
    coupon: &Coupon,
    promotion_code: Option<&PromotionCode>,
    now: i64,
) -> Value {
    json!({
        "id": ids::object("di"),
        "object": "discount",
        "checkout_session": session,
        "customer": null,
        "customer_account": null,
        "end": null,
        "invoice": null,
        "invoice_item": null,
        "promotion_code": promotion_code.map(|code| code.id()),
        "source": { "coupon": coupon.id(), "type": "coupon" },
        "start": now,
        "subscription": null,
        "subscription_item": null,
    })
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
