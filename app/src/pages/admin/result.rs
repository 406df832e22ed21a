use domain::order::{Order, Refund, RefundStatus};
use leptos::prelude::*;
use shop::orders::ShipError;

use crate::context;
use crate::context::owner::Problem;

/// What is wrong when a form is older than the session.
const STALE: &str =
    "Nothing was saved: the form was from before you signed in. Check it and send it again.";

/// What became of what the owner asked for, where the eye and the focus are after the form: the address leads to
/// `#result`, and what can be focused and is led to gets the focus.
pub(super) fn result(order: &Order) -> Option<AnyView> {
    let (text, is_good) = of_refund(order)
        .or_else(|| of_shipping(order))
        .or_else(|| of_flag(order))?;
    let (role, class) = if is_good {
        ("status", "notice is-good")
    } else {
        ("alert", "notice")
    };
    Some(view! { <p id="result" class=class role=role tabindex="-1">{text}</p> }.into_any())
}

fn of_shipping(order: &Order) -> Option<(String, bool)> {
    match context::query_param("shipping")?.as_str() {
        "saved" if order.shipment.is_some() => Some(("Marked as shipped.".to_owned(), true)),
        "refused" if context::shop().is_test_order(order) => {
            Some((ShipError::TestOrder.to_string(), false))
        }
        "refused" => Some((ShipError::NothingToShip.to_string(), false)),
        "stale" => Some((STALE.to_owned(), false)),
        _ => None,
    }
}

fn of_flag(order: &Order) -> Option<(String, bool)> {
    match context::query_param("flag")?.as_str() {
        "resolved" if order.flag.is_none() => Some(("Your decision is saved.".to_owned(), true)),
        "refused" => Some((
            "This order does not need that decision any more.".to_owned(),
            false,
        )),
        "stale" => Some((STALE.to_owned(), false)),
        _ => None,
    }
}

/// What was wrong with the form, or what became of the decision that the address names.
fn of_refund(order: &Order) -> Option<(String, bool)> {
    let problem = context::query_param("problem").and_then(|problem| Problem::parse(&problem));
    if let Some(problem) = problem {
        return Some((problem.words(order.refundable()), false));
    }
    let decision = context::query_param("refund")?;
    let refund = order
        .refunds
        .iter()
        .find(|refund| refund.id.as_str() == decision)?;
    let amount = refund.amount;
    let text = match refund.status {
        RefundStatus::Succeeded => format!("Refunded {amount}."),
        RefundStatus::Pending => format!("{amount}: Stripe has it; it is pending."),
        RefundStatus::RequiresAction => {
            format!("{amount}: Stripe has it; it waits for the shopper.")
        }
        RefundStatus::Requested => {
            format!("{amount}: Stripe cannot be reached; the refund is sent again automatically.")
        }
        RefundStatus::Refused => format!(
            "Stripe refused the refund of {amount}{}. Nothing was refunded.",
            because(refund)
        ),
        RefundStatus::Canceled => format!("The refund of {amount} was canceled."),
        RefundStatus::Failed => format!("The refund of {amount} failed{}.", because(refund)),
    };
    Some((text, refund.status.takes_money()))
}

/// Stripe's word for why it failed, in parentheses.
fn because(refund: &Refund) -> String {
    match refund.failure.as_deref() {
        None | Some("") => String::new(),
        Some(failure) => format!(" ({})", failure.replace('_', " ")),
    }
}
