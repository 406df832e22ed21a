//! The faults of the sandbox, on purpose, so that a shop can be tested against a bad day.

mod settings;
mod switchboard;

pub use self::settings::{BadFault, Fault, Faults};
pub(crate) use self::switchboard::{DeliveryFate, Fate, Switchboard};
