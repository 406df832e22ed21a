use domain::cart::{LineNotice, PricedCart, parse_quantity};
use domain::id::VariantId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement, SubmitEvent};

use super::cart_provider::CartContext;
use crate::actions::view_cart;

/// What the form says after a click.
#[derive(Clone, PartialEq)]
enum Said {
    Nothing,
    Added(String),
    Problem(String),
}

/// The form on a product's page. Its fields come as children, so a browser without WASM sends them to the server.
#[island]
pub fn AddToCartForm(children: Children) -> impl IntoView {
    let cart = expect_context::<CartContext>();
    let said = RwSignal::new(Said::Nothing);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        said.set(Said::Nothing);
        let Some((variant, quantity)) = read(&event) else {
            said.set(Said::Problem(
                "Choose a variant and a quantity of 1 or more.".to_owned(),
            ));
            return;
        };
        let all_fit = cart.change(|cart| cart.add(variant.clone(), quantity));
        spawn_local(async move {
            said.set(match view_cart().await {
                Ok(priced) => {
                    cart.change(|cart| *cart = priced.to_cart());
                    answer(&priced, &variant, all_fit)
                }
                Err(error) => Said::Problem(error.to_string()),
            });
        });
    };
    view! {
        <form class="buy" action="/api/add_to_cart" method="post" on:submit=submit>
            {children()}
            <p class="buy-said" role="status">
                {move || match said.get() {
                    Said::Nothing => None,
                    Said::Added(text) => Some(view! {
                        <span class="said-good">{text}</span>
                        <a href="/cart">"View cart"</a>
                    }.into_any()),
                    Said::Problem(text) => Some(view! { <span class="said-bad">{text}</span> }.into_any()),
                }}
            </p>
        </form>
    }
}

fn read(event: &SubmitEvent) -> Option<(VariantId, u32)> {
    let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
    let fields = FormData::new_with_form(&form).ok()?;
    let variant = VariantId::parse(&fields.get("variant").as_string()?).ok()?;
    let quantity = parse_quantity(&fields.get("quantity").as_string()?)?;
    (quantity > 0).then_some((variant, quantity))
}

fn answer(priced: &PricedCart, variant: &VariantId, all_fit: bool) -> Said {
    let Some(line) = priced.lines.iter().find(|line| line.variant == *variant) else {
        return Said::Problem("This is no longer sold.".to_owned());
    };
    for notice in &line.notices {
        match notice {
            LineNotice::SoldOut => return Said::Problem("This has just sold out.".to_owned()),
            LineNotice::QuantityLowered { to } => {
                return Said::Problem(format!("Only {to} left; your cart has {to}."));
            }
            LineNotice::PriceChanged { .. } => {}
        }
    }
    if all_fit {
        Said::Added("Added to your cart.".to_owned())
    } else {
        Said::Problem(format!(
            "Your cart is full; it has {} of these.",
            line.quantity
        ))
    }
}
