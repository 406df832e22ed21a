use leptos::prelude::*;
use shop::mail::{Recipient, WaitingLetter};

use crate::components::head;
use crate::context;

use super::form::OrderForm;
use super::{admin_page, moment, page_number, pager};

/// The e-mails that have not left yet: those that failed, with the reason, and those that wait.
#[component]
pub fn AdminLettersPage() -> impl IntoView {
    let shop = context::shop();
    let page = page_number();
    let notice = match context::query_param("notice").as_deref() {
        Some("sending") => Some((
            "notice is-good",
            "It is sent now. A letter that left is no longer in this list.",
        )),
        Some("stale") => Some((
            "notice",
            "Nothing was sent: the form was from before you signed in. Send it again.",
        )),
        Some("gone") => Some(("notice", "That letter has left already, or is on its way.")),
        _ => None,
    };
    admin_page(move |admin| async move {
        head::title("Letters");
        let (letters, has_more) = shop::mail::waiting(&shop, &admin, page).await?;
        let list = match (letters.is_empty(), page) {
            (true, 0) => view! { <p class="empty">"Every letter has left. One that waits or failed appears here."</p> }.into_any(),
            (true, _) => view! { <p class="empty">"There are no letters on this page."</p> }.into_any(),
            (false, _) => view! {
                <div class="table-scroll" tabindex="0" role="region" aria-label="Letters">
                    <table class="orders">
                        <thead>
                            <tr>
                                <th scope="col">"Letter"</th>
                                <th scope="col">"Order"</th>
                                <th scope="col">"To"</th>
                                <th scope="col">"Why it waits"</th>
                                <th scope="col">"Written"</th>
                                <th scope="col">"Next attempt"</th>
                                <th scope="col"><span class="visually-hidden">"Send"</span></th>
                            </tr>
                        </thead>
                        <tbody>{letters.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            }
            .into_any(),
        };
        Ok(view! {
            <h1>"Letters"</h1>
            {notice.map(|(class, text)| view! { <p class=class role="status">{text}</p> })}
            {list}
            {pager("letters", page, has_more)}
        }
        .into_any())
    })
}

fn row(letter: WaitingLetter) -> impl IntoView {
    let number = letter.order_number;
    let to = match letter.to {
        Some(Recipient::Shopper(address)) => {
            view! { <bdi translate="no">{address}</bdi> }.into_any()
        }
        Some(Recipient::Owner) => "You".into_any(),
        None => "The shopper, whose address is not known".into_any(),
    };
    let reason = match (letter.reason, letter.attempts) {
        (Some(reason), attempts) => format!("{}. Tried {attempts} times.", capitalized(&reason)),
        (None, 0) => "Not tried yet.".to_owned(),
        (None, _) => "On its way.".to_owned(),
    };
    view! {
        <tr>
            <th scope="row">{letter.title}</th>
            <td><a href=format!("/admin/orders/{number}")>{number}</a></td>
            <td>{to}</td>
            <td>{reason}</td>
            <td>{moment(letter.created_at)}</td>
            <td>{moment(letter.next_attempt_at)}</td>
            <td>
                <OrderForm action="/api/send_letter" number=number>
                    <input type="hidden" name="id" value=letter.id/>
                    <button class="link" aria-label=format!("Send again: {}, order {number}", letter.title)>
                        "Send again"
                    </button>
                </OrderForm>
            </td>
        </tr>
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
