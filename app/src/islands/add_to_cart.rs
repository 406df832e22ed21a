use domain::cart::parse_quantity;
use domain::id::VariantId;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement};

use super::cart_provider::{Asked, CartContext};
use crate::cart_view::CartView;

/// The form on a product's page. Its fields come as children, so a browser without WASM sends them to the server.
#[island]
pub fn AddToCartForm(children: Children) -> impl IntoView {
    let cart = expect_context::<CartContext>();
    let is_added = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    let say = move |good: bool, text: String| {
        is_added.set(good);
        said.set(text);
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some((variant, quantity)) = read(&event) else {
            say(
                false,
                "Choose a variant and a quantity of 1 or more.".to_owned(),
            );
            return;
        };
        let all_fit = cart.change(|cart| cart.add(variant.clone(), quantity));
        cart.price(
            Asked::One(variant.clone()),
            Box::new(move |answer| match answer {
                Ok(view) => match problem(&view, &variant, all_fit) {
                    None => say(true, "Added to your cart.".to_owned()),
                    Some(text) => say(false, text),
                },
                Err(error) => say(false, error.to_string()),
            }),
        );
    };
    view! {
        <form class="buy" action="/api/add_to_cart" method="post" on:submit=submit>
            {children()}
            <p class="buy-said" role="status">
                <span class:said-good=is_added class:said-bad=move || !is_added.get()>{said}</span>
                <a href="/cart" hidden=move || !is_added.get()>"Review and pay"</a>
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

/// Why less than what was asked for is in the cart, if it is.
fn problem(view: &CartView, variant: &VariantId, all_fit: bool) -> Option<String> {
    match view.line(variant.as_str()) {
        None => Some("This is no longer sold.".to_owned()),
        Some(line) if !line.notice.is_empty() => Some(line.notice.clone()),
        Some(_) if !all_fit => Some(
            "A cart holds up to 50 different prints and 99 of each. What fits was added."
                .to_owned(),
        ),
        Some(_) => None,
    }
}
