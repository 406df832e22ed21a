use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use sha2::{Digest, Sha256};
use store::Store;
use uuid::Uuid;

use crate::{Error, Shop, random};

/// Proof that the owner is signed in. What only the owner may see asks for it, and only [`authorize`] gives it.
#[derive(Clone, Debug)]
pub struct Admin(());

/// A session as the owner's browser keeps it. Never printed, never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

/// Where the owner's password comes from.
#[derive(Debug, PartialEq, Eq)]
pub enum FirstPassword {
    /// It was made just now, and can be shown this once.
    Generated(String),
    /// The configuration names it.
    Configured,
    /// It was set at an earlier start.
    Kept,
}

/// Why the owner is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The password is another.
    #[error("wrong password")]
    WrongPassword,
    /// This client has failed too often of late, and is not listened to.
    #[error("too many failed attempts")]
    TooMany,
    /// The database failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// How long a session lasts, in seconds.
pub const SESSION_SECONDS: i64 = 12 * 60 * 60;

/// How many wrong passwords a client has within [`FAILURE_WINDOW`].
const FAILURE_LIMIT: i64 = 10;

/// How long a wrong password counts, in seconds.
const FAILURE_WINDOW: i64 = 15 * 60;

const PASSWORD_HASH: &str = "admin_password_hash";

/// Makes sure that the owner has a password: the configured one if there is one, else the one from before, else a new
/// one.
///
/// # Errors
/// When the database fails.
pub async fn ensure_password(
    store: &Store,
    configured: Option<&str>,
) -> Result<FirstPassword, Error> {
    let kept = store::settings::get(store, PASSWORD_HASH).await?;
    match (configured, kept) {
        (Some(password), Some(hash)) if verify(password, &hash).await? => {
            Ok(FirstPassword::Configured)
        }
        (Some(password), _) => {
            set_password(store, password).await?;
            Ok(FirstPassword::Configured)
        }
        (None, Some(_)) => Ok(FirstPassword::Kept),
        (None, None) => {
            let password = random::token()[..20].to_owned();
            let hash = hash(&password).await?;
            let is_first = store
                .retrying(|| async {
                    let mut tx = store.begin().await?;
                    let is_first =
                        store::settings::set_default(&mut tx, PASSWORD_HASH, &hash).await?;
                    tx.commit().await?;
                    Ok(is_first)
                })
                .await?;
            // Another machine that started at the same moment may have been first.
            Ok(if is_first {
                FirstPassword::Generated(password)
            } else {
                FirstPassword::Kept
            })
        }
    }
}

/// Sets the owner's password and ends all sessions.
///
/// # Errors
/// When the database fails.
pub async fn set_password(store: &Store, password: &str) -> Result<(), Error> {
    let hash = hash(password).await?;
    store
        .retrying(|| async {
            let mut tx = store.begin().await?;
            store::settings::set(&mut tx, PASSWORD_HASH, &hash).await?;
            store::admin::delete_all_sessions(&mut tx).await?;
            tx.commit().await
        })
        .await?;
    Ok(())
}

/// Starts a session for whoever knows the password. `client` is where the attempt comes from; each has so many.
///
/// # Errors
/// When the password is wrong, the client has failed too often, or the database fails.
pub async fn sign_in(
    shop: &Shop,
    password: &str,
    client: &str,
) -> Result<SessionToken, SignInError> {
    let now = shop.now();
    // The attempt counts before it is looked at, so that many at once are not one.
    let failures = shop
        .store
        .retrying(|| async {
            let mut tx = shop.store.begin().await?;
            let id = Uuid::now_v7().to_string();
            let since = now.saturating_sub(FAILURE_WINDOW);
            let failures = store::admin::note_failure(&mut tx, &id, client, now, since).await?;
            tx.commit().await?;
            Ok(failures)
        })
        .await
        .map_err(Error::from)?;
    if failures > FAILURE_LIMIT {
        return Err(SignInError::TooMany);
    }
    let hash = store::settings::get(&shop.store, PASSWORD_HASH)
        .await
        .map_err(Error::from)?;
    let is_right = match hash {
        Some(hash) => verify(password, &hash).await?,
        None => false,
    };
    if !is_right {
        return Err(SignInError::WrongPassword);
    }
    let token = SessionToken(random::token());
    shop.store
        .retrying(|| async {
            let mut tx = shop.store.begin().await?;
            store::admin::forget_failures(&mut tx, client).await?;
            let expires_at = now.saturating_add(SESSION_SECONDS);
            store::admin::insert_session(&mut tx, &token.hash(), now, expires_at).await?;
            tx.commit().await
        })
        .await
        .map_err(Error::from)?;
    Ok(token)
}

/// Whether the session goes on, and if so the proof that the owner is here.
///
/// # Errors
/// When the database fails.
pub async fn authorize(shop: &Shop, token: &SessionToken) -> Result<Option<Admin>, Error> {
    let goes_on = store::admin::has_session(&shop.store, &token.hash(), shop.now()).await?;
    Ok(goes_on.then_some(Admin(())))
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(shop: &Shop, token: &SessionToken) -> Result<(), Error> {
    shop.store
        .retrying(|| async {
            let mut tx = shop.store.begin().await?;
            store::admin::delete_session(&mut tx, &token.hash()).await?;
            tx.commit().await
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

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(redacted)")
    }
}

/// Argon2 is slow on purpose, so it runs where it blocks nobody.
async fn hash(password: &str) -> Result<String, Error> {
    let password = password.to_owned();
    tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|error| Error::Password(error.to_string()))
    })
    .await
    .map_err(|error| Error::Password(error.to_string()))?
}

async fn verify(password: &str, hash: &str) -> Result<bool, Error> {
    let (password, hash) = (password.to_owned(), hash.to_owned());
    tokio::task::spawn_blocking(move || {
        let hash = PasswordHash::new(&hash).map_err(|error| Error::Password(error.to_string()))?;
        Ok(Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok())
    })
    .await
    .map_err(|error| Error::Password(error.to_string()))?
}
