use domain::cart::Cart;
use leptos::ev;
use leptos::prelude::*;
use web_sys::VisibilityState;

use super::browser;

/// What the islands of a page know together of the cart.
#[derive(Clone, Copy)]
pub(super) struct CartContext {
    /// How many pieces are in it; unknown on a page that is the same for all shoppers, until WASM has looked.
    pub(super) count: RwSignal<Option<u32>>,
}

/// Wraps the layout, and hands the cart down to the islands in it.
#[island]
pub fn CartProvider(
    /// How many pieces are in the cart, on a page that knows.
    count: Option<u32>,
    children: Children,
) -> impl IntoView {
    let context = CartContext {
        count: RwSignal::new(count),
    };
    provide_context(context);
    Effect::new(move |_| {
        context.look();
        // Another tab, or the page before a step back, may have changed the cart.
        let shown = window_event_listener(ev::pageshow, move |_| context.look());
        let focused = window_event_listener(ev::visibilitychange, move |_| {
            if document().visibility_state() == VisibilityState::Visible {
                context.look();
            }
        });
        on_cleanup(move || {
            shown.remove();
            focused.remove();
        });
    });
    children()
}

impl CartContext {
    /// Counts what is in the browser's cookie.
    pub(super) fn look(self) {
        self.count.set(Some(browser::cart().count()));
    }

    /// Changes the cart in the browser's cookie.
    pub(super) fn change<T>(self, change: impl FnOnce(&mut Cart) -> T) -> T {
        let mut cart = browser::cart();
        let answer = change(&mut cart);
        browser::write_cart(&cart);
        self.count.set(Some(cart.count()));
        answer
    }
}
