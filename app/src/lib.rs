//! The storefront: what a browser gets. Islands run in both places, everything else on the server alone.
// The macros of Leptos make public items without documentation of their own.
#![allow(missing_docs, unreachable_pub)]

/// What an action can answer instead of doing it.
pub mod error;

/// The cart on its way to the browser.
pub mod cart_view;

/// How answers to islands are written and read.
pub mod wire;

/// Server functions: what islands and forms ask the server to do.
pub mod actions;

/// The interactive parts of pages.
pub mod islands;

/// What a request brings along: the shop, cookies, the response's status.
#[cfg(feature = "ssr")]
pub mod context;

/// Parts that pages share.
#[cfg(feature = "ssr")]
pub mod components;

/// The pages.
#[cfg(feature = "ssr")]
pub mod pages;

/// The document around every page.
#[cfg(feature = "ssr")]
pub mod shell;
