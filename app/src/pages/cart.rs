use domain::cart::PricedLine;
use leptos::prelude::*;

use crate::components::{head, page};
use crate::context;
use crate::islands::{CartLineControls, CartPanel};

/// The cart, at the prices and with the stock of this moment.
#[component]
pub fn CartPage() -> impl IntoView {
    let notice = context::query_param("notice").and_then(|code| notice(&code));
    page(async move {
        let priced = context::cart::price().await;
        let dropped = priced.as_ref().map_or(0, |cart| cart.dropped);
        let content = match priced {
            Ok(priced) => view! {
                <CartPanel view=context::cart::to_view(&priced).to_json()>
                    {priced.lines.into_iter().map(line_view).collect_view()}
                </CartPanel>
            }
            .into_any(),
            Err(error) => view! { <p role="alert">{error.to_string()}</p> }.into_any(),
        };
        head::title("Cart");
        head::no_index();
        Ok(view! {
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

fn line_view(line: PricedLine) -> impl IntoView {
    let address = format!("/products/{}", line.slug);
    let name = if line.options.is_empty() {
        line.title.clone()
    } else {
        format!("{}, {}", line.title, line.options)
    };
    view! {
        <li class="cart-line">
            <a class="cart-line-picture" href=address.clone() tabindex="-1" aria-hidden="true">
                <img src=line.image alt="" width="80" height="100"/>
            </a>
            <div class="cart-line-what">
                <a class="cart-line-title" href=address>{line.title}</a>
                <span class="cart-line-options">{line.options}</span>
            </div>
            <CartLineControls variant=line.variant.to_string() name/>
        </li>
    }
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
