use domain::cart::{Cart, LineNotice, PricedCart, PricedLine, SeenPrices, parse_quantity};
use domain::catalog::line_name;
use domain::id::{CartKey, OrderToken, VariantId};
use domain::order::Order;
use leptos::server_fn::Encodes;
use shop::Purpose;
use shop::checkout::{Checkout, CheckoutError};
use shop::limits::Limit;

use crate::cart_view::{CartView, LineView};
use crate::context::{
    Reader, client, cookie, cookies, host_cookie, see_other, set_cookie, shop, unavailable,
};
use crate::error::ActionError;
use crate::wire::WireEncoding;

/// How long a browser remembers its cart, in seconds.
const CART_SECONDS: i64 = 30 * 24 * 60 * 60;

/// The cookie that names the cart, so that it is not paid twice; over https with `__Host-` before it.
const KEY_COOKIE: &str = "cart_key";

/// The cookie that, with the key, opens the page of the order that the cart was paid with. It never
/// enters the database, so a key that was seen somewhere gives no order away.
const ACCESS_COOKIE: &str = "order_access";

/// The browser's cart.
pub(crate) fn current() -> Cart {
    Cart::from_cookie_header(&cookies())
}

/// What the page of the cart shows.
pub(crate) struct CartLook {
    /// The cart, priced.
    pub(crate) priced: PricedCart,
    /// The order that a part of it was paid with, which has just been taken out.
    pub(crate) paid: Option<PaidOrder>,
    /// Whether the browser sent a cookie of ours; one that refuses cookies has an empty cart for ever.
    pub(crate) has_cookies: bool,
}

/// An order that the cart was paid with.
pub(crate) struct PaidOrder {
    /// Its name for people.
    pub(crate) number: i64,
    /// The path of its page, unless the browser has nothing but the cart's key.
    pub(crate) path: Option<String>,
}

/// The browser's cart for its own page: what was paid is taken out, stock lowers what is asked for, and the browser
/// remembers what it was shown.
pub(crate) async fn look() -> Result<CartLook, shop::Error> {
    let mut cart = current();
    let has_cookies = !cart.is_empty() || key().is_some();
    let mut paid = None;
    let key = ensure_key();
    if let Some(order) = shop::checkout::paid_with(&shop(), &key).await? {
        paid = Some(PaidOrder {
            number: order.number,
            path: has_access(&key).then(|| order_path(&order.token)),
        });
        take_out(&mut cart, &order);
    }
    let priced = shop::cart::price(&shop(), &cart, &seen(), Some(&key)).await?;
    remember_seen(&priced);
    let next = priced.to_cart();
    if next != cart {
        write(&next);
    }
    Ok(CartLook {
        priced,
        paid,
        has_cookies,
    })
}

/// The browser's cart, priced for an island. The cart's cookie is the island's to write: it may have changed by the
/// time the answer arrives. Only an island that shows all lines lets the browser remember them as seen.
pub(crate) async fn view(is_shown: bool) -> Result<CartView, ActionError> {
    let priced = shop::cart::price(&shop(), &current(), &seen(), key().as_ref())
        .await
        .map_err(|error| unavailable(&error))?;
    if is_shown {
        remember_seen(&priced);
    }
    Ok(to_view(&priced))
}

/// What islands show of it, for the page that they come with.
pub(crate) fn to_json(priced: &PricedCart) -> String {
    let bytes = WireEncoding::encode(&to_view(priced)).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What islands show of it.
fn to_view(priced: &PricedCart) -> CartView {
    CartView {
        lines: priced.lines.iter().map(to_line_view).collect(),
        subtotal: priced.subtotal.to_string(),
        dropped: dropped_words(priced.dropped),
    }
}

/// What became of lines that are no longer sold; nothing when there is none.
fn dropped_words(dropped: u32) -> String {
    match dropped {
        0 => String::new(),
        1 => "One item is no longer sold and was removed from your cart.".to_owned(),
        many => format!("{many} items are no longer sold and were removed from your cart."),
    }
}

fn to_line_view(line: &PricedLine) -> LineView {
    let notices: Vec<String> = line.notices.iter().map(LineNotice::to_string).collect();
    LineView {
        variant: line.variant.to_string(),
        quantity: line.quantity,
        limit: line.limit,
        price: line.unit_price.to_string(),
        total: line.total.to_string(),
        notice: notices.join(" "),
        name: line_name(&line.title, &line.options),
    }
}

/// Adds to the cart and goes there.
pub(crate) async fn add(variant: &str, quantity: &str) -> Result<(), ActionError> {
    let Ok(variant) = VariantId::parse(variant) else {
        see_other("/cart?notice=unknown");
        return Ok(());
    };
    let Some(quantity) = parse_quantity(quantity).filter(|quantity| *quantity > 0) else {
        see_other("/cart?notice=quantity");
        return Ok(());
    };
    let mut cart = current();
    let all_fit = cart.add(variant.clone(), quantity);
    let priced = shop::cart::price(&shop(), &cart, &seen(), key().as_ref())
        .await
        .map_err(|error| unavailable(&error))?;
    if !priced.lines.iter().any(|line| line.variant == variant) && cart.quantity(&variant) > 0 {
        see_other("/cart?notice=unknown");
        return Ok(());
    }
    write(&cart);
    see_other(if all_fit {
        "/cart"
    } else {
        "/cart?notice=full"
    });
    Ok(())
}

/// Sets a line's quantity and shows the cart.
pub(crate) fn set_quantity(variant: &str, quantity: &str, step: &str) -> Result<(), ActionError> {
    let mut cart = current();
    let wanted = parse_quantity(quantity).map(|quantity| match step {
        "1" => quantity.saturating_add(1),
        "-1" => quantity.saturating_sub(1),
        _ => quantity,
    });
    match (VariantId::parse(variant), wanted) {
        (Ok(variant), Some(wanted)) if cart.quantity(&variant) > 0 => {
            cart.set(variant, wanted);
            write(&cart);
            see_other("/cart");
        }
        (Ok(_), None) => see_other("/cart?notice=quantity"),
        _ => see_other("/cart"),
    }
    Ok(())
}

/// Removes a line and shows the cart.
pub(crate) fn remove(variant: &str) -> Result<(), ActionError> {
    if let Ok(variant) = VariantId::parse(variant) {
        let mut cart = current();
        cart.remove(&variant);
        write(&cart);
    }
    see_other("/cart");
    Ok(())
}

/// Goes to the pay page, or back to the cart with the reason.
pub(crate) async fn check_out() -> Result<(), ActionError> {
    let key = ensure_key();
    match shop::checkout::start(&shop(), &current(), &seen(), &key, client()).await {
        Ok(Checkout::Pay { url }) => see_other(&url),
        Ok(Checkout::AlreadyPaid { token }) if has_access(&key) => see_other(&order_path(&token)),
        // The cart's page says that it was paid, and takes out what was bought.
        Ok(Checkout::AlreadyPaid { .. }) => see_other("/cart"),
        Err(CheckoutError::EmptyCart) if current().is_empty() => see_other("/cart"),
        Err(CheckoutError::EmptyCart) => see_other("/cart?notice=sold_out"),
        Err(CheckoutError::NeedsReview) => see_other("/cart?notice=review"),
        Err(CheckoutError::BelowMinimum { .. }) => see_other("/cart?notice=minimum"),
        Err(CheckoutError::Limited(limit)) => see_other(&limit_path(limit)),
        Err(CheckoutError::AboveMaximum { .. }) => see_other("/cart?notice=maximum"),
        Err(CheckoutError::Failed(error)) => {
            unavailable(&error);
            see_other("/cart?notice=checkout");
        }
    }
    Ok(())
}

/// The cart's page with a limit that the checkout met.
fn limit_path(limit: Limit) -> String {
    match limit {
        Limit::Rate { seconds } => format!("/cart?notice=busy&seconds={seconds}"),
        Limit::OpenOrders { seconds } => format!("/cart?notice=open&seconds={seconds}"),
        Limit::HeldPieces { seconds } => format!("/cart?notice=held&seconds={seconds}"),
        Limit::OrderSize { most } => format!("/cart?notice=size&most={most}"),
    }
}

/// Takes what `order` paid for out of the browser's cart, once, if the order was made from it.
pub(crate) async fn forget_bought(order: &Order) -> Result<(), shop::Error> {
    let Some(key) = key().filter(|_| order.has_money()) else {
        return Ok(());
    };
    let paid = shop::checkout::paid_with(&shop(), &key).await?;
    if paid.is_some_and(|paid| paid.id == order.id) {
        take_out(&mut current(), order);
    }
    Ok(())
}

/// Takes what an order bought out of the cart and gives the cart a new name, so that it happens once.
fn take_out(cart: &mut Cart, order: &Order) {
    cart.take_out(order);
    write(cart);
    write_key(&shop::cart::new_key(&shop()));
}

fn write(cart: &Cart) {
    let seconds = if cart.is_empty() { 0 } else { CART_SECONDS };
    set_cookie(
        Cart::COOKIE,
        &cart.to_string(),
        seconds,
        Reader::Page,
        "Lax",
    );
}

fn seen() -> SeenPrices {
    cookie(SeenPrices::COOKIE)
        .map_or_else(SeenPrices::default, |value| SeenPrices::from_cookie(&value))
}

fn remember_seen(priced: &PricedCart) {
    let seen = SeenPrices::of(priced).to_string();
    // What the browser has is not set again: an answer without a cookie may be kept for a step back.
    if cookie(SeenPrices::COOKIE).unwrap_or_default() == seen {
        return;
    }
    let seconds = if priced.is_empty() { 0 } else { CART_SECONDS };
    set_cookie(SeenPrices::COOKIE, &seen, seconds, Reader::Server, "Lax");
}

/// The key that names the cart, if the browser sent one that this installation made.
fn key() -> Option<CartKey> {
    let shop = shop();
    shop::cart::parse_key(&shop, &cookie(&host_cookie(&shop, KEY_COOKIE))?)
}

/// The cart's name, made if it has none. The cart page gives it, so that two tabs that show the cart share it.
fn ensure_key() -> CartKey {
    key().unwrap_or_else(|| {
        let key = shop::cart::new_key(&shop());
        write_key(&key);
        key
    })
}

/// Gives the browser a new key, and what opens the order that will be paid with it.
fn write_key(key: &CartKey) {
    let shop = shop();
    let access = shop.mac(Purpose::OrderAccess, &[key.as_str()]);
    for (name, value) in [(KEY_COOKIE, key.as_str()), (ACCESS_COOKIE, &access)] {
        let name = host_cookie(&shop, name);
        set_cookie(&name, value, CART_SECONDS, Reader::Server, "Lax");
    }
}

/// Whether the browser was given `key` by the server, and may be told the address of its order.
fn has_access(key: &CartKey) -> bool {
    let shop = shop();
    cookie(&host_cookie(&shop, ACCESS_COOKIE))
        .is_some_and(|mac| shop.is_mac(Purpose::OrderAccess, &[key.as_str()], &mac))
}

fn order_path(token: &OrderToken) -> String {
    format!("/orders/{token}")
}
