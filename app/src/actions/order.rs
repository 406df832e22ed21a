use domain::order::OrderStatus;
use leptos::prelude::*;

use crate::error::ActionError;

/// Where the money of the order behind `token` is.
#[server(prefix = "/api", endpoint = "order_progress")]
pub async fn order_progress(#[server(default)] token: String) -> Result<OrderStatus, ActionError> {
    crate::context::order::progress(&token).await
}
