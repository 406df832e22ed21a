use leptos::prelude::*;
use shop::webhooks::{EventSummary, Outcome};
use text::EventsText;

use crate::components::head;
use crate::request;

use super::{admin_page, moment, page_number, pager};

/// The webhook events and what became of them, the latest first.
#[component]
pub fn AdminEventsPage() -> impl IntoView {
    let shop = request::shop();
    let text = request::text();
    let page = page_number();
    admin_page(move |admin| async move {
        head::title(text.admin().events());
        let (events, has_more) = shop::webhooks::recent(&shop, &admin, page).await?;
        let is_empty = events.is_empty();
        Ok(view! {
            <h1>{text.admin().events()}</h1>
            {if is_empty && page > 0 {
                view! { <p class="empty">{text.events().none_older()}</p> }.into_any()
            } else if is_empty {
                view! { <p class="empty">{text.events().none_yet()}</p> }.into_any()
            } else {
                view! {
                    <div class="table-scroll" tabindex="0" role="region" aria-label=text.admin().events()>
                        <table class="orders">
                            <thead>
                                <tr>
                                    <th scope="col">{text.events().kind()}</th>
                                    <th scope="col">{text.events().outcome()}</th>
                                    <th scope="col">{text.admin().order()}</th>
                                    <th scope="col">{text.admin().time()}</th>
                                    <th scope="col">{text.events().id()}</th>
                                </tr>
                            </thead>
                            <tbody>{events.into_iter().map(|event| row(text.events(), event)).collect_view()}</tbody>
                        </table>
                    </div>
                }.into_any()
            }}
            {pager("events", page, has_more)}
        }
        .into_any())
    })
}

fn row(text: EventsText, event: EventSummary) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{event.kind}</th>
            <td><span class="status" translate="no" data-status=event.outcome.as_str()>{label(text, event.outcome)}</span></td>
            <td>{event.order_number.map(|number| view! { <a href=format!("/admin/orders/{number}")>{number}</a> })}</td>
            <td>{moment(event.received_at)}</td>
            <td><code>{event.id}</code></td>
        </tr>
    }
}

fn label(text: EventsText, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Applied => text.applied(),
        Outcome::Unchanged => text.unchanged(),
        Outcome::Flagged => text.flagged(),
        Outcome::Unmatched => text.unmatched(),
        Outcome::Ignored => text.ignored(),
        Outcome::WrongMode => text.wrong_mode(),
    }
}
