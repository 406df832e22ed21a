use std::sync::Arc;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use tokio::sync::Semaphore;

use crate::Error;

/// Where passwords that arrive from outside are checked. Argon2 takes 19 MB and some hundredths of
/// a second of a core each time, on purpose: so only two run at a time, few wait, and the others
/// are refused at once.
#[derive(Debug)]
pub(crate) struct Hashing {
    running: Arc<Semaphore>,
    /// Running or waiting.
    admitted: Semaphore,
}

/// How many run at a time.
const RUNNING: usize = 2;

/// How many run or wait.
const ADMITTED: usize = 10;

/// How long one waits.
const WAIT: Duration = Duration::from_secs(5);

impl Default for Hashing {
    fn default() -> Self {
        Self {
            running: Arc::new(Semaphore::new(RUNNING)),
            admitted: Semaphore::new(ADMITTED),
        }
    }
}

impl Hashing {
    /// Whether a password is the one of a hash.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many are being checked.
    pub(crate) async fn verify(&self, password: &str, hash: &str) -> Result<bool, Error> {
        let _admitted = self.admitted.try_acquire().map_err(|_| Error::Busy)?;
        let running = Arc::clone(&self.running).acquire_owned();
        let running = tokio::time::timeout(WAIT, running)
            .await
            .map_err(|_| Error::Busy)?
            .map_err(|_| Error::Busy)?;
        let (password, hash) = (password.to_owned(), hash.to_owned());
        let work = tokio::task::spawn_blocking(move || {
            // Until the work is done, even if nobody waits for it any more.
            let _running = running;
            verify_now(&password, &hash)
        });
        work.await
            .map_err(|error| Error::Password(error.to_string()))?
    }
}

/// Hashes a password that the owner or the configuration gives, outside the limits.
///
/// # Errors
/// When the hash function fails.
pub(crate) async fn hash(password: &str) -> Result<String, Error> {
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

fn verify_now(password: &str, hash: &str) -> Result<bool, Error> {
    let hash = PasswordHash::new(hash).map_err(|error| Error::Password(error.to_string()))?;
    Ok(Argon2::default()
        .verify_password(password.as_bytes(), &hash)
        .is_ok())
}
