use leptos::prelude::*;

use crate::error::ActionError;

/// Holds the cart's stock, makes a Checkout Session and sends the browser to it. Amounts come from the database; the
/// request carries none.
#[server(prefix = "/api", endpoint = "start_checkout")]
pub async fn start_checkout() -> Result<(), ActionError> {
    crate::context::cart::check_out().await
}
