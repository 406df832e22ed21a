use http::StatusCode;
use leptos::prelude::*;
use shop::admin::Admin;

use crate::components::{head, page};
use crate::context;

/// One order.
mod order;
/// All orders that have money in them.
mod orders;
/// The door.
mod sign_in;

pub use order::AdminOrderPage;
pub use orders::AdminOrdersPage;
pub use sign_in::SignInPage;

/// Renders a page for the owner, and shows anybody else the door.
fn admin_page<F, C>(title: String, content: C) -> impl IntoView
where
    C: FnOnce(Admin) -> F + Send + 'static,
    F: Future<Output = Result<AnyView, shop::Error>> + Send + 'static,
{
    page(async move {
        let Some(admin) = context::owner::current().await? else {
            context::see_other("/admin/login");
            return Ok(().into_any());
        };
        let content = content(admin).await?;
        head::title(title);
        head::no_index();
        Ok(view! {
            <div class="admin">
                <nav class="admin-nav" aria-label="Shop owner">
                    <a href="/admin/orders">"Orders"</a>
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
