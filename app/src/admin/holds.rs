use domain::catalog::line_name;
use leptos::prelude::*;
use shop::holds::{HeldLine, Hold, MOST_LISTED, ReleaseError};
use text::{HoldsText, Text};
use ui::error::ActionError;

use crate::components::head;
use crate::request::{self, shop};
use crate::response::{see_other, unavailable};

use super::order_form::OrderForm;
use super::session::OrderTarget;
use super::{admin_page, moment};

/// The notice about the form that ends an open order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HoldsNotice {
    Released,
    NotOpen,
    NotFound,
    /// The form was from before the admin signed in.
    Stale,
    Failed,
}

/// Orders whose goods are held because they are being paid for, and a way to end one.
#[component]
pub fn AdminHoldsPage() -> impl IntoView {
    let shop = request::shop();
    let text = request::text();
    let notice = HoldsNotice::from_query();
    admin_page(move |admin| async move {
        head::title(text.admin().open_checkouts());
        let holds = shop::holds::list(&shop, &admin).await?;
        let pieces: i64 = holds
            .iter()
            .flat_map(|hold| &hold.lines)
            .map(|line| line.quantity)
            .sum();
        let is_cut = i64::try_from(holds.len()).is_ok_and(|listed| listed >= MOST_LISTED);
        let is_empty = holds.is_empty();
        Ok(view! {
            <h1>{text.admin().open_checkouts()}</h1>
            {notice.map(|notice| notice.view(text))}
            <p class="hint">{text.holds().explained()}</p>
            {if is_empty {
                view! { <p class="empty">{text.holds().nothing_held()}</p> }.into_any()
            } else {
                view! {
                    <p>{text.holds().held(pieces, holds.len())}</p>
                    {is_cut.then(|| view! { <p class="hint">{text.holds().newest(MOST_LISTED)}</p> })}
                    <div class="table-scroll" tabindex="0" role="region" aria-label=text.admin().open_checkouts()>
                        <table class="orders">
                            <thead>
                                <tr>
                                    <th scope="col">{text.admin().order()}</th>
                                    <th scope="col">{text.holds().holds()}</th>
                                    <th scope="col">{text.holds().since()}</th>
                                    <th scope="col">{text.holds().until()}</th>
                                    <th scope="col">{text.holds().client()}</th>
                                    <th scope="col">{text.holds().end_it()}</th>
                                </tr>
                            </thead>
                            <tbody>{holds.into_iter().map(|hold| row(text.holds(), hold)).collect_view()}</tbody>
                        </table>
                    </div>
                }.into_any()
            }}
        }
        .into_any())
    })
}

fn row(text: HoldsText, hold: Hold) -> impl IntoView {
    let Hold {
        number,
        is_pending,
        created_at,
        ends_at,
        client,
        lines,
    } = hold;
    // Enough to tell clients apart at a glance.
    let client = client.map(|code| code.chars().take(8).collect::<String>());
    view! {
        <tr>
            <th scope="row"><a href=format!("/admin/orders/{number}")>{number}</a></th>
            <td><ul>{lines.into_iter().map(line_view).collect_view()}</ul></td>
            <td>{moment(created_at)}</td>
            <td>{ends_at.filter(|_| is_pending).map(moment)}</td>
            <td><code>{client}</code></td>
            <td>
                {if is_pending {
                    view! {
                        <OrderForm action="/api/release_order" number>
                            <button class="button is-quiet" aria-label=text.release_order(number)>
                                {text.release()}
                            </button>
                        </OrderForm>
                    }.into_any()
                } else {
                    text.payment_processing().into_any()
                }}
            </td>
        </tr>
    }
}

fn line_view(line: HeldLine) -> impl IntoView {
    let HeldLine {
        title,
        options,
        quantity,
    } = line;
    let name = line_name(&title, &options);
    view! { <li><span translate="no">{format!("{quantity} × ")}</span><bdi>{name}</bdi></li> }
}

impl HoldsNotice {
    const ALL: [Self; 5] = [
        Self::Released,
        Self::NotOpen,
        Self::NotFound,
        Self::Stale,
        Self::Failed,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Released => "released",
            Self::NotOpen => "not_open",
            Self::NotFound => "not_found",
            Self::Stale => "stale",
            Self::Failed => "failed",
        }
    }

    fn path(self) -> String {
        format!("/admin/holds?notice={}", self.as_str())
    }

    fn from_query() -> Option<Self> {
        let code = request::query_param("notice")?;
        Self::ALL.into_iter().find(|notice| notice.as_str() == code)
    }

    fn view(self, text: Text) -> AnyView {
        let message = match self {
            Self::Released => {
                let message = text.holds().released();
                return view! { <p class="notice is-good" role="status">{message}</p> }.into_any();
            }
            Self::NotOpen => text.holds().not_open(),
            Self::NotFound => text.admin().no_such_order(),
            Self::Stale => text.holds().stale_form(),
            Self::Failed => text.holds().failed(),
        };
        view! { <p class="notice" role="alert">{message}</p> }.into_any()
    }
}

/// Ends an open order, so that what it holds is free again, and shows what is still held.
#[server(prefix = "/api", endpoint = "release_order")]
pub async fn release_order(
    #[server(default)] number: String,
    #[server(default)] csrf_token: String,
) -> Result<(), ActionError> {
    let target = OrderTarget::parse(&number, csrf_token)?;
    let stale = HoldsNotice::Stale.path();
    let Some(csrf) = target.authorize("/admin/holds", &stale).await? else {
        return Ok(());
    };
    let notice = match shop::holds::release(&shop(), &csrf).await {
        Ok(()) => HoldsNotice::Released,
        Err(ReleaseError::NotOpen) => HoldsNotice::NotOpen,
        Err(ReleaseError::NotFound) => HoldsNotice::NotFound,
        Err(ReleaseError::Failed(error)) => {
            unavailable(&error);
            HoldsNotice::Failed
        }
    };
    see_other(&notice.path());
    Ok(())
}
