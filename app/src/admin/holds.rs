use leptos::prelude::*;
use shop::holds::{HeldLine, Hold, MOST_LISTED, ReleaseError};
use ui::error::ActionError;

use crate::components::head;
use crate::request::{self, shop};
use crate::response::{see_other, unavailable};

use super::order_form::OrderForm;
use super::session::OrderTarget;
use super::{admin_page, moment};

/// What became of the form that ends an open order.
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
    let notice = HoldsNotice::from_query();
    admin_page(move |admin| async move {
        head::title("Open checkouts");
        let holds = shop::holds::list(&shop, &admin).await?;
        let pieces: i64 = holds
            .iter()
            .flat_map(|hold| &hold.lines)
            .map(|line| line.quantity)
            .sum();
        let is_cut = i64::try_from(holds.len()).is_ok_and(|listed| listed >= MOST_LISTED);
        let is_empty = holds.is_empty();
        Ok(view! {
            <h1>"Open checkouts"</h1>
            {notice.map(HoldsNotice::view)}
            <p class="hint">
                "What is being paid for is held for the shopper, and free again when the payment page ends. \
                 Orders with the same client code come from one network."
            </p>
            {if is_empty {
                view! { <p class="empty">"Nothing is held."</p> }.into_any()
            } else {
                view! {
                    <p>{format!("Pieces held: {pieces}. Orders: {}.", holds.len())}</p>
                    {is_cut.then(|| view! { <p class="hint">{format!("These are the newest {MOST_LISTED}.")}</p> })}
                    <div class="table-scroll" tabindex="0" role="region" aria-label="Open checkouts">
                        <table class="orders">
                            <thead>
                                <tr>
                                    <th scope="col">"Order"</th>
                                    <th scope="col">"Holds"</th>
                                    <th scope="col">"Since"</th>
                                    <th scope="col">"Until"</th>
                                    <th scope="col">"Client"</th>
                                    <th scope="col">"End it"</th>
                                </tr>
                            </thead>
                            <tbody>{holds.into_iter().map(row).collect_view()}</tbody>
                        </table>
                    </div>
                }.into_any()
            }}
        }
        .into_any())
    })
}

fn row(hold: Hold) -> impl IntoView {
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
                            <button class="button is-quiet" aria-label=format!("Release order {number}")>
                                "Release"
                            </button>
                        </OrderForm>
                    }.into_any()
                } else {
                    view! { "Payment is on its way" }.into_any()
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
    let name = if options.is_empty() {
        title
    } else {
        format!("{title}, {options}")
    };
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

    fn view(self) -> AnyView {
        let text = match self {
            Self::Released => {
                return view! { <p class="notice is-good" role="status">"The order has ended, and its pieces are free."</p> }
                    .into_any();
            }
            Self::NotOpen => ReleaseError::NotOpen.to_string(),
            Self::NotFound => ReleaseError::NotFound.to_string(),
            Self::Stale => {
                "Nothing was changed: the form was from before you signed in. Try again.".to_owned()
            }
            Self::Failed => {
                "Stripe or the database did not answer, so the order goes on. Try again in a moment."
                    .to_owned()
            }
        };
        view! { <p class="notice" role="alert">{text}</p> }.into_any()
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
