use http::StatusCode;
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, SsrMode, path};
use shop::admin::Admin;
use std::sync::Arc;

use crate::components::{head, page};
use crate::{request, response};

/// Products that are delivered as files or license keys.
mod downloads;
/// E-mails that have not left.
mod emails;
/// The webhook events.
mod events;
/// The holds of open orders.
mod holds;
/// One order.
mod order;
/// The form that every change of an order is made with.
mod order_form;
/// All orders that have money in them.
mod orders;
/// Files of orders that are to be packed, and of tracking numbers.
mod packing;
/// The packing slip of an order.
mod packing_slip;
/// Refunds, and the page that asks before money goes back.
mod refund;
/// The admin of this request.
mod session;
/// Signing in and out.
mod sign_in;

use downloads::AdminDownloadsPage;
pub use downloads::DigitalForm;
use emails::AdminEmailsPage;
use events::AdminEventsPage;
use holds::AdminHoldsPage;
use order::AdminOrderPage;
use orders::AdminOrdersPage;
use packing::AdminPackingPage;
pub use packing::TrackingForm;
use packing_slip::PackingSlipPage;
use refund::AdminRefundPage;
pub use session::session_token;
use sign_in::SignInPage;
pub use sign_in::sign_in_page;

/// The address of the Stripe Dashboard, where the admin does what the shop leaves to Stripe.
#[derive(Clone, Debug)]
pub struct StripeDashboard(Arc<str>);

/// The admin's pages, each at its address.
#[component(transparent)]
pub(crate) fn AdminRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/admin/login") view=SignInPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/orders") view=AdminOrdersPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/orders/:number") view=AdminOrderPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/orders/:number/refund") view=AdminRefundPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/orders/:number/packing-slip") view=PackingSlipPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/downloads") view=AdminDownloadsPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/packing") view=AdminPackingPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/holds") view=AdminHoldsPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/emails") view=AdminEmailsPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/events") view=AdminEventsPage ssr=SsrMode::Async/>
    }
    .into_inner()
}

/// Renders a page for the admin, and shows anybody else the door. The content names the page, once
/// it knows what it shows.
fn admin_page<F, C>(content: C) -> impl IntoView
where
    C: FnOnce(Admin) -> F + Send + 'static,
    F: Future<Output = Result<AnyView, shop::Error>> + Send + 'static,
{
    page(async move {
        let Some(admin) = session::current().await? else {
            response::see_other(&sign_in_page(None, None));
            return Ok(().into_any());
        };
        let content = content(admin).await?;
        let layout = request::text().layout();
        let text = request::text().admin();
        head::no_index();
        Ok(view! {
            <div class="admin">
                <nav class="admin-nav" aria-label=layout.admin()>
                    <a href="/admin/orders">{text.orders()}</a>
                    <a href="/admin/packing">{request::text().packing().to_ship()}</a>
                    <a href="/admin/downloads">{request::text().digital().downloads()}</a>
                    <a href="/admin/holds">{text.open_checkouts()}</a>
                    <a href="/admin/events">{text.events()}</a>
                    <a href="/admin/emails">{text.emails()}</a>
                    <form action="/api/sign_out" method="post">
                        <button class="link">{text.sign_out()}</button>
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
    request::query_param("page")
        .and_then(|page| page.parse().ok())
        .unwrap_or(0_i64)
        .max(0)
}

/// The ways to the next pages of a list.
fn pager(list: &'static str, page: i64, has_more: bool) -> impl IntoView {
    let text = request::text();
    let to = move |page: i64| format!("/admin/{list}?page={page}");
    view! {
        <nav class="pager" aria-label=text.layout().pages()>
            {(page > 0).then(|| view! { <a href=to(page.saturating_sub(1))>{text.admin().newer()}</a> })}
            {has_more.then(|| view! { <a href=to(page.saturating_add(1))>{text.admin().older()}</a> })}
        </nav>
    }
}

/// A moment, as the admin reads it.
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
            response::set_status(StatusCode::INTERNAL_SERVER_ERROR);
            ().into_any()
        }
    }
}

impl StripeDashboard {
    /// Stripe's own, for its test mode or for real money; or that of a sandbox at `sandbox`.
    pub fn new(sandbox: Option<&str>, is_test_mode: bool) -> Self {
        Self(match (sandbox, is_test_mode) {
            (Some(base), _) => base.into(),
            (None, true) => "https://dashboard.stripe.com/test".into(),
            (None, false) => "https://dashboard.stripe.com".into(),
        })
    }
}

/// The page of a payment (`pi_…`) at Stripe, where its disputes are answered, too.
fn dashboard_page(payment_reference: &str) -> String {
    let StripeDashboard(base) = expect_context::<StripeDashboard>();
    format!("{base}/payments/{payment_reference}")
}
