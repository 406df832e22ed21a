use leptos::prelude::*;
use shop::orders::{OrderSummary, ShippingState};

use crate::components::head;
use crate::request;

use super::order::status;
use super::{admin_page, moment, page_number, pager};

/// All orders that have money in them or need the admin's eye, newest first.
#[component]
pub fn AdminOrdersPage() -> impl IntoView {
    let shop = request::shop();
    let page = page_number();
    admin_page(move |admin| async move {
        head::title("Orders");
        let (orders, has_more) = shop::orders::list(&shop, &admin, page).await?;
        let is_empty = orders.is_empty();
        let is_live = !shop.is_test_mode();
        Ok(view! {
            <h1>"Orders"</h1>
            {if is_empty && page > 0 {
                view! { <p class="empty">"There are no orders on this page."</p> }.into_any()
            } else if is_empty {
                view! { <p class="empty">"No paid orders yet. They appear here the moment they are paid."</p> }.into_any()
            } else {
                view! {
                    <div class="table-scroll" tabindex="0" role="region" aria-label="Orders">
                        <table class="orders">
                            <thead>
                                <tr>
                                    <th scope="col">"Order"</th>
                                    <th scope="col">"Status"</th>
                                    <th scope="col">"Shipping"</th>
                                    <th scope="col" class="amount">"Amount"</th>
                                    <th scope="col">"Time"</th>
                                    <th scope="col">"E-mail"</th>
                                </tr>
                            </thead>
                            <tbody>{orders.into_iter().map(|order| row(order, is_live)).collect_view()}</tbody>
                        </table>
                    </div>
                }.into_any()
            }}
            {pager("orders", page, has_more)}
        }
        .into_any())
    })
}

fn row(order: OrderSummary, is_live: bool) -> impl IntoView {
    view! {
        <tr>
            <th scope="row"><a href=format!("/admin/orders/{}", order.number)>{order.number}</a></th>
            <td>
                {status::money(order.status, order.last_refund)}
                {(is_live && order.is_test).then(|| view! { " "<span class="status is-flag" translate="no">"Test order"</span> })}
                {order.flag.map(|_| view! { " "<span class="status is-flag" translate="no">"Needs review"</span> })}
                {order.needs_answer.then(|| view! { " "<span class="status is-flag" translate="no">"Disputed: answer"</span> })}
            </td>
            <td>{shipping(order.shipping)}</td>
            <td class="amount" translate="no">{order.total.to_string()}</td>
            <td>{moment(order.time)}</td>
            <td>{order.email}</td>
        </tr>
    }
}

/// Whether there is something to pack, or it is gone.
fn shipping(shipping: ShippingState) -> Option<AnyView> {
    let (words, class) = match shipping {
        ShippingState::Nothing => return None,
        ShippingState::ToPack => ("To pack", "status"),
        ShippingState::DoNotShip => ("Do not ship", "status is-flag"),
        ShippingState::Shipped => ("Shipped", "status is-done"),
    };
    Some(
        view! { <span class=class translate="no" data-shipping=shipping.as_str()>{words}</span> }
            .into_any(),
    )
}
