//! Early fraud warnings.

use serde_json::Value;

use super::{ApiError, Call, list, retrieve};
use crate::objects::early_fraud_warning::KIND;

pub(super) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    list::narrowed(
        call,
        KIND,
        &["charge", "payment_intent"],
        "/v1/radar/early_fraud_warnings",
    )
    .await
}

pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    retrieve::only_expand(call)?;
    Ok(retrieve::find(call, KIND, id).await?.into_body())
}
