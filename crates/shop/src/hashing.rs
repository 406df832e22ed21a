use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use tokio::sync::{mpsc, oneshot};

use crate::Error;

/// Where passwords that arrive from outside are checked. Argon2 takes 19 MB and some hundredths of
/// a second of a core each time, on purpose: so only two run at a time, few wait, and the others
/// are refused at once. They run in threads of their own, because an allocator keeps that much
/// memory for each thread that ever needed it.
#[derive(Debug)]
pub(crate) struct Hashing {
    checks: mpsc::Sender<Check>,
}

/// A password to check.
#[derive(Debug)]
struct Check {
    password: String,
    hash: String,
    answer: oneshot::Sender<Result<bool, Error>>,
}

/// How many run at a time.
const THREADS: usize = 2;

/// How many wait.
const WAITING: usize = 8;

/// How long one waits.
const PATIENCE: Duration = Duration::from_secs(5);

impl Default for Hashing {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..THREADS {
            let receiver = Arc::clone(&receiver);
            let thread = thread::Builder::new().name("argon2".to_owned());
            if let Err(error) = thread.spawn(move || work(&receiver)) {
                tracing::error!(%error, "no thread to check passwords in");
            }
        }
        Self { checks: sender }
    }
}

impl Hashing {
    /// Whether a password is the one of a hash.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many are being checked.
    pub(crate) async fn verify(&self, password: &str, hash: &str) -> Result<bool, Error> {
        let (answer, answered) = oneshot::channel();
        let check = Check {
            password: password.to_owned(),
            hash: hash.to_owned(),
            answer,
        };
        self.checks.try_send(check).map_err(|_| Error::Busy)?;
        match tokio::time::timeout(PATIENCE, answered).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) | Err(_) => Err(Error::Busy),
        }
    }
}

/// Checks one after the other, until there is no [`Hashing`] any more.
fn work(checks: &Mutex<mpsc::Receiver<Check>>) {
    loop {
        let mut receiver = checks.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(check) = receiver.blocking_recv() else {
            return;
        };
        drop(receiver);
        // Nobody waits any more.
        if check.answer.is_closed() {
            continue;
        }
        let answer = verify_now(&check.password, &check.hash);
        let _ = check.answer.send(answer);
    }
}

/// Hashes a password that the admin or the configuration gives, outside the limits.
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test]
    async fn crowd_beyond_the_queue_is_refused_at_once() {
        let hashing = Arc::new(Hashing::default());
        let hash = hash("correct horse battery").await.unwrap();
        let mut checks = tokio::task::JoinSet::new();
        for _ in 0..300 {
            let (hashing, hash) = (Arc::clone(&hashing), hash.clone());
            checks.spawn(async move { hashing.verify("correct horse battery", &hash).await });
        }
        let (mut right, mut busy) = (0, 0);
        for answer in checks.join_all().await {
            match answer {
                Ok(true) => right += 1,
                Err(Error::Busy) => busy += 1,
                other => assert!(other.is_err(), "{other:?}"),
            }
        }
        assert!(right >= WAITING, "{right} were checked");
        assert!(busy >= 200, "{busy} were refused");
        assert_eq!(right + busy, 300);
        // And the next one is checked again.
        assert!(
            hashing
                .verify("correct horse battery", &hash)
                .await
                .unwrap()
        );
        assert!(!hashing.verify("wrong", &hash).await.unwrap());
    }
}
