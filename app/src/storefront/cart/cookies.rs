use domain::cart::{Cart, PricedCart, SeenPrices};
use domain::id::CartKey;
use shop::Purpose;

use crate::response::Reader;
use crate::{request, response};

/// The age to which a browser keeps its cart, in seconds.
const CART_SECONDS: i64 = 30 * 24 * 60 * 60;

/// The cookie that names the cart, so that it is not paid twice; over https with `__Host-` before
/// it.
const KEY_COOKIE: &str = "cart_key";

/// The cookie that, with the key, opens the page of the order that the cart was paid with. It never
/// enters the database, so a key that was seen somewhere gives no order away.
const ACCESS_COOKIE: &str = "order_access";

/// The browser's cart.
pub(crate) fn current() -> Cart {
    Cart::from_cookie_header(&request::cookies())
}

pub(super) fn write(cart: &Cart) {
    let seconds = if cart.is_empty() { 0 } else { CART_SECONDS };
    response::set_cookie(
        Cart::COOKIE,
        &cart.to_string(),
        seconds,
        Reader::Page,
        "Lax",
    );
}

pub(crate) fn seen() -> SeenPrices {
    request::cookie(SeenPrices::COOKIE)
        .map_or_else(SeenPrices::default, |value| SeenPrices::from_cookie(&value))
}

pub(super) fn remember_seen(priced: &PricedCart) {
    let seen = SeenPrices::of(priced).to_string();
    // What the browser has is not set again: an answer without a cookie may be kept for a step
    // back.
    if request::cookie(SeenPrices::COOKIE).unwrap_or_default() == seen {
        return;
    }
    let seconds = if priced.is_empty() { 0 } else { CART_SECONDS };
    response::set_cookie(SeenPrices::COOKIE, &seen, seconds, Reader::Server, "Lax");
}

/// The key that names the cart, if the browser sent one that this installation made.
pub(super) fn key() -> Option<CartKey> {
    let shop = request::shop();
    shop::cart::parse_key(
        &shop,
        &request::cookie(&request::host_cookie(&shop, KEY_COOKIE))?,
    )
}

/// The cart's name, made if it has none. The cart page gives it, so that two tabs that show the
/// cart share it.
pub(crate) fn ensure_key() -> CartKey {
    key().unwrap_or_else(|| {
        let key = shop::cart::new_key(&request::shop());
        write_key(&key);
        key
    })
}

/// Gives the browser a new key, and what opens the order that will be paid with it.
pub(super) fn write_key(key: &CartKey) {
    let shop = request::shop();
    let access = shop.mac(Purpose::OrderAccess, &[key.as_str()]);
    for (name, value) in [(KEY_COOKIE, key.as_str()), (ACCESS_COOKIE, &access)] {
        let name = request::host_cookie(&shop, name);
        response::set_cookie(&name, value, CART_SECONDS, Reader::Server, "Lax");
    }
}

/// True if the browser was given `key` by the server, and may be told the address of its order.
pub(crate) fn has_access(key: &CartKey) -> bool {
    let shop = request::shop();
    request::cookie(&request::host_cookie(&shop, ACCESS_COOKIE))
        .is_some_and(|mac| shop.is_mac(Purpose::OrderAccess, &[key.as_str()], &mac))
}
