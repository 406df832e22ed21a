//! The storefront: its pages, rendered on the server, and the forms on them. A page, what it loads,
//! the handlers of its forms and its notices stand in one file or folder, and its route beside
//! them. What also runs in the browser is in `ui`.
// The macros of Leptos make public items without documentation of their own.
#![allow(missing_docs, unreachable_pub)]

/// What shoppers see.
pub mod storefront;

/// What the admin sees.
pub mod admin;

/// The document around every page.
pub mod document;

/// What a request brings along.
pub mod request;

/// What is answered beside a page's content: status, cookies, redirects.
pub mod response;

/// Parts that pages share.
mod components;
