use domain::cart::{PricedCart, PricedLine, parse_quantity};
use domain::id::VariantId;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::cart_provider::CartContext;
use crate::actions::view_cart;
use crate::error::ActionError;

/// One line of the cart.
mod line;

use line::CartLine;

/// What the rows share: the cart as last priced, and how to change it.
#[derive(Clone, Copy)]
struct Lines {
    cart: CartContext,
    priced: RwSignal<PricedCart>,
    error: RwSignal<Option<ActionError>>,
    /// Counts changes, so that of several answers under way only the newest is shown.
    change: StoredValue<u32>,
}

/// The lines of the cart with their amounts, which always come from the server.
#[island]
pub fn CartLines(
    /// The cart as the server priced it for this page.
    priced: PricedCart,
) -> impl IntoView {
    let lines = Lines {
        cart: expect_context::<CartContext>(),
        priced: RwSignal::new(priced),
        error: RwSignal::new(None),
        change: StoredValue::new(0),
    };
    let is_leaving = RwSignal::new(false);
    Effect::new(move |_| {
        // A page that comes back out of the browser's memory shows what was true when it was left.
        let shown = window_event_listener(ev::pageshow, move |event| {
            is_leaving.set(false);
            if event.persisted() {
                lines.price();
            }
        });
        on_cleanup(move || shown.remove());
    });
    let submit = move |event: ev::SubmitEvent| {
        if is_leaving.get_untracked() {
            event.prevent_default();
        }
        is_leaving.set(true);
    };
    view! {
        <p class="cart-error" role="alert">
            {move || lines.error.get().map(|error| error.to_string())}
        </p>
        <Show
            when=move || lines.priced.with(|cart| !cart.is_empty())
            fallback=|| view! {
                <p class="empty" tabindex="-1" id="cart-empty">"Your cart is empty."</p>
                <p><a class="button" href="/products">"Browse prints"</a></p>
            }
        >
            <div class="cart">
                <ul class="cart-lines">
                    <For
                        each=move || lines.priced.with(|cart| {
                            cart.lines.iter().map(|line| line.variant.clone()).collect::<Vec<_>>()
                        })
                        key=VariantId::clone
                        children=move |variant| view! { <CartLine lines variant/> }
                    />
                </ul>
                <section class="summary" aria-label="Summary">
                    <dl>
                        <dt>"Subtotal"</dt>
                        <dd class="amount">
                            {move || lines.priced.with(|cart| cart.subtotal.to_string())}
                        </dd>
                    </dl>
                    <form action="/api/start_checkout" method="post" on:submit=submit>
                        <button class="button is-wide" aria-busy=move || is_leaving.get().to_string()>
                            "Checkout"
                        </button>
                    </form>
                    <p class="hint">"You pay on Stripe's page. Your card never reaches this shop."</p>
                </section>
            </div>
        </Show>
    }
}

impl Lines {
    fn line(self, variant: &VariantId) -> Option<PricedLine> {
        self.priced.with(|cart| {
            cart.lines
                .iter()
                .find(|line| line.variant == *variant)
                .cloned()
        })
    }

    fn set_quantity(self, variant: &VariantId, quantity: u32) {
        self.cart.change(|cart| cart.set(variant.clone(), quantity));
        self.price();
    }

    fn set_quantity_text(self, variant: &VariantId, text: &str) {
        match parse_quantity(text) {
            Some(quantity) => self.set_quantity(variant, quantity),
            // The field goes back to what the cart has.
            None => self.priced.notify(),
        }
    }

    fn remove(self, variant: &VariantId) {
        self.cart.change(|cart| cart.remove(variant));
        self.priced
            .update(|cart| cart.lines.retain(|line| line.variant != *variant));
        self.price();
    }

    fn price(self) {
        let change = self.change.get_value().wrapping_add(1);
        self.change.set_value(change);
        spawn_local(async move {
            let answer = view_cart().await;
            if self.change.get_value() != change {
                return;
            }
            match answer {
                Ok(priced) => {
                    self.cart.change(|cart| *cart = priced.to_cart());
                    self.error.set(None);
                    self.priced.set(priced);
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }
}
