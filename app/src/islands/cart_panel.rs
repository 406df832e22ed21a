use domain::id::VariantId;
use leptos::ev;
use leptos::prelude::*;

use super::cart_provider::CartContext;
use crate::cart_view::{CartView, LineView};

/// What the lines share: the cart as last priced, and how to change it.
#[derive(Clone, Copy)]
pub(super) struct PanelContext {
    cart: CartContext,
    view: RwSignal<CartView>,
    error: RwSignal<String>,
    /// Counts changes, so that of several answers under way only the newest is shown.
    change: StoredValue<u32>,
}

/// The lines of the cart, which come as children, their sum, and the way to pay. Amounts always come from the server.
#[island]
pub fn CartPanel(
    /// The cart as the server priced it for this page, in JSON.
    view: String,
    children: Children,
) -> impl IntoView {
    let is_leaving = RwSignal::new(false);
    let panel = PanelContext {
        cart: expect_context::<CartContext>(),
        view: RwSignal::new(CartView::from_json(view)),
        error: RwSignal::new(String::new()),
        change: StoredValue::new(0),
    };
    provide_context(panel);
    Effect::new(move |_| {
        // A page that comes back out of the browser's memory shows what was true when it was left.
        window_event_listener(ev::pageshow, move |event| {
            is_leaving.set(false);
            if event.persisted() {
                panel.price();
            }
        });
    });
    let submit = move |event: ev::SubmitEvent| {
        if is_leaving.get_untracked() {
            event.prevent_default();
        }
        is_leaving.set(true);
    };
    let is_empty = move || panel.view.with(|view| view.lines.is_empty());
    view! {
        <div role="alert">
            <p class="cart-error" hidden=move || panel.error.with(String::is_empty)>{panel.error}</p>
        </div>
        <div class="cart" hidden=is_empty>
            <ul class="cart-lines">{children()}</ul>
            <section class="summary" aria-label="Summary">
                <dl>
                    <dt>"Subtotal"</dt>
                    <dd class="amount">{move || panel.view.with(|view| view.subtotal.clone())}</dd>
                </dl>
                <form action="/api/start_checkout" method="post" on:submit=submit>
                    <button class="button is-wide" aria-busy=move || is_leaving.get().to_string()>
                        "Checkout"
                    </button>
                </form>
                <p class="hint">"You pay on Stripe's page. Your card never reaches this shop."</p>
            </section>
        </div>
        <div hidden=move || !is_empty()>
            <p class="empty">"Your cart is empty."</p>
            <p><a class="button" href="/products">"Browse prints"</a></p>
        </div>
    }
}

impl PanelContext {
    /// The line of a variant; one that was removed is all zeros.
    pub(super) fn line(self, variant: &str) -> LineView {
        self.view
            .with(|view| view.line(variant).cloned().unwrap_or_default())
    }

    /// Sets a line's quantity; zero removes it.
    pub(super) fn set_quantity(self, variant: &str, quantity: u32) {
        if let Ok(variant) = VariantId::parse(variant) {
            self.cart.change(|cart| cart.set(variant, quantity));
        }
        if quantity == 0 {
            self.view
                .update(|view| view.lines.retain(|line| line.variant != variant));
        }
        self.price();
    }

    /// Shows a line again as it is, over whatever was typed.
    pub(super) fn restore(self) {
        self.view.notify();
    }

    /// Asks the server what the cart costs now.
    fn price(self) {
        let change = self.change.get_value().wrapping_add(1);
        self.change.set_value(change);
        self.cart.price(Box::new(move |answer| {
            if self.change.get_value() != change {
                return;
            }
            match answer {
                Ok(view) => {
                    self.error.set(String::new());
                    self.view.set(view);
                }
                Err(error) => self.error.set(error.to_string()),
            }
        }));
    }
}
