//! The shop's client for Stripe, against the sandbox and against servers that answer wrongly.
#![allow(clippy::unwrap_used, clippy::panic)]

mod client;
mod event;
mod key;
mod list;
mod refund;
mod signature;
mod transport;
