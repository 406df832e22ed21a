//! The sandbox over real HTTP, with a real state file and a real endpoint that receives its webhooks.

#![allow(clippy::unwrap_used, clippy::panic)]

mod authentication;
mod balance;
mod checkout;
mod customers;
mod dashboard;
mod debits;
mod disputes;
mod early_fraud_warnings;
mod endpoint;
mod faults;
mod idempotency;
mod intents;
mod invoices;
mod lists;
mod merchant;
mod method_options;
mod methods;
mod monsters;
mod pay_choices;
mod pay_discounts;
mod pay_page;
mod pay_quantities;
mod pay_questions;
mod paying;
mod prices;
mod program;
mod promotions;
mod refunds;
mod refusals;
mod sessions;
mod shoppers;
mod time;
mod webhook_endpoints;
mod webhooks;
