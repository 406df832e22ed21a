//! Early fraud warnings.

use serde_json::Value;

use crate::http::{ApiError, Call, list, lookup};
use crate::objects::{EarlyFraudWarning, ObjectType};

pub(super) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    list::narrowed(
        call,
        EarlyFraudWarning::KIND,
        &["charge", "payment_intent"],
        "/v1/radar/early_fraud_warnings",
    )
    .await
}

pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    lookup::only_expand(call)?;
    Ok(lookup::find::<EarlyFraudWarning>(call, id)
        .await?
        .into_body())
}
