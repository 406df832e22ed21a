use leptos::prelude::*;

use crate::cart_view::CartView;
use crate::error::ActionError;
use crate::wire::WireJson;

/// Prices the browser's cart from the database. Islands ask for it after they changed the cookie; `is_shown` says that
/// all of the answer will be seen.
#[server(prefix = "/api", endpoint = "view_cart", output = WireJson)]
pub async fn view_cart(#[server(default)] is_shown: bool) -> Result<CartView, ActionError> {
    crate::context::cart::view(is_shown).await
}

/// Adds pieces of a variant to the cart and shows the cart. Without WASM the form on a product's page comes here.
#[server(prefix = "/api", endpoint = "add_to_cart")]
pub async fn add_to_cart(
    #[server(default)] variant: String,
    #[server(default)] quantity: String,
) -> Result<(), ActionError> {
    crate::context::cart::add(&variant, &quantity).await
}

/// Sets the quantity of a line, or changes it by `step` (`1` or `-1`), and shows the cart.
#[server(prefix = "/api", endpoint = "set_quantity")]
pub async fn set_quantity(
    #[server(default)] variant: String,
    #[server(default)] quantity: String,
    #[server(default)] step: String,
) -> Result<(), ActionError> {
    crate::context::cart::set_quantity(&variant, &quantity, &step)
}

/// Removes a line and shows the cart.
#[server(prefix = "/api", endpoint = "remove_line")]
pub async fn remove_line(#[server(default)] variant: String) -> Result<(), ActionError> {
    crate::context::cart::remove(&variant)
}
