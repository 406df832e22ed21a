//! Every SQL statement of the shop, and nothing else. One text serves SQLite and PostgreSQL.
//!
//! Writes go through a [`Tx`], which [`Store::transaction`] hands out and which is passed to the
//! functions that take part in it; reads take the [`Store`].
//!
//! Every function that takes a [`Store`] or a [`Tx`] fails when the database does ([`Error`]). An
//! `# Errors` section says what else it fails with.

/// Structs that are read from rows. First, because the others use its macro.
#[macro_use]
mod row;

/// One connection with a deadline, and its way back to the pool.
mod connection;
/// Errors of the database.
mod error;
/// One durable commit for transactions that wait for each other.
mod group_commit;
/// The schema's versions.
mod migrations;
/// Long lists, page by page.
mod page;
/// Pools of connections, and transactions.
mod pool;
/// Timeouts of the database.
mod timeouts;

/// Names and values that the shop remembers about itself.
pub mod settings;

/// Collections, products and variants.
pub mod catalog;

/// Products and orders that are made up in bulk, to measure with.
pub mod generated;

/// Stock on hand, holds and sales.
pub mod stock;

/// Holds of open orders, and orders that nobody paid for.
pub mod holds;

/// Orders and their lines.
pub mod orders;

/// Payments of orders.
pub mod payments;

/// Digital products, and orders' access to them.
pub mod digital;

/// Parcels of orders.
mod parcels;

/// Discounts, and the orders that have them.
pub mod discounts;

/// Shipping zones and their rates.
pub mod shipping;

/// Tax rates.
pub mod taxes;

/// Webhook events.
pub mod events;

/// Refunds.
pub mod refunds;

/// Disputes.
pub mod disputes;

/// Early fraud warnings of card networks.
pub mod early_fraud_warnings;

/// The outbox: e-mails to send.
pub mod outbox;

/// The admin's sessions and failed sign-ins.
pub mod admin;

pub use error::Error;
pub use pool::Completion::{self, Commit, Rollback};
pub use pool::{Engine, Store, Tx};
pub use timeouts::Timeouts;

/// The result of a statement of this crate.
pub type Result<T> = std::result::Result<T, Error>;
