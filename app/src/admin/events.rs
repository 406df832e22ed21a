use leptos::prelude::*;
use shop::webhooks::EventSummary;

use crate::components::head;
use crate::request;

use super::{admin_page, moment, page_number, pager};

/// What Stripe delivered and what became of it, the latest first.
#[component]
pub fn AdminEventsPage() -> impl IntoView {
    let shop = request::shop();
    let page = page_number();
    admin_page(move |admin| async move {
        head::title("Events");
        let (events, has_more) = shop::webhooks::recent(&shop, &admin, page).await?;
        let is_empty = events.is_empty();
        Ok(view! {
            <h1>"Events"</h1>
            {if is_empty && page > 0 {
                view! { <p class="empty">"Stripe has sent nothing here that is older."</p> }.into_any()
            } else if is_empty {
                view! { <p class="empty">"Stripe has sent nothing here. Its webhooks appear as they arrive."</p> }.into_any()
            } else {
                view! {
                    <div class="table-scroll" tabindex="0" role="region" aria-label="Events">
                        <table class="orders">
                            <thead>
                                <tr>
                                    <th scope="col">"Type"</th>
                                    <th scope="col">"Outcome"</th>
                                    <th scope="col">"Order"</th>
                                    <th scope="col">"Time"</th>
                                    <th scope="col">"Id"</th>
                                </tr>
                            </thead>
                            <tbody>{events.into_iter().map(row).collect_view()}</tbody>
                        </table>
                    </div>
                }.into_any()
            }}
            {pager("events", page, has_more)}
        }
        .into_any())
    })
}

fn row(event: EventSummary) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{event.kind}</th>
            <td><span class="status" translate="no" data-status=event.outcome.as_str()>{event.outcome.label()}</span></td>
            <td>{event.order_number.map(|number| view! { <a href=format!("/admin/orders/{number}")>{number}</a> })}</td>
            <td>{moment(event.received_at)}</td>
            <td><code>{event.id}</code></td>
        </tr>
    }
}
