//! The promises of the use-cases, over a real database and the sandbox at the wire.
#![allow(clippy::unwrap_used, clippy::panic)]

mod admin;
mod cart;
mod checkout;
mod currency;
// The same databases as the store's own tests use.
#[path = "../../../store/tests/store/database.rs"]
mod database;
mod dealings;
mod gate;
mod limits;
mod mail;
mod mail_server;
mod mail_templates;
mod orders;
mod payments;
mod reconcile;
mod seed;
mod stand;
mod stub_stripe;
mod tracker_cases;
mod webhooks;
