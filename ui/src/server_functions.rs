use std::pin::Pin;

use leptos::prelude::*;

use crate::cart_view::CartView;
use crate::error::ActionError;
use crate::wire::WireJson;

/// The handlers of the server functions. The server provides them for each request; in the browser
/// there is none.
#[derive(Clone, Copy)]
pub struct Handlers {
    /// Answers [`view_cart`].
    pub view_cart: fn(bool) -> Answer<CartView>,
    /// Answers [`order_progress`].
    pub order_progress: fn(String) -> Answer<String>,
}

/// An answer on its way.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<T, ActionError>> + Send>>;

/// Prices the browser's cart from the database. Islands ask for it after they changed the cookie;
/// `is_shown` says that all of the answer will be seen.
#[server(prefix = "/api", endpoint = "view_cart", output = WireJson)]
pub async fn view_cart(#[server(default)] is_shown: bool) -> Result<CartView, ActionError> {
    let handlers = expect_context::<Handlers>();
    (handlers.view_cart)(is_shown).await
}

/// The status of the order behind `token`, as `OrderStatus` writes it.
#[server(prefix = "/api", endpoint = "order_progress", output = WireJson)]
pub async fn order_progress(#[server(default)] token: String) -> Result<String, ActionError> {
    let handlers = expect_context::<Handlers>();
    (handlers.order_progress)(token).await
}
