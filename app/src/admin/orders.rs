use leptos::prelude::*;
use shop::orders::OrderSummary;
use text::AdminText;

use crate::components::head;
use crate::request;

use super::order::status;
use super::{admin_page, moment, page_number, pager};

/// All orders that have money in them or need the admin's eye, newest first.
#[component]
pub fn AdminOrdersPage() -> impl IntoView {
    let shop = request::shop();
    let text = request::text().admin();
    let page = page_number();
    admin_page(move |admin| async move {
        head::title(text.orders());
        let (orders, has_more) = shop::orders::list(&shop, &admin, page).await?;
        let is_empty = orders.is_empty();
        let is_live = !shop.is_test_mode();
        Ok(view! {
            <h1>{text.orders()}</h1>
            {if is_empty && page > 0 {
                view! { <p class="empty">{text.no_orders_on_page()}</p> }.into_any()
            } else if is_empty {
                view! { <p class="empty">{text.no_orders_yet()}</p> }.into_any()
            } else {
                view! {
                    <div class="table-scroll" tabindex="0" role="region" aria-label=text.orders()>
                        <table class="orders">
                            <thead>
                                <tr>
                                    <th scope="col">{text.order()}</th>
                                    <th scope="col">{text.status()}</th>
                                    <th scope="col">{text.shipping()}</th>
                                    <th scope="col" class="amount">{text.amount()}</th>
                                    <th scope="col">{text.time()}</th>
                                    <th scope="col">{text.email()}</th>
                                </tr>
                            </thead>
                            <tbody>{orders.into_iter().map(|order| row(text, order, is_live)).collect_view()}</tbody>
                        </table>
                    </div>
                }.into_any()
            }}
            {pager("orders", page, has_more)}
        }
        .into_any())
    })
}

fn row(text: AdminText, order: OrderSummary, is_live: bool) -> impl IntoView {
    view! {
        <tr>
            <th scope="row"><a href=format!("/admin/orders/{}", order.number)>{order.number}</a></th>
            <td>
                {status::money(order.status, order.last_refund)}
                {(is_live && order.is_test).then(|| view! { " "<span class="status is-flag" translate="no">{text.test_order()}</span> })}
                {order.flag.map(|_| view! { " "<span class="status is-flag" translate="no">{text.needs_review()}</span> })}
                {order.needs_answer.then(|| view! { " "<span class="status is-flag" translate="no">{text.disputed()}</span> })}
            </td>
            <td>{status::shipping(order.shipping, order.is_blocked)}</td>
            <td class="amount" translate="no">{order.total.to_string()}</td>
            <td>{moment(order.time)}</td>
            <td>{order.email}</td>
        </tr>
    }
}
