/// The cart as the browser keeps it: what, and how many. Never a price.
mod basket;
/// The cart as the server prices it, and what it has to say about changes.
mod priced;

pub use basket::{Cart, CartItem, MAX_COOKIE_BYTES, MAX_LINES, MAX_QUANTITY, parse_quantity};
pub use priced::{LineNotice, PricedCart, PricedLine, SeenPrices};
