//! The promises of the rules, as properties.
#![allow(clippy::unwrap_used)]

mod cart;
mod money;
mod order;
