//! Storing what a request adds, edits or deletes, with the event about it.

use serde_json::{Value, json};

use super::call::Call;
use super::error::ApiError;
use crate::objects::Object;
use crate::store::objects;

/// Adds a new object and records its event.
pub(crate) async fn add(call: &mut Call<'_>, object: &Object, event: &str) -> Result<(), ApiError> {
    objects::insert(call.db, object).await?;
    call.scope().record(event, object).await?;
    Ok(())
}

/// Writes an edited object and records its event, unless nothing changed. What answers show only on
/// request is not in events, so that a change of it alone makes none.
pub(crate) async fn save(
    call: &mut Call<'_>,
    before: &Object,
    after: &Object,
    event: &str,
) -> Result<(), ApiError> {
    let edited = before.body() != after.body();
    if edited || before.private() != after.private() {
        objects::update(call.db, after).await?;
    }
    if edited {
        call.scope()
            .record_change(event, before.body(), after)
            .await?;
    }
    Ok(())
}

/// The answer that is left of a deleted object.
pub(crate) fn tombstone(object: &Object) -> Value {
    json!({ "id": object.id(), "object": object.kind(), "deleted": true })
}
