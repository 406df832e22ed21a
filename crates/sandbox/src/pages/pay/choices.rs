//! The shopper's choices before paying: quantities, a promotion code, a shipping option.

use std::borrow::Cow;

use sqlx::SqliteConnection;

use super::form::{Typed, required};
use super::quantities;
use crate::app::App;
use crate::cards::FieldError;
use crate::checkout::{self, Summary};
use crate::currency::money;
use crate::forms::Form;
use crate::http::ApiError;
use crate::objects::CheckoutSession;

/// The action of a button of the page. The name of most of them is `action`, and Pay, which has
/// none, is what Enter presses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    Pay,
    ApplyCode,
    RemoveCode,
    /// Prices the order with the shipping option and the quantities that are chosen, as a script
    /// does by itself.
    Update,
    /// The same, by the button below the quantities.
    UpdateQuantities,
    /// Adds the optional item with this price, or leaves it out.
    TakeItem(String),
}

impl Action {
    pub(super) fn from_form(form: &Form) -> Self {
        match form.text("action") {
            "apply" => Self::ApplyCode,
            "remove" => Self::RemoveCode,
            "update" => Self::Update,
            quantities::UPDATE => Self::UpdateQuantities,
            _ => quantities::pressed(form).map_or(Self::Pay, Self::TakeItem),
        }
    }

    /// The id of the element at which the shopper goes on afterwards.
    pub(super) fn next(&self) -> String {
        match self {
            Self::Pay => String::new(),
            Self::ApplyCode => "removeCode".to_owned(),
            Self::RemoveCode => "promotionCode".to_owned(),
            Self::Update => "shippingRate".to_owned(),
            Self::UpdateQuantities => quantities::UPDATE.to_owned(),
            Self::TakeItem(price) => quantities::button(price),
        }
    }
}

/// Carries out the choices, and prices the session anew. Returns what is wrong with them; a wrong
/// one changes nothing. A code that was typed and not applied is applied before anything is paid:
/// nobody types one to pay without it.
///
/// # Errors
/// When the state file fails.
pub(super) async fn make(
    app: &App,
    db: &mut SqliteConnection,
    session: &mut CheckoutSession,
    order: &Summary,
    typed: &mut Typed,
    action: &Action,
) -> Result<Vec<FieldError>, ApiError> {
    let mut wrong = take_quantities(app, db, session, order, typed).await?;
    let rate = typed.shipping_rate.as_str();
    let is_chosen = |chosen: &str| {
        let mut options = order.shipping.iter();
        options.any(|option| option.chosen && option.id == chosen)
    };
    if !rate.is_empty() && !is_chosen(rate) {
        let chosen = checkout::choose_shipping(db, session, rate).await;
        wrong.extend(refusal(chosen, "shippingRate", "shipping_rate_invalid")?);
    }
    let code = typed.promotion_code.clone();
    match action {
        Action::RemoveCode => {
            let removed = checkout::remove_code(db, session).await;
            wrong.extend(refusal(removed, "promotionCode", "promotion_code_invalid")?);
        }
        Action::ApplyCode if code.is_empty() => wrong.push(required("promotionCode")),
        Action::ApplyCode | Action::Pay if !code.is_empty() => {
            let applied = checkout::apply_code(app, db, session, &code, &typed.email).await;
            match refusal(applied, "promotionCode", "promotion_code_invalid")? {
                None => typed.promotion_code.clear(),
                Some(error) => wrong.push(error),
            }
        }
        _ => {}
    }
    Ok(wrong)
}

/// Takes the quantities that were typed, and the optional items that were added or left out.
async fn take_quantities(
    app: &App,
    db: &mut SqliteConnection,
    session: &mut CheckoutSession,
    order: &Summary,
    typed: &Typed,
) -> Result<Vec<FieldError>, ApiError> {
    let mut wrong = Vec::new();
    let code = "quantity_invalid";
    for (id, text) in &typed.quantities.lines {
        let field = quantities::field(id);
        if text.is_empty() {
            wrong.push(required(field));
            continue;
        }
        let Ok(quantity) = text.parse() else {
            let message = format!("{text} is not a whole number.");
            wrong.push(FieldError::new(field, code, &message));
            continue;
        };
        let mut lines = order.lines.iter();
        if lines.any(|line| line.id == *id && line.quantity != quantity) {
            let taken = checkout::change_quantity(app, db, session, id, quantity).await;
            wrong.extend(refusal(taken, field, code)?);
        }
    }
    if let Some((price, quantity)) = &typed.quantities.optional {
        let taken = checkout::take_optional(app, db, session, price, *quantity).await;
        wrong.extend(refusal(taken, quantities::button(price), code)?);
    }
    Ok(wrong)
}

/// Says that the total is another one than the page showed, if it is. A form that was not the
/// page's expects nothing.
pub(super) fn other_total(session: &CheckoutSession, typed: &Typed) -> Option<FieldError> {
    let total = session.integer("amount_total");
    if typed.expected_amount.is_empty() || typed.expected_amount == total.to_string() {
        return None;
    }
    let message = format!(
        "The total is {} now. Nothing was charged: please check it, and pay if you agree.",
        money(total, session.text("currency"))
    );
    Some(FieldError::new(
        "expectedAmount",
        "checkout_amount_mismatch",
        &message,
    ))
}

/// The error of a refused choice, for its field. Failures of our own stay errors.
fn refusal(
    outcome: Result<(), ApiError>,
    field: impl Into<Cow<'static, str>>,
    code: &str,
) -> Result<Option<FieldError>, ApiError> {
    match outcome {
        Ok(()) => Ok(None),
        Err(error) if error.status.is_client_error() => {
            Ok(Some(FieldError::new(field, code, error.message())))
        }
        Err(error) => Err(error),
    }
}
