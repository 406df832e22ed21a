use domain::order::{Order, RefundReason};
use leptos::prelude::*;

use super::admin_page;
use super::form::OrderForm;
use crate::components::{head, not_found};
use crate::context;
use crate::context::owner::{RefundForm, Review, review_of_query, typed_amount};

/// Asks the owner before money goes back: how much, to whom, and what is left. It has one button and no field, so that no
/// key but the one on the button moves money.
#[component]
pub fn AdminRefundPage() -> impl IntoView {
    let shop = context::shop();
    let number = context::path_param("number");
    admin_page(move |admin| async move {
        let Ok(number) = number.parse() else {
            return Ok(not_found());
        };
        let Some(order) = shop::orders::by_number(&shop, &admin, number).await? else {
            return Ok(not_found());
        };
        Ok(match review_of_query(&order) {
            Ok((review, form)) => question(&order, &review, form).into_any(),
            Err(elsewhere) => {
                context::see_other(&elsewhere);
                ().into_any()
            }
        })
    })
}

fn question(order: &Order, review: &Review, form: RefundForm) -> impl IntoView + use<> {
    let number = order.number;
    let amount = review.amount;
    head::title(format!("Refund of order {number}"));
    let to = match &order.email {
        Some(email) => format!("{email}, the way they paid"),
        None => "The shopper, the way they paid".to_owned(),
    };
    let pieces = pieces(order, review);
    let price_of_pieces = review.price_of_pieces.map(|price| {
        view! {
            <p class="notice" role="alert">
                {format!("The chosen pieces cost {price}. You typed another amount: {amount} will be refunded.")}
            </p>
        }
    });
    let reason = review.request.reason.map_or("Another", RefundReason::label);
    let note = review.request.note.clone();
    let left = format!("{} of {}", review.left, order.total);
    let back = review.back.clone();
    view! {
        <h1>{format!("Refund {amount}?")}</h1>
        {price_of_pieces}
        <dl class="facts">
            <dt>"Amount"</dt>
            <dd>{amount.to_string()}</dd>
            <dt>"To"</dt>
            <dd>{to}</dd>
            <dt>"Order"</dt>
            <dd>{number}</dd>
            {pieces}
            <dt>"Reason"</dt>
            <dd>{reason}</dd>
            {note.map(|note| view! { <dt>"Note"</dt><dd>{note}</dd> })}
            <dt>"Left afterwards"</dt>
            <dd>{left}</dd>
        </dl>
        <OrderForm action="/api/refund_order" number>
            <input type="hidden" name="decision" value=form.decision/>
            <input type="hidden" name="amount" value=typed_amount(amount)/>
            <input type="hidden" name="shown" value=amount.amount().to_string()/>
            <input type="hidden" name="reason" value=form.reason/>
            <input type="hidden" name="note" value=form.note/>
            {form.pieces.into_iter().enumerate().map(|(index, pieces)| {
                let name = move |field: &str| format!("pieces[{index}][{field}]");
                view! {
                    <input type="hidden" name=name("variant") value=pieces.variant/>
                    <input type="hidden" name=name("quantity") value=pieces.quantity/>
                    <input type="hidden" name=name("restocked") value=pieces.restocked/>
                }
            }).collect_view()}
            <button class="button">{format!("Refund {amount}")}</button>
        </OrderForm>
        <p><a href=back>"Change it"</a></p>
    }
}

/// The chosen pieces, and how many of them go back on the shelf.
fn pieces(order: &Order, review: &Review) -> impl IntoView + use<> {
    let chosen: Vec<_> = review
        .request
        .lines
        .iter()
        .filter_map(|chosen| {
            let line = order
                .lines
                .iter()
                .find(|line| line.variant == chosen.variant)?;
            Some(format!(
                "{} of {}, {}; {} back on the shelf",
                chosen.quantity, line.title, line.options, chosen.restocked
            ))
        })
        .collect();
    (!chosen.is_empty()).then(|| {
        view! {
            <dt>"Pieces"</dt>
            {chosen.into_iter().map(|text| view! { <dd>{text}</dd> }).collect_view()}
        }
    })
}
