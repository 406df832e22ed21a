use std::fmt;

use sha2::{Digest, Sha256};
use store::{Commit, Store};

use crate::hashing::hash;
use crate::{Client, Error, Shop, random};

/// Wrong passwords, counted.
mod attempts;
/// Browsers that the admin has signed in from.
mod device;
/// CSRF tokens of the admin's forms, and the permission that they give.
mod form;

pub(crate) use attempts::Attempts;
use attempts::Refusal;
pub use device::DEVICE_SECONDS;
pub use form::{
    CsrfProof, FormError, MANY_ORDERS, authorize_form, csrf_token, is_review_code, review_code,
};

/// Proof that the admin is signed in. What only the admin may see asks for it, and only
/// [`authorize`] gives it.
#[derive(Clone, Debug)]
pub struct Admin(());

/// A session as the admin's browser keeps it. Never printed, never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

/// The origin of the admin's password.
#[derive(Debug, PartialEq, Eq)]
pub enum FirstPassword {
    /// It was made just now, and can be shown this once.
    Generated(String),
    /// It was made from the configuration just now.
    Configured,
    /// It was set at an earlier start.
    Kept,
}

/// The reason why a sign-in is refused.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The password is another.
    #[error("wrong password")]
    WrongPassword,
    /// This client has failed too often of late, and is not listened to.
    #[error("too many failed attempts of this client")]
    TooMany {
        /// For how many seconds.
        seconds: u32,
    },
    /// All clients together have; devices that the admin has signed in from are still listened to.
    #[error("too many failed attempts of all clients")]
    TooManyEverywhere {
        /// For how many seconds.
        seconds: u32,
    },
    /// The database failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// The admin's cookies after a sign-in.
#[derive(Debug)]
pub struct SignedIn {
    /// The session.
    pub token: SessionToken,
    /// The code that lets this browser sign in again while others guess passwords. It opens nothing
    /// by itself.
    pub device: String,
}

/// The longest life of a sign-in session, in seconds: 14 days.
pub const SESSION_SECONDS: i64 = 14 * 24 * 60 * 60;

/// The life of an unused sign-in session, in seconds: 12 hours.
pub const SESSION_IDLE_SECONDS: i64 = 12 * 60 * 60;

/// The fewest characters that the admin's password has.
pub const LEAST_PASSWORD: usize = 12;

/// The interval at which a session in use is extended, in seconds.
const TOUCH_SECONDS: i64 = 5 * 60;

const PASSWORD_HASH: &str = "admin_password_hash";

/// Makes sure that the admin has a password: the one from before, else the configured one, else a
/// new one.
///
/// # Errors
/// When the configured one is too short or the database fails.
pub async fn ensure_password(
    store: &Store,
    configured: Option<&str>,
) -> Result<FirstPassword, Error> {
    if let Some(password) = configured {
        check_length(password)?;
    }
    if store::settings::get(store, PASSWORD_HASH).await?.is_some() {
        return Ok(FirstPassword::Kept);
    }
    let generated = random::token()[..20].to_owned();
    let hash = hash(configured.unwrap_or(&generated)).await?;
    let is_first = store
        .transaction(async |mut tx| {
            let is_first = store::settings::set_default(&mut tx, PASSWORD_HASH, &hash).await?;
            Ok(Commit(tx, is_first))
        })
        .await?;
    Ok(match configured {
        // Another machine that started at the same moment was first.
        _ if !is_first => FirstPassword::Kept,
        Some(_) => FirstPassword::Configured,
        None => FirstPassword::Generated(generated),
    })
}

/// Refuses a password of fewer than [`LEAST_PASSWORD`] characters.
///
/// # Errors
/// [`Error::PasswordTooShort`].
pub fn check_length(password: &str) -> Result<(), Error> {
    if password.chars().count() < LEAST_PASSWORD {
        return Err(Error::PasswordTooShort);
    }
    Ok(())
}

/// Sets the admin's password and ends all sessions.
///
/// # Errors
/// When it is too short or the database fails.
pub async fn set_password(store: &Store, password: &str) -> Result<(), Error> {
    check_length(password)?;
    let hash = hash(password).await?;
    store
        .transaction(async |mut tx| {
            store::settings::set(&mut tx, PASSWORD_HASH, &hash).await?;
            store::admin::delete_all_sessions(&mut tx).await?;
            Ok(Commit(tx, ()))
        })
        .await?;
    Ok(())
}

/// Starts a session for whoever knows the password. `client` is where the attempt comes from and
/// `device` the cookie of a browser that the admin has signed in from, if it sent one.
///
/// # Errors
/// When the password is wrong, too many were, or the database fails.
pub async fn sign_in(
    shop: &Shop,
    password: &str,
    client: Client,
    device: Option<&str>,
) -> Result<SignedIn, SignInError> {
    let now = shop.now();
    let device = device.and_then(|cookie| device::parse(shop, cookie));
    let attempt = shop
        .attempts
        .begin(client, device.as_ref(), now)
        .map_err(|refusal| log_refusal(client, refusal))?;
    match is_right(shop, password).await {
        Ok(true) => attempt.forgive_all(),
        Ok(false) => {
            tracing::warn!(client.network = %client.shortened(), "sign-in failed: wrong password");
            return Err(SignInError::WrongPassword);
        }
        Err(error) => {
            attempt.withdraw();
            return Err(error.into());
        }
    }
    let token = SessionToken(random::token());
    shop.store
        .transaction(async |mut tx| {
            let expires_at = now.saturating_add(SESSION_IDLE_SECONDS);
            store::admin::insert_session(&mut tx, &token.hash(), now, expires_at).await?;
            Ok(Commit(tx, ()))
        })
        .await
        .map_err(Error::from)?;
    tracing::info!(
        client.network = %client.shortened(),
        client.is_known_device = device.is_some(),
        "the admin signed in"
    );
    let device = device::issue(shop, device);
    Ok(SignedIn { token, device })
}

async fn is_right(shop: &Shop, password: &str) -> Result<bool, Error> {
    match store::settings::get(&shop.store, PASSWORD_HASH).await? {
        Some(hash) => shop.hashing.verify(password, &hash).await,
        None => Ok(false),
    }
}

/// Logs the first refusal of a client: a flood of them is one line.
fn log_refusal(client: Client, refusal: Refusal) -> SignInError {
    match refusal {
        Refusal::Client { seconds, is_first } => {
            if is_first {
                tracing::warn!(
                    client.network = %client.shortened(),
                    "sign-in refused: too many wrong passwords of one client"
                );
            }
            SignInError::TooMany { seconds }
        }
        Refusal::Everywhere { seconds, is_first } => {
            if is_first {
                tracing::warn!(
                    "sign-ins slowed down: too many wrong passwords from many clients; \
                     devices that the admin has signed in from are not affected"
                );
            }
            SignInError::TooManyEverywhere { seconds }
        }
    }
}

/// The proof that the admin is here, unless the sign-in session has ended. A session that is used
/// goes on for [`SESSION_IDLE_SECONDS`], up to [`SESSION_SECONDS`] in all.
pub async fn authorize(shop: &Shop, token: &SessionToken) -> Result<Option<Admin>, Error> {
    let (hash, now) = (token.hash(), shop.now());
    let Some(session) = store::admin::session(&shop.store, &hash, now).await? else {
        return Ok(None);
    };
    let expires_at = now
        .saturating_add(SESSION_IDLE_SECONDS)
        .min(session.created_at.saturating_add(SESSION_SECONDS));
    if expires_at <= now {
        return Ok(None);
    }
    if expires_at.saturating_sub(session.expires_at) >= TOUCH_SECONDS {
        let touched = shop
            .store
            .transaction(async |mut tx| {
                store::admin::extend_session(&mut tx, &hash, expires_at, now).await?;
                Ok(Commit(tx, ()))
            })
            .await;
        // The admin is here all the same, perhaps to see what is wrong with the database.
        if let Err(error) = touched {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "extending a sign-in session failed"
            );
        }
    }
    Ok(Some(Admin(())))
}

/// Ends a session.
pub async fn sign_out(shop: &Shop, token: &SessionToken) -> Result<(), Error> {
    shop.store
        .transaction(async |mut tx| {
            store::admin::delete_session(&mut tx, &token.hash()).await?;
            Ok(Commit(tx, ()))
        })
        .await?;
    Ok(())
}

impl SessionToken {
    /// Takes whatever a browser sent for a token.
    pub fn from_cookie(value: &str) -> Self {
        Self(value.to_owned())
    }

    /// The token, for the browser's cookie.
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(redacted)")
    }
}
