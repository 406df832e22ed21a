use leptos::prelude::*;

use crate::error::ActionError;

/// Signs the owner in and shows the page that they were on their way to.
#[server(prefix = "/api", endpoint = "sign_in")]
pub async fn sign_in(
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), ActionError> {
    crate::context::owner::sign_in(&password, &next).await
}

/// Signs the owner out.
#[server(prefix = "/api", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), ActionError> {
    crate::context::owner::sign_out().await
}
