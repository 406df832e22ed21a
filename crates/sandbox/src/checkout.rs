//! A Checkout Session while it is open: what it comes to, which discounts it can have, and what the
//! shopper sees of it and may change.
//!
//! A pay page shows [`summary`]. For each choice of the shopper it calls [`apply_code`],
//! [`remove_code`], [`choose_shipping`], [`change_quantity`] or [`take_optional`] inside a
//! transaction in which it has found the session open, and commits:
//!
//! ```ignore
//! let mut transaction = app.store.begin().await?;
//! let mut session = find(&mut transaction, &id).await?;
//! match checkout::apply_code(&app, &mut transaction, &mut session, form.text("promotionCode"), form.text("email")).await {
//!     Ok(()) => transaction.commit().await?,
//!     Err(error) if error.status.is_client_error() => errors.push(FieldError::new("promotionCode", "promotion_code_invalid", error.message())),
//!     Err(error) => return Err(error.into()),
//! }
//! ```
//!
//! The session's own questions are its members `custom_fields` and `consent_collection`, and its
//! words `custom_text`, all as Stripe documents them. What was answered goes into
//! `Shopper::answers`, `accepts_terms` and `wants_promotions`, and [`check_answers`] says what is
//! wrong with it.
//!
//! All changes price the session anew, so that `session` and a new [`summary`] have the new total.
//! To pay, it calls [`crate::payments::pay`] with what it collected; `Shopper::shipping` is the
//! recipient, wanted when [`Summary::shipping_countries`] is not empty, and in one of these
//! countries. The outcome `DiscountEnded` means that nothing was tried, because a code was used up
//! meanwhile or is not for this shopper: the page is shown again with
//! [`crate::objects::CheckoutSession::discount_ended`].

mod answers;
mod changes;
mod discounts;
mod estimate;
mod page;
mod price;
mod quantities;
mod recovery;
mod redemption;
mod totals;

pub(crate) use self::answers::{answer_problem, check_answers};
pub(crate) use self::changes::{apply_code, choose_shipping, remove_code};
pub(crate) use self::discounts::{by_coupon, by_promotion_code, check};
pub(crate) use self::page::{
    OptionalItem, ShippingOption, Summary, SummaryDiscount, SummaryLine, summary,
};
pub(crate) use self::price::price;
pub(crate) use self::quantities::{MAX_LINES, change_quantity, set_lines, take_optional};
pub(crate) use self::recovery::{offer as offer_recovery, recover};
pub(crate) use self::redemption::{end_discount, redeem};
