//! The movement of money: paying a session, authenticating with the bank, refunds, disputes,
//! warnings, and what time does by itself.

mod balance;
mod checkout_sessions;
mod confirm;
mod coupons;
mod customers;
pub(crate) mod disputes;
mod due;
mod early_fraud_warnings;
mod expiry;
mod failure;
mod invoices;
mod payment_intents;
pub(crate) mod refunds;
mod settle;
mod setup_intents;

pub(crate) use self::checkout_sessions::{authenticate, keep_method, pay, pending_authentication};
pub(crate) use self::confirm::{Outcome, Terms};
pub(crate) use self::due::catch_up;
pub(crate) use self::expiry::expire;
pub(crate) use self::failure::{customer_of, last_error};
pub(crate) use self::payment_intents::{
    attach, authenticate_intent, confirm, waits_for_authentication,
};
pub(crate) use self::settle::{cancel, capture, settle};
pub(crate) use self::setup_intents::{
    abandon_attempt, authenticate_setup, cancel_setup, confirm as set_up,
};
