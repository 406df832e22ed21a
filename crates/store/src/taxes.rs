use domain::id::TaxRateId;
use domain::shipping::Place;
use domain::tax::{Rate, TaxClass, TaxRate};

use crate::{Error, Result, Store, Tx};

row! {
    struct TaxRateRow {
        id: String,
        name: String,
        place: String,
        class: Option<String>,
        rate: i64,
        is_added: i64,
        is_on_shipping: i64,
    }
}

/// All tax rates, in their order.
pub async fn rates(store: &Store) -> Result<Vec<TaxRate>> {
    let mut connection = store.reader().await?;
    let rows: Vec<TaxRateRow> = sqlx::query_as(
        "SELECT id, name, place, class, rate, is_added, is_on_shipping FROM tax_rates ORDER BY position, id",
    )
    .fetch_all(&mut *connection)
    .await?;
    rows.into_iter().map(TaxRateRow::into_rate).collect()
}

/// Writes a tax rate at a place in the order of all.
///
/// # Errors
/// A conflict when there is one with its id.
pub async fn insert_rate(tx: &mut Tx, rate: &TaxRate, position: i64) -> Result<()> {
    let query = sqlx::query(
        "INSERT INTO tax_rates (id, name, place, class, rate, is_added, is_on_shipping, position) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(rate.id.as_str().to_owned())
    .bind(rate.name.clone())
    .bind(rate.place.to_string())
    .bind(rate.class.as_ref().map(|class| class.as_str().to_owned()))
    .bind(rate.rate.millionths())
    .bind(i64::from(rate.is_added))
    .bind(i64::from(rate.is_on_shipping))
    .bind(position);
    tx.execute(query).await?;
    Ok(())
}

impl TaxRateRow {
    fn into_rate(self) -> Result<TaxRate> {
        let class = self
            .class
            .as_deref()
            .map(|class| TaxClass::parse(class).ok_or(Error::Corrupt("tax_rates.class")));
        let rate = u32::try_from(self.rate).ok().and_then(Rate::new);
        Ok(TaxRate {
            id: TaxRateId::parse(&self.id).map_err(|_| Error::Corrupt("tax_rates.id"))?,
            name: self.name,
            place: Place::parse(&self.place).ok_or(Error::Corrupt("tax_rates.place"))?,
            class: class.transpose()?,
            rate: rate.ok_or(Error::Corrupt("tax_rates.rate"))?,
            is_added: self.is_added != 0,
            is_on_shipping: self.is_on_shipping != 0,
        })
    }
}
