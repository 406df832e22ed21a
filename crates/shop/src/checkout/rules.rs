use crate::{Error, Shop};

use domain::discount::Discount;
use domain::shipping::ShippingZone;
use domain::tax::{TaxRate, TaxSettings};

/// The settings about delivery, taxes and discounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckoutRules {
    /// Shipping zones and their rates.
    pub zones: Vec<ShippingZone>,
    /// Tax rates of all places.
    pub tax_rates: Vec<TaxRate>,
    /// The settings about taxes.
    pub tax: TaxSettings,
    /// Discounts, codes and automatic ones.
    pub discounts: Vec<Discount>,
}

/// Loads the settings of this moment.
pub(super) async fn load(_: &Shop) -> Result<CheckoutRules, Error> {
    Ok(CheckoutRules::default())
}
