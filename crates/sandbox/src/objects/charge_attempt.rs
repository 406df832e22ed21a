//! An attempt to take money, of which a charge is made.

use super::object::Object;
use super::payment_method::Instrument;
use crate::cards::Decline;

/// An attempt to charge a payment method for a payment intent.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    pub(crate) intent: &'a Object,
    pub(crate) payment_method: &'a Object,
    pub(crate) instrument: &'a Instrument,
    /// True if the shopper has authenticated with the bank.
    pub(crate) authenticated: bool,
    pub(crate) course: Course<'a>,
    /// Unix seconds.
    pub(crate) now: i64,
}

/// The course of an attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Course<'a> {
    /// The money is taken.
    Taken,
    /// The money is reserved until it is captured, or until a Unix second.
    Authorized { capture_before: i64 },
    /// The bank will say later whether it comes.
    Pending,
    /// The bank refuses.
    Declined(&'a Decline),
}
