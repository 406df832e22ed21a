use domain::order::{EarlyFraudWarning, Order};
use leptos::prelude::*;

use crate::admin::moment;

/// What the card network reports as fraudulent, and what to do while a refund helps.
pub(super) fn early_fraud_warnings(order: &Order) -> Option<AnyView> {
    let is_open = order.open_fraud_warning().is_some();
    let warnings = order.early_fraud_warnings.clone();
    if warnings.is_empty() {
        return None;
    }
    Some(
        view! {
            <section class="admin-part" aria-labelledby="early-fraud-warnings">
                <h2 id="early-fraud-warnings">"Early fraud warning"</h2>
                {is_open.then(|| view! {
                    <p class="notice" role="alert">
                        <strong>"Do not ship."</strong>
                        " The card network reports this payment as fraudulent. Nobody has disputed it yet: a full refund now usually prevents a dispute and its fee."
                    </p>
                })}
                {warnings.into_iter().map(warning_view).collect_view()}
            </section>
        }
        .into_any(),
    )
}

fn warning_view(warning: EarlyFraudWarning) -> impl IntoView {
    let fraud_type = warning.fraud_type.replace('_', " ");
    let status = if warning.is_actionable {
        "A refund can prevent a dispute"
    } else {
        "Refunded or disputed"
    };
    view! {
        <dl class="facts">
            <dt>"Reported as"</dt>
            <dd>{fraud_type}</dd>
            <dt>"State"</dt>
            <dd>{status}</dd>
            <dt>"Reported"</dt>
            <dd>{moment(warning.created_at)}</dd>
            <dt>"Warning"</dt>
            <dd><code>{warning.id}</code></dd>
        </dl>
    }
}
