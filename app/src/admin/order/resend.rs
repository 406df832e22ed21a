use leptos::prelude::*;
use ui::error::ActionError;

use super::notice::OrderNotice;
use crate::admin::order_form::OrderForm;
use crate::admin::session::OrderTarget;
use crate::request::{self, shop};
use crate::response::{see_other, unavailable};

/// The button that sends the shopper the link to their order again.
pub(super) fn resend(number: i64) -> impl IntoView {
    let text = request::text().admin_order();
    view! {
        <OrderForm action="/api/resend_order_link" number=number>
            <button class="link">{text.resend_link()}</button>
        </OrderForm>
    }
}

/// Sends the shopper the link to their order by e-mail, with everything that is in it.
#[server(prefix = "/api", endpoint = "resend_order_link")]
pub async fn resend_order_link(
    #[server(default)] number: String,
    #[server(default)] csrf_token: String,
) -> Result<(), ActionError> {
    let target = OrderTarget::parse(&number, csrf_token)?;
    let number = target.number;
    let page = format!("/admin/orders/{number}");
    let stale = OrderNotice::ResendStale.path(number, "");
    let Some(csrf) = target.authorize(&page, &stale).await? else {
        return Ok(());
    };
    let is_sent = shop::lookup::resend(&shop(), &csrf)
        .await
        .map_err(|error| unavailable(&error))?;
    let notice = if is_sent {
        OrderNotice::Resent
    } else {
        OrderNotice::ResendRefused
    };
    see_other(&notice.path(number, ""));
    Ok(())
}
