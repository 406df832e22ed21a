//! The promises of the use-cases, over a real database and the sandbox at the wire.
#![allow(clippy::unwrap_used, clippy::panic)]

mod admin;
mod admin_actions;
mod cart;
mod checkout;
mod currency;
mod details;
mod digital;
mod limits;
mod lists;
mod mail;
mod mail_templates;
mod orders;
mod packing;
mod panics;
mod parcels;
mod payments;
mod reconcile;
mod regressions;
mod seed;
mod test_shop;
mod texts;
mod webhooks;
