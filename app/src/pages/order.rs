use domain::order::{Order, OrderStatus, Shipment};
use leptos::prelude::*;

use crate::components::{OrderTable, head, not_found, page};
use crate::context;
use crate::islands::OrderStatusPanel;

/// An order, for whoever holds its address.
#[component]
pub fn OrderPage() -> impl IntoView {
    let token = context::path_param("token");
    let session_id = context::query_param("session_id");
    page(async move {
        Ok(
            match context::order::view(&token, session_id.as_deref()).await? {
                Some(order) => order_view(order).into_any(),
                None => not_found(),
            },
        )
    })
}

fn order_view(order: Order) -> impl IntoView {
    let status = order.status;
    let token = order.token.to_string();
    let email = order.email.clone();
    let (refunded, coming) = (order.refunded(), order.refund_on_its_way());
    let total = order.total;
    let shipped = order.shipment.as_ref().map(shipped);
    head::title(format!("Order {}", order.number));
    head::no_index();
    view! {
        {(!status.is_final()).then(|| view! {
            <noscript inner_html="<meta http-equiv=\"refresh\" content=\"5\">"></noscript>
        })}
        <div class="order">
            <h1>{format!("Order {}", order.number)}</h1>
            <OrderStatusPanel token status=status.to_string()/>
            {email.filter(|_| status == OrderStatus::Paid).map(|email| view! {
                <p class="hint">{format!("Paid by {email}")}</p>
            })}
            {shipped.map(|words| view! { <p class="order-explained">{words}</p> })}
            <OrderTable order/>
            {(refunded.amount() > 0).then(|| view! {
                <p class="order-explained">{format!("Refunded: {refunded} of {total}")}</p>
            })}
            {(coming.amount() > 0).then(|| view! {
                <p class="order-explained">{format!("On its way back to you: {coming}")}</p>
            })}
            <p class="hint">"Keep this page's address: it is the way back to your order."</p>
            <p><a class="button is-quiet" href="/products">"Back to the store"</a></p>
        </div>
    }
}

fn shipped(shipment: &Shipment) -> String {
    match (&shipment.carrier, &shipment.tracking_number) {
        (Some(carrier), Some(number)) => {
            format!("Shipped with {carrier}. Tracking number: {number}")
        }
        (Some(carrier), None) => format!("Shipped with {carrier}."),
        (None, Some(number)) => format!("Shipped. Tracking number: {number}"),
        (None, None) => "Shipped.".to_owned(),
    }
}
