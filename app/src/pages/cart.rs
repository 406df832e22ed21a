use domain::cart::PricedLine;
use domain::money::Money;
use leptos::prelude::*;

use crate::components::{head, page};
use crate::context::{self, cart::CartLook};
use crate::islands::{CartLineControls, CartPanel};

/// The cart, at the prices and with the stock of this moment.
#[component]
pub fn CartPage() -> impl IntoView {
    let code = context::query_param("notice").unwrap_or_default();
    page(async move {
        let CartLook { priced, paid } = context::cart::look().await?;
        let view = context::cart::to_view(&priced);
        let notice = notice(&code, priced.subtotal);
        head::title("Cart");
        head::no_index();
        Ok(view! {
            <h1>"Your cart"</h1>
            {notice.map(|text| view! { <p class="notice" role="alert">{text}</p> })}
            {paid.map(|order| {
                let name = format!("order {}", order.number);
                let name = match order.path {
                    Some(path) => view! { <a href=path>{name}</a> }.into_any(),
                    None => name.into_any(),
                };
                view! {
                    <p class="notice" role="alert">
                        "You have paid for " {name} ". What you bought is no longer in your cart."
                    </p>
                }
            })}
            <CartPanel view=view.to_json()>
                <ul class="cart-lines">{priced.lines.into_iter().map(line_view).collect_view()}</ul>
            </CartPanel>
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

/// What a form's answer says in the address, in words. Unknown codes say nothing, and neither does what is true no more.
fn notice(code: &str, subtotal: Money) -> Option<String> {
    let text = match code {
        "minimum" => {
            let minimum = subtotal.below_minimum()?;
            return Some(format!(
                "A payment has to be {minimum} or more, and your cart comes to {subtotal}. Add something to check out."
            ));
        }
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
    };
    Some(text.to_owned())
}
