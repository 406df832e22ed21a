use crate::address::{Address, Country};
use crate::money::Money;
use crate::pricing::{DiscountAmount, Quote, ShippingAmount, TaxAmount};
use crate::tax::{TaxExemption, VatNumber};

/// The amounts of an order beside those of its lines, as they were agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderAmounts {
    /// The sum of the lines before discounts.
    pub subtotal: Money,
    /// Each discount and what it takes off, those on delivery included.
    pub discounts: Vec<DiscountAmount>,
    /// The delivery.
    pub shipping: Option<ShippingAmount>,
    /// The taxes, one for each rate.
    pub taxes: Vec<TaxAmount>,
    /// True if the taxes are in the prices; otherwise they come on top of them.
    pub prices_include_tax: bool,
    /// The tax in the prices that is not charged.
    pub tax_relief: Money,
    /// The reason why no tax is charged.
    pub exemption: Option<TaxExemption>,
}

/// The details that the shopper gave with an order.
#[derive(Clone, PartialEq, Eq)]
pub struct OrderDetails {
    /// The address of the delivery; none when nothing is shipped.
    pub address: Option<Address>,
    /// The country of taxation.
    pub country: Country,
    /// The region of taxation.
    pub region: Option<String>,
    /// The buyer's VAT number.
    pub vat_number: Option<VatNumber>,
    /// The buyer's company.
    pub company: Option<String>,
    /// A note to the shop.
    pub note: Option<String>,
    /// True if the parcel is a gift, and has no prices in it.
    pub is_gift: bool,
    /// True if the shopper asked for the newsletter.
    pub newsletter: bool,
}

impl OrderAmounts {
    /// The amounts of an order that costs what its lines cost.
    pub const fn of_lines(subtotal: Money) -> Self {
        Self {
            subtotal,
            discounts: Vec::new(),
            shipping: None,
            taxes: Vec::new(),
            prices_include_tax: false,
            tax_relief: Money::zero(subtotal.currency()),
            exemption: None,
        }
    }

    /// The amounts of a quote.
    pub fn of_quote(quote: &Quote) -> Self {
        Self {
            subtotal: quote.subtotal,
            discounts: quote.discounts.clone(),
            shipping: quote.shipping.clone(),
            taxes: quote.taxes.clone(),
            prices_include_tax: quote.prices_include_tax,
            tax_relief: quote.tax_relief,
            exemption: quote.exemption,
        }
    }
}

/// Nothing of a person's address gets into a log by accident.
impl std::fmt::Debug for OrderDetails {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OrderDetails({}, redacted)", self.country)
    }
}
