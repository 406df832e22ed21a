use std::time::Duration;

use domain::id::VariantId;
use leptos::ev;
use leptos::prelude::*;
use text::Text;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlFormElement, VisibilityState};

use super::cart_provider::{Asked, CartContext};
use super::language::text;
use super::page_data;
use super::text::{amount_html, escape, fixed, translated, untranslated};
use crate::cart_view::{CartView, LineView};
use crate::error::ActionError;

/// The time for which the button says that it is at work, and the longest that it waits for amounts
/// that are on their way.
const BUSY: Duration = Duration::from_secs(8);

/// The form that leads to the payment.
const CHECKOUT: &str = "checkout";

/// The button that brings a removed line back.
const UNDO: &str = "undo";

/// The state that the lines share: the cart as last priced, and how to change it.
#[derive(Clone, Copy)]
pub(super) struct PanelContext {
    text: Text,
    cart: CartContext,
    view: RwSignal<CartView>,
    error: RwSignal<String>,
    /// The lines that the page has, in order; others can only be shown by the server's next page.
    known: StoredValue<Vec<String>>,
    /// Counts changes, so that of several answers under way only the newest is shown.
    change: StoredValue<u32>,
    /// True if the amounts are those of a cart that has changed since.
    is_stale: RwSignal<bool>,
    /// True if the shopper goes on to pay, once the amounts are there.
    is_leaving: RwSignal<bool>,
    /// The line that was removed last, while it can be brought back.
    removed: RwSignal<CartView>,
    /// The number of lines that are awake.
    awake: StoredValue<usize>,
}

/// The lines of the cart, which come as children, their sum, and the way to pay. Amounts always
/// come from the server.
#[island]
pub fn CartPanel(children: Children) -> impl IntoView {
    let view = CartView::from_json(&page_data());
    let known: Vec<_> = view.lines.iter().map(|line| line.variant.clone()).collect();
    let panel = PanelContext {
        text: text(),
        cart: expect_context::<CartContext>(),
        known: StoredValue::new(known),
        view: RwSignal::new(view),
        error: RwSignal::new(String::new()),
        change: StoredValue::new(0),
        is_stale: RwSignal::new(false),
        is_leaving: RwSignal::new(false),
        removed: RwSignal::new(CartView::default()),
        awake: StoredValue::new(0),
    };
    provide_context(panel);
    let text = panel.text.cart();
    Effect::new(move |_| {
        // A page that comes back out of the browser's memory shows what was true when it was left.
        window_event_listener(ev::pageshow, move |event| {
            panel.is_leaving.set(false);
            if event.persisted() {
                panel.price();
            }
        });
        // Another tab may have changed the cart while this one was not looked at.
        window_event_listener(ev::visibilitychange, move |_| {
            if document().visibility_state() == VisibilityState::Visible && panel.is_outdated() {
                panel.price();
            }
        });
    });
    let submit = move |event: ev::SubmitEvent| panel.check_out(&event);
    let is_empty = Signal::derive(move || panel.view.with(|view| view.lines.is_empty()));
    let subtotal = Signal::derive(move || panel.view.with(|view| view.subtotal.clone()));
    let dropped = Signal::derive(move || panel.view.with(|view| view.dropped.clone()));
    let is_nothing_removed =
        Signal::derive(move || panel.removed.with(|removed| removed.lines.is_empty()));
    let removal = Signal::derive(move || {
        // Said once the new sum is there.
        if is_nothing_removed.get() || panel.is_stale.get() {
            return String::new();
        }
        let name = panel.removed.with(|removed| {
            let line = removed.lines.first();
            line.map_or_else(String::new, |line| escape(&line.name))
        });
        let name = format!("<bdi>{name}</bdi>");
        text.removed(&name, &amount_html(&subtotal.get()))
    });
    view! {
        <div role="alert">
            <p class="cart-error" hidden=Signal::derive(move || panel.error.with(String::is_empty))>
                {translated(panel.error.into())}
            </p>
        </div>
        <p class="notice" role="status" hidden=Signal::derive(move || dropped.with(String::is_empty))>
            {translated(dropped)}
        </p>
        <div class="cart-removed" class:is-empty=is_nothing_removed>
            <p role="status" inner_html=removal></p>
            <button
                class="link"
                type="button"
                id=UNDO
                hidden=is_nothing_removed
                on:click=move |_| panel.undo()
                inner_html=fixed(|| text.undo())
            ></button>
        </div>
        <div class="cart" class:is-stale=Signal::from(panel.is_stale) hidden=is_empty>
            {children()}
            <section class="summary" aria-label=fixed(|| text.summary())>
                <dl>
                    <dt inner_html=fixed(|| text.subtotal())></dt>
                    <dd class="amount">{untranslated(subtotal)}</dd>
                </dl>
                <form id=CHECKOUT action="/api/start_checkout" method="post" on:submit=submit>
                    <button
                        class="button is-wide"
                        aria-busy=Signal::derive(move || panel.is_leaving.get().to_string())
                        inner_html=fixed(|| text.checkout())
                    ></button>
                </form>
                <p class="hint" inner_html=fixed(|| text.paid_at_stripe())></p>
            </section>
        </div>
        <div hidden=Signal::derive(move || !is_empty.get())>
            <p class="empty" inner_html=fixed(|| text.is_empty())></p>
            <p><a class="button" href="/products" inner_html=fixed(|| panel.text.layout().browse_store())></a></p>
        </div>
    }
}

impl PanelContext {
    /// The line of a variant; one that was removed is all zeros.
    pub(super) fn line(self, variant: &str) -> LineView {
        self.view
            .with(|view| view.line(variant).cloned().unwrap_or_default())
    }

    /// The line whose controls are made next: they come in the order of the lines.
    pub(super) fn next_line(self) -> LineView {
        let at = self.awake.get_value();
        self.awake.set_value(at + 1);
        self.view
            .with_untracked(|view| view.lines.get(at).cloned().unwrap_or_default())
    }

    /// Changes a line's quantity by what the cookie has, which is newer than what the server priced
    /// last.
    pub(super) fn change_quantity(self, variant: &str, change: &dyn Fn(u32) -> u32) {
        let Ok(id) = VariantId::parse(variant) else {
            return;
        };
        let quantity = self.cart.change(|cart| {
            let quantity = change(cart.quantity(&id));
            cart.set(id, quantity)
        });
        let mut removed = CartView::default();
        if quantity == 0 {
            self.focus_after(variant);
            removed.lines.push(self.line(variant));
        }
        self.removed.set(removed);
        self.view.update(|view| {
            if quantity == 0 {
                view.lines.retain(|line| line.variant != variant);
            } else if let Some(line) = view.lines.iter_mut().find(|line| line.variant == variant) {
                line.quantity = quantity;
            }
        });
        self.price();
    }

    /// True if the cookie has another cart than the one that is shown. Lines that cannot be bought
    /// stay in the cookie as they are.
    fn is_outdated(self) -> bool {
        let (cart, lines) = (self.cart.quantities(), self.view.get_untracked().lines);
        cart.len() != lines.len()
            || cart.iter().any(|(id, quantity)| {
                !lines.iter().any(|line| {
                    line.variant == *id && (line.quantity == *quantity || line.quantity == 0)
                })
            })
    }

    /// Shows a line again as it is, over whatever was typed.
    pub(super) fn restore(self) {
        self.view.notify();
    }

    /// Brings back the line that was removed last.
    fn undo(self) {
        let Some(line) = self.removed.get_untracked().lines.pop() else {
            return;
        };
        let (variant, quantity) = (line.variant.clone(), line.quantity.max(1));
        self.view.update(|view| view.lines.push(line));
        self.change_quantity(&variant, &|_| quantity);
        focus_later(line_id(&variant));
    }

    /// Moves the focus from a line that goes to the one that takes its place.
    fn focus_after(self, variant: &str) {
        let is_shown =
            |known: &&String| self.view.with_untracked(|view| view.line(known).is_some());
        let next = self.known.with_value(|known| {
            let at = known.iter().position(|known| known == variant)?;
            let (before, after) = known.split_at(at);
            let after = after.iter().skip(1).find(is_shown);
            after
                .or_else(|| before.iter().rev().find(is_shown))
                .map(|id| line_id(id))
        });
        match next {
            Some(next) => focus_later(next),
            None => focus_later(UNDO.to_owned()),
        }
    }

    /// Goes to pay, once the amounts are those of the cart. A second click is not held back: the
    /// server makes it the same order, and a button that does nothing after a payment page that
    /// never came would be worse.
    fn check_out(self, event: &ev::SubmitEvent) {
        if self.is_outdated() {
            // What is paid for is the cookie's cart, so it has to be seen first.
            event.prevent_default();
            self.price();
            self.error
                .set(self.text.cart().changed_elsewhere().to_owned());
            return;
        }
        let is_waiting = self.is_stale.get_untracked();
        if is_waiting {
            event.prevent_default();
            if !self.error.with_untracked(String::is_empty) {
                self.price();
            }
        }
        self.is_leaving.set(true);
        set_timeout(
            move || {
                // The server has the last word on a cart whose amounts never came.
                if is_waiting {
                    self.leave();
                }
                self.is_leaving.set(false);
            },
            BUSY,
        );
    }

    /// Sends the form that waited for amounts.
    fn leave(self) {
        let form = document().get_element_by_id(CHECKOUT);
        if self.is_leaving.get_untracked()
            && let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok())
        {
            let _ = form.submit();
        }
    }

    /// Asks the server what the cart costs now.
    fn price(self) {
        let change = self.change.get_value().wrapping_add(1);
        self.change.set_value(change);
        self.is_stale.set(true);
        self.error.set(String::new());
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
                        self.view.set(view);
                        self.is_stale.set(false);
                        self.leave();
                    }
                    Err(error) => {
                        self.is_leaving.set(false);
                        self.error.set(message(self.text, error).to_owned());
                    }
                }
            }),
        );
    }
}

/// The text for a shopper whose cart was not priced. A page that is older than the server asks
/// wrongly; everything else is the server's fault.
fn message(text: Text, error: ActionError) -> &'static str {
    match error {
        ActionError::BadRequest => text.error().bad_request(),
        ActionError::Forbidden
        | ActionError::NotFound
        | ActionError::Busy
        | ActionError::Unavailable => text.error().unavailable(),
    }
}

/// The id of the line of a variant on the page.
fn line_id(variant: &str) -> String {
    format!("line-{variant}")
}

/// Moves the focus to what is shown once the page has followed the signals.
fn focus_later(id: String) {
    let focus = move || {
        let element = document().get_element_by_id(&id);
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    };
    set_timeout(focus, Duration::ZERO);
}
