//! The rules of the shop, without I/O: the same code runs on the server and in the browser.

/// Amounts in minor units with their currency.
pub mod money;

/// Postal addresses.
pub mod address;

/// E-mail addresses.
pub mod email;

/// Names of things that travel between layers, parsed once.
pub mod id;

/// Availability, as a product page shows it.
pub mod stock;

/// The catalog, as pages show it.
pub mod catalog;

/// The cart in its cookie, and as the server prices it.
pub mod cart;

/// Shipping zones and delivery rates.
pub mod shipping;

/// Tax rates, exemptions and VAT numbers.
pub mod tax;

/// Discounts: codes and automatic ones.
pub mod discount;

/// The sums of a checkout: lines, discount, shipping, tax and total.
pub mod pricing;

/// Orders, payments, refunds and disputes.
pub mod order;
