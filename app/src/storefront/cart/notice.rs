use domain::money::Money;
use shop::checkout::CheckoutError;
use shop::limits::Limit;

use crate::{request, response};

/// What a form of the cart has to say on the cart's page, which it redirects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CartNotice {
    /// What was to be added is not sold.
    UnknownVariant,
    /// What was typed is no quantity.
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
    pub(super) const fn of(error: &CheckoutError) -> Self {
        match error {
            CheckoutError::EmptyCart => Self::SoldOut,
            CheckoutError::NeedsReview => Self::NeedsReview,
            CheckoutError::BelowMinimum { .. } => Self::BelowMinimum,
            CheckoutError::AboveMaximum { .. } => Self::AboveMaximum,
            CheckoutError::Limited(limit) => Self::Limited(*limit),
            CheckoutError::Failed(_) => Self::CheckoutFailed,
        }
    }

    /// The cart's page with the notice.
    pub(super) fn path(self) -> String {
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

    /// What the shopper can do about it; nothing when it is no longer so for a cart of `subtotal`.
    pub(super) fn text(self, subtotal: Money) -> Option<String> {
        let text = match self {
            Self::BelowMinimum => {
                let minimum = subtotal.below_minimum()?;
                return Some(format!(
                    "A payment has to be {minimum} or more, and your cart comes to {subtotal}. Add something to check out."
                ));
            }
            Self::AboveMaximum => {
                let maximum = subtotal.above_maximum()?;
                return Some(format!(
                    "The most that can be paid at once is {maximum}, and your cart comes to {subtotal}. Take something out to check out."
                ));
            }
            Self::UnknownVariant => "That is no longer sold. Your cart is as it was.",
            Self::InvalidQuantity => {
                "The quantity must be a whole number from 1 to 99. Your cart is as it was."
            }
            Self::CartFull => {
                "A cart holds up to 50 different items and 99 of each. What fits was added."
            }
            Self::NeedsReview => {
                "Something changed since you last looked. Please check your cart, then check out."
            }
            Self::SoldOut if subtotal.amount() == 0 => {
                "Everything in it is sold out, so there is nothing to pay. Please check your cart."
            }
            Self::SoldOut => return None,
            Self::CheckoutFailed => {
                "We could not start the payment. Nothing was charged and your cart is kept. Try again in a moment."
            }
            Self::Limited(Limit::Rate { seconds }) => {
                return Some(format!(
                    "Too many payments were started at once. Your cart is kept. Try again {}.",
                    wait(seconds)
                ));
            }
            Self::Limited(Limit::OpenOrders { seconds }) => {
                return Some(format!(
                    "Too many orders from your network are open and not paid yet. Your cart is kept. \
                     Pay one of them, or try again {}.",
                    wait(seconds)
                ));
            }
            Self::Limited(Limit::HeldPieces { seconds }) => {
                return Some(format!(
                    "Open orders from your network hold as many pieces as one shopper can. Your cart is kept. \
                     Take fewer pieces, pay an open order, or try again {}.",
                    wait(seconds)
                ));
            }
            Self::Limited(Limit::OrderSize { most }) => {
                return Some(format!(
                    "An order has at most {most} pieces at the moment. Your cart is kept. Take fewer to check out."
                ));
            }
        };
        Some(text.to_owned())
    }
}

/// Answers that the checkout was one too many, and says when to try again.
fn wait(seconds: u32) -> String {
    let seconds = seconds.clamp(1, LONGEST_WAIT);
    response::too_many_requests(seconds);
    match seconds {
        1 => "in a second".to_owned(),
        seconds @ ..=90 => format!("in {seconds} seconds"),
        seconds => format!("in {} minutes", seconds.div_ceil(60)),
    }
}
