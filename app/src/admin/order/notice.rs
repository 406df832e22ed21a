use domain::order::Order;
use leptos::prelude::*;
use text::{RefundText, Text};

use crate::admin::refund::Problem;
use crate::request;

/// The notice about a form of the order's page, which it redirects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::admin) enum OrderNotice {
    /// The order is marked as shipped.
    Shipped,
    /// No pieces were chosen.
    PiecesMissing,
    /// More pieces were chosen than are left, or what was typed is no number.
    PiecesRefused,
    /// A parcel's carrier and number are corrected.
    ParcelCorrected,
    /// A parcel is marked as delivered.
    ParcelDelivered,
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
    /// An e-mail is sent again.
    EmailRepeated,
    /// An e-mail cannot be sent again.
    EmailImpossible,
    /// The order has had too many e-mails today.
    EmailTooMany,
    /// The form that sends the link was from before the admin signed in.
    ResendStale,
    /// The flag asks for another decision.
    FlagRefused,
    /// The form about the flag was from before the admin signed in.
    FlagStale,
}

impl OrderNotice {
    const ALL: [Self; 16] = [
        Self::Resent,
        Self::ResendRefused,
        Self::ResendStale,
        Self::EmailRepeated,
        Self::EmailImpossible,
        Self::EmailTooMany,
        Self::Shipped,
        Self::ShippingRefused,
        Self::PiecesMissing,
        Self::PiecesRefused,
        Self::ParcelCorrected,
        Self::ParcelDelivered,
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
            Self::PiecesMissing => ("shipping", "empty"),
            Self::PiecesRefused => ("shipping", "pieces"),
            Self::ParcelCorrected => ("shipping", "corrected"),
            Self::ParcelDelivered => ("shipping", "delivered"),
            Self::EmailRepeated => ("email", "sent"),
            Self::EmailImpossible => ("email", "refused"),
            Self::EmailTooMany => ("email", "limited"),
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

    /// The message, and whether it is good; nothing when it is not so for the order.
    fn message(self, text: Text, order: &Order) -> Option<(&'static str, bool)> {
        let outbox = text.outbox();
        let (admin, text) = (text.admin(), text.admin_order());
        Some(match self {
            Self::Shipped | Self::ParcelCorrected | Self::ParcelDelivered
                if order.parcels.is_empty() =>
            {
                return None;
            }
            Self::Shipped => (text.marked_as_shipped(), true),
            Self::ShippingRefused if request::shop().is_test_order(order) => {
                (text.test_order_not_shipped(), false)
            }
            Self::ShippingRefused => (text.nothing_to_ship(), false),
            Self::PiecesMissing => (text.pieces_missing(), false),
            Self::PiecesRefused => (text.pieces_refused(), false),
            Self::ParcelCorrected => (text.parcel_corrected(), true),
            Self::ParcelDelivered => (text.marked_as_delivered(), true),
            Self::FlagResolved if order.flag.is_some() => return None,
            Self::FlagResolved => (text.flag_resolved(), true),
            Self::FlagRefused => (text.flag_refused(), false),
            Self::EmailRepeated => (outbox.sent_again(), true),
            Self::EmailImpossible => (outbox.not_sent_again(), false),
            Self::EmailTooMany => (outbox.too_many_today(), false),
            Self::Resent => (text.link_sent(), true),
            Self::ResendRefused => (text.link_not_sent(), false),
            Self::ShippingStale | Self::FlagStale | Self::ResendStale => {
                (admin.stale_form(), false)
            }
        })
    }
}

/// The notice about what the admin asked for, where the eye and the focus are after the form: the
/// address leads to `#result`, and what can be focused and is led to gets the focus.
pub(super) fn view(order: &Order) -> Option<AnyView> {
    let text = request::text();
    let notice = || {
        let (message, is_good) = OrderNotice::from_query()?.message(text, order)?;
        Some((message.to_owned(), is_good))
    };
    let (message, is_good) = of_refund(text.refund(), order).or_else(notice)?;
    let (role, class) = if is_good {
        ("status", "notice is-good")
    } else {
        ("alert", "notice")
    };
    Some(view! { <p id="result" class=class role=role tabindex="-1">{message}</p> }.into_any())
}

/// The notice about a refund: what was wrong with the form, or what became of the decision that the
/// address names.
fn of_refund(text: RefundText, order: &Order) -> Option<(String, bool)> {
    let problem = request::query_param("problem").and_then(|problem| Problem::parse(&problem));
    if let Some(problem) = problem {
        return Some((problem.message(text, order.refundable()), false));
    }
    let decision = request::query_param("refund")?;
    let refund = order
        .refunds
        .iter()
        .find(|refund| refund.id.as_str() == decision)?;
    let message = text.result(refund.status, refund.amount, refund.failure.as_deref());
    Some((message, refund.status.takes_money()))
}
