//! The code for the browser and the server: the islands, the server functions that they call, and
//! how the answers are written and read. Pages and forms are in `app`, so that editing one leaves
//! the WASM as it is.
// The macros of Leptos make public items without documentation of their own.
#![allow(missing_docs, unreachable_pub)]

/// The errors of forms and server functions.
pub mod error;

/// The cart on its way to the browser.
pub mod cart_view;

/// The encoding of answers to islands.
pub mod wire;

/// The server functions that islands call.
pub mod server_functions;

/// The interactive parts of pages.
pub mod islands;
