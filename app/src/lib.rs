//! The storefront: its pages, rendered on the server, and the forms on them. A page, what it loads,
//! the handlers of its forms and its notices stand in one file or folder, and its route beside
//! them. What also runs in the browser is in `ui`.
// The macros of Leptos make public items without documentation of their own.
#![allow(missing_docs, unreachable_pub)]

/// The shoppers' pages.
pub mod storefront;

/// The admin's pages.
pub mod admin;

/// The document around every page.
pub mod document;

/// The request: its address, its cookies, its client, its language.
pub mod request;

/// The response beside a page's content: status, cookies, redirects.
pub mod response;

/// Parts that pages share.
mod components;
