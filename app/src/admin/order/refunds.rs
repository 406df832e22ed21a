use domain::catalog::line_name;
use domain::order::{Order, OrderLine, Refund, RefundReason};
use leptos::prelude::*;
use text::RefundText;

use crate::admin::moment;
use crate::admin::order_form::OrderForm;
use crate::admin::refund::{LONGEST_NOTE, PiecesForm, RefundForm, typed_amount};
use crate::request;
use ui::islands::{PAGE_DATA, PageData, RefundAmount};

/// The refunds of an order, and the form for another.
pub(super) fn refunds(order: &Order) -> Option<AnyView> {
    if !order.status.has_been_paid() && order.refunds.is_empty() {
        return None;
    }
    let text = request::text().refund();
    let list = order.refunds.iter().cloned();
    let list = list.map(|each| refund(text, each)).collect_view();
    Some(
        view! {
            <section class="admin-part" aria-labelledby="refund">
                <h2 id="refund">{text.refunds()}</h2>
                {list}
                {match order.refundability() {
                    Ok(()) => form(text, order).into_any(),
                    Err(why) => view! { <p class="hint">{text.error(&why)}</p> }.into_any(),
                }}
            </section>
        }
        .into_any(),
    )
}

fn refund(text: RefundText, refund: Refund) -> impl IntoView {
    let failure = refund.failure.clone().filter(|failure| !failure.is_empty());
    view! {
        <dl class="facts" data-refund=refund.id.to_string()>
            <dt>{text.amount()}</dt>
            <dd>
                {refund.amount.to_string()}" "
                <span class="status" translate="no" data-status=refund.status.as_str()>{text.status(refund.status)}</span>
            </dd>
            <dt>{text.time()}</dt>
            <dd>{moment(refund.created_at)}</dd>
            <dt>{text.made()}</dt>
            <dd>{text.source(refund.source)}</dd>
            {refund.reason.map(|reason| view! { <dt>{text.reason()}</dt><dd>{text.refund_reason(Some(reason))}</dd> })}
            {refund.note.map(|note| view! { <dt>{text.note()}</dt><dd>{note}</dd> })}
            {failure.map(|failure| view! { <dt>{text.failure()}</dt><dd>{failure.replace('_', " ")}</dd> })}
            {refund.stripe_id.map(|id| view! { <dt>{text.id()}</dt><dd><code>{id}</code></dd> })}
        </dl>
    }
}

fn form(text: RefundText, order: &Order) -> impl IntoView + use<> {
    let left = order.refundable();
    let offered = typed_amount(left);
    // What was typed comes back in the address after a problem, or after signing in again.
    let typed = RefundForm::from_query();
    let is_typed = !typed.decision.is_empty();
    let amount = if is_typed {
        typed.amount.clone()
    } else {
        offered.clone()
    };
    let chosen = if is_typed {
        RefundReason::parse(&typed.reason)
    } else {
        Some(RefundReason::RequestedByCustomer)
    };
    let note = typed.note.clone();
    let data = format!("{} {}", left.amount(), left.currency().exponent());
    provide_context(PageData(data.clone()));
    let has_pieces = !typed.pieces.is_empty() || typed.with_shipping;
    let shipping = order.refundable_shipping();
    let with_shipping = typed.with_shipping;
    let pieces: Vec<_> = order
        .lines
        .iter()
        .map(|line| {
            let typed = typed.pieces_of(&line.variant);
            let left = order.refundable_pieces(&line.variant);
            (line.clone(), left, amounts(order, line, left), typed)
        })
        .filter(|(_, left, _, _)| *left > 0)
        .collect();
    view! {
        <OrderForm action="/api/refund_order" number=order.number>
            <input type="hidden" name="decision" value=shop::refunds::new_id().to_string()/>
            <input type="hidden" name="offered" value=offered/>
            <data id=PAGE_DATA value=data hidden></data>
            <RefundAmount>
                <label class="field">
                    <span>{text.amount()}</span>
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
                <p class="hint" id="refund-left" translate="no">
                    {text.up_to(left, &left.currency().code().to_ascii_uppercase())}
                </p>
                <label class="field">
                    <span>{text.reason()}</span>
                    <select name="reason">
                        {RefundReason::ALL.into_iter().map(|reason| {
                            let is_chosen = chosen == Some(reason);
                            view! { <option value=reason.as_str() selected=is_chosen>{text.refund_reason(Some(reason))}</option> }
                        }).collect_view()}
                        <option value="" selected=chosen.is_none()>{text.refund_reason(None)}</option>
                    </select>
                </label>
                {(!pieces.is_empty() || shipping.is_some()).then(|| view! {
                    <details open=has_pieces>
                        <summary>{text.choose_pieces()}</summary>
                        <p class="hint">{text.price_of_pieces()}</p>
                        {pieces.into_iter().enumerate().map(|(index, (line, left, amounts, typed))| {
                            fields(text, index, &line, left, amounts, typed)
                        }).collect_view()}
                        {shipping.map(|paid| view! {
                            <label class="check">
                                <input
                                    type="checkbox"
                                    name="shipping"
                                    value="yes"
                                    data-amounts=paid.amount().to_string()
                                    checked=with_shipping
                                />
                                <span>{text.delivery_of(paid)}</span>
                            </label>
                        })}
                    </details>
                })}
                <label class="field">
                    <span>{text.note()}</span>
                    <input
                        type="text"
                        name="note"
                        autocomplete="off"
                        maxlength=LONGEST_NOTE.to_string()
                        aria-describedby="refund-note"
                        value=note
                    />
                </label>
                <p class="hint" id="refund-note">{text.note_is_private()}</p>
            </RefundAmount>
            <p class="hint">{text.asked_once_more()}</p>
            <button class="button">{text.refund()}</button>
        </OrderForm>
    }
}

/// The amounts that are given back for one piece, two and so on, in minor units, for the island that
/// adds them up.
fn amounts(order: &Order, line: &OrderLine, left: u32) -> String {
    let amounts = (1..=left).map(|pieces| order.price_of_pieces(line, pieces).amount().to_string());
    amounts.collect::<Vec<_>>().join(" ")
}

fn fields(
    text: RefundText,
    index: usize,
    line: &OrderLine,
    left: u32,
    amounts: String,
    typed: PiecesForm,
) -> impl IntoView + use<> {
    let name = move |field: &str| format!("pieces[{index}][{field}]");
    view! {
        <fieldset>
            <legend dir="auto">{line_name(&line.title, &line.options)}</legend>
            <input type="hidden" name=name("variant") value=line.variant.to_string()/>
            <label class="field">
                <span>{text.pieces_of(left)}</span>
                <input
                    type="number"
                    name=name("quantity")
                    data-amounts=amounts
                    min="0"
                    max=left.to_string()
                    placeholder="0"
                    value=typed.quantity
                />
            </label>
            <label class="field">
                <span>{text.restocked()}</span>
                <input
                    type="number"
                    name=name("restocked")
                    min="0"
                    max=left.to_string()
                    placeholder="0"
                    value=typed.restocked
                />
            </label>
        </fieldset>
    }
}
