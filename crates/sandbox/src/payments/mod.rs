//! What moves money: paying a session, authenticating with the bank, refunds, disputes, and what time does by itself.

mod balance;
pub(crate) mod disputes;
mod due;
mod expiry;
mod failure;
mod pay;
mod promotions;
pub(crate) mod refunds;

pub(crate) use due::catch_up;
pub(crate) use expiry::expire;
pub(crate) use failure::last_error;
pub(crate) use pay::{Outcome, authenticate, pay, pending_authentication};
