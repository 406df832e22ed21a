use leptos::prelude::*;
use shop::mail::{Recipient, UnsentEmail};
use ui::error::ActionError;

use crate::components::head;
use crate::request::{self, shop};
use crate::response::{see_other, unavailable};

use super::order_form::OrderForm;
use super::session::OrderTarget;
use super::{admin_page, moment, page_number, pager};

/// What became of the form that sends an e-mail again.
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
    let page = page_number();
    let notice = EmailNotice::from_query();
    admin_page(move |admin| async move {
        head::title("E-mails");
        let (messages, has_more) = shop::mail::unsent(&shop, &admin, page).await?;
        let list = match (messages.is_empty(), page) {
            (true, 0) => view! { <p class="empty">"Every e-mail was sent. One that waits or failed appears here."</p> }.into_any(),
            (true, _) => view! { <p class="empty">"There are no e-mails on this page."</p> }.into_any(),
            (false, _) => view! {
                <div class="table-scroll" tabindex="0" role="region" aria-label="E-mails">
                    <table class="orders">
                        <thead>
                            <tr>
                                <th scope="col">"E-mail"</th>
                                <th scope="col">"Order"</th>
                                <th scope="col">"To"</th>
                                <th scope="col">"Why it waits"</th>
                                <th scope="col">"Written"</th>
                                <th scope="col">"Next attempt"</th>
                                <th scope="col"><span class="visually-hidden">"Send"</span></th>
                            </tr>
                        </thead>
                        <tbody>{messages.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            }
            .into_any(),
        };
        Ok(view! {
            <h1>"E-mails"</h1>
            {notice.map(EmailNotice::view)}
            {list}
            {pager("emails", page, has_more)}
        }
        .into_any())
    })
}

fn row(message: UnsentEmail) -> impl IntoView {
    let number = message.order_number;
    let to = match message.to {
        Some(Recipient::Shopper(address)) => {
            view! { <bdi translate="no">{address}</bdi> }.into_any()
        }
        Some(Recipient::Admin) => "You".into_any(),
        None => "The shopper, whose address is not known".into_any(),
    };
    let reason = match (message.reason, message.attempts) {
        (Some(reason), attempts) => format!("{}. Tried {attempts} times.", capitalized(&reason)),
        (None, 0) => "Not tried yet.".to_owned(),
        (None, _) => "On its way.".to_owned(),
    };
    view! {
        <tr>
            <th scope="row">{message.title}</th>
            <td><a href=format!("/admin/orders/{number}")>{number}</a></td>
            <td>{to}</td>
            <td>{reason}</td>
            <td>{moment(message.created_at)}</td>
            <td>{moment(message.next_attempt_at)}</td>
            <td>
                <OrderForm action="/api/send_email" number=number>
                    <input type="hidden" name="id" value=message.id/>
                    <button class="link" aria-label=format!("Send again: {}, order {number}", message.title)>
                        "Send again"
                    </button>
                </OrderForm>
            </td>
        </tr>
    }
}

fn capitalized(text: &str) -> String {
    let mut messages = text.chars();
    messages.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(messages).collect()
    })
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

    fn view(self) -> impl IntoView {
        let (class, text) = match self {
            Self::Sending => (
                "notice is-good",
                "It is sent now. An e-mail that was sent is no longer in this list.",
            ),
            Self::Stale => (
                "notice",
                "Nothing was sent: the form was from before you signed in. Send it again.",
            ),
            Self::Gone => ("notice", "That e-mail was sent already, or is being sent."),
        };
        view! { <p class=class role="status">{text}</p> }
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
