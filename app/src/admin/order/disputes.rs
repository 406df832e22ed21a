use domain::order::{Dispute, Order};
use leptos::prelude::*;

use crate::admin::{dashboard_page, moment};

/// What the cardholder's bank asks back, with what waits for the admin first.
pub(super) fn disputes(order: &Order) -> impl IntoView + use<> {
    let payment = order.captured_payment();
    let payment = payment.and_then(|payment| payment.payment_reference.as_deref());
    let answer = dashboard_page(payment.unwrap_or_default());
    let disputes = order.disputes.clone();
    (!disputes.is_empty()).then(|| {
        view! {
            <section class="admin-part" aria-labelledby="disputes">
                <h2 id="disputes">"Disputes"</h2>
                {disputes.into_iter().map(|each| dispute(each, answer.clone())).collect_view()}
            </section>
        }
    })
}

fn dispute(dispute: Dispute, answer: String) -> impl IntoView {
    let reason = dispute.reason.replace('_', " ");
    view! {
        {dispute.status.needs_answer().then(|| view! {
            <p class="notice" role="alert">
                {match dispute.due_by {
                    Some(due_by) => view! { <strong>"Answer by "{moment(due_by)}"."</strong> }.into_any(),
                    None => view! { <strong>"This needs your answer."</strong> }.into_any(),
                }}
                {if dispute.status.is_inquiry() {
                    " The bank asks, and has taken no money. Without an answer the inquiry closes by itself, or becomes a dispute that takes the money. "
                } else {
                    " Without an answer the bank decides against you. "
                }}
                <a href=answer rel="noreferrer">"Answer in the Stripe Dashboard"</a>
            </p>
        })}
        <dl class="facts">
            <dt>"Amount"</dt>
            <dd>{dispute.amount.to_string()}</dd>
            <dt>"Reason"</dt>
            <dd>{reason}</dd>
            <dt>"Status"</dt>
            <dd>{dispute.status.label()}</dd>
            <dt>"Money"</dt>
            <dd>{dispute.funds.label()}</dd>
            <dt>"Opened"</dt>
            <dd>{moment(dispute.opened_at)}</dd>
            <dt>"Dispute"</dt>
            <dd><code>{dispute.id}</code></dd>
        </dl>
    }
}
