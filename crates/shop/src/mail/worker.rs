use std::time::Duration;

use rand::Rng;
use store::outbox::{self, Letter};
use tokio::task::JoinSet;

use super::mailer::Mailer;
use super::words::{Site, Unwritten, render};
use crate::{Error, Shop};

/// What became of the letters that were due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// They left.
    pub sent: u64,
    /// They are tried again later.
    pub put_off: u64,
    /// There was nothing to tell any more, or nobody to tell it to.
    pub dropped: u64,
}

/// How many letters are on their way at once.
const AT_ONCE: i64 = 4;

/// For how long nobody else takes a letter that is being sent. Longer than any mailer waits for a server.
const LEASE: i64 = 5 * 60;

/// The first pause after a failure. Each one is twice as long as the one before, up to the longest.
const FIRST_PAUSE: i64 = 60;
const LONGEST_PAUSE: i64 = 6 * 60 * 60;

/// After how many attempts a day passes between two: about a week, with the longest pause.
const SLOW_AFTER: i64 = 36;
const SLOW_PAUSE: i64 = 24 * 60 * 60;

/// How often a letter to a shopper without an address is looked at again: for about a day. An event that came in
/// the wrong order may still bring the address.
const LOOKS_FOR_ADDRESS: i64 = 12;

/// How long the worker rests when nothing is due.
const REST: Duration = Duration::from_secs(2);

/// Sends everything that is due, and answers what became of it. Any number of machines may do so at once: a letter that
/// one has taken is not taken by another. One that does not leave is tried again, later each time, and never forgotten.
///
/// A letter leaves once; twice only if the machine dies, or the database fails, between the server's yes and writing it
/// down. Then both have the same `Message-ID`.
///
/// # Errors
/// When the database fails. What was taken is taken again when its time has come.
pub async fn deliver_due(shop: &Shop, mailer: &Mailer) -> Result<Delivered, Error> {
    let mut delivered = Delivered::default();
    // The usual case, without waiting for the one connection that writes.
    if outbox::waiting(&shop.store).await? == 0 {
        return Ok(delivered);
    }
    loop {
        let letters = take(shop).await?;
        if letters.is_empty() {
            return Ok(delivered);
        }
        let mut work = JoinSet::new();
        for letter in letters {
            let (shop, mailer) = (shop.clone(), mailer.clone());
            work.spawn(async move { deliver(&shop, &mailer, &letter).await });
        }
        // All of them end before an error of one is told.
        for outcome in work.join_all().await {
            match outcome? {
                Outcome::Sent => delivered.sent += 1,
                Outcome::PutOff => delivered.put_off += 1,
                Outcome::Dropped => delivered.dropped += 1,
            }
        }
    }
}

/// Sends what has to be sent until `stop`. A letter that is on its way then still leaves.
pub async fn run(shop: Shop, mailer: Mailer, stop: impl Future<Output = ()> + Send) {
    tokio::pin!(stop);
    loop {
        if let Err(error) = deliver_due(&shop, &mailer).await {
            tracing::error!(error = &error as &dyn std::error::Error, "e-mails wait");
        }
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(REST) => {}
        }
    }
}

enum Outcome {
    Sent,
    PutOff,
    Dropped,
}

async fn take(shop: &Shop) -> Result<Vec<Letter>, Error> {
    let now = shop.now();
    let letters = shop.store.retrying(|| async {
        let mut tx = shop.store.begin().await?;
        let letters = outbox::take_due(&mut tx, now, now.saturating_add(LEASE), AT_ONCE).await?;
        tx.commit().await?;
        Ok(letters)
    });
    Ok(letters.await?)
}

async fn deliver(shop: &Shop, mailer: &Mailer, letter: &Letter) -> Result<Outcome, Error> {
    let site = Site {
        url: shop.site_url(),
        name: mailer.shop_name(),
        is_live: !shop.is_test_mode(),
    };
    let content = match store::orders::by_id(&shop.store, &letter.order_id).await? {
        Some(order) => render(letter, &order, &site),
        None => Err(Unwritten::Unknown),
    };
    let content = match content {
        Ok(content) => content,
        Err(why) => return leave(shop, letter, why).await,
    };
    match mailer.send(&letter.id, &content).await {
        Ok(()) => {
            done(shop, letter).await?;
            tracing::info!(letter = letter.id, kind = letter.kind, "e-mail sent");
            Ok(Outcome::Sent)
        }
        Err(error) => put_off(shop, letter, &error.to_string(), error.is_lasting()).await,
    }
}

/// Closes a letter that has nothing to say, and keeps one that may have later.
async fn leave(shop: &Shop, letter: &Letter, why: Unwritten) -> Result<Outcome, Error> {
    let is_over = match why {
        Unwritten::Outdated => true,
        Unwritten::NoAddress => letter.attempts >= LOOKS_FOR_ADDRESS,
        Unwritten::Unknown => false,
    };
    if !is_over {
        return put_off(shop, letter, &why.to_string(), false).await;
    }
    done(shop, letter).await?;
    tracing::warn!(
        letter = letter.id,
        kind = letter.kind,
        why = %why,
        "e-mail not sent"
    );
    Ok(Outcome::Dropped)
}

async fn done(shop: &Shop, letter: &Letter) -> Result<(), Error> {
    let sent = shop.store.retrying(|| async {
        let mut tx = shop.store.begin().await?;
        outbox::mark_sent(&mut tx, &letter.id, shop.now()).await?;
        tx.commit().await
    });
    Ok(sent.await?)
}

async fn put_off(
    shop: &Shop,
    letter: &Letter,
    why: &str,
    is_lasting: bool,
) -> Result<Outcome, Error> {
    let until = shop
        .now()
        .saturating_add(pause(letter.attempts, is_lasting));
    let put_off = shop.store.retrying(|| async {
        let mut tx = shop.store.begin().await?;
        outbox::put_off(&mut tx, &letter.id, until, why).await?;
        tx.commit().await
    });
    put_off.await?;
    tracing::warn!(
        letter = letter.id,
        kind = letter.kind,
        attempts = letter.attempts,
        why,
        "e-mail waits"
    );
    Ok(Outcome::PutOff)
}

/// How many seconds pass until the next attempt, when this one was the `attempts`th. A little is added at random, so
/// that letters that failed together do not come back together.
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
