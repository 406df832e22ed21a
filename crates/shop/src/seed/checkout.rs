use domain::discount::{Discount, DiscountCode, DiscountScope, DiscountValue};
use domain::id::{DiscountId, RateId, TaxRateId, ZoneId};
use domain::money::{Currency, Money};
use domain::shipping::{Place, RatePrice, ShippingRate, ShippingZone};
use domain::tax::{Rate, TaxRate};
use serde::Deserialize;
use store::Tx;

use crate::Error;

const CHECKOUT: &str = include_str!("../../seed/checkout.toml");

/// The demo shop's zones, taxes and discounts.
pub(super) struct CheckoutSeed {
    zones: Vec<ShippingZone>,
    taxes: Vec<TaxRate>,
    discounts: Vec<Discount>,
}

impl CheckoutSeed {
    /// Reads what comes with the program.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn read() -> Result<Self, Error> {
        let file: SeedFile =
            toml::from_str(CHECKOUT).map_err(|error| Error::Catalog(error.to_string()))?;
        let invalid = |what: &str| Error::Catalog(what.to_owned());
        let zones = file.zones.into_iter().enumerate();
        let zones = zones.map(|(index, zone)| zone.read(index).ok_or_else(|| invalid("zones")));
        let taxes = file.taxes.into_iter();
        let taxes = taxes.map(|tax| tax.read().ok_or_else(|| invalid("taxes")));
        let discounts = file.discounts.into_iter();
        let discounts =
            discounts.map(|discount| discount.read().ok_or_else(|| invalid("discounts")));
        Ok(Self {
            zones: zones.collect::<Result<_, _>>()?,
            taxes: taxes.collect::<Result<_, _>>()?,
            discounts: discounts.collect::<Result<_, _>>()?,
        })
    }

    /// Writes all of it into a shop that has none of it.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn write(&self, tx: &mut Tx) -> Result<(), store::Error> {
        for (position, zone) in (0_i64..).zip(&self.zones) {
            store::shipping::insert_zone(tx, zone, position).await?;
        }
        for (position, rate) in (0_i64..).zip(&self.taxes) {
            store::taxes::insert_rate(tx, rate, position).await?;
        }
        for discount in &self.discounts {
            store::discounts::insert(tx, discount).await?;
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedFile {
    zones: Vec<SeedZone>,
    taxes: Vec<SeedTax>,
    discounts: Vec<SeedDiscount>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedZone {
    name: String,
    places: Vec<String>,
    rates: Vec<SeedRate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedRate {
    id: String,
    name: String,
    delivery_time: String,
    price: i64,
    free_from: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedTax {
    id: String,
    name: String,
    place: String,
    rate: String,
}

/// A discount of a percentage, or of the delivery without one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedDiscount {
    id: String,
    title: String,
    code: String,
    percent: Option<String>,
    minimum: Option<i64>,
    #[serde(default)]
    once: bool,
}

fn dollars(amount: i64) -> Money {
    Money::new(amount, Currency::USD)
}

impl SeedZone {
    fn read(self, index: usize) -> Option<ShippingZone> {
        let places = self.places.iter().map(|place| Place::parse(place));
        Some(ShippingZone {
            id: ZoneId::parse(&format!("zone-{}", index + 1)).ok()?,
            name: self.name,
            places: places.collect::<Option<_>>()?,
            rates: self
                .rates
                .into_iter()
                .map(SeedRate::read)
                .collect::<Option<_>>()?,
        })
    }
}

impl SeedRate {
    fn read(self) -> Option<ShippingRate> {
        Some(ShippingRate {
            id: RateId::parse(&self.id).ok()?,
            name: self.name,
            delivery_time: self.delivery_time,
            price: RatePrice::Flat(dollars(self.price)),
            free_from: self.free_from.map(dollars),
            is_pickup: false,
        })
    }
}

impl SeedTax {
    fn read(self) -> Option<TaxRate> {
        Some(TaxRate {
            id: TaxRateId::parse(&self.id).ok()?,
            name: self.name,
            place: Place::parse(&self.place)?,
            class: None,
            rate: Rate::parse(&self.rate)?,
            is_added: false,
            is_on_shipping: true,
        })
    }
}

impl SeedDiscount {
    fn read(self) -> Option<Discount> {
        let value = match self.percent {
            Some(percent) => DiscountValue::Percent(Rate::parse(&percent)?),
            None => DiscountValue::FreeShipping,
        };
        Some(Discount {
            id: DiscountId::parse(&self.id).ok()?,
            title: self.title,
            code: Some(DiscountCode::parse(&self.code)?),
            value,
            scope: DiscountScope::Everything,
            minimum: self.minimum.map(dollars),
            starts_at: None,
            ends_at: None,
            limit: None,
            limit_per_email: self.once.then_some(1),
            uses: 0,
            is_combinable: false,
            is_active: true,
        })
    }
}
