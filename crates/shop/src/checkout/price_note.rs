use domain::shipping::Destination;
use domain::tax::{Rate, TaxClass};

use super::rules;
use crate::{Error, Shop};

/// The note beside a price: which tax is in it, and what comes on top.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PriceNote {
    /// The taxes of the shop's own country that are in the price, each with its name and rate.
    pub included_taxes: Vec<(String, Rate)>,
    /// True if taxes come on top, somewhere.
    pub is_plus_tax: bool,
    /// True if delivery comes on top.
    pub is_plus_delivery: bool,
}

/// The note beside the prices of goods of a tax class, for whose destination is not known yet.
pub async fn price_note(shop: &Shop, class: &TaxClass) -> Result<PriceNote, Error> {
    let rules = rules::load(shop, None).await?;
    let is_taxed = !rules.tax_rates.is_empty() && !rules.tax.is_small_business;
    let home = rules
        .tax
        .country
        .filter(|_| is_taxed && rules.tax.prices_include_tax);
    let included_taxes = home.map(|country| {
        let taxes = rules
            .tax
            .at(&rules.tax_rates, &Destination::new(country, None, None));
        let rates = taxes.of_class(class).into_iter();
        rates.map(|rate| (rate.name.clone(), rate.rate)).collect()
    });
    Ok(PriceNote {
        included_taxes: included_taxes.unwrap_or_default(),
        is_plus_tax: is_taxed && !rules.tax.prices_include_tax,
        is_plus_delivery: !rules.zones.is_empty(),
    })
}
