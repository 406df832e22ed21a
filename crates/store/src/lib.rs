//! Every SQL statement of the shop, and nothing else. One text serves SQLite and PostgreSQL.
//!
//! Writes go through a [`Tx`], which [`Store::transaction`] hands out and which is passed to the
//! functions that take part in it; reads take the [`Store`].
//!
//! Every function that takes a [`Store`] or a [`Tx`] fails when the database does ([`Error`]). An
//! `# Errors` section says what else it fails with.

/// One connection with a deadline, and its way back to the pool.
mod connection;
/// What can go wrong with a database.
mod error;
/// Long lists, page by page.
mod page;
/// Pools of connections, and transactions.
mod pool;
/// How long the database may take.
mod timeouts;

/// Names and values that the shop remembers about itself.
pub mod settings;

/// Shelves, products and variants.
pub mod catalog;

/// What lies on the shelf, what is held, what is sold.
pub mod stock;

/// What open orders hold, and orders that nobody paid for.
pub mod holds;

/// Orders and their lines.
pub mod orders;

/// Payments of orders.
pub mod payments;

/// Events that Stripe delivered.
pub mod events;

/// Money that goes back.
pub mod refunds;

/// What the cardholder's bank takes back.
pub mod disputes;

/// What card networks report as fraudulent.
pub mod early_fraud_warnings;

/// E-mails to send.
pub mod outbox;

/// The admin's sessions and failed sign-ins.
pub mod admin;

pub use error::Error;
pub use pool::Completion::{self, Commit, Rollback};
pub use pool::{Engine, Store, Tx};
pub use timeouts::Timeouts;

/// What a statement of this crate answers.
pub type Result<T> = std::result::Result<T, Error>;
