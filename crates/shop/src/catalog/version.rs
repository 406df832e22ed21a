use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::Store;
use tokio::time::Instant;

/// The catalog's version as it was last read, shared by all requests. It is read again when it is
/// older than [`LIFETIME`] or this process has written something since, by one request at a time.
#[derive(Clone, Debug, Default)]
pub(crate) struct VersionWatch(Arc<Watch>);

#[derive(Debug, Default)]
struct Watch {
    last: Mutex<Last>,
    /// Held by the request that asks the database.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Last {
    read: Option<Read>,
    failed_at: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Read {
    version: i64,
    /// When asking began.
    at: Instant,
    /// The transactions of this process that had ended before that.
    transactions: u64,
}

/// The time for which a version counts. With the time that a request takes, a change by another process shows
/// within a second.
const LIFETIME: Duration = Duration::from_millis(900);

/// The time that the database may take. A request that waited for longer goes on without the version.
const TIMEOUT: Duration = Duration::from_secs(2);

impl VersionWatch {
    /// The version at this moment; `None` when the database does not answer.
    pub(crate) async fn read(&self, store: &Store) -> Option<i64> {
        if let Some(version) = self.fresh(store) {
            return Some(version);
        }
        let arrived = Instant::now();
        let _asking = self.0.asking.lock().await;
        if let Some(version) = self.fresh(store) {
            return Some(version);
        }
        // Whoever waited for an answer that did not come does not wait for another one.
        if self.last().failed_at.is_some_and(|at| at >= arrived) {
            return None;
        }
        let (at, transactions) = (Instant::now(), store.transactions_ended());
        let asked = store::catalog::version(store);
        match tokio::time::timeout(TIMEOUT, asked).await {
            Ok(Ok(version)) => {
                let read = Read {
                    version,
                    at,
                    transactions,
                };
                self.last().read = Some(read);
                Some(version)
            }
            failed => {
                if let Ok(Err(error)) = failed {
                    tracing::debug!(
                        error = &error as &dyn std::error::Error,
                        "the catalog's version cannot be read"
                    );
                }
                self.last().failed_at = Some(Instant::now());
                None
            }
        }
    }

    fn fresh(&self, store: &Store) -> Option<i64> {
        let read = self.last().read?;
        let is_fresh =
            read.at.elapsed() < LIFETIME && read.transactions == store.transactions_ended();
        is_fresh.then_some(read.version)
    }

    fn last(&self) -> MutexGuard<'_, Last> {
        self.0.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
