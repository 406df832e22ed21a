//! What moves a session: paying it, authenticating with the bank, and running out of time.

mod expiry;
mod failure;
mod pay;

pub(crate) use expiry::{expire, expire_due};
pub(crate) use failure::last_error;
pub(crate) use pay::{Outcome, authenticate, pay, pending_authentication};
