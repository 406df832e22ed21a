use domain::cart::Cart;
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::HtmlDocument;

/// The age to which the browser keeps its cart, in seconds; that of the server's cookie.
const CART_SECONDS: u32 = 30 * 24 * 60 * 60;

/// The cart in the browser's cookie, which other tabs write too.
pub(super) fn cart() -> Cart {
    let cookies = document().unchecked_into::<HtmlDocument>().cookie();
    Cart::from_cookie_header(&cookies.unwrap_or_default())
}

/// The data of this page for its islands: the value of the element [`super::PAGE_DATA`].
pub(super) fn page_data() -> String {
    attribute(super::PAGE_DATA, "value")
}

/// The language of the document, as its root element says it.
pub(super) fn language() -> String {
    attribute(super::DOCUMENT, "lang")
}

fn attribute(id: &str, name: &str) -> String {
    let element = document().get_element_by_id(id);
    element
        .and_then(|element| element.get_attribute(name))
        .unwrap_or_default()
}

/// Writes the cart into the browser's cookie.
pub(super) fn write_cart(cart: &Cart) {
    let seconds = if cart.is_empty() { 0 } else { CART_SECONDS };
    let is_https = window()
        .location()
        .protocol()
        .is_ok_and(|protocol| protocol == "https:");
    let secure = if is_https { "; Secure" } else { "" };
    let cookie = format!(
        "{}={cart}; Path=/; Max-Age={seconds}; SameSite=Lax{secure}",
        Cart::COOKIE
    );
    // Whether the browser keeps it is seen by who reads it again.
    let _ = document()
        .unchecked_into::<HtmlDocument>()
        .set_cookie(&cookie);
}
