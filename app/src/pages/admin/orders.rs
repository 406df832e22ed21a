use leptos::prelude::*;
use shop::orders::OrderSummary;

use crate::components::head;
use crate::context;

use super::{admin_page, moment, page_number, pager};

/// All orders that have money in them or need the owner's eye, newest first.
#[component]
pub fn AdminOrdersPage() -> impl IntoView {
    let shop = context::shop();
    let page = page_number();
    admin_page(move |admin| async move {
        head::title("Orders");
        let (orders, has_more) = shop::orders::list(&shop, &admin, page).await?;
        let is_empty = orders.is_empty();
        Ok(view! {
            <h1>"Orders"</h1>
            {if is_empty {
                view! { <p class="empty">"No paid orders yet. They appear here the moment they are paid."</p> }.into_any()
            } else {
                view! {
                    <div class="table-scroll" tabindex="0" role="region" aria-label="Orders">
                        <table class="orders">
                            <thead>
                                <tr>
                                    <th scope="col">"Order"</th>
                                    <th scope="col">"Status"</th>
                                    <th scope="col" class="amount">"Amount"</th>
                                    <th scope="col">"Time"</th>
                                    <th scope="col">"E-mail"</th>
                                </tr>
                            </thead>
                            <tbody>{orders.into_iter().map(row).collect_view()}</tbody>
                        </table>
                    </div>
                }.into_any()
            }}
            {pager("orders", page, has_more)}
        }
        .into_any())
    })
}

fn row(order: OrderSummary) -> impl IntoView {
    view! {
        <tr>
            <th scope="row"><a href=format!("/admin/orders/{}", order.number)>{order.number}</a></th>
            <td>
                <span class="status" data-status=order.status.as_str()>{order.status.words()}</span>
                {order.flag.map(|_| view! { " "<span class="status is-flag">"Needs a look"</span> })}
                {order.needs_answer.then(|| view! { " "<span class="status is-flag">"Disputed: answer"</span> })}
            </td>
            <td class="amount">{order.total.to_string()}</td>
            <td>{moment(order.time)}</td>
            <td>{order.email}</td>
        </tr>
    }
}
