use std::fmt;

use crate::address::Country;
use crate::id::TaxRateId;
use crate::shipping::{Destination, Place};

/// VAT numbers and their forms.
mod vat_number;

pub use vat_number::{ParseVatNumberError, VatNumber, is_in_eu_vat_area};

/// A tax rate in millionths: 19 % is 190 000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(u32);

/// The class of goods that a tax rate is for, such as `standard` or `books`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaxClass(String);

/// A tax of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxRate {
    /// The rate's row.
    pub id: TaxRateId,
    /// The name on receipts, such as `VAT` or `Sales tax`.
    pub name: String,
    /// The places where it applies.
    pub place: Place,
    /// The only class of goods that it is for; `None` for all that have no rate of their own there.
    pub class: Option<TaxClass>,
    /// The amount or the share.
    pub rate: Rate,
    /// True if a region's tax comes on top of its country's, instead of in its place.
    pub is_added: bool,
    /// True if delivery is taxed, too.
    pub is_on_shipping: bool,
}

/// The shop's settings about taxes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxSettings {
    /// True if prices are shown with tax.
    pub prices_include_tax: bool,
    /// The place of the shop.
    pub country: Option<Country>,
    /// True if the shop charges no tax because it is small (in Germany § 19 UStG).
    pub is_small_business: bool,
    /// True if businesses of other member states of the EU, which give their VAT number, owe the
    /// tax themselves.
    pub has_reverse_charge: bool,
}

/// The reason why no tax is charged where there would be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxExemption {
    /// The shop is a small business.
    SmallBusiness,
    /// The buyer is a business in another member state and owes the tax itself.
    ReverseCharge,
}

/// The taxes of one order: those of its destination.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderTaxes {
    /// True if prices are shown with tax.
    pub prices_include_tax: bool,
    /// The reason why none is charged.
    pub exemption: Option<TaxExemption>,
    rates: Vec<(u8, TaxRate)>,
}

impl TaxExemption {
    /// As the database writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SmallBusiness => "small_business",
            Self::ReverseCharge => "reverse_charge",
        }
    }

    /// Reads what [`TaxExemption::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::SmallBusiness, Self::ReverseCharge]
            .into_iter()
            .find(|exemption| exemption.as_str() == text)
    }
}

impl Rate {
    /// One whole, 100 %.
    pub const WHOLE: i64 = 1_000_000;

    /// `millionths` of the taxed amount; `None` when that is more than all of it.
    pub const fn new(millionths: u32) -> Option<Self> {
        if millionths as i64 <= Self::WHOLE {
            Some(Self(millionths))
        } else {
            None
        }
    }

    /// Reads a percentage, such as `8.875`, `19` or `7,7`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches('%').trim_end();
        let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || part.len() > 4 {
            return None;
        }
        if !is_number(whole) || !is_number(part) {
            return None;
        }
        Self::new(format!("{whole}{part:0<4}").parse().ok()?)
    }

    /// In millionths.
    pub const fn millionths(self) -> i64 {
        self.0 as i64
    }
}

/// As a percentage: `19 %`, `8.875 %`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0 / 10_000)?;
        let part = format!("{:04}", self.0 % 10_000);
        let part = part.trim_end_matches('0');
        if !part.is_empty() {
            write!(f, ".{part}")?;
        }
        f.write_str("\u{a0}%")
    }
}

impl TaxClass {
    /// The class of goods that have no other.
    pub fn standard() -> Self {
        Self("standard".to_owned())
    }

    /// Reads a name of at most 32 letters, digits, `-` or `_`; case does not count.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = (1..=32).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        fits.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TaxSettings {
    /// The taxes of an order to `destination`, out of all that the shop has.
    pub fn at(&self, rates: &[TaxRate], destination: &Destination) -> OrderTaxes {
        let closeness = |rate: &TaxRate| Some((rate.place.closeness(destination)?, rate.clone()));
        let exemption = if self.is_small_business {
            Some(TaxExemption::SmallBusiness)
        } else if self.is_reverse_charge(destination) {
            Some(TaxExemption::ReverseCharge)
        } else {
            None
        };
        OrderTaxes {
            prices_include_tax: self.prices_include_tax,
            exemption,
            rates: rates.iter().filter_map(closeness).collect(),
        }
    }

    /// Source: Directive 2006/112/EC, articles 138 and 196.
    fn is_reverse_charge(&self, destination: &Destination) -> bool {
        let (Some(home), Some(number)) = (self.country, &destination.vat_number) else {
            return false;
        };
        self.has_reverse_charge
            && is_in_eu_vat_area(home)
            && is_in_eu_vat_area(destination.country)
            && home != destination.country
            && number.country() != home
            && is_in_eu_vat_area(number.country())
    }
}

impl OrderTaxes {
    /// No taxes at all, whatever is in the prices.
    pub fn none(prices_include_tax: bool) -> Self {
        Self {
            prices_include_tax,
            ..Self::default()
        }
    }

    /// The rates for goods of a class: those of the class before those of all classes, and a
    /// region's in place of its country's unless they are added.
    pub fn of_class(&self, class: &TaxClass) -> Vec<&TaxRate> {
        self.matching(class, |_| true)
    }

    /// The rates for delivery: the standard ones that are for it, too.
    pub fn of_shipping(&self) -> Vec<&TaxRate> {
        self.matching(&TaxClass::standard(), |rate| rate.is_on_shipping)
    }

    fn matching(&self, class: &TaxClass, counts: impl Fn(&TaxRate) -> bool) -> Vec<&TaxRate> {
        let of_place = |wanted: u8| -> Vec<&TaxRate> {
            let there = || {
                let rates = self.rates.iter();
                rates.filter_map(move |(near, rate)| (*near == wanted).then_some(rate))
            };
            let own = || there().filter(|rate| rate.class.as_ref() == Some(class));
            if own().next().is_some() {
                own().collect()
            } else {
                there().filter(|rate| rate.class.is_none()).collect()
            }
        };
        let mut found = of_place(2);
        if found.iter().all(|rate| rate.is_added) {
            let mut country = of_place(1);
            if country.is_empty() && found.is_empty() {
                country = of_place(0);
            }
            country.append(&mut found);
            found = country;
        }
        found.retain(|rate| counts(rate));
        found
    }
}
