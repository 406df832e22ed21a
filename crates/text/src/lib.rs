//! Every text of ours that a person reads: on pages, in e-mails and in answers to requests. What a
//! shop says about itself is a setting (`shop::texts`); logs, the command line and configuration
//! are English.
//!
//! [`Text`] is the texts in one language. It is asked for once per page, island or e-mail, and
//! has the messages as methods, grouped by feature:
//!
//! ```
//! let text = text::Text::new(text::Language::En).cart();
//! assert_eq!(text.items(2), "Cart, 2 items");
//! ```
//!
//! # Adding a language
//!
//! A new variant of [`Language`] makes every message an inexhaustive `match` that does not compile
//! until it has a text in that language. Plurals, word order and the form of amounts and dates are
//! the message's own, as Rust. Nothing else in the workspace names a language, but the places that
//! choose one: `app::request::text` for a request, `shop::mail` for an e-mail.
//!
//! # Why plain Rust
//!
//! The islands need about thirty of these texts in the browser. A message that is a `match` costs
//! the bytes of its text and nothing for finding it; what a page does not use is left out. Fluent
//! finds messages at run time, so that a missing one is found by a shopper, and its parser alone
//! is larger than all islands' logic; the macros of leptos_i18n bring ICU's plural rules along. The
//! price is that a translator edits Rust strings, in files that have little else.
// The texts say what the messages are.
#![allow(missing_docs)]

#[macro_use]
mod messages;

mod admin;
mod admin_order;
mod breakdown;
mod cart;
mod catalog;
mod checkout;
mod digital;
mod dispute;
mod error;
mod layout;
mod mail;
mod order;
mod order_details;
mod outbox;
mod packing;
mod refund;

pub use admin::{AdminText, EventsText, HoldsText};
pub use admin_order::AdminOrderText;
pub use breakdown::{Breakdown, BreakdownRow, BreakdownText, RowKind};
pub use cart::CartText;
pub use catalog::CatalogText;
pub use checkout::CheckoutText;
pub use digital::DigitalText;
pub use dispute::DisputeText;
pub use error::ErrorText;
pub use layout::LayoutText;
pub use mail::{DisputeEvent, MailText};
pub use order::OrderText;
pub use order_details::{OrderDetail, OrderDetailsText};
pub use outbox::OutboxText;
pub use packing::PackingText;
pub use refund::RefundText;

/// The language of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, as in the United States.
    #[default]
    En,
}

/// All texts in one language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Text(Language);

impl Language {
    /// Every language.
    pub const ALL: [Self; 1] = [Self::En];

    /// The tag of RFC 5646, as in the attribute `lang`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
        }
    }

    /// Parses what [`Language::tag`] wrote.
    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }
}

impl Text {
    /// The texts in `language`.
    pub const fn new(language: Language) -> Self {
        Self(language)
    }

    /// The language of the texts.
    pub const fn language(self) -> Language {
        self.0
    }

    /// Above, below and around every page.
    pub const fn layout(self) -> LayoutText {
        LayoutText(self.0)
    }

    /// Products, collections and the form that adds to the cart.
    pub const fn catalog(self) -> CatalogText {
        CatalogText(self.0)
    }

    /// The cart and the way to pay.
    pub const fn cart(self) -> CartText {
        CartText(self.0)
    }

    /// The page between the cart and the payment.
    pub const fn checkout(self) -> CheckoutText {
        CheckoutText(self.0)
    }

    /// The amounts of an order, one under the other.
    pub const fn breakdown(self) -> BreakdownText {
        BreakdownText(self.0)
    }

    /// An order, as the shopper sees it.
    pub const fn order(self) -> OrderText {
        OrderText(self.0)
    }

    /// The details that the shopper gave with an order.
    pub const fn order_details(self) -> OrderDetailsText {
        OrderDetailsText(self.0)
    }

    /// The admin's pages, without the page of one order.
    pub const fn admin(self) -> AdminText {
        AdminText(self.0)
    }

    /// The admin's page of one order.
    pub const fn admin_order(self) -> AdminOrderText {
        AdminOrderText(self.0)
    }

    /// Orders that are being paid for, and what they hold.
    pub const fn holds(self) -> HoldsText {
        HoldsText(self.0)
    }

    /// The webhook events that Stripe delivered.
    pub const fn events(self) -> EventsText {
        EventsText(self.0)
    }

    /// E-mails that have not left.
    pub const fn outbox(self) -> OutboxText {
        OutboxText(self.0)
    }

    /// Digital goods.
    pub const fn digital(self) -> DigitalText {
        DigitalText(self.0)
    }

    /// Orders that are to be packed.
    pub const fn packing(self) -> PackingText {
        PackingText(self.0)
    }

    /// Refunds, as the admin sees them.
    pub const fn refund(self) -> RefundText {
        RefundText(self.0)
    }

    /// Disputes and early fraud warnings, as the admin sees them.
    pub const fn dispute(self) -> DisputeText {
        DisputeText(self.0)
    }

    /// E-mails to shoppers and to the admin.
    pub const fn mail(self) -> MailText {
        MailText(self.0)
    }

    /// The errors that are answered instead of doing what was asked.
    pub const fn error(self) -> ErrorText {
        ErrorText(self.0)
    }
}
