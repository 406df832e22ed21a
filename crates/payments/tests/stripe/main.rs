//! What the shop believes of Stripe, and what it makes of what Stripe says.
#![allow(clippy::unwrap_used, clippy::panic)]

mod client;
mod event;
mod key;
mod list;
mod refund;
mod signature;
mod transport;
