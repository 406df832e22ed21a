use domain::cart::PricedLine;
use domain::money::Money;
use leptos::prelude::*;

use crate::components::{head, page};
use crate::context::{self, cart::CartLook};
use crate::islands::{CartLineControls, CartPanel, PAGE_DATA, PageData};

/// The longest that the page tells a shopper to wait, in seconds; no hold lasts longer.
const LONGEST_WAIT: u32 = 60 * 60;

/// The cart, at the prices and with the stock of this moment.
#[component]
pub fn CartPage() -> impl IntoView {
    let code = context::query_param("notice").unwrap_or_default();
    let number = ["seconds", "most"]
        .into_iter()
        .find_map(context::query_param);
    let number = number.and_then(|number| number.parse().ok());
    page(async move {
        let CartLook {
            priced,
            paid,
            has_cookies,
        } = context::cart::look().await?;
        let data = context::cart::to_json(&priced);
        provide_context(PageData(data.clone()));
        let notice = notice(&code, number, priced.subtotal);
        let is_missing = priced.is_empty() && !has_cookies;
        head::title("Cart");
        head::description("What you have chosen, with its price and whether it can be had.");
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
            <data id=PAGE_DATA value=data hidden></data>
            <CartPanel>
                <ul class="cart-lines">{priced.lines.into_iter().map(line_view).collect_view()}</ul>
            </CartPanel>
            {is_missing.then(|| view! {
                <p class="notice">
                    "Did you add something that is not here? The cart is kept in a cookie, and your browser sent none. "
                    "Allow cookies for this shop, then add it again."
                </p>
            })}
        }
        .into_any())
    })
}

fn line_view(line: PricedLine) -> impl IntoView {
    let address = format!("/products/{}", line.slug);
    view! {
        <li class="cart-line" id=format!("line-{}", line.variant) tabindex="-1">
            <a class="cart-line-picture" href=address.clone() tabindex="-1" aria-hidden="true">
                <img src=line.image alt="" width="80" height="100"/>
            </a>
            <div class="cart-line-what">
                <a class="cart-line-title" dir="auto" href=address>{line.title}</a>
                <span class="cart-line-options" dir="auto">{line.options}</span>
            </div>
            <CartLineControls/>
        </li>
    }
}

/// What a form's answer says in the address, in words; `number` is what it counts. Unknown codes say nothing, and neither does what is true no more.
fn notice(code: &str, number: Option<u32>, subtotal: Money) -> Option<String> {
    let text = match code {
        "minimum" => {
            let minimum = subtotal.below_minimum()?;
            return Some(format!(
                "A payment has to be {minimum} or more, and your cart comes to {subtotal}. Add something to check out."
            ));
        }
        "maximum" => {
            let maximum = subtotal.above_maximum()?;
            return Some(format!(
                "The most that can be paid at once is {maximum}, and your cart comes to {subtotal}. Take something out to check out."
            ));
        }
        "unknown" => "That print is no longer sold. Your cart is as it was.",
        "quantity" => "The quantity must be a whole number from 1 to 99. Your cart is as it was.",
        "full" => "A cart holds up to 50 different prints and 99 of each. What fits was added.",
        "review" => {
            "Something changed since you last looked. Please check your cart, then check out."
        }
        "sold_out" if subtotal.amount() == 0 => {
            "Everything in it is sold out, so there is nothing to pay. Please check your cart."
        }
        "checkout" => {
            "We could not start the payment. Nothing was charged and your cart is kept. Try again in a moment."
        }
        "busy" => {
            return Some(format!(
                "Too many payments were started at once. Your cart is kept. Try again {}.",
                wait(number)
            ));
        }
        "open" => {
            return Some(format!(
                "Too many orders from your network are open and not paid yet. Your cart is kept. \
                 Pay one of them, or try again {}.",
                wait(number)
            ));
        }
        "held" => {
            return Some(format!(
                "Open orders from your network hold as many pieces as one shopper can. Your cart is kept. \
                 Take fewer pieces, pay an open order, or try again {}.",
                wait(number)
            ));
        }
        "size" => {
            let most = number?;
            return Some(format!(
                "An order has at most {most} pieces at the moment. Your cart is kept. Take fewer to check out."
            ));
        }
        _ => return None,
    };
    Some(text.to_owned())
}

/// Answers that the checkout was one too many, and says when to try again.
fn wait(seconds: Option<u32>) -> String {
    let seconds = seconds.unwrap_or(60).clamp(1, LONGEST_WAIT);
    context::too_many_requests(seconds);
    match seconds {
        1 => "in a second".to_owned(),
        seconds @ ..=90 => format!("in {seconds} seconds"),
        seconds => format!("in {} minutes", seconds.div_ceil(60)),
    }
}
