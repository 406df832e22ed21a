//! The promises of the use-cases, over a real database and the sandbox at the wire.
#![allow(clippy::unwrap_used, clippy::panic)]

mod admin;
mod cart;
mod checkout;
mod currency;
// The same databases as the store's own tests use.
mod admin_actions;
#[path = "../../../store/tests/store/database.rs"]
mod database;
mod delay_proxy;
mod limits;
mod mail;
mod mail_server;
mod mail_templates;
mod orders;
mod panics;
mod payments;
mod reconcile;
mod regressions;
mod seed;
mod stub_stripe;
mod test_shop;
mod texts;
mod webhooks;
