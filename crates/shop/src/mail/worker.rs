use std::time::Duration;

use rand::Rng;
use store::Commit;
use store::outbox::{self, OutboxMessage};
use tokio::task::JoinSet;

use super::mailer::Mailer;
use super::templates::{Site, SkipReason, render};
use crate::digital::delivery_for_email;
use crate::isolation::isolated;
use crate::{Error, Shop};

/// Counts of the e-mails that were due, by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// They left.
    pub sent: u64,
    /// They are tried again later.
    pub deferred: u64,
    /// There was nothing to tell any more, or nobody to tell it to.
    pub dropped: u64,
}

/// The most e-mails that are being sent at once.
const AT_ONCE: i64 = 4;

/// For how long nobody else takes an e-mail that is being sent. Longer than any mailer waits for a
/// server.
const LEASE: i64 = 5 * 60;

/// The first pause after a failure. Each one is twice as long as the one before, up to the longest.
const FIRST_PAUSE: i64 = 60;
const LONGEST_PAUSE: i64 = 6 * 60 * 60;

/// After how many attempts a day passes between two: about a week, with the longest pause.
const SLOW_AFTER: i64 = 36;
const SLOW_PAUSE: i64 = 24 * 60 * 60;

/// The number of attempts for an e-mail to a shopper without an address: for about a day. An event
/// that came in the wrong order may still bring the address.
const ADDRESS_ATTEMPTS: i64 = 12;

/// The pause of the worker when nothing is due.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// Sends everything that is due, and answers what became of it. Any number of machines may do so at
/// once: an e-mail that one has taken is not taken by another. One that does not leave is tried
/// again, later each time, and never forgotten.
///
/// An e-mail leaves once; twice only if the machine dies, or the database fails, between the
/// server's yes and writing it down. Then both have the same `Message-ID`.
///
/// # Errors
/// When the database fails. What was taken is taken again when its time has come.
pub async fn deliver_due(shop: &Shop, mailer: &Mailer) -> Result<Delivered, Error> {
    let mut delivered = Delivered::default();
    // The usual case, without waiting for the one connection that writes.
    if outbox::count_unsent(&shop.store).await? == 0 {
        return Ok(delivered);
    }
    loop {
        let messages = take(shop).await?;
        if messages.is_empty() {
            return Ok(delivered);
        }
        let mut work = JoinSet::new();
        for message in messages {
            let (shop, mailer) = (shop.clone(), mailer.clone());
            work.spawn(async move { isolated(deliver(&shop, &mailer, &message)).await });
        }
        // All of them end before an error of one is told.
        for outcome in work.join_all().await {
            match outcome? {
                Outcome::Sent => delivered.sent += 1,
                Outcome::Deferred => delivered.deferred += 1,
                Outcome::Dropped => delivered.dropped += 1,
            }
        }
    }
}

/// Sends what has to be sent until `stop`. An e-mail that is on its way then still leaves.
pub async fn run(shop: Shop, mailer: Mailer, stop: impl Future<Output = ()> + Send) {
    tokio::pin!(stop);
    loop {
        if let Err(error) = isolated(deliver_due(&shop, &mailer)).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "outbox delivery failed"
            );
        }
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(POLL_INTERVAL) => {}
        }
    }
}

enum Outcome {
    Sent,
    Deferred,
    Dropped,
}

async fn take(shop: &Shop) -> Result<Vec<OutboxMessage>, Error> {
    let now = shop.now();
    let messages = shop.store.transaction(async |mut tx| {
        let messages = outbox::take_due(&mut tx, now, now.saturating_add(LEASE), AT_ONCE).await?;
        Ok(Commit(tx, messages))
    });
    Ok(messages.await?)
}

async fn deliver(shop: &Shop, mailer: &Mailer, message: &OutboxMessage) -> Result<Outcome, Error> {
    let content = match store::orders::by_id(&shop.store, &message.order_id).await? {
        Some(order) => {
            let delivery = delivery_for_email(shop, &order).await?;
            let site = Site {
                url: shop.site_url(),
                name: shop.texts().display_name(),
                is_live: !shop.is_test_mode(),
                delivery: Some(&delivery),
            };
            render(message, &order, &site)
        }
        None => Err(SkipReason::Unknown),
    };
    let content = match content {
        Ok(content) => content,
        Err(why) => return skip(shop, message, why).await,
    };
    match mailer.send(&message.id, &content).await {
        Ok(()) => {
            mark_sent(shop, message).await?;
            tracing::info!(
                outbox.message_id = message.id,
                outbox.kind = message.kind,
                "e-mail sent"
            );
            Ok(Outcome::Sent)
        }
        Err(error) => reschedule(shop, message, &error.to_string(), error.is_lasting()).await,
    }
}

/// Closes an e-mail that has nothing to say, and keeps one that may have later.
async fn skip(shop: &Shop, message: &OutboxMessage, why: SkipReason) -> Result<Outcome, Error> {
    let is_over = match why {
        SkipReason::Outdated => true,
        SkipReason::NoAddress => message.attempts >= ADDRESS_ATTEMPTS,
        SkipReason::Unknown => false,
    };
    if !is_over {
        return reschedule(shop, message, &why.to_string(), false).await;
    }
    mark_sent(shop, message).await?;
    tracing::warn!(
        outbox.message_id = message.id,
        outbox.kind = message.kind,
        why = %why,
        "e-mail not sent"
    );
    Ok(Outcome::Dropped)
}

async fn mark_sent(shop: &Shop, message: &OutboxMessage) -> Result<(), Error> {
    let sent = shop.store.transaction(async |mut tx| {
        outbox::mark_sent(&mut tx, &message.id, shop.now()).await?;
        Ok(Commit(tx, ()))
    });
    Ok(sent.await?)
}

async fn reschedule(
    shop: &Shop,
    message: &OutboxMessage,
    why: &str,
    is_lasting: bool,
) -> Result<Outcome, Error> {
    let until = shop
        .now()
        .saturating_add(pause(message.attempts, is_lasting));
    let reschedule = shop.store.transaction(async |mut tx| {
        outbox::reschedule(&mut tx, &message.id, until, why).await?;
        Ok(Commit(tx, ()))
    });
    reschedule.await?;
    tracing::warn!(
        outbox.message_id = message.id,
        outbox.kind = message.kind,
        outbox.attempts = message.attempts,
        why,
        "e-mail rescheduled"
    );
    Ok(Outcome::Deferred)
}

/// The seconds until the next attempt, when this one was the `attempts`th. A little is added at
/// random, so that e-mails that failed together do not come back together.
fn pause(attempts: i64, is_lasting: bool) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 16)).unwrap_or(0);
    let pause = match (attempts > SLOW_AFTER, is_lasting) {
        (true, _) => SLOW_PAUSE,
        (false, true) => LONGEST_PAUSE,
        (false, false) => FIRST_PAUSE
            .saturating_mul(1 << doublings)
            .min(LONGEST_PAUSE),
    };
    pause + rand::rng().random_range(0..=pause / 4)
}
