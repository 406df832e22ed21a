//! The rules of the shop, without I/O: the same code runs on the server and in the browser.

/// Amounts in minor units with their currency.
pub mod money;

/// Postal addresses.
pub mod address;

/// Names of things that travel between layers, parsed once.
pub mod id;

/// Availability, as a product page shows it.
pub mod stock;

/// The catalog, as pages show it.
pub mod catalog;

/// The cart in its cookie, and as the server prices it.
pub mod cart;

/// Orders, payments, refunds and disputes.
pub mod order;
