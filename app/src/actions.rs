/// Changing and pricing the cart.
mod cart;
/// Going to pay.
mod checkout;
/// Following an order.
mod order;
/// What the owner does with an order.
mod owner;
/// Signing in and out.
mod session;

pub use cart::{
    AddToCart, RemoveLine, SetQuantity, ViewCart, add_to_cart, remove_line, set_quantity, view_cart,
};
pub use checkout::{StartCheckout, start_checkout};
pub use order::{OrderProgress, order_progress};
pub use owner::{
    PiecesForm, RefundOrder, ReleaseOrder, SendLetter, ShipOrder, refund_order, release_order,
    send_letter, ship_order,
};
pub use session::{SignIn, SignOut, sign_in, sign_out};
