//! What runs in the browser and on the server: the islands, the server functions that they call,
//! and how the answers are written and read. Pages and forms are in `app`, so that editing one
//! leaves the WASM as it is.
// The macros of Leptos make public items without documentation of their own.
#![allow(missing_docs, unreachable_pub)]

/// What a form or a server function answers instead of doing it.
pub mod error;

/// The cart on its way to the browser.
pub mod cart_view;

/// How answers to islands are written and read.
pub mod wire;

/// What islands ask the server.
pub mod server_functions;

/// The interactive parts of pages.
pub mod islands;
