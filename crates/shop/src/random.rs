use domain::id::{CartKey, OrderToken};
use rand::Rng;

/// 160 bits from the operating system's generator, as text of letters and digits.
pub(crate) fn token() -> String {
    let mut bytes = [0_u8; 20];
    rand::rng().fill(&mut bytes);
    hex::encode(bytes)
}

/// The unguessable part of a new order page's address.
pub(crate) fn order_token() -> OrderToken {
    OrderToken::parse(&token()).expect("a token is hexadecimal digits")
}

/// A cart key that no browser has, for an order that belongs to no cart.
pub(crate) fn unused_cart_key() -> CartKey {
    CartKey::parse(&token()).expect("a token is hexadecimal digits")
}
