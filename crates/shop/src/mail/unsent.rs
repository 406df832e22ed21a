use domain::order::Notification;
use store::Commit;
use store::outbox;

use super::templates::Recipient;
use crate::admin::{Admin, CsrfProof};
use crate::{Error, Shop};

/// An e-mail that has not left: it waits for its first attempt or for the next one.
#[derive(Clone, Debug)]
pub struct UnsentEmail {
    /// Its name.
    pub id: String,
    /// The notification; `None` when a newer version of the shop wrote it down.
    pub notification: Option<Notification>,
    /// The order that it is about.
    pub order_number: i64,
    /// The recipient; `None` for a shopper whose address is not known.
    pub to: Option<Recipient>,
    /// Time it was written down, in Unix seconds.
    pub created_at: i64,
    /// The number of attempts.
    pub attempts: i64,
    /// When it is tried next, in Unix seconds.
    pub next_attempt_at: i64,
    /// The reason why the last attempt failed, if one did.
    pub reason: Option<String>,
}

/// The number of e-mails on a page of the admin's list.
const PER_PAGE: i64 = 50;

/// The e-mails that have not left, those that failed first, and whether there are more.
pub async fn unsent(shop: &Shop, _: &Admin, page: i64) -> Result<(Vec<UnsentEmail>, bool), Error> {
    let (messages, has_more) = outbox::list_unsent(&shop.store, page.max(0), PER_PAGE).await?;
    Ok((messages.into_iter().map(read).collect(), has_more))
}

/// Has an e-mail of an order that waits sent at once, and answers whether there is one of that
/// name. The worker takes it with its next look, so it leaves once however often this is asked for.
pub async fn send_again(shop: &Shop, csrf: &CsrfProof, id: &str) -> Result<bool, Error> {
    let is_waiting = shop.store.transaction(async |mut tx| {
        let is_waiting = outbox::make_due(&mut tx, id, csrf.number(), shop.now()).await?;
        Ok(Commit(tx, is_waiting))
    });
    Ok(is_waiting.await?)
}

fn read(message: outbox::UnsentMessage) -> UnsentEmail {
    let notification = Notification::parse(&message.kind, &message.subject);
    let is_for_shopper = notification
        .as_ref()
        .is_some_and(Notification::is_for_shopper);
    UnsentEmail {
        to: if is_for_shopper {
            message.email.map(Recipient::Shopper)
        } else {
            Some(Recipient::Admin)
        },
        notification,
        id: message.id,
        order_number: message.order_number,
        created_at: message.created_at,
        attempts: message.attempts,
        next_attempt_at: message.next_attempt_at,
        reason: message.last_error,
    }
}
