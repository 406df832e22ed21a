use leptos::prelude::*;
use shop::holds::{HeldLine, Hold, MOST_LISTED, ReleaseError};

use crate::components::head;
use crate::context;

use super::form::OrderForm;
use super::{admin_page, moment};

/// Orders whose goods are held because they are being paid for, and a way to end one.
#[component]
pub fn AdminHoldsPage() -> impl IntoView {
    let shop = context::shop();
    let notice = context::query_param("notice");
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
            {notice.as_deref().and_then(notice_view)}
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

fn notice_view(notice: &str) -> Option<AnyView> {
    let text = match notice {
        "released" => {
            return Some(
                view! { <p class="notice is-good" role="status">"The order has ended, and its pieces are free."</p> }
                    .into_any(),
            );
        }
        "not_open" => ReleaseError::NotOpen.to_string(),
        "not_found" => ReleaseError::NotFound.to_string(),
        "stale" => {
            "Nothing was changed: the form was from before you signed in. Try again.".to_owned()
        }
        "failed" => {
            "Stripe or the database did not answer, so the order goes on. Try again in a moment."
                .to_owned()
        }
        _ => return None,
    };
    Some(view! { <p class="notice" role="alert">{text}</p> }.into_any())
}
