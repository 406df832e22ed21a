use domain::order::{Dispute, Order};
use leptos::prelude::*;
use text::DisputeText;

use crate::admin::{dashboard_page, moment};
use crate::request;

/// The disputes of an order, with what waits for the admin first.
pub(super) fn disputes(order: &Order) -> impl IntoView + use<> {
    let payment = order.captured_payment();
    let payment = payment.and_then(|payment| payment.payment_reference.as_deref());
    let answer = dashboard_page(payment.unwrap_or_default());
    let disputes = order.disputes.clone();
    let text = request::text().dispute();
    (!disputes.is_empty()).then(|| {
        view! {
            <section class="admin-part" aria-labelledby="disputes">
                <h2 id="disputes">{text.disputes()}</h2>
                {disputes.into_iter().map(|each| dispute(text, each, answer.clone())).collect_view()}
            </section>
        }
    })
}

fn dispute(text: DisputeText, dispute: Dispute, answer: String) -> impl IntoView {
    let reason = dispute.reason.replace('_', " ");
    let [before_deadline, after_deadline] = text.answer_by();
    view! {
        {dispute.status.needs_answer().then(|| view! {
            <p class="notice" role="alert">
                {match dispute.due_by {
                    Some(due_by) => view! { <strong>{before_deadline}{moment(due_by)}{after_deadline}</strong> }.into_any(),
                    None => view! { <strong>{text.needs_answer()}</strong> }.into_any(),
                }}
                {if dispute.status.is_inquiry() {
                    text.inquiry_explained()
                } else {
                    text.dispute_explained()
                }}
                <a href=answer rel="noreferrer">{text.answer_in_dashboard()}</a>
            </p>
        })}
        <dl class="facts">
            <dt>{text.amount()}</dt>
            <dd>{dispute.amount.to_string()}</dd>
            <dt>{text.reason()}</dt>
            <dd>{reason}</dd>
            <dt>{text.status_name()}</dt>
            <dd>{text.status(dispute.status)}</dd>
            <dt>{text.money()}</dt>
            <dd>{text.funds(dispute.funds)}</dd>
            <dt>{text.opened()}</dt>
            <dd>{moment(dispute.opened_at)}</dd>
            <dt>{text.id()}</dt>
            <dd><code>{dispute.id}</code></dd>
        </dl>
    }
}
