use http::StatusCode;
use leptos::prelude::*;
use shop::admin::Admin;

use crate::components::{head, page};
use crate::context;

/// The disputes of an order.
mod disputes;
/// What card networks report of an order.
mod early_fraud_warnings;
/// E-mails that have not left.
mod emails;
/// What Stripe delivered.
mod events;
/// Why an order needs a look, and the decisions about it.
mod flag;
/// The form that every change of an order is made with.
mod form;
/// What open orders hold.
mod holds;
/// One order.
mod order;
/// All orders that have money in them.
mod orders;
/// The page that asks before money goes back.
mod refund;
/// The refunds of an order.
mod refunds;
/// What became of what the owner asked for.
mod result;
/// How an order's goods leave.
mod shipping;
/// The door.
mod sign_in;
/// Badges that say where an order stands.
mod status;

pub use emails::AdminEmailsPage;
pub use events::AdminEventsPage;
pub use holds::AdminHoldsPage;
pub use order::AdminOrderPage;
pub use orders::AdminOrdersPage;
pub use refund::AdminRefundPage;
pub use sign_in::SignInPage;

/// Renders a page for the owner, and shows anybody else the door. The content names the page, once it knows what it shows.
fn admin_page<F, C>(content: C) -> impl IntoView
where
    C: FnOnce(Admin) -> F + Send + 'static,
    F: Future<Output = Result<AnyView, shop::Error>> + Send + 'static,
{
    page(async move {
        let Some(admin) = context::owner::current().await? else {
            context::see_other(&context::owner::sign_in_page(None, None));
            return Ok(().into_any());
        };
        let content = content(admin).await?;
        head::no_index();
        Ok(view! {
            <div class="admin">
                <nav class="admin-nav" aria-label="Shop owner">
                    <a href="/admin/orders">"Orders"</a>
                    <a href="/admin/holds">"Open checkouts"</a>
                    <a href="/admin/events">"Events"</a>
                    <a href="/admin/emails">"E-mails"</a>
                    <form action="/api/sign_out" method="post">
                        <button class="link">"Sign out"</button>
                    </form>
                </nav>
                {content}
            </div>
        }
        .into_any())
    })
}

/// The number of the page of a list that the address asks for, counted from zero.
fn page_number() -> i64 {
    context::query_param("page")
        .and_then(|page| page.parse().ok())
        .unwrap_or(0_i64)
        .max(0)
}

/// The ways to the next pages of a list.
fn pager(list: &'static str, page: i64, has_more: bool) -> impl IntoView {
    let to = move |page: i64| format!("/admin/{list}?page={page}");
    view! {
        <nav class="pager" aria-label="Pages">
            {(page > 0).then(|| view! { <a href=to(page.saturating_sub(1))>"Newer"</a> })}
            {has_more.then(|| view! { <a href=to(page.saturating_add(1))>"Older"</a> })}
        </nav>
    }
}

/// A moment, as the owner reads it.
fn moment(unix_seconds: i64) -> AnyView {
    use time::OffsetDateTime;
    use time::macros::format_description;

    let format = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    let text = OffsetDateTime::from_unix_timestamp(unix_seconds)
        .ok()
        .and_then(|moment| moment.format(&format).ok());
    match text {
        Some(text) => {
            view! { <time datetime=text.replace(" UTC", "Z")>{text.clone()}</time> }.into_any()
        }
        None => {
            context::set_status(StatusCode::INTERNAL_SERVER_ERROR);
            ().into_any()
        }
    }
}
