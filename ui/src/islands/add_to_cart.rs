use std::time::Duration;

use domain::cart::parse_quantity;
use domain::id::VariantId;
use leptos::ev;
use leptos::prelude::*;
use text::Text;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement};

use super::cart_provider::{Asked, CartContext};
use super::language::text;
use super::text::{fixed, translated};
use crate::cart_view::CartView;
use crate::error::ActionError;

/// The longest that the form waits for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The form on a product's page. Its fields come as children, so a browser without WASM sends them
/// to the server.
#[island]
pub fn AddToCartForm(children: Children) -> impl IntoView {
    let cart = expect_context::<CartContext>();
    let text = text();
    let is_added = RwSignal::new(false);
    let is_busy = RwSignal::new(false);
    let is_not_added = Signal::derive(move || !is_added.get());
    let said = RwSignal::new(String::new());
    let say = move |good: bool, message: &str| {
        is_busy.set(false);
        is_added.set(good);
        said.set(message.to_owned());
    };
    // Counts attempts, so that an answer that comes too late changes nothing.
    let attempt = StoredValue::new(0_u32);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        // What is tapped while an answer is on its way was meant once.
        if is_busy.get_untracked() {
            return;
        }
        let Some((variant, quantity)) = read(&event) else {
            say(false, text.catalog().choose_variant());
            return;
        };
        let (before, after, all_fit) = cart.change(|cart| {
            let before = cart.quantity(&variant);
            let all_fit = cart.add(variant.clone(), quantity);
            (before, cart.quantity(&variant), all_fit)
        });
        if !cart.has(&variant, after) {
            say(false, text.catalog().no_cookies());
            return;
        }
        say(false, "");
        is_busy.set(true);
        let this = attempt.get_value().wrapping_add(1);
        attempt.set_value(this);
        let variant_asked = variant.clone();
        let answered = move |answer: Result<CartView, ActionError>| {
            if attempt.get_value() != this {
                return;
            }
            attempt.set_value(this.wrapping_add(1));
            match answer {
                Ok(view) => match problem(text, &view, &variant, all_fit) {
                    None => say(true, text.catalog().added()),
                    Some(problem) => say(false, &problem),
                },
                Err(_) => {
                    // Nobody knows whether it can be bought, so trying again has to begin where
                    // this did.
                    if cart.has(&variant, after) {
                        cart.change(|cart| cart.set(variant, before));
                    }
                    say(false, text.catalog().no_answer());
                }
            }
        };
        let too_late = answered.clone();
        set_timeout(move || too_late(Err(ActionError::Unavailable)), PATIENCE);
        cart.price(Asked::One(variant_asked), Box::new(answered));
    };
    view! {
        <form class="buy" action="/api/add_to_cart" method="post" on:submit=submit>
            {children()}
            <button class="button" aria-busy=Signal::derive(move || is_busy.get().to_string()) inner_html=fixed(|| text.catalog().add_to_cart())></button>
            <p class="buy-said" role="status">
                <span class:said-good=Signal::from(is_added) class:said-bad=is_not_added>
                    {translated(said.into())}
                </span>
                <a href="/cart" hidden=is_not_added inner_html=fixed(|| text.catalog().review_and_pay())></a>
            </p>
        </form>
    }
}

fn read(event: &ev::SubmitEvent) -> Option<(VariantId, u32)> {
    let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
    let fields = FormData::new_with_form(&form).ok()?;
    let variant = VariantId::parse(&fields.get("variant").as_string()?).ok()?;
    let quantity = parse_quantity(&fields.get("quantity").as_string()?)?;
    (quantity > 0).then_some((variant, quantity))
}

/// The reason why less than what was asked for is in the cart, if it is.
fn problem(text: Text, view: &CartView, variant: &VariantId, all_fit: bool) -> Option<String> {
    match view.line(variant.as_str()) {
        None => Some(text.catalog().no_longer_sold().to_owned()),
        Some(line) if !line.notice.is_empty() => Some(line.notice.clone()),
        Some(_) if !all_fit => Some(text.cart().full().to_owned()),
        Some(_) => None,
    }
}
