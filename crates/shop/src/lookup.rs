use domain::order::{Notification, Order};
use store::{Commit, outbox};

use crate::admin::CsrfProof;
use crate::limits::{Limits, Rate};
use crate::mail::normalized;
use crate::{Client, Error, Shop};

/// The reason why no link is sent.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// The client has asked too often.
    #[error("the client has asked too often")]
    Limited {
        /// In how many seconds it may ask again.
        seconds: u32,
    },
    /// The database failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// The stretch of time in which a shopper gets one link to an order, whoever asks, in seconds.
const PERIOD: i64 = 10 * 60;

/// The same for the admin.
const ADMIN_PERIOD: i64 = 60;

/// The limit on questions for links. A guess costs as much as a question.
const LIMITS: Limits = Limits {
    open_orders: 0,
    held_percent: 0,
    held_pieces: 0,
    client_rate: Rate {
        burst: 5,
        refill: 1,
        seconds: 60,
    },
    shop_rate: Rate {
        burst: 60,
        refill: 1,
        seconds: 1,
    },
};

/// Sends the link to an order's page to the shopper's address, if that is the one that was typed.
/// Whether there is such an order is not told: the answer is the same and takes as long, for what
/// is written is written after it.
///
/// # Errors
/// When the client has asked too often, or the database fails.
pub async fn send_link(
    shop: &Shop,
    client: Client,
    number: i64,
    email: &str,
) -> Result<(), LookupError> {
    let passed = shop.lookups.pass(client, &LIMITS, shop.now());
    passed.map_err(|seconds| LookupError::Limited { seconds })?;
    let order = store::orders::by_number(&shop.store, number)
        .await
        .map_err(Error::from)?;
    let shop = shop.clone();
    let email = email.to_owned();
    // Bounded by the limits: at most as many are under way as a minute lets through.
    tokio::spawn(async move {
        let Some(order) = order.filter(|order| is_shopper(order, &email)) else {
            return;
        };
        if let Err(error) = write(&shop, &order, PERIOD).await {
            tracing::error!(
                order.number = order.number,
                error = &error as &dyn std::error::Error,
                "the link to an order could not be written down"
            );
        }
    });
    Ok(())
}

/// Sends the shopper the link to their order's page again, and answers whether their address is
/// known.
pub async fn resend(shop: &Shop, csrf: &CsrfProof) -> Result<bool, Error> {
    let order = store::orders::by_number(&shop.store, csrf.number()).await?;
    let Some(order) = order.filter(|order| order.email.is_some()) else {
        return Ok(false);
    };
    write(shop, &order, ADMIN_PERIOD).await?;
    Ok(true)
}

async fn write(shop: &Shop, order: &Order, period: i64) -> Result<(), Error> {
    let now = shop.now();
    let notification = Notification::OrderLink {
        period: now.div_euclid(period),
    };
    shop.store
        .transaction(async |mut tx| {
            outbox::insert(&mut tx, &order.id, std::slice::from_ref(&notification), now).await?;
            Ok(Commit(tx, ()))
        })
        .await?;
    Ok(())
}

/// True if an address is the order's, in whatever case and form.
fn is_shopper(order: &Order, email: &str) -> bool {
    let normal = |text: &str| normalized(text).map(|text| text.to_lowercase());
    let own = order.email.as_deref().and_then(normal);
    own.is_some() && own == normal(email)
}
