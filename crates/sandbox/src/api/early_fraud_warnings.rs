//! Early fraud warnings.

use serde_json::Value;

use super::{ApiError, Call, list, retrieve};
use crate::objects::early_fraud_warning::KIND;
use crate::store::objects::Selection;

pub(super) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = std::mem::take(&mut call.params);
    let mut selection = Selection {
        kind: KIND,
        ..Selection::default()
    };
    list::narrow(
        call,
        &mut params,
        &mut selection,
        &["charge", "payment_intent"],
    )
    .await?;
    list::page(call, params, selection, "/v1/radar/early_fraud_warnings").await
}

pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    retrieve::only_expand(call)?;
    Ok(retrieve::find(call, KIND, id).await?.into_body())
}
