//! The promises of the storefront over HTTP: a real server, a real database, the sandbox at the
//! wire.
#![allow(clippy::unwrap_used, clippy::panic)]

mod admin;
mod admin_forms;
mod admin_money;
mod bad_days;
mod cart;
mod cart_key;
mod clients;
mod config;
mod find_order;
mod flood;
mod operations;
mod origin;
mod packing;
mod page_cache;
mod pages;
mod paths;
mod pay_page;
mod policy;
mod private_files;
mod purchase;
mod security_document;
mod site;
mod titles;
mod webhook;
