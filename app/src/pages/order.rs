use domain::order::{Order, OrderStatus};
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
            <OrderTable order/>
            <p class="hint">"Keep this page's address: it is the way back to your order."</p>
            <p><a class="button is-quiet" href="/products">"Back to the store"</a></p>
        </div>
    }
}
