use leptos::prelude::*;
use shop::mail::{Recipient, UnsentEmail};
use text::OutboxText;
use ui::error::ActionError;

use crate::components::head;
use crate::request::{self, shop};
use crate::response::{see_other, unavailable};

use super::order_form::OrderForm;
use super::session::OrderTarget;
use super::{admin_page, moment, page_number, pager};

/// The notice about the form that sends an e-mail again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EmailNotice {
    Sending,
    /// The form was from before the admin signed in.
    Stale,
    /// It was sent meanwhile, or is being sent.
    Gone,
}

/// The e-mails that have not left yet: those that failed, with the reason, and those that wait.
#[component]
pub fn AdminEmailsPage() -> impl IntoView {
    let shop = request::shop();
    let text = request::text();
    let page = page_number();
    let notice = EmailNotice::from_query();
    admin_page(move |admin| async move {
        head::title(text.admin().emails());
        let (messages, has_more) = shop::mail::unsent(&shop, &admin, page).await?;
        let list = match (messages.is_empty(), page) {
            (true, 0) => view! { <p class="empty">{text.outbox().none()}</p> }.into_any(),
            (true, _) => view! { <p class="empty">{text.outbox().none_on_page()}</p> }.into_any(),
            (false, _) => view! {
                <div class="table-scroll" tabindex="0" role="region" aria-label=text.admin().emails()>
                    <table class="orders">
                        <thead>
                            <tr>
                                <th scope="col">{text.admin().email()}</th>
                                <th scope="col">{text.admin().order()}</th>
                                <th scope="col">{text.outbox().to()}</th>
                                <th scope="col">{text.outbox().why_it_waits()}</th>
                                <th scope="col">{text.outbox().written()}</th>
                                <th scope="col">{text.outbox().next_attempt()}</th>
                                <th scope="col"><span class="visually-hidden">{text.outbox().send()}</span></th>
                            </tr>
                        </thead>
                        <tbody>{messages.into_iter().map(|message| row(text.outbox(), message)).collect_view()}</tbody>
                    </table>
                </div>
            }
            .into_any(),
        };
        Ok(view! {
            <h1>{text.admin().emails()}</h1>
            {notice.map(|notice| notice.view(text.outbox()))}
            {list}
            {pager("emails", page, has_more)}
        }
        .into_any())
    })
}

fn row(text: OutboxText, message: UnsentEmail) -> impl IntoView {
    let number = message.order_number;
    let to = match message.to {
        Some(Recipient::Shopper(address)) => {
            view! { <bdi translate="no">{address}</bdi> }.into_any()
        }
        Some(Recipient::Admin) => text.you().into_any(),
        None => text.unknown_address().into_any(),
    };
    let reason = match (message.reason, message.attempts) {
        (Some(reason), attempts) => text.tried(&reason, attempts),
        (None, 0) => text.not_tried().to_owned(),
        (None, _) => text.being_sent().to_owned(),
    };
    let title = message.notification.as_ref();
    let title = title.map_or_else(
        || text.newer_version(),
        |notification| text.title(notification),
    );
    view! {
        <tr>
            <th scope="row">{title}</th>
            <td><a href=format!("/admin/orders/{number}")>{number}</a></td>
            <td>{to}</td>
            <td>{reason}</td>
            <td>{moment(message.created_at)}</td>
            <td>{moment(message.next_attempt_at)}</td>
            <td>
                <OrderForm action="/api/send_email" number=number>
                    <input type="hidden" name="id" value=message.id/>
                    <button class="link" aria-label=text.send_again_what(title, number)>
                        {text.send_again()}
                    </button>
                </OrderForm>
            </td>
        </tr>
    }
}

impl EmailNotice {
    const ALL: [Self; 3] = [Self::Sending, Self::Stale, Self::Gone];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Stale => "stale",
            Self::Gone => "gone",
        }
    }

    fn path(self) -> String {
        format!("/admin/emails?notice={}", self.as_str())
    }

    fn from_query() -> Option<Self> {
        let code = request::query_param("notice")?;
        Self::ALL.into_iter().find(|notice| notice.as_str() == code)
    }

    fn view(self, text: OutboxText) -> impl IntoView {
        let (class, message) = match self {
            Self::Sending => ("notice is-good", text.sending()),
            Self::Stale => ("notice", text.stale_form()),
            Self::Gone => ("notice", text.already_sent()),
        };
        view! { <p class=class role="status">{message}</p> }
    }
}

/// Has an e-mail of an order sent again and shows the e-mails.
#[server(prefix = "/api", endpoint = "send_email")]
pub async fn send_email(
    #[server(default)] number: String,
    #[server(default)] csrf_token: String,
    #[server(default)] id: String,
) -> Result<(), ActionError> {
    let target = OrderTarget::parse(&number, csrf_token)?;
    let stale = EmailNotice::Stale.path();
    let Some(csrf) = target.authorize("/admin/emails", &stale).await? else {
        return Ok(());
    };
    let is_waiting = shop::mail::send_again(&shop(), &csrf, &id)
        .await
        .map_err(|error| unavailable(&error))?;
    let notice = if is_waiting {
        EmailNotice::Sending
    } else {
        EmailNotice::Gone
    };
    see_other(&notice.path());
    Ok(())
}
