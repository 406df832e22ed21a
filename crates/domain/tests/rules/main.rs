//! The promises of the rules, as properties.
#![allow(clippy::unwrap_used)]

mod address;
mod cart;
mod locale;
mod money;
mod order;
mod parcel;
mod refund_parts;
