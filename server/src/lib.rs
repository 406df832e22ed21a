//! Everything of the storefront that is neither page nor business: it reads the configuration,
//! listens, and hands requests to whom they are for.

/// The commands.
pub mod cli;

/// The configuration.
pub mod config;

/// Limits on what one client may keep from others.
pub mod limits;

/// Which peers are believed about whom they forward for.
pub mod proxies;

/// From a configuration to a shop that listens.
pub mod startup;

/// Files of the built site.
mod assets;
/// The sandbox that takes Stripe's place, unless the build leaves it out.
#[cfg_attr(not(feature = "sandbox"), path = "built_in_sandbox/left_out.rs")]
mod built_in_sandbox;
/// Files for download.
mod downloads;
/// The compression of a body, and whether a client has it already.
mod encoding;
/// The files of the built site.
mod files;
/// Forms that answer with a page.
mod forms;
/// Guards: authorization, origins, and response headers.
mod guard;
/// Connections: deadlines, limits and an orderly stop.
mod listener;
/// Lines of the log, written without holding anybody up.
mod log;
/// Work that waits while there is other.
mod low_priority;
/// Metrics of the calls to Stripe, for Prometheus.
mod metrics;
/// The file of what is to be packed.
mod packing_export;
/// Rendered store pages, in memory.
mod page_cache;
/// Percent-encoded bytes.
mod percent;
/// Files and folders that only the shop's own user may read.
#[cfg_attr(unix, path = "private/unix.rs")]
#[cfg_attr(not(unix), path = "private/other.rs")]
mod private;
/// Which address leads where.
mod router;
/// The key and the webhook secret of the built-in sandbox.
mod sandbox_keys;
/// Bodies that are made while they are sent.
mod stream;
/// Messages that anybody can cause, a few at a time.
mod throttle;
/// The webhook route.
mod webhook;
/// Bodies of webhooks, counted.
mod webhook_body;
