//! The choices of a session: its shipping option, its discount, its optional items. The next
//! pricing follows it.

use serde_json::{Value, json};

use crate::currency::Currency;
use crate::objects::checkout_session::CheckoutSession;
use crate::objects::coupon::{self, Coupon};
use crate::objects::currency_options;
use crate::objects::promotion_code::PromotionCode;
use crate::objects::shipping_rate::ShippingRate;

impl CheckoutSession {
    /// Offers shipping rates, of which the first is chosen.
    pub(crate) fn offer_shipping(&mut self, rates: &[ShippingRate]) {
        let currency = Currency::find(self.text("currency"));
        let option = |rate: &ShippingRate| {
            json!({
                "shipping_amount": currency.and_then(|currency| currency_options::amount(rate, currency)),
                "shipping_rate": rate.id(),
            })
        };
        let options: Vec<Value> = rates.iter().map(option).collect();
        self.set("shipping_options", options);
        self.choose_shipping(rates.first().map(|rate| rate.id()));
    }

    /// Chooses one of the shipping options; what it costs is set when the session is priced.
    pub(crate) fn choose_shipping(&mut self, rate: Option<&str>) {
        let cost = rate.map(|rate| {
        json!({ "amount_subtotal": 0, "amount_tax": 0, "amount_total": 0, "shipping_rate": rate })
    });
        self.set("shipping_cost", cost);
    }

    /// The shipping rate that is chosen, and what it costs in minor units.
    pub(crate) fn chosen_shipping(&self) -> Option<(&str, i64)> {
        let chosen = self.get("shipping_cost")["shipping_rate"].as_str()?;
        let mut options = self.get("shipping_options").as_array()?.iter();
        let option = options.find(|option| option["shipping_rate"] == chosen)?;
        Some((chosen, option["shipping_amount"].as_i64()?))
    }

    /// Gives the session a discount, or takes it away.
    pub(crate) fn set_discount(
        &mut self,
        promotion: Option<(&Coupon, Option<&PromotionCode>)>,
        now: i64,
    ) {
        let Some((coupon, code)) = promotion else {
            self.set("discounts", json!([]));
            self.set_private("discount", Value::Null);
            return;
        };
        let (by_coupon, by_code) = match code {
            None => (Some(coupon.id()), None),
            Some(code) => (None, Some(code.id())),
        };
        self.set(
            "discounts",
            json!([{ "coupon": by_coupon, "promotion_code": by_code }]),
        );
        let discount = coupon::discount(self.id(), coupon, code, now);
        self.set_private("discount", discount);
    }

    /// Remembers why the session could not have its discount when it was to be paid, until it is to
    /// be paid again.
    pub(crate) fn set_discount_ended(&mut self, message: Option<&str>) {
        self.set_private("discount_ended", message);
    }

    /// The message for the shopper if the last attempt to pay found that the session cannot have
    /// its discount.
    pub(crate) fn discount_ended(&self) -> Option<&str> {
        self.private()["discount_ended"].as_str()
    }

    /// The discount that the session has, or null.
    pub(crate) fn discount(&self) -> &Value {
        &self.private()["discount"]
    }

    /// The line by which an optional item was taken, by the id of its price.
    pub(crate) fn optional_line(&self, price: &str) -> Option<&str> {
        self.private()["optional_lines"][price].as_str()
    }

    /// Remembers the line by which an optional item is taken.
    pub(crate) fn remember_optional(&mut self, price: &str, line: &Value) {
        let mut lines = self.private()["optional_lines"].clone();
        lines[price] = line.clone();
        self.set_private("optional_lines", lines);
    }
}
