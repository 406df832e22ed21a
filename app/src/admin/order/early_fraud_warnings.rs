use domain::order::{EarlyFraudWarning, Order};
use leptos::prelude::*;
use text::DisputeText;

use crate::admin::moment;
use crate::request;

/// The early fraud warnings of an order, and what to do while a refund helps.
pub(super) fn early_fraud_warnings(order: &Order) -> Option<AnyView> {
    let is_open = order.open_fraud_warning().is_some();
    let warnings = order.early_fraud_warnings.clone();
    if warnings.is_empty() {
        return None;
    }
    let text = request::text();
    Some(
        view! {
            <section class="admin-part" aria-labelledby="early-fraud-warnings">
                <h2 id="early-fraud-warnings">{text.dispute().early_fraud_warning()}</h2>
                {is_open.then(|| view! {
                    <p class="notice" role="alert">
                        <strong>{text.admin_order().do_not_ship()}</strong>
                        {text.dispute().fraud_explained()}
                    </p>
                })}
                {warnings.into_iter().map(|warning| warning_view(text.dispute(), warning)).collect_view()}
            </section>
        }
        .into_any(),
    )
}

fn warning_view(text: DisputeText, warning: EarlyFraudWarning) -> impl IntoView {
    let fraud_type = warning.fraud_type.replace('_', " ");
    let status = if warning.is_actionable {
        text.refund_can_prevent()
    } else {
        text.refunded_or_disputed()
    };
    view! {
        <dl class="facts">
            <dt>{text.reported_as()}</dt>
            <dd>{fraud_type}</dd>
            <dt>{text.state()}</dt>
            <dd>{status}</dd>
            <dt>{text.reported()}</dt>
            <dd>{moment(warning.created_at)}</dd>
            <dt>{text.warning()}</dt>
            <dd><code>{warning.id}</code></dd>
        </dl>
    }
}
