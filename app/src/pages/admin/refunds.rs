use domain::money::Locale;
use domain::order::{Order, OrderLine, Refund, RefundError, RefundReason, RefundStatus};
use leptos::prelude::*;

use crate::context;
use crate::context::owner::{LONGEST_NOTE, Problem};

use super::form::OrderForm;
use super::moment;

/// What went back of an order's money, and the form that gives more back.
pub(super) fn refunds(order: &Order) -> Option<AnyView> {
    if !order.status.has_been_paid() && order.refunds.is_empty() {
        return None;
    }
    let list = order.refunds.iter().cloned().map(refund).collect_view();
    Some(
        view! {
            <section class="admin-part" aria-labelledby="refund">
                <h2 id="refund">"Refunds"</h2>
                {notice(order)}
                {list}
                {match order.refundability() {
                    Ok(()) => form(order).into_any(),
                    Err(why) => view! { <p class="hint">{explain(&why)}</p> }.into_any(),
                }}
            </section>
        }
        .into_any(),
    )
}

/// What became of the decision that the address names, or what was wrong with the form.
fn notice(order: &Order) -> Option<AnyView> {
    let problem = context::query_param("problem").and_then(|problem| Problem::parse(&problem));
    if let Some(problem) = problem {
        let words = problem.words(order.refundable());
        return Some(view! { <p class="notice" role="alert">{words}</p> }.into_any());
    }
    let decision = context::query_param("refund")?;
    let refund = order
        .refunds
        .iter()
        .find(|refund| refund.id.as_str() == decision)?;
    let amount = refund.amount;
    let is_bad = !refund.status.takes_money();
    let words = match refund.status {
        RefundStatus::Succeeded => format!("Refunded {amount}."),
        RefundStatus::Pending => format!("{amount}: Stripe has it; it is pending."),
        RefundStatus::RequiresAction => {
            format!("{amount}: Stripe has it; it waits for the shopper.")
        }
        RefundStatus::Requested => {
            format!("{amount}: Stripe cannot be reached; it is sent again by itself.")
        }
        RefundStatus::Refused => format!(
            "Stripe refused the refund of {amount}{}. Nothing was refunded.",
            because(refund)
        ),
        RefundStatus::Canceled => format!("The refund of {amount} was canceled."),
        RefundStatus::Failed => format!("The refund of {amount} failed{}.", because(refund)),
    };
    Some(if is_bad {
        view! { <p class="notice" role="alert">{words}</p> }.into_any()
    } else {
        view! { <p class="notice is-good" role="status">{words}</p> }.into_any()
    })
}

/// Stripe's word for why it failed, in parentheses.
fn because(refund: &Refund) -> String {
    match refund.failure.as_deref() {
        None | Some("") => String::new(),
        Some(failure) => format!(" ({})", failure.replace('_', " ")),
    }
}

fn explain(why: &RefundError) -> String {
    match why {
        RefundError::Disputed { .. } => {
            format!("{why} Answer the dispute in the Stripe Dashboard instead.")
        }
        why => why.to_string(),
    }
}

fn refund(refund: Refund) -> impl IntoView {
    let failure = refund.failure.clone().filter(|failure| !failure.is_empty());
    view! {
        <dl class="facts" data-refund=refund.id.to_string()>
            <dt>"Amount"</dt>
            <dd>
                {refund.amount.to_string()}" "
                <span class="status" data-status=refund.status.as_str()>{refund.status.words()}</span>
            </dd>
            <dt>"Time"</dt>
            <dd>{moment(refund.created_at)}</dd>
            <dt>"Made"</dt>
            <dd>{refund.source.words()}</dd>
            {refund.reason.map(|reason| view! { <dt>"Reason"</dt><dd>{reason.words()}</dd> })}
            {refund.note.map(|note| view! { <dt>"Note"</dt><dd>{note}</dd> })}
            {failure.map(|failure| view! { <dt>"Failure"</dt><dd>{failure.replace('_', " ")}</dd> })}
            {refund.stripe_id.map(|id| view! { <dt>"Refund"</dt><dd><code>{id}</code></dd> })}
        </dl>
    }
}

fn form(order: &Order) -> impl IntoView + use<> {
    let left = order.refundable();
    let offered = left.number(Locale::default());
    let amount = context::query_param("amount").unwrap_or_else(|| offered.clone());
    let chosen = context::query_param("reason")
        .map_or(Some(RefundReason::RequestedByCustomer), |reason| {
            RefundReason::parse(&reason)
        });
    let note = context::query_param("note").unwrap_or_default();
    let pieces: Vec<_> = order
        .lines
        .iter()
        .map(|line| (line.clone(), order.refundable_pieces(&line.variant)))
        .filter(|(_, left)| *left > 0)
        .collect();
    view! {
        <OrderForm action="/api/refund_order" number=order.number>
            <input type="hidden" name="decision" value=shop::refunds::new_id().to_string()/>
            <input type="hidden" name="offered" value=offered/>
            <label class="field">
                <span>"Amount"</span>
                <input
                    type="text"
                    name="amount"
                    inputmode="decimal"
                    autocomplete="off"
                    maxlength="24"
                    aria-describedby="refund-left"
                    value=amount
                />
            </label>
            <p class="hint" id="refund-left">
                {format!("Up to {left} can be refunded, in {}.", left.currency().code().to_ascii_uppercase())}
            </p>
            <label class="field">
                <span>"Reason"</span>
                <select name="reason">
                    {RefundReason::ALL.into_iter().map(|reason| {
                        let is_chosen = chosen == Some(reason);
                        view! { <option value=reason.as_str() selected=is_chosen>{reason.words()}</option> }
                    }).collect_view()}
                    <option value="" selected=chosen.is_none()>"Another"</option>
                </select>
            </label>
            {(!pieces.is_empty()).then(|| view! {
                <details>
                    <summary>"Choose pieces"</summary>
                    <p class="hint">"Their price is refunded unless you type another amount."</p>
                    {pieces.into_iter().enumerate().map(|(index, (line, left))| fields(index, &line, left)).collect_view()}
                </details>
            })}
            <label class="field">
                <span>"Note"</span>
                <input
                    type="text"
                    name="note"
                    autocomplete="off"
                    maxlength=LONGEST_NOTE.to_string()
                    aria-describedby="refund-note"
                    value=note
                />
            </label>
            <p class="hint" id="refund-note">"Only you see it."</p>
            <button class="button">"Refund"</button>
        </OrderForm>
    }
}

fn fields(index: usize, line: &OrderLine, left: u32) -> impl IntoView + use<> {
    let name = move |field: &str| format!("pieces[{index}][{field}]");
    view! {
        <fieldset>
            <legend>{format!("{}, {}", line.title, line.options)}</legend>
            <input type="hidden" name=name("variant") value=line.variant.to_string()/>
            <label class="field">
                <span>{format!("Refunded pieces, of {left}")}</span>
                <input type="number" name=name("quantity") min="0" max=left.to_string() placeholder="0"/>
            </label>
            <label class="field">
                <span>"Back on the shelf"</span>
                <input type="number" name=name("restocked") min="0" max=left.to_string() placeholder="0"/>
            </label>
        </fieldset>
    }
}
