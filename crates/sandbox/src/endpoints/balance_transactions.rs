//! Balance transactions.

use serde_json::Value;

use crate::http::{ApiError, Call, list, lookup};
use crate::objects::{BalanceTransaction, ObjectType};
use crate::store::objects::Selection;

pub(super) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(&["payout"])?;
    let mut selection = Selection {
        kind: "balance_transaction",
        ..Selection::default()
    };
    for member in ["currency", "source", "type"] {
        let text = params.text(member, 5000)?;
        selection
            .members
            .extend(text.map(|text| (member, vec![text])));
    }
    list::page(call, params, selection, "/v1/balance_transactions").await
}

pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    lookup::only_expand(call)?;
    Ok(lookup::find::<BalanceTransaction>(call, id)
        .await?
        .into_body())
}
