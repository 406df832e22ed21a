use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use crate::components::page;
use crate::context;
use crate::islands::CartLines;

/// The cart, at the prices and with the stock of this moment.
#[component]
pub fn CartPage() -> impl IntoView {
    let notice = context::query_param("notice").and_then(|code| notice(&code));
    page(async move {
        let priced = context::cart::view().await;
        let dropped = priced.as_ref().map_or(0, |cart| cart.dropped);
        let content = match priced {
            Ok(priced) => view! { <CartLines priced/> }.into_any(),
            Err(error) => view! { <p role="alert">{error.to_string()}</p> }.into_any(),
        };
        Ok(view! {
            <Title text="Cart"/>
            <Meta name="robots" content="noindex"/>
            <h1>"Your cart"</h1>
            {notice.map(|text| view! { <p class="notice" role="alert">{text}</p> })}
            {(dropped > 0).then(|| view! {
                <p class="notice" role="alert">{match dropped {
                    1 => "One item is no longer sold and was removed from your cart.".to_owned(),
                    many => format!("{many} items are no longer sold and were removed from your cart."),
                }}</p>
            })}
            {content}
        }
        .into_any())
    })
}

/// What a form's answer says in the address, in words. Unknown codes say nothing.
fn notice(code: &str) -> Option<&'static str> {
    Some(match code {
        "unknown" => "That print is no longer sold. Your cart is as it was.",
        "quantity" => "The quantity must be a whole number from 1 to 99. Your cart is as it was.",
        "full" => "A cart holds up to 50 different prints and 99 of each. What fits was added.",
        "review" => {
            "Something changed since you last looked. Please check your cart, then check out."
        }
        "checkout" => {
            "We could not start the payment. Nothing was charged and your cart is kept. Try again in a moment."
        }
        _ => return None,
    })
}
