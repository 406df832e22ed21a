use leptos::prelude::*;

use crate::error::ActionError;

/// Signs the owner in and shows the orders.
#[server(prefix = "/api", endpoint = "sign_in")]
pub async fn sign_in(#[server(default)] password: String) -> Result<(), ActionError> {
    crate::context::owner::sign_in(&password).await
}

/// Signs the owner out.
#[server(prefix = "/api", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), ActionError> {
    crate::context::owner::sign_out().await
}
