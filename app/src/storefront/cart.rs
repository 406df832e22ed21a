use domain::cart::{Cart, PricedCart, PricedLine};
use domain::id::OrderToken;
use domain::order::Order;
use leptos::prelude::*;
use ui::cart_view::CartView;
use ui::error::ActionError;
use ui::islands::{CartLineControls, CartPanel, PAGE_DATA, PageData};

use crate::components::{head, page};
use crate::{request, response};

/// The cookies of the cart.
mod cookies;
/// The forms that change the cart, and the one that starts the checkout.
mod forms;
/// The notices of forms on the cart's page.
mod notice;
/// The cart as islands show it.
mod view;

pub(crate) use cookies::current;
pub(super) use cookies::{ensure_key, has_access, seen};
use cookies::{key, remember_seen, write, write_key};
pub(super) use notice::CartNotice;

/// The cart's path.
pub(crate) const PATH: &str = "/cart";

/// The data of the cart's page.
struct CartPageData {
    /// The cart, priced.
    priced: PricedCart,
    /// The order that a part of it was paid with, which has just been taken out.
    paid: Option<PaidOrder>,
    /// True if the browser sent a cookie of ours; one that refuses cookies has an empty cart for
    /// ever.
    has_cookies: bool,
}

/// An order that the cart was paid with.
struct PaidOrder {
    /// Its name for people.
    number: i64,
    /// The path of its page, unless the browser has nothing but the cart's key.
    path: Option<String>,
}

/// The cart, at the prices and with the stock of this moment.
#[component]
pub fn CartPage() -> impl IntoView {
    let notice = CartNotice::from_query();
    page(async move {
        let CartPageData {
            priced,
            paid,
            has_cookies,
        } = load().await?;
        let text = request::text().cart();
        let data = view::to_json(&priced);
        provide_context(PageData(data.clone()));
        let notice = notice.and_then(|notice| notice.message(text, priced.subtotal));
        let is_missing = priced.is_empty() && !has_cookies;
        head::title(text.title());
        head::description(text.description());
        head::no_index();
        Ok(view! {
            <h1>{text.heading()}</h1>
            {notice.map(|message| view! { <p class="notice" role="alert">{message}</p> })}
            {paid.map(|order| {
                let name = text.order_name(order.number);
                let name = match order.path {
                    Some(path) => view! { <a href=path>{name}</a> }.into_any(),
                    None => name.into_any(),
                };
                let [before, after] = text.paid_for();
                view! { <p class="notice" role="alert">{before}{name}{after}</p> }
            })}
            <data id=PAGE_DATA value=data hidden></data>
            <CartPanel>
                <ul class="cart-lines">{priced.lines.into_iter().map(line_view).collect_view()}</ul>
            </CartPanel>
            {is_missing.then(|| view! { <p class="notice">{text.no_cookie_sent()}</p> })}
        }
        .into_any())
    })
}

/// The browser's cart for its own page: what was paid is taken out, stock lowers what is asked for,
/// and the browser remembers what it was shown.
async fn load() -> Result<CartPageData, shop::Error> {
    let mut cart = current();
    let has_cookies = !cart.is_empty() || key().is_some();
    let mut paid = None;
    let key = ensure_key();
    if let Some(order) = shop::checkout::paid_with(&request::shop(), &key).await? {
        paid = Some(PaidOrder {
            number: order.number,
            path: has_access(&key).then(|| order_path(&order.token)),
        });
        take_out(&mut cart, &order);
    }
    let priced = shop::cart::price(&request::shop(), &cart, &seen(), Some(&key)).await?;
    remember_seen(&priced);
    let next = priced.to_cart();
    if next != cart {
        write(&next);
    }
    Ok(CartPageData {
        priced,
        paid,
        has_cookies,
    })
}

/// The browser's cart, priced for an island. The cart's cookie is the island's to write: it may
/// have changed by the time the answer arrives. Only an island that shows all lines lets the
/// browser remember them as seen.
pub(super) async fn view(is_shown: bool) -> Result<CartView, ActionError> {
    let priced = shop::cart::price(&request::shop(), &current(), &seen(), key().as_ref())
        .await
        .map_err(|error| response::unavailable(&error))?;
    if is_shown {
        remember_seen(&priced);
    }
    Ok(view::to_view(&priced))
}

/// Takes what `order` paid for out of the browser's cart, once, if the order was made from it.
pub(super) async fn forget_bought(order: &Order) -> Result<(), shop::Error> {
    let Some(key) = key().filter(|_| order.has_money()) else {
        return Ok(());
    };
    let paid = shop::checkout::paid_with(&request::shop(), &key).await?;
    if paid.is_some_and(|paid| paid.id == order.id) {
        take_out(&mut current(), order);
    }
    Ok(())
}

/// Takes what an order bought out of the cart and gives the cart a new name, so that it happens
/// once.
fn take_out(cart: &mut Cart, order: &Order) {
    cart.take_out(order);
    write(cart);
    write_key(&shop::cart::new_key(&request::shop()));
    super::checkout::forget_order();
}

pub(super) fn order_path(token: &OrderToken) -> String {
    format!("/orders/{token}")
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
