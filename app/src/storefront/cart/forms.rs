use domain::cart::parse_quantity;
use domain::id::VariantId;
use leptos::prelude::*;
use shop::checkout::{Checkout, CheckoutError};
use ui::error::ActionError;

use super::cookies::{current, ensure_key, has_access, key, seen, write};
use super::notice::CartNotice;
use super::{PATH as CART, order_path};
use crate::request::{client, shop};
use crate::response::{see_other, unavailable};
use crate::storefront::checkout;

/// Adds pieces of a variant to the cart and shows the cart. The form on a product's page comes here
/// where its island is not awake.
#[server(prefix = "/api", endpoint = "add_to_cart")]
pub async fn add_to_cart(
    #[server(default)] variant: String,
    #[server(default)] quantity: String,
) -> Result<(), ActionError> {
    let Ok(variant) = VariantId::parse(&variant) else {
        see_other(&CartNotice::UnknownVariant.path());
        return Ok(());
    };
    let Some(quantity) = parse_quantity(&quantity).filter(|quantity| *quantity > 0) else {
        see_other(&CartNotice::InvalidQuantity.path());
        return Ok(());
    };
    let mut cart = current();
    let all_fit = cart.add(variant.clone(), quantity);
    let priced = shop::cart::price(&shop(), &cart, &seen(), key().as_ref())
        .await
        .map_err(|error| unavailable(&error))?;
    if !priced.lines.iter().any(|line| line.variant == variant) && cart.quantity(&variant) > 0 {
        see_other(&CartNotice::UnknownVariant.path());
        return Ok(());
    }
    write(&cart);
    if all_fit {
        see_other(CART);
    } else {
        see_other(&CartNotice::CartFull.path());
    }
    Ok(())
}

/// Sets the quantity of a line, or changes it by `step` (`1` or `-1`), and shows the cart.
#[server(prefix = "/api", endpoint = "set_quantity")]
pub async fn set_quantity(
    #[server(default)] variant: String,
    #[server(default)] quantity: String,
    #[server(default)] step: String,
) -> Result<(), ActionError> {
    let mut cart = current();
    let wanted = parse_quantity(&quantity).map(|quantity| match step.as_str() {
        "1" => quantity.saturating_add(1),
        "-1" => quantity.saturating_sub(1),
        _ => quantity,
    });
    match (VariantId::parse(&variant), wanted) {
        (Ok(variant), Some(wanted)) if cart.quantity(&variant) > 0 => {
            cart.set(variant, wanted);
            write(&cart);
            see_other(CART);
        }
        (Ok(_), None) => see_other(&CartNotice::InvalidQuantity.path()),
        _ => see_other(CART),
    }
    Ok(())
}

/// Removes a line and shows the cart.
#[server(prefix = "/api", endpoint = "remove_line")]
pub async fn remove_line(#[server(default)] variant: String) -> Result<(), ActionError> {
    if let Ok(variant) = VariantId::parse(&variant) {
        let mut cart = current();
        cart.remove(&variant);
        write(&cart);
    }
    see_other(CART);
    Ok(())
}

/// Holds the cart's stock, makes a Checkout Session and sends the browser to it, or back to the
/// cart with the reason. Amounts come from the database; the request carries none.
#[server(prefix = "/api", endpoint = "start_checkout")]
pub async fn start_checkout() -> Result<(), ActionError> {
    let key = ensure_key();
    let error =
        match shop::checkout::start(&shop(), &current(), &seen(), &key, client(), None).await {
            Ok(Checkout::Pay { url }) => {
                see_other(&url);
                return Ok(());
            }
            Ok(Checkout::AskDetails) => {
                see_other(checkout::PATH);
                return Ok(());
            }
            Ok(Checkout::AlreadyPaid { token } | Checkout::Free { token }) if has_access(&key) => {
                see_other(&order_path(&token));
                return Ok(());
            }
            // The cart's page says that it was paid, and takes out what was bought.
            Ok(Checkout::AlreadyPaid { .. } | Checkout::Free { .. }) => {
                see_other(CART);
                return Ok(());
            }
            Err(error) => error,
        };
    if let CheckoutError::Failed(error) = &error {
        unavailable(error);
    }
    match CartNotice::of(&error) {
        CartNotice::SoldOut if current().is_empty() => see_other(CART),
        notice => see_other(&notice.path()),
    }
    Ok(())
}
