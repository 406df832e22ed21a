//! What moves money: paying a session, authenticating with the bank, refunds, disputes, warnings, and what time does by itself.

mod balance;
mod confirm;
mod customers;
pub(crate) mod disputes;
mod due;
mod early_fraud_warnings;
mod expiry;
mod failure;
mod intents;
mod invoices;
mod pay;
mod promotions;
pub(crate) mod refunds;
mod settle;
mod setups;

pub(crate) use confirm::{Outcome, Terms};
pub(crate) use due::catch_up;
pub(crate) use expiry::expire;
pub(crate) use failure::{customer_of, last_error};
pub(crate) use intents::{attach, authenticate_intent, confirm, waits_for_authentication};
pub(crate) use pay::{authenticate, keep_method, pay, pending_authentication};
pub(crate) use settle::{cancel, capture, settle};
pub(crate) use setups::{abandon_attempt, authenticate_setup, cancel_setup, confirm as set_up};
