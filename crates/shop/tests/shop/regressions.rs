//! Cases in which other shops lost money, goods or trust.

mod checkouts;
mod disputes;
mod fraud;
mod late;
mod refunds;
