//! The promotion code.

use serde_json::json;

use super::object::Object;
use crate::ids;

object_type! {
    /// A promotion code, by which a shopper uses a coupon.
    PromotionCode = "promotion_code";
}

impl PromotionCode {
    /// An active promotion code for a coupon, without limits. `now` is in Unix seconds.
    pub(crate) fn create(code: &str, coupon: &str, now: i64) -> Self {
        Self(Object::new(json!({
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
}
