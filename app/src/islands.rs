/// The browser's own copy of the cart.
mod browser;

/// Puts a variant into the cart.
mod add_to_cart;
/// How many pieces are in the cart, on every page.
mod cart_badge;
/// What a line of the cart lets the shopper change.
mod cart_line;
/// The cart's lines together, and the way to pay.
mod cart_panel;
/// What the other islands share.
mod cart_provider;
/// Where an order's money is, followed until it rests.
mod order_status;
/// The amount of a refund, which follows the chosen pieces.
mod refund_amount;

pub use add_to_cart::AddToCartForm;
pub use cart_badge::CartBadge;
pub use cart_line::CartLineControls;
pub use cart_panel::CartPanel;
pub use cart_provider::{CartProvider, ServerCount};
pub use order_status::OrderStatusPanel;
pub use refund_amount::RefundAmount;
