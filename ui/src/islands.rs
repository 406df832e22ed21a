use leptos::prelude::use_context;

/// The browser's own copy of the cart.
mod browser;

/// Puts a variant into the cart.
mod add_to_cart;
/// The number of pieces in the cart, on every page.
mod cart_badge;
/// The controls of a line of the cart.
mod cart_line;
/// The cart's lines together, and the way to pay.
mod cart_panel;
/// The state that the other islands share.
mod cart_provider;
/// The language of the page.
mod language;
/// The status of an order, followed until it rests.
mod order_status;
/// The amount of a refund, which follows the chosen pieces.
mod refund_amount;
/// Texts that change while the page is open.
mod text;

/// The data of a page for its islands: a context on the server, and the value of the element
/// [`PAGE_DATA`] in a browser. The islands have no properties, because those would bring a second
/// reader of JSON into the WASM.
#[derive(Clone)]
pub struct PageData(pub String);

/// The id of the element that holds a page's [`PageData`].
pub const PAGE_DATA: &str = "page-data";

/// The id of the document's root element, whose `lang` is the language of the page.
pub const DOCUMENT: &str = "document";

fn page_data() -> String {
    if cfg!(target_family = "wasm") {
        browser::page_data()
    } else {
        use_context::<PageData>().map_or_else(String::new, |data| data.0)
    }
}

pub use add_to_cart::AddToCartForm;
pub use cart_badge::CartBadge;
pub use cart_line::CartLineControls;
pub use cart_panel::CartPanel;
pub use cart_provider::{CartProvider, ServerCount};
pub use order_status::OrderStatusPanel;
pub use refund_amount::RefundAmount;
