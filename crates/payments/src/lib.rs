//! Everything Stripe on the merchant's side. No other crate of the shop knows its API.

/// The API key, and which mode it stands for.
mod key;

/// What a Checkout Session says, in the shop's words.
mod session;

/// Calls to Stripe's API.
mod client;

/// Whether a webhook really comes from Stripe.
pub mod signature;

/// What a webhook says.
pub mod event;

pub use client::{ApiError, Patience, Stripe};
pub use key::{KeyError, Mode, SecretKey};
pub use session::{CheckoutSession, LineItem, NewCheckoutSession, SessionStatus};
