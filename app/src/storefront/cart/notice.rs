use domain::money::Money;
use shop::checkout::CheckoutError;
use shop::limits::Limit;
use text::CartText;

use crate::{request, response};

/// The notice of a form of the cart on the cart's page, which it redirects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CartNotice {
    /// The added variant is not sold.
    UnknownVariant,
    /// The typed text is no quantity.
    InvalidQuantity,
    /// Not all of it fits into a cart.
    CartFull,
    /// Nothing of the cart can be bought.
    SoldOut,
    /// A price or the stock changed since the shopper last saw it.
    NeedsReview,
    /// It costs less than can be paid.
    BelowMinimum,
    /// It costs more than can be paid at once.
    AboveMaximum,
    /// The payment could not be started.
    CheckoutFailed,
    /// The client has to wait, or to take less.
    Limited(Limit),
}

/// The longest that the page tells a shopper to wait, in seconds; no hold lasts longer.
const LONGEST_WAIT: u32 = 60 * 60;

impl CartNotice {
    pub(crate) const fn of(error: &CheckoutError) -> Self {
        match error {
            CheckoutError::EmptyCart => Self::SoldOut,
            // The checkout's page says them at their fields.
            CheckoutError::NeedsReview | CheckoutError::Problems(_) => Self::NeedsReview,
            CheckoutError::BelowMinimum { .. } => Self::BelowMinimum,
            CheckoutError::AboveMaximum { .. } => Self::AboveMaximum,
            CheckoutError::Limited(limit) => Self::Limited(*limit),
            CheckoutError::Failed(_) => Self::CheckoutFailed,
        }
    }

    /// The cart's page with the notice.
    pub(crate) fn path(self) -> String {
        let code = self.code();
        match self {
            Self::Limited(
                Limit::Rate { seconds }
                | Limit::OpenOrders { seconds }
                | Limit::HeldPieces { seconds },
            ) => format!("/cart?notice={code}&seconds={seconds}"),
            Self::Limited(Limit::OrderSize { most }) => format!("/cart?notice={code}&most={most}"),
            _ => format!("/cart?notice={code}"),
        }
    }

    /// Parses what [`CartNotice::path`] wrote.
    pub(super) fn from_query() -> Option<Self> {
        let code = request::query_param("notice")?;
        let number = |name: &str| request::query_param(name)?.parse::<u32>().ok();
        let seconds = number("seconds").unwrap_or(60);
        let most = number("most").map(i64::from);
        [
            Self::UnknownVariant,
            Self::InvalidQuantity,
            Self::CartFull,
            Self::SoldOut,
            Self::NeedsReview,
            Self::BelowMinimum,
            Self::AboveMaximum,
            Self::CheckoutFailed,
            Self::Limited(Limit::Rate { seconds }),
            Self::Limited(Limit::OpenOrders { seconds }),
            Self::Limited(Limit::HeldPieces { seconds }),
        ]
        .into_iter()
        .chain(most.map(|most| Self::Limited(Limit::OrderSize { most })))
        .find(|notice| notice.code() == code)
    }

    const fn code(self) -> &'static str {
        match self {
            Self::UnknownVariant => "unknown",
            Self::InvalidQuantity => "quantity",
            Self::CartFull => "full",
            Self::SoldOut => "sold_out",
            Self::NeedsReview => "review",
            Self::BelowMinimum => "minimum",
            Self::AboveMaximum => "maximum",
            Self::CheckoutFailed => "checkout",
            Self::Limited(Limit::Rate { .. }) => "busy",
            Self::Limited(Limit::OpenOrders { .. }) => "open",
            Self::Limited(Limit::HeldPieces { .. }) => "held",
            Self::Limited(Limit::OrderSize { .. }) => "size",
        }
    }

    /// The text for the shopper: what to do about it; nothing when it is no longer so for a cart of
    /// `subtotal`.
    pub(crate) fn message(self, text: CartText, subtotal: Money) -> Option<String> {
        let message = match self {
            Self::BelowMinimum => {
                return Some(text.below_minimum(subtotal.below_minimum()?, subtotal));
            }
            Self::AboveMaximum => {
                return Some(text.above_maximum(subtotal.above_maximum()?, subtotal));
            }
            Self::UnknownVariant => text.unknown_variant(),
            Self::InvalidQuantity => text.invalid_quantity(),
            Self::CartFull => text.full(),
            Self::NeedsReview => text.needs_review(),
            Self::SoldOut if subtotal.amount() == 0 => text.sold_out(),
            Self::SoldOut => return None,
            Self::CheckoutFailed => text.checkout_failed(),
            Self::Limited(limit) => return Some(refuse(text, limit)),
        };
        Some(message.to_owned())
    }
}

/// Answers that the checkout was one too many, and says when to try again.
fn refuse(text: CartText, limit: Limit) -> String {
    let wait = |seconds: u32| {
        let seconds = seconds.clamp(1, LONGEST_WAIT);
        response::too_many_requests(seconds);
        seconds
    };
    match limit {
        Limit::Rate { seconds } => text.too_many_checkouts(wait(seconds)),
        Limit::OpenOrders { seconds } => text.too_many_open_orders(wait(seconds)),
        Limit::HeldPieces { seconds } => text.too_many_held(wait(seconds)),
        Limit::OrderSize { most } => text.order_too_large(most),
    }
}
