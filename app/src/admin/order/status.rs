use domain::order::{Order, OrderStatus, RefundStatus, ShippingState};
use leptos::prelude::*;
use text::RefundText;

use crate::request;

/// The status of an order. When the last refund came to nothing, that is what has to be known of
/// it.
pub(in crate::admin) fn money(status: OrderStatus, last_refund: Option<RefundStatus>) -> AnyView {
    let text = request::text();
    let failed = last_refund.and_then(|status| failure(text.refund(), status));
    let badge = move || view! { <span class="status" translate="no" data-status=status.as_str()>{text.order().status(status)}</span> };
    match failed {
        None => badge().into_any(),
        Some(label) => view! {
            {(status != OrderStatus::Paid).then(|| view! { {badge()}" " })}
            <span class="status is-flag" translate="no" data-status="refund_failed">{label}</span>
        }
        .into_any(),
    }
}

/// The badge of an order about its shipping; none where there is nothing to ship.
pub(in crate::admin) fn shipping(state: ShippingState, is_blocked: bool) -> Option<AnyView> {
    let text = request::text();
    let is_against = is_blocked && state.is_open();
    let class = match state {
        ShippingState::Nothing => return None,
        ShippingState::ToPack | ShippingState::PartlyShipped => "status",
        ShippingState::Shipped | ShippingState::Delivered => "status is-done",
    };
    let badge = move || {
        let label = text.order().shipping_state(state);
        view! { <span class=class translate="no" data-shipping=state.as_str()>{label}</span> }
    };
    Some(if is_against {
        let label = text.admin().do_not_ship();
        view! {
            {(state != ShippingState::ToPack).then(|| view! { {badge()}" " })}
            <span class="status is-flag" translate="no" data-shipping="do_not_ship">{label}</span>
        }
        .into_any()
    } else {
        badge().into_any()
    })
}

/// The status of an order's latest refund.
pub(in crate::admin) fn last_refund(order: &Order) -> Option<RefundStatus> {
    let latest = order.refunds.iter().max_by_key(|refund| refund.created_at);
    latest.map(|refund| refund.status)
}

fn failure(text: RefundText, status: RefundStatus) -> Option<&'static str> {
    match status {
        RefundStatus::Refused | RefundStatus::Failed => Some(text.refund_failed()),
        RefundStatus::Canceled => Some(text.refund_canceled()),
        RefundStatus::Requested
        | RefundStatus::Pending
        | RefundStatus::RequiresAction
        | RefundStatus::Succeeded => None,
    }
}

/// The reason not to ship an order, if there is one.
pub(in crate::admin) fn reason_not_to_ship(order: &Order) -> Option<&'static str> {
    let text = request::text().admin_order();
    if request::shop().is_test_order(order) {
        Some(text.unpaid_test_order())
    } else {
        let block = order.shipment_block();
        block.map(|block| text.shipment_block(block))
    }
}
