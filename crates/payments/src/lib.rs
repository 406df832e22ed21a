//! Everything Stripe on the merchant's side. No other crate of the shop knows its API.

/// The API key, and which mode it stands for.
mod key;

/// Checkout Sessions: making, reading and ending them.
mod session;

/// Calls to Stripe's API about Checkout Sessions.
mod client;

/// Calls about the merchant's own account.
mod account;

/// Calls about refunds.
mod refund;

/// Calls that answer with lists.
mod list;

/// The transport of requests to Stripe, and of the answers back.
mod transport;

/// The meaning of an answer: yes, no, or try again.
mod answer;

/// The errors of a call.
mod error;

/// The retry policy.
mod retry;

/// Statistics of calls.
mod stats;

/// Signatures of webhooks, which prove that one comes from Stripe.
pub mod signature;

/// Webhook events.
pub mod event;

pub use client::Stripe;
pub use domain::order::Mode;
pub use error::{ApiError, Unreachable};
pub use key::{KeyError, SecretKey};
pub use refund::NewRefund;
pub use retry::RetryPolicy;
pub use session::{CheckoutSession, LineItem, NewCheckoutSession, SessionStatus};
pub use stats::{Operation, OperationStats};
