use domain::order::EarlyFraudWarning;
use serde::Deserialize;
use serde_json::Value;

use super::EarlyFraudWarningEvent;
use super::object::{Incomplete, Reference};

#[derive(Deserialize)]
struct EarlyFraudWarningObject {
    id: String,
    actionable: Option<bool>,
    fraud_type: Option<String>,
    created: Option<i64>,
    payment_intent: Option<Reference>,
}

/// Parses `radar.early_fraud_warning.created` and `.updated`. `reported_at` is when Stripe said it,
/// in Unix seconds.
///
/// Source: <https://docs.stripe.com/api/radar/early_fraud_warnings/object>
pub(super) fn parse(
    object: &Value,
    reported_at: i64,
) -> Result<EarlyFraudWarningEvent, Incomplete> {
    let warning =
        EarlyFraudWarningObject::deserialize(object).map_err(|_| Incomplete("data.object"))?;
    Ok(EarlyFraudWarningEvent {
        warning: EarlyFraudWarning {
            is_actionable: warning.actionable.ok_or(Incomplete("actionable"))?,
            fraud_type: warning.fraud_type.unwrap_or_else(|| "misc".to_owned()),
            created_at: warning.created.unwrap_or(reported_at),
            reported_at,
            id: warning.id,
        },
        payment_reference: warning.payment_intent.map(Reference::into_id),
    })
}
