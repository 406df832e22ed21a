//! The promises of the storefront over HTTP: a real server, a real database, the sandbox at the
//! wire.
#![allow(clippy::unwrap_used, clippy::panic)]

mod admin;
mod admin_money;
mod bad_days;
mod browser;
mod cart;
mod cart_key;
mod clients;
mod config;
// The same databases as the store's own tests use.
mod admin_forms;
#[path = "../../../crates/store/tests/store/database.rs"]
mod database;
mod flood;
mod operations;
mod origin;
mod pages;
mod paths;
mod pay_page;
mod policy;
mod private_files;
// And the same proxy before them.
#[path = "../../../crates/store/tests/store/freezing_proxy.rs"]
mod freezing_proxy;
mod purchase;
mod security_document;
mod site;
mod titles;
mod webhook;
