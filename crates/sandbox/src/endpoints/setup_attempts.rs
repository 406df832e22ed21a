//! Setup Attempts: what became of Setup Intents.

use serde_json::Value;

use crate::http::{ApiError, Call, list};

/// The parameter that names the Setup Intent, which is required.
const INTENT: &str = "setup_intent";

pub(super) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    if !call.params.has(INTENT) {
        return Err(ApiError::missing(INTENT));
    }
    list::narrowed(call, "setup_attempt", &[INTENT], "/v1/setup_attempts").await
}
