use domain::cart::{Cart, CartItem, PricedCart, PricedLine, SeenPrices};
use domain::id::{CartKey, OrderId, OrderToken};
use domain::order::{Order, OrderLine, OrderStatus, PaymentFact, StockState};
use payments::{ApiError, LineItem, NewCheckoutSession};
use store::Tx;
use store::orders::NewOrder;
use uuid::Uuid;

use crate::{Error, Shop, cart, orders, random};

/// Where the shopper goes from the cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checkout {
    /// To Stripe's pay page.
    Pay {
        /// Its address.
        url: String,
    },
    /// To the page of the order that this very cart was paid with.
    AlreadyPaid {
        /// The order's token.
        token: OrderToken,
    },
}

/// Why the shopper stays at the cart. Nothing is held then, and the cart is as it was.
#[derive(Debug, thiserror::Error)]
pub enum CheckoutError {
    /// Nothing that can be bought is in it.
    #[error("the cart is empty")]
    EmptyCart,
    /// Prices or stock differ from what the shopper last saw; the cart page says how.
    #[error("the cart differs from what the shopper last saw")]
    NeedsReview,
    /// The database or Stripe failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// How long a Checkout Session and its hold last, in seconds. Stripe allows no less than 30 minutes; the minute more is
/// for the way there and for clocks that differ.
const SESSION_SECONDS: i64 = 31 * 60;

/// A session with less than this left, in seconds, is replaced rather than sent to.
const LEAST_SECONDS_LEFT: i64 = 120;

/// How often the ground may shift under one click (another tab, a payment that arrives) before giving up.
const ROUNDS: u32 = 4;

/// Starts paying for a cart: takes its stock and writes the pending order in one transaction, then makes the Checkout
/// Session. One cart (`key`) has one open order, so a double click, a second tab and a step back all lead to the same
/// session; a cart that changed gets a new one after the old one was ended.
///
/// # Errors
/// When the cart cannot be paid as the shopper saw it, or something failed. Nothing is held then.
pub async fn start(
    shop: &Shop,
    cart: &Cart,
    seen: &SeenPrices,
    key: &CartKey,
) -> Result<Checkout, CheckoutError> {
    for _ in 0..ROUNDS {
        if let Some(token) = paid_with(shop, cart, key).await? {
            return Ok(Checkout::AlreadyPaid { token });
        }
        let priced = cart::price(shop, cart, seen, Some(key)).await?;
        if priced.is_empty() && priced.dropped == 0 {
            return Err(CheckoutError::EmptyCart);
        }
        if priced.has_news() {
            return Err(CheckoutError::NeedsReview);
        }
        let lines = order_lines(&priced.lines);
        let order = match find_or_place(shop, key, &priced, &lines).await? {
            Found::Order(order) => order,
            Found::SoldOut => return Err(CheckoutError::NeedsReview),
        };
        if order.has_money() {
            return Ok(Checkout::AlreadyPaid { token: order.token });
        }
        match lead_to_session(shop, &order, &lines).await? {
            Some(url) => return Ok(Checkout::Pay { url }),
            None => continue,
        }
    }
    tracing::error!(cart.rounds = ROUNDS, "a checkout did not come to rest");
    Err(CheckoutError::NeedsReview)
}

/// The order that this very cart was paid with, whatever its goods cost since and whether any are left.
async fn paid_with(shop: &Shop, cart: &Cart, key: &CartKey) -> Result<Option<OrderToken>, Error> {
    let newest = store::orders::newest_of_cart(&shop.store, key).await?;
    let paid = newest.filter(|order| {
        let bought = |item: &CartItem| {
            let line =
                |line: &OrderLine| (&line.variant, line.quantity) == (&item.variant, item.quantity);
            order.lines.iter().any(line)
        };
        order.has_money()
            && order.lines.len() == cart.items().len()
            && cart.items().iter().all(bought)
    });
    Ok(paid.map(|order| order.token))
}

enum Found {
    Order(Box<Order>),
    SoldOut,
}

/// The cart's open order, or the one it was already paid with, or else a new one that holds the stock.
async fn find_or_place(
    shop: &Shop,
    key: &CartKey,
    priced: &PricedCart,
    lines: &[OrderLine],
) -> Result<Found, Error> {
    let found = shop
        .store
        .retrying(|| async {
            let mut tx = shop.store.begin().await?;
            if let Some(order) = find(&mut tx, key, lines).await? {
                return Ok(Found::Order(Box::new(order)));
            }
            for line in orders::in_lock_order(lines) {
                if !store::stock::hold(&mut tx, &line.variant, line.quantity).await? {
                    // On PostgreSQL a second click of this cart may have taken the last ones while this one waited.
                    return Ok(match find(&mut tx, key, lines).await? {
                        Some(order) => Found::Order(Box::new(order)),
                        None => Found::SoldOut,
                    });
                }
            }
            let order = new_order(shop, priced, lines);
            let new = NewOrder {
                id: &order.id,
                token: &order.token,
                cart_key: key,
                total: order.total,
                lines,
                created_at: order.created_at,
                expires_at: order.expires_at,
            };
            let number = store::orders::insert(&mut tx, &new).await?;
            tx.commit().await?;
            Ok(Found::Order(Box::new(Order { number, ..order })))
        })
        .await?;
    Ok(found)
}

/// The cart's open order, or the one that these lines were already paid with.
async fn find(
    tx: &mut Tx,
    key: &CartKey,
    lines: &[OrderLine],
) -> Result<Option<Order>, store::Error> {
    let newest = store::orders::newest_of_cart_in(tx, key).await?;
    Ok(newest.filter(|order| {
        order.status == OrderStatus::Pending || (order.has_money() && are_same(&order.lines, lines))
    }))
}

/// Where the order's session can be paid; `None` when it cannot, and the cart has to be looked at again.
async fn lead_to_session(
    shop: &Shop,
    order: &Order,
    lines: &[OrderLine],
) -> Result<Option<String>, Error> {
    let url = match &order.checkout_session_id {
        Some(_) => orders::ask_stripe(shop, order).await?,
        None => make_session(shop, order).await?,
    };
    let has_time_left = order.expires_at.saturating_sub(shop.now()) >= LEAST_SECONDS_LEFT;
    match url {
        Some(url) if has_time_left && are_same(&order.lines, lines) => Ok(Some(url)),
        Some(_) => {
            end_session(shop, order).await?;
            Ok(None)
        }
        None => Ok(None),
    }
}

/// Makes the order's session, or finds the one that a second click made at the same time. When that fails, the order
/// gives back what it held.
async fn make_session(shop: &Shop, order: &Order) -> Result<Option<String>, Error> {
    let session = match shop
        .stripe
        .create_checkout_session(&new_session(shop, order))
        .await
    {
        Ok(session) => session,
        Err(error) => {
            give_up(shop, &order.id).await?;
            return match error {
                // A crash came between the order and its session, and the order's time is used up. A new one has time.
                ApiError::Refused { param, .. } if param == "expires_at" => Ok(None),
                error => Err(error.into()),
            };
        }
    };
    let was_noted = shop
        .store
        .retrying(|| async {
            let mut tx = shop.store.begin().await?;
            let was_noted = store::orders::set_session(&mut tx, &order.id, &session.id).await?;
            tx.commit().await?;
            Ok(was_noted)
        })
        .await?;
    if was_noted {
        return Ok(session.url);
    }
    // A second click failed meanwhile and gave the order up: its session must not be paid.
    match shop.stripe.expire_checkout_session(&session.id).await {
        // A second click ended it already, or the shopper has paid there; another look at the cart tells which.
        Ok(_) | Err(ApiError::Refused { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Ends the open session of an order that is to be replaced, and with it the hold.
async fn end_session(shop: &Shop, order: &Order) -> Result<(), Error> {
    // The order may have been read before its session was noted; the database knows.
    let Some(order) = store::orders::by_token(&shop.store, &order.token).await? else {
        return Ok(());
    };
    let Some(session_id) = &order.checkout_session_id else {
        return Ok(());
    };
    match shop.stripe.expire_checkout_session(session_id).await {
        Ok(_) => orders::settle(shop, &order.id, &PaymentFact::Expired).await,
        // It was paid, or expired by itself, a moment ago; then Stripe knows better.
        Err(ApiError::Refused { .. }) => {
            orders::ask_stripe(shop, &order).await?;
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// Gives back what an order without a session holds.
async fn give_up(shop: &Shop, id: &OrderId) -> Result<(), Error> {
    shop.store
        .retrying(|| async {
            let mut tx = shop.store.begin().await?;
            if let Some(order) = store::orders::lock(&mut tx, id).await?
                && order.checkout_session_id.is_none()
            {
                orders::apply(&mut tx, &order, &PaymentFact::Expired, shop.now()).await?;
            }
            tx.commit().await
        })
        .await?;
    Ok(())
}

fn new_order(shop: &Shop, priced: &PricedCart, lines: &[OrderLine]) -> Order {
    let now = shop.now();
    Order {
        id: OrderId::parse(&Uuid::now_v7().to_string())
            .expect("a UUID is hexadecimal digits and dashes"),
        number: 0,
        token: OrderToken::parse(&random::token()).expect("a token is hexadecimal digits"),
        status: OrderStatus::Pending,
        stock: StockState::Held,
        flag: None,
        total: priced.subtotal,
        email: None,
        checkout_session_id: None,
        payment_intent_id: None,
        created_at: now,
        expires_at: now.saturating_add(SESSION_SECONDS),
        paid_at: None,
        lines: lines.to_vec(),
    }
}

fn new_session(shop: &Shop, order: &Order) -> NewCheckoutSession {
    let site = shop.site_url();
    NewCheckoutSession {
        order: order.id.clone(),
        order_number: order.number,
        line_items: order
            .lines
            .iter()
            .map(|line| LineItem {
                name: line.title.clone(),
                description: Some(line.options.clone()).filter(|options| !options.is_empty()),
                image_url: Some(format!("{site}{}", line.image)),
                unit_price: line.unit_price,
                quantity: line.quantity,
            })
            .collect(),
        customer_email: None,
        expires_at: order.expires_at,
        success_url: format!(
            "{site}/orders/{}?session_id={{CHECKOUT_SESSION_ID}}",
            order.token
        ),
        cancel_url: format!("{site}/cart"),
    }
}

fn order_lines(lines: &[PricedLine]) -> Vec<OrderLine> {
    lines
        .iter()
        .map(|line| OrderLine {
            variant: line.variant.clone(),
            sku: line.sku.clone(),
            title: line.title.clone(),
            options: line.options.clone(),
            image: line.image.clone(),
            unit_price: line.unit_price,
            quantity: line.quantity,
        })
        .collect()
}

/// Whether both buy the same for the same, in whatever order.
fn are_same(a: &[OrderLine], b: &[OrderLine]) -> bool {
    let facts = |lines: &[OrderLine]| {
        let mut facts: Vec<_> = lines
            .iter()
            .map(|line| {
                (
                    line.variant.clone(),
                    line.unit_price.amount(),
                    line.quantity,
                )
            })
            .collect();
        facts.sort();
        facts
    };
    facts(a) == facts(b)
}
