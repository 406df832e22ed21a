//! The sums of a checkout, in minor units of one currency.
//!
//! One rounding rule holds everywhere: half up, to the step that the provider charges the currency
//! in (a cent, a yen, ten fils). A tax is rounded once for each set of rates that applies together,
//! over all goods and the delivery that it applies to, and a percentage once over all goods that it
//! is on. What was rounded is spread over the lines by the largest remainder, so that the lines add
//! up to exactly the sum.

use crate::discount::DiscountScope;
use crate::id::{DiscountId, VariantId};
use crate::money::{Money, MoneyError};
use crate::tax::{Rate, TaxClass, TaxExemption};

/// Discounts on lines and on delivery.
mod discounts;
/// Rounding, and the spreading of an amount.
mod share;
/// The sum of all.
mod sums;
/// Taxes on lines and on delivery.
mod taxes;

pub use discounts::savings;
pub use share::{cumulative_share, spread};
pub use sums::price;

/// A line to price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The bought pieces.
    pub variant: VariantId,
    /// Its product's slug.
    pub product: String,
    /// The slugs of its product's collections.
    pub collections: Vec<String>,
    /// The quantity.
    pub quantity: u32,
    /// The price of all of them.
    pub price: Money,
    /// Its class of tax.
    pub tax_class: TaxClass,
}

/// The amounts of an order, and how they come about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The lines, in the order of the cart.
    pub lines: Vec<LineAmounts>,
    /// The sum of the lines before discounts, as the shop shows its prices.
    pub subtotal: Money,
    /// The discount on the lines.
    pub discount: Money,
    /// Each discount and what it takes off, those on delivery included.
    pub discounts: Vec<DiscountAmount>,
    /// The delivery; `None` when nothing is shipped, or no rate is chosen yet.
    pub shipping: Option<ShippingAmount>,
    /// The taxes, one for each rate; what they come to is part of the total either way.
    pub taxes: Vec<TaxAmount>,
    /// True if the taxes are in the prices above; otherwise they come on top of them.
    pub prices_include_tax: bool,
    /// The tax in the prices that is not charged, because the buyer owes it itself.
    pub tax_relief: Money,
    /// The reason why no tax is charged.
    pub exemption: Option<TaxExemption>,
    /// The amount to pay: `subtotal - discount + shipping - tax_relief`, and the taxes on top if
    /// they are not in the prices.
    pub total: Money,
}

/// The amounts of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineAmounts {
    /// The bought pieces.
    pub variant: VariantId,
    /// The quantity.
    pub quantity: u32,
    /// The price of all of them, before the discount.
    pub price: Money,
    /// Its share of the discounts.
    pub discount: Money,
    /// Its share of the taxes.
    pub tax: Money,
    /// Its share of the tax relief.
    pub tax_relief: Money,
    /// The amount to pay for it, tax included.
    pub total: Money,
}

/// The amounts of the delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShippingAmount {
    /// The name of the rate.
    pub name: String,
    /// The time it takes, in words; may be empty.
    pub delivery_time: String,
    /// True if the shopper comes and gets the goods.
    pub is_pickup: bool,
    /// The price before a discount on it.
    pub list_price: Money,
    /// The price.
    pub price: Money,
    /// Its share of the taxes.
    pub tax: Money,
    /// Its share of the tax relief.
    pub tax_relief: Money,
    /// The amount to pay for it, tax included.
    pub total: Money,
}

/// A tax of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxAmount {
    /// Its name, such as `VAT`.
    pub name: String,
    /// Its rate.
    pub rate: Rate,
    /// The taxed amount: goods and delivery after discounts, as the shop shows its prices.
    pub base: Money,
    /// The tax.
    pub amount: Money,
}

/// A discount of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiscountAmount {
    /// The discount.
    pub id: DiscountId,
    /// The title that shoppers read beside the amount.
    pub title: String,
    /// The code that was typed, if it is not automatic.
    pub code: Option<String>,
    /// The goods that it is on.
    pub scope: DiscountScope,
    /// The amount that it takes off.
    pub amount: Money,
}

impl Quote {
    /// All taxes together.
    pub fn tax(&self) -> Money {
        let zero = Money::zero(self.total.currency());
        self.taxes
            .iter()
            .fold(zero, |sum, tax| sum.checked_add(tax.amount).unwrap_or(sum))
    }

    /// The price of the delivery, which is nothing when there is none.
    pub fn shipping_price(&self) -> Money {
        let zero = Money::zero(self.total.currency());
        self.shipping
            .as_ref()
            .map_or(zero, |shipping| shipping.price)
    }

    /// True if what is paid for the lines and the delivery is the total.
    ///
    /// # Errors
    /// When a sum does not fit.
    pub fn is_balanced(&self) -> Result<bool, MoneyError> {
        let zero = Money::zero(self.total.currency());
        let shipping = self
            .shipping
            .as_ref()
            .map_or(zero, |shipping| shipping.total);
        let sum = self
            .lines
            .iter()
            .try_fold(shipping, |sum, line| sum.checked_add(line.total))?;
        Ok(sum == self.total)
    }
}
