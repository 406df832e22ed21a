//! A stateful, Stripe-compatible test mode that runs on a laptop.
//!
//! [`start`] gives a server that speaks Stripe's API, shows a hosted pay page, and delivers signed
//! webhooks; its whole state is one SQLite file. The README tells how to use it from the official
//! SDKs and lists the test cards.
//!
//! ```no_run
//! # async fn example() -> Result<(), sandbox::StartError> {
//! let sandbox = sandbox::start(sandbox::Config {
//!     addr: ([127, 0, 0, 1], 0).into(),
//!     webhooks: vec![sandbox::Webhook {
//!         url: "http://127.0.0.1:3000/webhooks/stripe".into(),
//!         secret: "whsec_sandbox".into(),
//!     }],
//!     ..sandbox::Config::default()
//! })
//! .await?;
//! println!("Stripe is at {}", sandbox.base_url());
//! sandbox.shutdown().await;
//! # Ok(())
//! # }
//! ```

// The JSON of a Checkout Session has more members than serde_json's macro can nest by default.
#![recursion_limit = "512"]

mod api;
mod api_version;
mod app;
mod body;
mod cards;
mod checkout;
mod clock;
mod config;
mod control;
mod countries;
mod currency;
mod dashboard;
mod debits;
mod endpoints;
mod events;
mod faults;
mod forms;
mod hosts;
mod http;
mod ids;
mod objects;
mod pages;
mod payments;
mod percent;
mod recorder;
mod server;
mod store;
mod webhooks;
mod wire;

pub use crate::config::{Config, DEFAULT_API_VERSION, StartError, Webhook};
pub use crate::faults::{BadFault, Fault, Faults};
pub use crate::server::{Sandbox, start};
