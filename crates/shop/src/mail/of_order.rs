use domain::order::{Notification, Order};
use store::outbox::{self, OutboxMessage};
use store::{Commit, Rollback};

use super::templates::{Site, render};
use crate::admin::{Admin, CsrfProof};
use crate::digital::{Delivery, delivery_for_email};
use crate::{Error, Shop};

/// The most e-mails of an order that are listed, the newest.
const MOST: i64 = 50;

/// The stretch of time in which an e-mail is sent again once, in seconds.
const PERIOD: i64 = 60;

/// The most e-mails of an order in a day with which another is sent again.
const MOST_IN_A_DAY: i64 = 40;

/// A day in seconds.
const DAY: i64 = 24 * 60 * 60;

/// An e-mail of an order.
#[derive(Clone, Debug)]
pub struct OrderEmail {
    /// Its name.
    pub id: String,
    /// The notification; `None` when a newer version of the shop wrote it down.
    pub notification: Option<Notification>,
    /// Time it was written down, in Unix seconds.
    pub created_at: i64,
    /// Time it was sent, in Unix seconds.
    pub sent_at: Option<i64>,
    /// True if it can be sent again: it was sent, and what it tells is still so.
    pub is_repeatable: bool,
}

/// The outcome of sending an e-mail again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeated {
    /// It is written down, or was a moment ago.
    Written,
    /// There is no such e-mail, it has not left yet, or what it tells is no longer so.
    Impossible,
    /// The order has had too many e-mails today.
    TooMany,
}

/// The e-mails of an order, the newest first.
pub async fn of_order(shop: &Shop, _: &Admin, order: &Order) -> Result<Vec<OrderEmail>, Error> {
    let messages = outbox::of_order(&shop.store, &order.id, MOST).await?;
    let delivery = delivery_for_email(shop, order).await?;
    let read = |message: outbox::OrderMessage| OrderEmail {
        notification: Notification::parse(&message.kind, &message.subject),
        is_repeatable: message.sent_at.is_some() && is_so(shop, order, Some(&delivery), &message),
        id: message.id,
        created_at: message.created_at,
        sent_at: message.sent_at,
    };
    Ok(messages.into_iter().map(read).collect())
}

/// Sends an e-mail of an order again, as the order is now. It is a message of its own, so that the
/// order's list keeps all that was sent.
pub async fn repeat(shop: &Shop, csrf: &CsrfProof, id: &str) -> Result<Repeated, Error> {
    let now = shop.now();
    let Some(order) = store::orders::by_number(&shop.store, csrf.number()).await? else {
        return Ok(Repeated::Impossible);
    };
    let messages = outbox::of_order(&shop.store, &order.id, MOST).await?;
    let message = messages.into_iter().find(|message| message.id == id);
    let Some(message) = message.filter(|message| message.sent_at.is_some()) else {
        return Ok(Repeated::Impossible);
    };
    let delivery = delivery_for_email(shop, &order).await?;
    let repeated = shop
        .store
        .transaction(async |mut tx| {
            let Some(order) = store::orders::lock_by_number(&mut tx, csrf.number()).await? else {
                return Ok(Rollback(Repeated::Impossible));
            };
            let notification = Notification::parse(&message.kind, &message.subject);
            let notification =
                notification.filter(|_| is_so(shop, &order, Some(&delivery), &message));
            let Some(notification) = notification else {
                return Ok(Rollback(Repeated::Impossible));
            };
            let since = now.saturating_sub(DAY);
            if outbox::count_since(&mut tx, &order.id, since).await? >= MOST_IN_A_DAY {
                return Ok(Rollback(Repeated::TooMany));
            }
            let period = now.div_euclid(PERIOD);
            outbox::insert_repeat(&mut tx, &order.id, &notification, period, now).await?;
            Ok(Commit(tx, Repeated::Written))
        })
        .await?;
    shop.wake_worker();
    Ok(repeated)
}

/// True if there is something to tell, and somebody to tell it to.
fn is_so(
    shop: &Shop,
    order: &Order,
    delivery: Option<&Delivery>,
    message: &outbox::OrderMessage,
) -> bool {
    let site = Site {
        url: shop.site_url(),
        name: shop.texts().display_name(),
        is_live: !shop.is_test_mode(),
        delivery,
    };
    let message = OutboxMessage {
        id: message.id.clone(),
        kind: message.kind.clone(),
        subject: message.subject.clone(),
        order_id: order.id.clone(),
        attempts: 1,
    };
    render(&message, order, &site).is_ok()
}
