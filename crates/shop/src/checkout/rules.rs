use domain::address::Country;
use domain::discount::{Discount, DiscountCode};
use domain::shipping::ShippingZone;
use domain::tax::{TaxRate, TaxSettings};

use crate::{Error, Shop};

/// The settings about delivery, taxes and discounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckoutRules {
    /// Shipping zones and their rates.
    pub zones: Vec<ShippingZone>,
    /// Tax rates of all places.
    pub tax_rates: Vec<TaxRate>,
    /// The settings about taxes.
    pub tax: TaxSettings,
    /// The discounts that this checkout may have: automatic ones, and that of its code.
    pub discounts: Vec<Discount>,
    /// True if there is any discount, with a code or without.
    pub has_discounts: bool,
}

/// The settings about taxes, each `yes`, or the two letters of the country.
const TAX_INCLUDED: &str = "tax_included";
const TAX_COUNTRY: &str = "tax_country";
const SMALL_BUSINESS: &str = "tax_small_business";
const REVERSE_CHARGE: &str = "tax_reverse_charge";

/// Loads the settings of this moment for a checkout with a code, as it was typed.
pub(super) async fn load(shop: &Shop, code: Option<&str>) -> Result<CheckoutRules, Error> {
    let store = &shop.store;
    let zones = store::shipping::zones(store, shop.currency).await?;
    let tax_rates = store::taxes::rates(store).await?;
    let tax = if tax_rates.is_empty() {
        TaxSettings::default()
    } else {
        tax_settings(shop).await?
    };
    let has_discounts = store::discounts::has_any(store).await?;
    let discounts = if has_discounts {
        let code = code.and_then(DiscountCode::parse);
        store::discounts::usable(store, shop.currency, code.as_ref()).await?
    } else {
        Vec::new()
    };
    Ok(CheckoutRules {
        zones,
        tax_rates,
        tax,
        discounts,
        has_discounts,
    })
}

async fn tax_settings(shop: &Shop) -> Result<TaxSettings, Error> {
    let is_set = async |key| -> Result<bool, Error> {
        let value = store::settings::get(&shop.store, key).await?;
        Ok(value.as_deref() == Some("yes"))
    };
    let country = store::settings::get(&shop.store, TAX_COUNTRY).await?;
    Ok(TaxSettings {
        prices_include_tax: is_set(TAX_INCLUDED).await?,
        country: country.and_then(|country| Country::parse(&country).ok()),
        is_small_business: is_set(SMALL_BUSINESS).await?,
        has_reverse_charge: is_set(REVERSE_CHARGE).await?,
    })
}
