//! Cases in which other shops lost money, goods or trust.

mod checkouts;
mod disputes;
mod late;
mod refunds;
