use leptos::prelude::*;

use crate::error::ActionError;

/// Where the money of the order behind `token` is, as `OrderStatus` writes it.
#[server(prefix = "/api", endpoint = "order_progress")]
pub async fn order_progress(#[server(default)] token: String) -> Result<String, ActionError> {
    Ok(crate::context::order::progress(&token).await?.to_string())
}
