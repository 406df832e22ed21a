use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::password_hash::{self, PasswordHasher};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::{mpsc, oneshot};

use crate::Error;

/// Hashing of passwords that arrive from outside. Argon2 takes 19 MB and some hundredths of a
/// second of a core each time, on purpose: so only two run at a time, few wait, and the others are
/// refused at once. They run in threads of their own, each of which keeps its 19 MB: taken anew for
/// each check, they would leave an allocator with several times as much.
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

/// The number that runs at a time.
const THREADS: usize = 2;

/// The number that waits.
const WAITING: usize = 8;

/// The longest wait of one.
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
    /// True if a password is the one of a hash.
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
    let mut memory = Vec::new();
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
        let answer = verify_now(&check.password, &check.hash, &mut memory);
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

/// Hashes a password as `hash` was made and compares both in constant time. `memory` is reused.
fn verify_now(password: &str, hash: &str, memory: &mut Vec<Block>) -> Result<bool, Error> {
    let failed = |error: password_hash::Error| Error::Password(error.to_string());
    let hash = PasswordHash::new(hash).map_err(|error| Error::Password(error.to_string()))?;
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else {
        return Err(Error::Password("the hash is incomplete".to_owned()));
    };
    let algorithm = Algorithm::try_from(hash.algorithm.as_str())
        .map_err(|error| Error::Password(error.to_string()))?;
    let version = hash.version.map(Version::try_from).transpose();
    let version = version.map_err(|error| Error::Password(error.to_string()))?;
    let params = Params::try_from(&hash).map_err(failed)?;
    let blocks = params.block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    let argon2 = Argon2::new(algorithm, version.unwrap_or_default(), params);
    let mut output = vec![0; expected.len()];
    argon2
        .hash_password_into_with_memory(
            password.as_bytes(),
            salt.as_ref(),
            &mut output,
            &mut memory[..blocks],
        )
        .map_err(|error| Error::Password(error.to_string()))?;
    let output = Output::new(&output).map_err(|error| Error::Password(error.to_string()))?;
    Ok(output == *expected)
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

    #[test]
    fn memory_that_was_used_before_changes_nothing() {
        let mut memory = Vec::new();
        let own = Argon2::default().hash_password(b"correct horse").unwrap();
        let own = own.to_string();
        for _ in 0..2 {
            for (password, hash, is_right) in [
                ("correct horse", own.as_str(), true),
                ("correct", own.as_str(), false),
                ("", own.as_str(), false),
            ] {
                let answer = verify_now(password, hash, &mut memory);
                assert_eq!(answer.unwrap(), is_right, "{password}");
            }
        }
        for broken in ["", "$argon2id$v=19$m=19456,t=2,p=1", "$5$a$b"] {
            assert!(verify_now("a", broken, &mut memory).is_err(), "{broken}");
        }
    }
}
