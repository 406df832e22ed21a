use leptos::prelude::*;

use super::cart_provider::CartContext;
use super::language::text;

/// The link to the cart, with how much is in it.
#[island]
pub fn CartBadge() -> impl IntoView {
    let cart = expect_context::<CartContext>();
    let text = text().cart();
    let count = cart.count;
    // Looked at here and not in the provider, whose effect runs before this island is awake: what
    // it set would be taken for what the page shows already.
    Effect::new(move |_| cart.look());
    let name = Signal::derive(move || match count.get() {
        None => text.title().to_owned(),
        Some(count) => text.items(count),
    });
    let number = Signal::derive(move || match count.get() {
        None | Some(0) => String::new(),
        Some(count) => count.to_string(),
    });
    let is_empty = Signal::derive(move || number.with(String::is_empty));
    view! {
        <a class="cart-link" href="/cart" aria-label=name>
            <svg class="cart-link-icon" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
                <path d="M5 8h14l-1.2 11.2a1.5 1.5 0 0 1-1.5 1.3H7.7a1.5 1.5 0 0 1-1.5-1.3L5 8Z"></path>
                <path d="M8.5 10.5V7a3.5 3.5 0 0 1 7 0v3.5"></path>
            </svg>
            <span
                class="cart-link-count"
                class:is-empty=is_empty
                translate="no"
                aria-hidden="true"
                inner_html=number
            ></span>
        </a>
    }
}
