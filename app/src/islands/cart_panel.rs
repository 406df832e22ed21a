use std::time::Duration;

use domain::id::VariantId;
use leptos::ev;
use leptos::prelude::*;

use super::cart_provider::{Asked, CartContext};
use crate::cart_view::{CartView, LineView};

/// How long the button says that it is at work.
const BUSY: Duration = Duration::from_secs(8);

/// What the lines share: the cart as last priced, and how to change it.
#[derive(Clone, Copy)]
pub(super) struct PanelContext {
    cart: CartContext,
    view: RwSignal<CartView>,
    error: RwSignal<String>,
    /// The lines that the page has; others can only be shown by the server's next page.
    known: StoredValue<Vec<String>>,
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
    let view = CartView::from_json(view);
    let known = view.lines.iter().map(|line| line.variant.clone()).collect();
    let panel = PanelContext {
        cart: expect_context::<CartContext>(),
        known: StoredValue::new(known),
        view: RwSignal::new(view),
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
    // A second click is not held back: the server makes it the same order, and a button that does nothing after a
    // payment page that never came would be worse.
    let submit = move |_: ev::SubmitEvent| {
        is_leaving.set(true);
        set_timeout(move || is_leaving.set(false), BUSY);
    };
    let is_empty = move || panel.view.with(|view| view.lines.is_empty());
    view! {
        <div role="alert">
            <p class="cart-error" hidden=move || panel.error.with(String::is_empty)>{panel.error}</p>
        </div>
        <p class="notice" role="status" hidden=move || panel.view.with(|view| view.dropped.is_empty())>
            {move || panel.view.with(|view| view.dropped.clone())}
        </p>
        <div class="cart" hidden=is_empty>
            {children()}
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

    /// Changes a line's quantity by what the cookie has, which is newer than what the server priced last.
    pub(super) fn change_quantity(self, variant: &str, change: impl FnOnce(u32) -> u32) {
        let Ok(id) = VariantId::parse(variant) else {
            return;
        };
        let quantity = self.cart.change(|cart| {
            let quantity = change(cart.quantity(&id));
            cart.set(id, quantity)
        });
        self.view.update(|view| {
            if quantity == 0 {
                view.lines.retain(|line| line.variant != variant);
            } else if let Some(line) = view.lines.iter_mut().find(|line| line.variant == variant) {
                line.quantity = quantity;
            }
        });
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
        self.cart.price(
            Asked::All,
            Box::new(move |answer| {
                if self.change.get_value() != change {
                    return;
                }
                match answer {
                    Ok(view) => {
                        let is_known = |line: &LineView| {
                            self.known.with_value(|known| known.contains(&line.variant))
                        };
                        if !view.lines.iter().all(is_known) {
                            // Another tab added it.
                            let _ = window().location().reload();
                        }
                        self.error.set(String::new());
                        self.view.set(view);
                    }
                    Err(error) => self.error.set(error.to_string()),
                }
            }),
        );
    }
}
