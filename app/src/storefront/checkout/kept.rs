use shop::Purpose;

use super::form::CheckoutForm;
use crate::request;
use crate::response::{Reader, set_cookie};

/// The cookie that keeps what was typed, sealed by the server.
const COOKIE: &str = "checkout";

/// For how long a browser keeps it, in seconds.
const SECONDS: i64 = 30 * 24 * 60 * 60;

/// The most bytes of the cookie's value; browsers take 4096 with the name and the attributes.
const MAX_BYTES: usize = 3800;

/// The form as this browser was sent it last, or an empty one.
pub(super) fn load() -> CheckoutForm {
    let shop = request::shop();
    let kept = request::cookie(&request::host_cookie(&shop, COOKIE))
        .and_then(|text| shop.unseal(Purpose::CheckoutForm, &text));
    kept.map_or_else(CheckoutForm::default, |text| CheckoutForm::parse(&text))
}

/// Keeps what was typed. What is too long for a cookie is kept without the note, or not at all.
pub(super) fn save(form: &CheckoutForm) {
    let shop = request::shop();
    let without_note = CheckoutForm {
        note: String::new(),
        ..form.clone()
    };
    let sealed = [form, &without_note]
        .map(|form| shop.seal(Purpose::CheckoutForm, form.to_text().as_bytes()));
    if let Some(text) = sealed.iter().find(|text| text.len() <= MAX_BYTES) {
        set(text, SECONDS);
    }
}

/// Keeps what is the shopper's, after an order was paid.
pub(crate) fn forget_order() {
    let kept = load();
    if kept != CheckoutForm::default() {
        save(&kept.without_order());
    }
}

/// Takes it from the browser.
pub(super) fn forget() {
    set("", 0);
}

fn set(text: &str, seconds: i64) {
    let name = request::host_cookie(&request::shop(), COOKIE);
    set_cookie(&name, text, seconds, Reader::Server, "Lax");
}
