use domain::cart::{Cart, CartItem, LineNotice, MAX_QUANTITY, PricedCart, PricedLine, SeenPrices};
use domain::id::{CartKey, VariantId};
use domain::money::{Money, MoneyError};
use domain::order::{Order, OrderStatus};
use store::catalog::Buyable;

use crate::{Error, Purpose, Shop, random};

/// The number of random digits of a cart key; the others prove that this installation made it.
const RANDOM_DIGITS: usize = 32;

/// A key for a cart that has none yet: 128 random bits and their message authentication code.
pub fn new_key(shop: &Shop) -> CartKey {
    let digits = &random::token()[..RANDOM_DIGITS];
    let mac = shop.secret.short_mac(Purpose::CartKey, &[digits]);
    CartKey::parse(&format!("{digits}{mac}")).expect("a key is 64 hexadecimal digits")
}

/// Reads a cart key that a browser sent; `None` for one that this installation did not make.
pub fn parse_key(shop: &Shop, text: &str) -> Option<CartKey> {
    let key = CartKey::parse(text).ok()?;
    let (digits, mac) = text.split_at_checked(RANDOM_DIGITS)?;
    let is_ours = shop.secret.is_short_mac(Purpose::CartKey, &[digits], mac);
    is_ours.then_some(key)
}

/// Resolves a cart from the database: what can be bought, for how much, and what changed since the
/// shopper last looked. What the cart itself holds at an open checkout counts as free: nobody is
/// blocked by themselves.
///
/// # Errors
/// When the database fails, or a total does not fit.
pub async fn price(
    shop: &Shop,
    cart: &Cart,
    seen: &SeenPrices,
    key: Option<&CartKey>,
) -> Result<PricedCart, Error> {
    Ok(price_goods(shop, cart, seen, key).await?.0)
}

/// The same, and the variants as the database has them.
pub(crate) async fn price_goods(
    shop: &Shop,
    cart: &Cart,
    seen: &SeenPrices,
    key: Option<&CartKey>,
) -> Result<(PricedCart, Vec<Buyable>), Error> {
    let ids: Vec<VariantId> = cart
        .items()
        .iter()
        .map(|item| item.variant.clone())
        .collect();
    let buyables = store::catalog::buyable(&shop.store, shop.currency, &ids).await?;
    let open = match key {
        Some(key) if !ids.is_empty() => store::orders::newest_of_cart(&shop.store, key).await?,
        _ => None,
    };
    let open = open.filter(|order| order.status == OrderStatus::Pending);
    let mut lines = Vec::with_capacity(ids.len());
    let mut dropped = 0;
    for item in cart.items() {
        match buyables.iter().find(|buyable| buyable.id == item.variant) {
            Some(buyable) => {
                let own = open.as_ref().map_or(0, |order| held(order, &item.variant));
                lines.push(line(item, buyable, own, seen)?);
            }
            None => dropped += 1,
        }
    }
    let subtotal = PricedCart::sum(&lines, Money::zero(shop.currency))?;
    let priced = PricedCart {
        lines,
        subtotal,
        dropped,
    };
    Ok((priced, buyables))
}

/// The number of pieces of `variant` that the order holds.
fn held(order: &Order, variant: &VariantId) -> i64 {
    order
        .lines
        .iter()
        .filter(|line| line.variant == *variant)
        .map(|line| i64::from(line.quantity))
        .sum()
}

fn line(
    item: &CartItem,
    buyable: &Buyable,
    own_hold: i64,
    seen: &SeenPrices,
) -> Result<PricedLine, MoneyError> {
    // What the cart itself holds is free to it.
    let held_by_others = buyable.held.saturating_sub(own_hold).max(0);
    let free = buyable.on_hand.saturating_sub(held_by_others).max(0);
    let most = buyable.quantity_limit.min(i64::from(MAX_QUANTITY));
    let limit = u32::try_from(free.min(most)).unwrap_or(0);
    let quantity = item.quantity.min(limit);
    let mut notices = Vec::new();
    if quantity < item.quantity {
        notices.push(match quantity {
            0 if buyable.on_hand > 0 => LineNotice::InCheckout,
            0 => LineNotice::SoldOut,
            to if i64::from(to) == most => LineNotice::LoweredToLimit { to },
            to if i64::from(to) < buyable.on_hand => LineNotice::LoweredByCheckouts { to },
            to => LineNotice::QuantityLowered { to },
        });
    }
    let was_sold_out = seen.is_sold_out(&item.variant);
    let seen = seen.amount(&item.variant);
    if was_sold_out {
        if limit > 0 {
            notices.push(LineNotice::BackInStock);
        }
    } else if let Some(seen) = seen.filter(|seen| *seen != buyable.price.amount()) {
        notices.push(LineNotice::PriceChanged {
            from: Money::new(seen, buyable.price.currency()),
            to: buyable.price,
        });
    }
    Ok(PricedLine {
        variant: buyable.id.clone(),
        sku: buyable.sku.clone(),
        slug: buyable.slug.clone(),
        title: buyable.title.clone(),
        options: buyable.options.clone(),
        image: buyable.image.clone(),
        quantity,
        limit,
        unit_price: buyable.price,
        total: buyable.price.checked_mul(quantity)?,
        is_known_sold_out: was_sold_out && limit == 0,
        notices,
    })
}
