//! The use-cases of the shop. No HTTP, no HTML: pages, forms, webhooks and the command line all
//! come here.
//!
//! Every use-case fails when the database does ([`Error::Store`]). An `# Errors` section says what
//! else it fails with.

/// The network that a request comes from.
mod client;
/// The context of every use-case: the database, Stripe, the clock.
mod context;
/// Tables as text.
mod csv;
/// Errors of the use-cases.
mod error;
/// Password hashes, a few at a time.
mod hashing;
/// Panics that end nothing but themselves.
mod isolation;
/// Payment providers.
mod provider;
/// Unguessable text.
mod random;
/// Sealed values, which a browser keeps for the shop and cannot read.
mod seal;
/// The installation's secret, and the message authentication codes that are made with it.
mod secret;

/// Collections and products.
pub mod catalog;

/// The cart, priced.
pub mod cart;

/// Limits on what one client may keep from others.
pub mod limits;

/// From a cart to Stripe's pay page.
pub mod checkout;

/// Digital goods: files and license keys.
pub mod digital;

/// Open orders, and what they hold.
pub mod holds;

/// Old orders that nobody paid for, deleted.
pub mod retention;

/// Orders, and the one function that moves them.
pub mod orders;

/// The way back to an order for who has lost its link.
pub mod lookup;

/// Webhook events.
pub mod webhooks;

/// Whose payments a database holds.
pub mod identity;

/// Refunds.
pub mod refunds;

/// Reconciliation with Stripe.
pub mod reconcile;

/// E-mails: what they say, and how they leave.
pub mod mail;

/// The admin: password, sessions, and what only the admin may see.
pub mod admin;

/// The demo shop's products.
pub mod seed;

/// The texts in which a shop says what it is and sells.
pub mod texts;

pub use client::Client;
pub use context::{Clock, Shop};
pub use error::Error;
pub use secret::Purpose;
