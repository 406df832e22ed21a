use leptos::prelude::*;

use crate::error::ActionError;
use crate::wire::WireJson;

/// Where the money of the order behind `token` is, as `OrderStatus` writes it.
#[server(prefix = "/api", endpoint = "order_progress", output = WireJson)]
pub async fn order_progress(#[server(default)] token: String) -> Result<String, ActionError> {
    Ok(crate::context::order::progress(&token).await?.to_string())
}
