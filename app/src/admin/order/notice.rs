use domain::order::{Order, Refund, RefundStatus};
use leptos::prelude::*;
use shop::orders::ShipError;

use crate::admin::refund::Problem;
use crate::request;

/// What became of a form of the order's page, which it redirects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::admin) enum OrderNotice {
    /// The order is marked as shipped.
    Shipped,
    /// There is nothing to ship.
    ShippingRefused,
    /// The form about shipping was from before the admin signed in.
    ShippingStale,
    /// The flag is resolved.
    FlagResolved,
    /// The link to the order is on its way to the shopper.
    Resent,
    /// The shopper's address is not known.
    ResendRefused,
    /// The form that sends the link was from before the admin signed in.
    ResendStale,
    /// The flag asks for another decision.
    FlagRefused,
    /// The form about the flag was from before the admin signed in.
    FlagStale,
}

/// What is wrong when a form is older than the session.
const STALE: &str =
    "Nothing was saved: the form was from before you signed in. Check it and send it again.";

impl OrderNotice {
    const ALL: [Self; 9] = [
        Self::Resent,
        Self::ResendRefused,
        Self::ResendStale,
        Self::Shipped,
        Self::ShippingRefused,
        Self::ShippingStale,
        Self::FlagResolved,
        Self::FlagRefused,
        Self::FlagStale,
    ];

    /// The parameter of the address that says it, and its value.
    const fn code(self) -> (&'static str, &'static str) {
        match self {
            Self::Shipped => ("shipping", "saved"),
            Self::ShippingRefused => ("shipping", "refused"),
            Self::ShippingStale => ("shipping", "stale"),
            Self::Resent => ("link", "sent"),
            Self::ResendRefused => ("link", "refused"),
            Self::ResendStale => ("link", "stale"),
            Self::FlagResolved => ("flag", "resolved"),
            Self::FlagRefused => ("flag", "refused"),
            Self::FlagStale => ("flag", "stale"),
        }
    }

    /// The order's page with the notice, and with what was typed as `query`.
    pub(in crate::admin) fn path(self, number: i64, query: &str) -> String {
        let separator = if query.is_empty() { "" } else { "&" };
        let (name, value) = self.code();
        format!("/admin/orders/{number}?{name}={value}{separator}{query}#result")
    }

    fn from_query() -> Option<Self> {
        Self::ALL.into_iter().find(|notice| {
            let (name, value) = notice.code();
            request::query_param(name).as_deref() == Some(value)
        })
    }

    /// The text, and whether it is good; nothing when it is not so for the order.
    fn text(self, order: &Order) -> Option<(String, bool)> {
        match self {
            Self::Shipped => {
                (order.shipment.is_some()).then(|| ("Marked as shipped.".to_owned(), true))
            }
            Self::ShippingRefused if request::shop().is_test_order(order) => {
                Some((ShipError::TestOrder.to_string(), false))
            }
            Self::ShippingRefused => Some((ShipError::NothingToShip.to_string(), false)),
            Self::FlagResolved => {
                (order.flag.is_none()).then(|| ("Your decision is saved.".to_owned(), true))
            }
            Self::FlagRefused => Some((
                "This order does not need that decision any more.".to_owned(),
                false,
            )),
            Self::Resent => Some((
                "The link to this order is on its way to the shopper.".to_owned(),
                true,
            )),
            Self::ResendRefused => Some((
                "Nothing was sent: the shopper's email address is not known.".to_owned(),
                false,
            )),
            Self::ShippingStale | Self::FlagStale | Self::ResendStale => {
                Some((STALE.to_owned(), false))
            }
        }
    }
}

/// What became of what the admin asked for, where the eye and the focus are after the form: the
/// address leads to `#result`, and what can be focused and is led to gets the focus.
pub(super) fn view(order: &Order) -> Option<AnyView> {
    let notice = || OrderNotice::from_query()?.text(order);
    let (text, is_good) = of_refund(order).or_else(notice)?;
    let (role, class) = if is_good {
        ("status", "notice is-good")
    } else {
        ("alert", "notice")
    };
    Some(view! { <p id="result" class=class role=role tabindex="-1">{text}</p> }.into_any())
}

/// What was wrong with the form, or what became of the decision that the address names.
fn of_refund(order: &Order) -> Option<(String, bool)> {
    let problem = request::query_param("problem").and_then(|problem| Problem::parse(&problem));
    if let Some(problem) = problem {
        return Some((problem.text(order.refundable()), false));
    }
    let decision = request::query_param("refund")?;
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
