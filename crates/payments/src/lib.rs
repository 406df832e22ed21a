//! Everything Stripe on the merchant's side. No other crate of the shop knows its API.

/// The API key, and which mode it stands for.
mod key;

/// What a Checkout Session says, in the shop's words.
mod session;

/// Calls to Stripe's API about Checkout Sessions.
mod client;

/// Calls about the merchant's own account.
mod account;

/// Calls about refunds.
mod refund;

/// Calls that answer with lists.
mod list;

/// How a request gets to Stripe, and the answer back.
mod transport;

/// What an answer means: yes, no, or try again.
mod answer;

/// Why a call came to nothing.
mod error;

/// How long to wait.
mod retry;

/// How calls went.
mod stats;

/// Whether a webhook really comes from Stripe.
pub mod signature;

/// What a webhook says.
pub mod event;

pub use client::Stripe;
pub use domain::order::Mode;
pub use error::{ApiError, Unreachable};
pub use key::{KeyError, SecretKey};
pub use refund::NewRefund;
pub use retry::RetryPolicy;
pub use session::{CheckoutSession, LineItem, NewCheckoutSession, SessionStatus};
pub use stats::{Operation, OperationStats};
