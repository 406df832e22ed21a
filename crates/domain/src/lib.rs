//! The rules of the shop, without I/O: the same code runs on the server and in the browser.

/// Amounts in minor units with their currency.
pub mod money;

/// Names of things that travel between layers, parsed once.
pub mod id;

/// What a product page says about stock.
pub mod stock;

/// What the shop sells, as pages show it.
pub mod catalog;

/// What the shopper wants: the cookie cart, and the cart as the server prices it.
pub mod cart;

/// What was sold: the order and what payment facts do to it.
pub mod order;
