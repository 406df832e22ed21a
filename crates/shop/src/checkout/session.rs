use domain::id::OrderId;
use domain::order::{Order, OrderLine, PaymentFact};
use payments::{ApiError, LineItem, NewCheckoutSession};

use super::are_same;
use crate::{Error, Shop, orders};

/// A session with less than this left, in seconds, is replaced rather than sent to.
const LEAST_SECONDS_LEFT: i64 = 120;

/// How long an order counts as new, in seconds.
const NEW_SECONDS: i64 = 60;

/// Where the order's session can be paid; `None` when it cannot, and the cart has to be looked at again.
pub(super) async fn lead_to(
    shop: &Shop,
    order: &Order,
    lines: &[OrderLine],
) -> Result<Option<String>, Error> {
    let url = match &order.checkout_session_id {
        Some(_) => ask(shop, order).await?,
        None => make_session(shop, order).await?,
    };
    if let Some(url) = &url
        && let Err(error) = shop.stripe.check_pay_page(url)
    {
        // Nobody is sent there, so nothing is held for it.
        end_session(shop, order).await?;
        return Err(error.into());
    }
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
    let is_new = shop.now().saturating_sub(order.created_at) < NEW_SECONDS;
    let session = match shop
        .stripe
        .create_checkout_session(&new_session(shop, order))
        .await
    {
        Ok(session) => session,
        Err(error) => {
            give_up(shop, &order.id).await?;
            return match error {
                // A crash came between the order and its session, and the order's time is used up. A new one has time;
                // one that is new already would fare no better.
                ApiError::Refused { param, .. } if param == "expires_at" && !is_new => Ok(None),
                error => Err(error.into()),
            };
        }
    };
    if note(shop, &order.id, &session.id).await? {
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
        Ok(_) => {
            orders::settle(shop, &order.id, &PaymentFact::Expired).await?;
            Ok(())
        }
        // It was paid, or expired by itself, a moment ago; then Stripe knows better.
        Err(ApiError::Refused { .. }) => {
            ask(shop, &order).await?;
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// Ends an order whose session was never noted, because the server died or Stripe's answer was lost: nobody was sent to
/// pay there. The same call again finds the session if there is one, so that it can be ended at Stripe, too.
pub(crate) async fn abandon(shop: &Shop, order: &Order) -> Result<(), Error> {
    let session = match shop
        .stripe
        .create_checkout_session(&new_session(shop, order))
        .await
    {
        Ok(session) => session,
        // It was never made, and its time is used up.
        Err(ApiError::Refused { .. }) => return give_up(shop, &order.id).await,
        Err(error) => return Err(error.into()),
    };
    note(shop, &order.id, &session.id).await?;
    end_session(shop, order).await
}

/// Asks Stripe about the order's session. One that Stripe does not know was made with another key, before the shop was
/// given this one; it cannot be paid here any more.
pub(crate) async fn ask(shop: &Shop, order: &Order) -> Result<Option<String>, Error> {
    match orders::ask_stripe(shop, order).await {
        Err(Error::Stripe(ApiError::Refused { status: 404, .. })) => {
            orders::settle(shop, &order.id, &PaymentFact::Expired).await?;
            Ok(None)
        }
        answer => answer,
    }
}

/// Notes an order's session, and answers whether the order still wanted one.
async fn note(shop: &Shop, id: &OrderId, session_id: &str) -> Result<bool, Error> {
    let was_noted = shop
        .store
        .retrying(|| async {
            let mut tx = shop.store.begin().await?;
            let was_noted = store::orders::set_session(&mut tx, id, session_id).await?;
            tx.commit().await?;
            Ok(was_noted)
        })
        .await?;
    Ok(was_noted)
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
