use leptos::prelude::*;
use shop::mail::{OrderEmail, Repeated};
use text::OutboxText;
use ui::error::ActionError;

use super::notice::OrderNotice;
use crate::admin::moment;
use crate::admin::order_form::OrderForm;
use crate::admin::session::OrderTarget;
use crate::request::{self, shop};
use crate::response::{see_other, unavailable};

/// The e-mails of an order, each with a button that sends it again.
pub(super) fn emails(number: i64, emails: Vec<OrderEmail>) -> Option<AnyView> {
    if emails.is_empty() {
        return None;
    }
    let text = request::text();
    let rows = emails
        .into_iter()
        .map(|email| row(text.outbox(), number, email));
    Some(
        view! {
            <section class="admin-part" aria-labelledby="emails">
                <h2 id="emails">{text.admin().emails()}</h2>
                <ul class="order-emails">{rows.collect_view()}</ul>
            </section>
        }
        .into_any(),
    )
}

fn row(text: OutboxText, number: i64, email: OrderEmail) -> impl IntoView {
    let title = email.notification.as_ref();
    let title = title.map_or_else(
        || text.newer_version(),
        |notification| text.title(notification),
    );
    let time = match email.sent_at {
        Some(time) => view! { {text.sent()}" "{moment(time)} }.into_any(),
        None => text.not_sent().into_any(),
    };
    let again = email.is_repeatable.then(|| {
        view! {
            <OrderForm action="/api/repeat_email" number=number>
                <input type="hidden" name="id" value=email.id/>
                <button class="link" aria-label=text.send_again_what(title, number)>
                    {text.send_again()}
                </button>
            </OrderForm>
        }
    });
    view! {
        <li>
            <strong>{title}</strong>
            <span>{time}</span>
            {again}
        </li>
    }
}

/// Sends an e-mail of an order again and shows the order.
#[server(prefix = "/api", endpoint = "repeat_email")]
pub async fn repeat_email(
    #[server(default)] number: String,
    #[server(default)] csrf_token: String,
    #[server(default)] id: String,
) -> Result<(), ActionError> {
    let target = OrderTarget::parse(&number, csrf_token)?;
    let number = target.number;
    let page = format!("/admin/orders/{number}");
    let stale = OrderNotice::ResendStale.path(number, "");
    let Some(csrf) = target.authorize(&page, &stale).await? else {
        return Ok(());
    };
    let repeated = shop::mail::repeat(&shop(), &csrf, &id)
        .await
        .map_err(|error| unavailable(&error))?;
    let notice = match repeated {
        Repeated::Written => OrderNotice::EmailRepeated,
        Repeated::Impossible => OrderNotice::EmailImpossible,
        Repeated::TooMany => OrderNotice::EmailTooMany,
    };
    see_other(&notice.path(number, ""));
    Ok(())
}
