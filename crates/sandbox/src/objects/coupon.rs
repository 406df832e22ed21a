//! The coupon, and the discount that it gives a session.

use serde_json::{Value, json};

use super::currency_options;
use super::object::Object;
use super::promotion_code::PromotionCode;
use crate::currency::Currency;
use crate::ids;
use crate::percent::Percent;

object_type! {
    /// A coupon, which takes a percentage or an amount off.
    Coupon = "coupon";
}

/// The discount of a coupon.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Discount {
    Percent(Percent),
    /// Minor units.
    Amount(i64, Currency),
}

impl Coupon {
    /// A coupon for one payment, without limits. `now` is in Unix seconds.
    pub(crate) fn create(id: &str, discount: Discount, now: i64) -> Self {
        let (percent, amount, currency) = match discount {
            Discount::Percent(percent) => (percent.to_json(), Value::Null, Value::Null),
            Discount::Amount(amount, currency) => {
                (Value::Null, amount.into(), currency.code().into())
            }
        };
        Self(Object::new(json!({
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

    /// The discount of a coupon in a currency, if it can be used there.
    pub(crate) fn discount_in(&self, currency: Currency) -> Option<Discount> {
        if let Some(percent) = Percent::from_json(self.get("percent_off")) {
            return Some(Discount::Percent(percent));
        }
        let amount = currency_options::amount(self, currency)?;
        Some(Discount::Amount(amount, currency))
    }

    /// The discount of a coupon as people read it: `25.5% off`, `$5.00 off`.
    pub(crate) fn describe(&self, currency: Currency) -> String {
        match self.discount_in(currency) {
            Some(Discount::Percent(percent)) => format!("{percent}% off"),
            Some(Discount::Amount(amount, currency)) => format!("{} off", currency.format(amount)),
            None => String::new(),
        }
    }

    /// True if a coupon is for a product; most are for all.
    pub(crate) fn is_for(&self, product: &Value) -> bool {
        match self.private()["on_request"]["applies_to"]["products"].as_array() {
            None => true,
            Some(products) => products.contains(product),
        }
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
