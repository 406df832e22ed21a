use domain::order::{Order, OrderStatus, RefundStatus, ShipmentBlock};
use leptos::prelude::*;

use crate::request;

/// Where an order's money is. When the last refund came to nothing, that is what has to be known of
/// it.
pub(in crate::admin) fn money(status: OrderStatus, last_refund: Option<RefundStatus>) -> AnyView {
    let failed = last_refund.and_then(failure);
    let badge = move || view! { <span class="status" translate="no" data-status=status.as_str()>{status.label()}</span> };
    match failed {
        None => badge().into_any(),
        Some(words) => view! {
            {(status != OrderStatus::Paid).then(|| view! { {badge()}" " })}
            <span class="status is-flag" translate="no" data-status="refund_failed">{words}</span>
        }
        .into_any(),
    }
}

/// The status of an order's latest refund.
pub(in crate::admin) fn last_refund(order: &Order) -> Option<RefundStatus> {
    let latest = order.refunds.iter().max_by_key(|refund| refund.created_at);
    latest.map(|refund| refund.status)
}

const fn failure(status: RefundStatus) -> Option<&'static str> {
    match status {
        RefundStatus::Refused | RefundStatus::Failed => Some("Refund failed"),
        RefundStatus::Canceled => Some("Refund canceled"),
        RefundStatus::Requested
        | RefundStatus::Pending
        | RefundStatus::RequiresAction
        | RefundStatus::Succeeded => None,
    }
}

/// Why an order had better not leave, if there is a reason.
pub(in crate::admin) fn reason_not_to_ship(order: &Order) -> Option<&'static str> {
    if request::shop().is_test_order(order) {
        Some("It is a test order, for which nothing was paid.")
    } else {
        order.shipment_block().map(|block| match block {
            ShipmentBlock::FraudDispute => {
                "The cardholder says that they did not make this payment."
            }
            ShipmentBlock::EarlyFraudWarning => {
                "The card network reports this payment as fraudulent. Refund it in full to prevent a dispute."
            }
            ShipmentBlock::Flag => "Review this order first; the notice above says why.",
        })
    }
}
