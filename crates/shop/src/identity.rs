use std::time::Duration;

use domain::order::{Mode, Provider};
use payments::{ApiError, Stripe};
use store::{Commit, Store};

use crate::Error;

/// The error of a database that is not used with a key: its payments belong to somebody else. The
/// text is for whoever starts the shop.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The key is of the other mode than the payments.
    #[error("this database has payments of {}, and the key is of {}", name(*.known), name(*.given))]
    OtherMode {
        /// The mode of the payments.
        known: Mode,
        /// The mode of the key.
        given: Mode,
    },
    /// The key belongs to another account than the payments.
    #[error(
        "this database has payments of the Stripe account {known}, and the key belongs to {given}"
    )]
    OtherAccount {
        /// The account of the payments.
        known: String,
        /// The account of the key.
        given: String,
    },
    /// The key's account is not known, and Stripe does not know a payment of this database with it.
    #[error(
        "this database has payments that Stripe does not know with this key: it belongs to another account"
    )]
    UnknownPayment,
    /// The database failed, or Stripe does not take the key.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// The settings that remember whose payments the database holds.
const MODE: &str = "stripe_mode";
const ACCOUNT: &str = "stripe_account";

/// The setting that says since when the shop is with its account, in Unix seconds, if it was moved.
const MOVED_AT: &str = "stripe_moved_at";

/// The time that the start of the shop waits for Stripe. Without an answer it is asked again at the
/// next start.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Checks that the key is of the mode and account of the payments in the database, and remembers
/// both. `is_moving` says that the shop is moved to another account or mode on purpose. `now` is in
/// Unix seconds.
///
/// The account is asked from Stripe. Where a restricted key may not read it, Stripe is asked about
/// a payment that the database knows: one that it does not know was made in another account.
///
/// # Errors
/// When they differ, or the database fails.
pub async fn claim(
    store: &Store,
    stripe: &Stripe,
    mode: Mode,
    is_moving: bool,
    now: i64,
) -> Result<(), IdentityError> {
    let moved_at = get(store, MOVED_AT).await?.and_then(|at| at.parse().ok());
    let since = moved_at.unwrap_or(i64::MIN);
    let newest = store::payments::newest_reference(store, Provider::StripeCheckout, since)
        .await
        .map_err(Error::from)?;
    // A database without payments belongs to nobody, unless the shop was moved on purpose.
    let is_free = is_moving || (newest.is_none() && moved_at.is_none());
    let known_mode = match get(store, MODE).await? {
        Some(text) => Mode::parse(&text),
        None => newest.as_ref().map(|(mode, ..)| *mode),
    };
    let known_account = match account(store).await? {
        Some(account) => Some(account),
        None => newest.as_ref().and_then(|(_, account, _)| account.clone()),
    };
    if let Some(known) = known_mode
        && known != mode
        && !is_free
    {
        return Err(IdentityError::OtherMode { known, given: mode });
    }
    let given_account = account_of_key(stripe).await?;
    match (&known_account, &given_account) {
        _ if is_free => {}
        (Some(known), Some(given)) if known != given => {
            return Err(IdentityError::OtherAccount {
                known: known.clone(),
                given: given.clone(),
            });
        }
        (Some(_), Some(_)) => {}
        _ => {
            if let Some((_, _, reference)) = &newest
                && is_unknown(stripe, reference).await
            {
                return Err(IdentityError::UnknownPayment);
            }
        }
    }
    let account = if is_free {
        given_account
    } else {
        given_account.or(known_account)
    };
    remember(store, mode, account.as_deref(), is_moving.then_some(now)).await
}

/// The account whose payments the database holds, if it is known.
pub(crate) async fn account(store: &Store) -> Result<Option<String>, Error> {
    let account = store::settings::get(store, ACCOUNT).await?;
    Ok(account.filter(|account| !account.is_empty()))
}

/// The account of the key; `None` when the key may not tell, or Stripe does not answer now.
async fn account_of_key(stripe: &Stripe) -> Result<Option<String>, IdentityError> {
    let Ok(answer) = tokio::time::timeout(TIMEOUT, stripe.account_id()).await else {
        tracing::warn!("Stripe did not say in time which account the key belongs to");
        return Ok(None);
    };
    match answer {
        Ok(account) => Ok(Some(account)),
        Err(error @ ApiError::Configuration(_)) => Err(Error::from(error).into()),
        Err(error) => {
            tracing::warn!(stripe.error = %error, "Stripe did not say which account the key belongs to");
            Ok(None)
        }
    }
}

/// True if Stripe answers that it does not know a payment.
async fn is_unknown(stripe: &Stripe, reference: &str) -> bool {
    match tokio::time::timeout(TIMEOUT, stripe.checkout_session(reference)).await {
        Ok(Err(error)) => error.is_not_found(),
        Ok(Ok(_)) | Err(_) => false,
    }
}

async fn remember(
    store: &Store,
    mode: Mode,
    account: Option<&str>,
    moved_at: Option<i64>,
) -> Result<(), IdentityError> {
    let is_known = moved_at.is_none()
        && get(store, MODE).await?.as_deref() == Some(mode.as_str())
        && get(store, ACCOUNT).await?.as_deref() == Some(account.unwrap_or_default());
    if is_known {
        return Ok(());
    }
    store
        .transaction(async |mut tx| {
            store::settings::set(&mut tx, MODE, mode.as_str()).await?;
            store::settings::set(&mut tx, ACCOUNT, account.unwrap_or_default()).await?;
            if let Some(moved_at) = moved_at {
                store::settings::set(&mut tx, MOVED_AT, &moved_at.to_string()).await?;
            }
            Ok(Commit(tx, ()))
        })
        .await
        .map_err(Error::from)?;
    Ok(())
}

async fn get(store: &Store, key: &str) -> Result<Option<String>, IdentityError> {
    Ok(store::settings::get(store, key)
        .await
        .map_err(Error::from)?)
}

const fn name(mode: Mode) -> &'static str {
    match mode {
        Mode::Test => "test mode",
        Mode::Live => "live mode",
    }
}
