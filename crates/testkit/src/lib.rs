//! The parts that the suites of several crates share: databases, servers in the place of others, a
//! browser without scripts, and builders. Only tests depend on it.
//!
//! Everything here panics when it cannot do what it is for, as a test does.
#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(
    missing_docs,
    reason = "fields of what tests look at say what they are"
)]

/// A browser without scripts.
pub mod browser;
/// A database for one test, on either engine.
pub mod database;
/// A proxy before the sandbox whose answers wait, or are cut off.
pub mod delay_proxy;
/// Sending requests on to the sandbox.
mod forward;
/// A proxy before PostgreSQL that can stop passing anything on.
#[cfg(unix)]
pub mod freezing_proxy;
/// An SMTP server.
pub mod mail_server;
/// Orders, their payments and ids.
pub mod orders;
/// Products and collections.
pub mod products;
/// Structs that are read from rows.
mod row;
/// A proxy before the sandbox that answers some requests itself.
pub mod stripe_proxy;
/// A server in Stripe's place with a script of replies.
pub mod stub_stripe;
