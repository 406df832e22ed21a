use domain::id::{RateId, ZoneId};
use domain::money::{Currency, Money};
use domain::shipping::{Place, RatePrice, ShippingRate, ShippingZone, Step};

use crate::{Error, Result, Store, Tx};

row! {
    struct ZoneRow {
        id: String,
        name: String,
        places: String,
    }
}

row! {
    struct RateRow {
        id: String,
        zone_id: String,
        name: String,
        delivery_time: String,
        price_by: String,
        price: String,
        free_from: Option<i64>,
        is_pickup: i64,
    }
}

/// All zones with their rates, in their order.
pub async fn zones(store: &Store, currency: Currency) -> Result<Vec<ShippingZone>> {
    let mut connection = store.reader().await?;
    let zones: Vec<ZoneRow> =
        sqlx::query_as("SELECT id, name, places FROM shipping_zones ORDER BY position, id")
            .fetch_all(&mut *connection)
            .await?;
    if zones.is_empty() {
        return Ok(Vec::new());
    }
    let rates: Vec<RateRow> = sqlx::query_as(
        "SELECT id, zone_id, name, delivery_time, price_by, price, free_from, is_pickup \
         FROM shipping_rates ORDER BY position, id",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut zones = zones
        .into_iter()
        .map(ZoneRow::into_zone)
        .collect::<Result<Vec<_>>>()?;
    for row in rates {
        if let Some(zone) = zones
            .iter_mut()
            .find(|zone| zone.id.as_str() == row.zone_id)
        {
            zone.rates.push(row.into_rate(currency)?);
        }
    }
    Ok(zones)
}

/// Writes a zone and its rates at a place in the order of all.
///
/// # Errors
/// A conflict when there is one with its id.
pub async fn insert_zone(tx: &mut Tx, zone: &ShippingZone, position: i64) -> Result<()> {
    let places: Vec<String> = zone.places.iter().map(ToString::to_string).collect();
    let query = sqlx::query(
        "INSERT INTO shipping_zones (id, name, places, position) VALUES ($1, $2, $3, $4)",
    )
    .bind(zone.id.as_str().to_owned())
    .bind(zone.name.clone())
    .bind(places.join(" "))
    .bind(position);
    tx.execute(query).await?;
    for (position, rate) in (0_i64..).zip(&zone.rates) {
        let (price_by, price) = written(&rate.price);
        let query = sqlx::query(
            "INSERT INTO shipping_rates (id, zone_id, name, delivery_time, price_by, price, free_from, is_pickup, \
                                         position) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(rate.id.as_str().to_owned())
        .bind(zone.id.as_str().to_owned())
        .bind(rate.name.clone())
        .bind(rate.delivery_time.clone())
        .bind(price_by)
        .bind(price)
        .bind(rate.free_from.map(Money::amount))
        .bind(i64::from(rate.is_pickup))
        .bind(position);
        tx.execute(query).await?;
    }
    Ok(())
}

impl ZoneRow {
    fn into_zone(self) -> Result<ShippingZone> {
        Ok(ShippingZone {
            id: ZoneId::parse(&self.id).map_err(|_| Error::Corrupt("shipping_zones.id"))?,
            name: self.name,
            places: self.places.split(' ').filter_map(Place::parse).collect(),
            rates: Vec::new(),
        })
    }
}

impl RateRow {
    fn into_rate(self, currency: Currency) -> Result<ShippingRate> {
        let money = |amount| Money::new(amount, currency);
        let corrupt = || Error::Corrupt("shipping_rates.price");
        let steps = || {
            let steps = self.price.split(' ').map(|text| {
                let (up_to, price) = text.split_once(':')?;
                let up_to = match up_to {
                    "*" => None,
                    number => Some(number.parse().ok()?),
                };
                let price = money(price.parse().ok()?);
                Some(Step { up_to, price })
            });
            steps.collect::<Option<Vec<_>>>().ok_or_else(corrupt)
        };
        let price = match self.price_by.as_str() {
            "flat" => RatePrice::Flat(money(self.price.parse().map_err(|_| corrupt())?)),
            "weight" => RatePrice::ByWeight(steps()?),
            "subtotal" => RatePrice::BySubtotal(steps()?),
            _ => return Err(corrupt()),
        };
        Ok(ShippingRate {
            id: RateId::parse(&self.id).map_err(|_| Error::Corrupt("shipping_rates.id"))?,
            name: self.name,
            delivery_time: self.delivery_time,
            price,
            free_from: self.free_from.map(money),
            is_pickup: self.is_pickup != 0,
        })
    }
}

/// A price as its two columns hold it.
fn written(price: &RatePrice) -> (&'static str, String) {
    let steps = |steps: &[Step]| {
        let steps: Vec<String> = steps
            .iter()
            .map(|step| {
                let up_to = step
                    .up_to
                    .map_or_else(|| "*".to_owned(), |most| most.to_string());
                format!("{up_to}:{}", step.price.amount())
            })
            .collect();
        steps.join(" ")
    };
    match price {
        RatePrice::Flat(price) => ("flat", price.amount().to_string()),
        RatePrice::ByWeight(prices) => ("weight", steps(prices)),
        RatePrice::BySubtotal(prices) => ("subtotal", steps(prices)),
    }
}
