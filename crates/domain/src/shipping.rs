use std::fmt;

use crate::address::{Address, Country};
use crate::id::{RateId, ZoneId};
use crate::money::{Money, MoneyError};
use crate::tax::VatNumber;

/// The destination of an order, as far as its delivery rates and taxes depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The country.
    pub country: Country,
    /// The region: its code, such as `CA` of `US-CA`, if the country lists it, else as typed.
    pub region: Option<String>,
    /// The buyer's VAT number, if one was given whose form is right.
    pub vat_number: Option<VatNumber>,
}

/// A place that a zone or a tax rate is for: everywhere, a country, or a region of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Every country that no other zone names.
    Everywhere,
    /// A country.
    Country(Country),
    /// A region of a country.
    Region(Country, String),
}

/// A part of the world with delivery rates of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShippingZone {
    /// The zone.
    pub id: ZoneId,
    /// Its name, which only the owner reads.
    pub name: String,
    /// Its places.
    pub places: Vec<Place>,
    /// Its delivery rates, in the order in which they are offered.
    pub rates: Vec<ShippingRate>,
}

/// A way to get the goods, and what it costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShippingRate {
    /// The rate.
    pub id: RateId,
    /// The name for shoppers, such as `Standard`.
    pub name: String,
    /// The time it takes, in words, such as `3 to 5 working days`; may be empty.
    pub delivery_time: String,
    /// The price.
    pub price: RatePrice,
    /// From which amount of goods, after discounts, it costs nothing.
    pub free_from: Option<Money>,
    /// True if the shopper comes and gets the goods: they are taxed where the shop is.
    pub is_pickup: bool,
}

/// The price of a [`ShippingRate`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RatePrice {
    /// The same for every parcel.
    Flat(Money),
    /// By the weight of the goods, in grams.
    ByWeight(Vec<Step>),
    /// By what the goods cost after discounts, in minor units.
    BySubtotal(Vec<Step>),
}

/// A step of a price: the first one that reaches the weight or the amount counts. A rate is not
/// offered beyond its last step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The most that the step is for, inclusive; `None` for anything above the others.
    pub up_to: Option<i64>,
    /// The price.
    pub price: Money,
}

/// The goods of an order that are shipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The weight in grams.
    pub weight: i64,
    /// The sum of all goods of the order after discounts, before shipping and tax.
    pub subtotal: Money,
}

/// A delivery rate that can be chosen for a destination, at its price for this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryOption {
    /// The rate.
    pub id: RateId,
    /// The name for shoppers.
    pub name: String,
    /// The time it takes, in words; may be empty.
    pub delivery_time: String,
    /// The price, before a discount on shipping; without tax if the shop's prices are.
    pub price: Money,
    /// True if the shopper comes and gets the goods.
    pub is_pickup: bool,
}

impl Destination {
    /// The place of an address.
    pub fn of(address: &Address, vat_number: Option<VatNumber>) -> Self {
        let region = address
            .region_code()
            .map(str::to_owned)
            .or_else(|| address.region.clone());
        Self {
            country: address.country,
            region,
            vat_number,
        }
    }

    /// A country and a region as it was typed, for a preview or before the address is known.
    pub fn new(country: Country, region: Option<&str>, vat_number: Option<VatNumber>) -> Self {
        let region = region.map(str::trim).filter(|region| !region.is_empty());
        let found = region.and_then(|region| country.format().find_region(region));
        let code = found
            .map(|region| region.code)
            .filter(|code| !code.is_empty());
        Self {
            country,
            region: code.or(region).map(str::to_owned),
            vat_number,
        }
    }
}

impl Place {
    /// Reads `US`, `US-CA` or `*`, in either case.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "*" {
            return Some(Self::Everywhere);
        }
        let (country, region) = match text.split_once('-') {
            Some((country, region)) => (country, Some(region.trim())),
            None => (text, None),
        };
        let country = Country::parse(country).ok()?;
        match region {
            None => Some(Self::Country(country)),
            Some("") => None,
            Some(region) => Some(Self::Region(country, region.to_uppercase())),
        }
    }

    /// The closeness with which it names a destination, the greater the closer; `None` if the
    /// destination is not in it.
    pub fn closeness(&self, destination: &Destination) -> Option<u8> {
        match self {
            Self::Everywhere => Some(0),
            Self::Country(country) => (*country == destination.country).then_some(1),
            Self::Region(country, region) => {
                let is_there = *country == destination.country
                    && destination
                        .region
                        .as_ref()
                        .is_some_and(|other| other.to_uppercase() == *region);
                is_there.then_some(2)
            }
        }
    }
}

/// As [`Place::parse`] reads it.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everywhere => f.write_str("*"),
            Self::Country(country) => f.write_str(country.as_str()),
            Self::Region(country, region) => write!(f, "{}-{region}", country.as_str()),
        }
    }
}

/// The zone of a destination: the one that names it most closely, the first of several.
pub fn zone_of<'a>(
    zones: &'a [ShippingZone],
    destination: &Destination,
) -> Option<&'a ShippingZone> {
    let closeness = |zone: &ShippingZone| {
        let places = zone.places.iter();
        places
            .filter_map(|place| place.closeness(destination))
            .max()
    };
    let mut best: Option<(u8, &ShippingZone)> = None;
    for zone in zones {
        if let Some(closeness) = closeness(zone)
            && best.is_none_or(|(known, _)| closeness > known)
        {
            best = Some((closeness, zone));
        }
    }
    best.map(|(_, zone)| zone)
}

impl ShippingZone {
    /// The rates that can be chosen for a parcel.
    pub fn options(&self, parcel: &Parcel) -> Vec<DeliveryOption> {
        let rates = self.rates.iter();
        rates.filter_map(|rate| rate.option(parcel)).collect()
    }
}

impl ShippingRate {
    /// The rate at its price for a parcel; `None` when the parcel is beyond its last step, or in
    /// another currency.
    pub fn option(&self, parcel: &Parcel) -> Option<DeliveryOption> {
        let (subtotal, currency) = (parcel.subtotal.amount(), parcel.subtotal.currency());
        let price = match &self.price {
            RatePrice::Flat(price) => *price,
            RatePrice::ByWeight(steps) => step(steps, parcel.weight)?,
            RatePrice::BySubtotal(steps) => step(steps, subtotal)?,
        };
        if price.currency() != currency {
            return None;
        }
        let is_free = self
            .free_from
            .is_some_and(|from| from.currency() == currency && subtotal >= from.amount());
        Some(DeliveryOption {
            id: self.id.clone(),
            name: self.name.clone(),
            delivery_time: self.delivery_time.clone(),
            price: if is_free {
                Money::zero(currency)
            } else {
                price
            },
            is_pickup: self.is_pickup,
        })
    }
}

fn step(steps: &[Step], measure: i64) -> Option<Money> {
    let reaches = |step: &&Step| step.up_to.is_none_or(|most| measure <= most);
    steps.iter().find(reaches).map(|step| step.price)
}

impl Parcel {
    /// The weight of some pieces, in grams.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn weight_of(pieces: impl Iterator<Item = (i64, u32)>) -> Result<i64, MoneyError> {
        let mut sum = 0_i64;
        for (weight, quantity) in pieces {
            let weight = weight.max(0).checked_mul(i64::from(quantity));
            sum = weight
                .and_then(|weight| sum.checked_add(weight))
                .ok_or(MoneyError::Overflow)?;
        }
        Ok(sum)
    }
}
