use domain::cart::Cart;
use domain::id::VariantId;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::VisibilityState;

use super::browser;
use crate::cart_view::CartView;
use crate::error::ActionError;
use crate::server_functions::view_cart;

/// The number of pieces that the server counted, on a page that is made for one shopper.
#[derive(Clone, Copy)]
pub struct ServerCount(pub u32);

/// The state of the cart that the islands of a page share.
#[derive(Clone, Copy)]
pub(super) struct CartContext {
    /// The number of pieces in it; unknown on a page that is the same for all shoppers, until WASM
    /// has looked.
    pub(super) count: RwSignal<Option<u32>>,
}

/// Wraps the layout, and hands the cart down to the islands in it.
#[island]
pub fn CartProvider(children: Children) -> impl IntoView {
    let counted = use_context::<ServerCount>().map(|count| count.0);
    let context = CartContext {
        count: RwSignal::new(counted),
    };
    provide_context(context);
    Effect::new(move |_| {
        // Another tab, or the page before a step back, may have changed the cart.
        // This island lives as long as its page, and so do these.
        window_event_listener(ev::pageshow, move |_| context.look());
        window_event_listener(ev::visibilitychange, move |_| {
            if document().visibility_state() == VisibilityState::Visible {
                context.look();
            }
        });
    });
    children()
}

/// The part of the cart that the shopper will see priced.
#[derive(PartialEq)]
pub(super) enum Asked {
    /// Every line.
    All,
    /// The line of one variant.
    One(VariantId),
}

/// The callback for the server's answer.
type Answered = Box<dyn FnOnce(Result<CartView, ActionError>)>;

impl CartContext {
    /// Asks the server what the cart costs, and takes over what it lowered.
    pub(super) fn price(self, asked: Asked, answered: Answered) {
        spawn_local(async move {
            let before = browser::cart();
            let answer = view_cart(asked == Asked::All).await;
            if let Ok(view) = &answer
                && browser::cart() == before
            {
                self.change(|cart| lower(cart, &asked, view));
            }
            answered(answer);
        });
    }

    /// Counts what is in the browser's cookie.
    pub(super) fn look(self) {
        self.count.set(Some(browser::cart().count()));
    }

    /// True if the browser's cookie has so many pieces of a variant.
    pub(super) fn has(self, variant: &VariantId, quantity: u32) -> bool {
        browser::cart().quantity(variant) == quantity
    }

    /// The quantities in the browser's cookie.
    pub(super) fn quantities(self) -> Vec<(String, u32)> {
        let cart = browser::cart();
        let items = cart.items().iter();
        items
            .map(|item| (item.variant.as_str().to_owned(), item.quantity))
            .collect()
    }

    /// Changes the cart in the browser's cookie.
    pub(super) fn change<T>(self, change: impl FnOnce(&mut Cart) -> T) -> T {
        let mut cart = browser::cart();
        let answer = change(&mut cart);
        browser::write_cart(&cart);
        // Counted as it was kept: a browser that refuses cookies keeps nothing.
        self.look();
        answer
    }
}

/// Takes over what the server lowered, of what was asked about: only that is said to the shopper.
fn lower(cart: &mut Cart, asked: &Asked, view: &CartView) {
    for item in cart.clone().items() {
        let is_asked = match asked {
            Asked::All => true,
            Asked::One(variant) => *variant == item.variant,
        };
        if is_asked {
            let line = view.line(item.variant.as_str());
            // A line that is sold out stays, so that it is not lost unseen; one that is no longer
            // sold goes.
            cart.set(
                item.variant.clone(),
                line.map_or(0, |line| line.quantity.max(1)),
            );
        }
    }
}
