use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as TurnMutex, OwnedMutexGuard};

use crate::connection::Connection;
use crate::pool::{Completion, Tx};
use crate::{Error, Result, Timeouts};

/// Group commit: transactions that wait for each other share one durable commit.
///
/// Each is a savepoint in a common transaction, and all or nothing by itself: one that ends in a
/// rollback or an error takes back what it wrote and nothing of the others. Nobody is answered
/// before the commit. When the common transaction is lost (its connection broke, or the commit did
/// not fit on the disk), nothing was written, and each is run again alone.
///
/// The turn to write is a fair queue. Whoever has run queues again to commit, behind those that
/// waited meanwhile and so are part of the group by then; without anybody waiting it commits at
/// once.
#[derive(Clone, Debug, Default)]
pub(crate) struct GroupCommit {
    turn: Arc<TurnMutex<Option<OpenGroup>>>,
    waiting: Arc<AtomicUsize>,
}

/// The turn to write, with the group that is open.
pub(crate) type Turn = OwnedMutexGuard<Option<OpenGroup>>;

/// A common transaction that is not committed yet.
#[derive(Debug)]
pub(crate) struct OpenGroup {
    connection: Connection,
    end: Arc<GroupEnd>,
    /// The number of transactions that are to be committed.
    size: usize,
}

/// The slot in which a [`Tx`] of a group leaves its connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slot(Arc<Mutex<Option<Connection>>>);

/// The end of a common transaction; empty while it is open, and for ever when it was lost.
#[derive(Debug, Default)]
struct GroupEnd(Mutex<Option<Committed>>);

#[derive(Clone, Copy, Debug)]
enum Committed {
    Yes,
    /// The database did not say, so it may have been.
    Unknown,
}

/// Counts one that waits for its turn, for as long as it does.
struct Waiting<'a>(&'a AtomicUsize);

/// The most transactions in a group, so that the first of them is not kept waiting by a queue that
/// never ends.
const LARGEST_GROUP: usize = 64;

const BEGIN_GROUP: &str = "BEGIN IMMEDIATE; SAVEPOINT member";
const NEXT_MEMBER: &str = "RELEASE member; SAVEPOINT member";
const UNDO_MEMBER: &str = "ROLLBACK TO member";

impl GroupCommit {
    /// Waits for the turn to write outside a group. An open one is committed first.
    pub(crate) async fn turn(&self, timeouts: Timeouts) -> Result<Turn> {
        let mut turn = self.wait(timeouts).await?;
        if let Some(group) = turn.take() {
            // Its members hear how it ended.
            let _ = group.commit(timeouts).await;
        }
        Ok(turn)
    }

    /// Runs a transaction in the open group, or in a new one on a connection from `acquire`, and
    /// waits for the commit. `None` when the group was lost; nothing was written then.
    pub(crate) async fn run<T, F, A>(
        &self,
        acquire: impl FnOnce() -> A,
        timeouts: Timeouts,
        body: &mut impl FnMut(Tx) -> F,
    ) -> Result<Option<T>>
    where
        F: Future<Output = Result<Completion<T>>>,
        A: Future<Output = sqlx::Result<Connection>>,
    {
        let mut turn = self.wait(timeouts).await?;
        let mut group = match turn.take() {
            Some(mut group) => {
                group.connection.extend(timeouts.transaction);
                if group.connection.set_savepoint(NEXT_MEMBER).await.is_err() {
                    return Ok(None);
                }
                group
            }
            None => {
                let mut connection = acquire().await?;
                connection.begin(BEGIN_GROUP).await?;
                OpenGroup {
                    connection,
                    end: Arc::default(),
                    size: 0,
                }
            }
        };
        // An abandoned body drops its transaction into the slot, and the slot closes it.
        let slot = Slot::default();
        let completion = body(Tx::in_group(group.connection, slot.clone())).await;
        let (value, is_written) = match completion {
            Ok(Completion::Commit(mut tx, value)) => match tx.connection().check_can_commit() {
                Ok(()) => (Ok(value), true),
                Err(error) => (Err(error.into()), false),
            },
            Ok(Completion::Rollback(value)) => (Ok(value), false),
            Err(error) => (Err(error), false),
        };
        let Some(connection) = slot.take() else {
            return value.map(|_| None);
        };
        group.connection = connection;
        if is_written {
            group.size += 1;
        } else if group.size == 0 {
            return value.map(Some);
        } else if group.connection.set_savepoint(UNDO_MEMBER).await.is_err() {
            return value.map(|_| None);
        }
        let value = match value {
            Ok(value) => value,
            // What the others wrote is theirs to commit.
            Err(error) => {
                *turn = Some(group);
                return Err(error);
            }
        };
        // What was read may be a member's, so a rollback waits for the commit, too.
        let (end, size) = (Arc::clone(&group.end), group.size);
        if self.waiting.load(Ordering::SeqCst) == 0 || size >= LARGEST_GROUP {
            match group.commit(timeouts).await {
                Err(error) if size == 1 => return Err(error.into()),
                Ok(()) | Err(_) => {}
            }
        } else {
            *turn = Some(group);
            drop(turn);
            self.finish(Arc::clone(&end), timeouts).await?;
        }
        end.of(value)
    }

    async fn wait(&self, timeouts: Timeouts) -> Result<Turn> {
        let _waiting = Waiting::new(&self.waiting);
        let turn = Arc::clone(&self.turn).lock_owned();
        match tokio::time::timeout(timeouts.acquire, turn).await {
            Ok(turn) => Ok(turn),
            Err(_) => Err(Error::Unavailable(sqlx::Error::PoolTimedOut)),
        }
    }

    /// Commits the group, unless somebody else does, at the next turn: also when the caller stops
    /// waiting, for the group would otherwise keep the write lock.
    async fn finish(&self, end: Arc<GroupEnd>, timeouts: Timeouts) -> Result<()> {
        let turn = Arc::clone(&self.turn);
        let commit = tokio::spawn(async move {
            let mut turn = turn.lock_owned().await;
            if let Some(group) = turn.take_if(|group| Arc::ptr_eq(&group.end, &end)) {
                // Its members, this one among them, read how it ended.
                let _ = group.commit(timeouts).await;
            }
        });
        match tokio::time::timeout(timeouts.acquire + timeouts.transaction, commit).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Error::Unavailable(uncertain())),
        }
    }
}

impl OpenGroup {
    /// # Errors
    /// The database's.
    async fn commit(mut self, timeouts: Timeouts) -> sqlx::Result<()> {
        self.connection.extend(timeouts.transaction);
        // Stays, when this future is dropped meanwhile: the database may go on.
        self.end.set(Some(Committed::Unknown));
        let answer = self.connection.commit().await;
        match &answer {
            Ok(()) => self.end.set(Some(Committed::Yes)),
            Err(error) if was_refused(error) => self.end.set(None),
            Err(_) => {}
        }
        answer
    }
}

impl Slot {
    pub(crate) fn put(&self, connection: Connection) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
    }

    fn take(&self) -> Option<Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl GroupEnd {
    fn set(&self, end: Option<Committed>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = end;
    }

    /// `value`, if it was committed; `None` if it was lost.
    fn of<T>(&self, value: T) -> Result<Option<T>> {
        match *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(Committed::Yes) => Ok(Some(value)),
            Some(Committed::Unknown) => Err(Error::Unavailable(uncertain())),
            None => Ok(None),
        }
    }
}

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// True if a failed commit has certainly written nothing: SQLite was busy, its disk full, or a
/// constraint not met.
fn was_refused(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    let code = code.and_then(|code| code.parse::<u32>().ok());
    // The lowest byte of an extended code is the primary one.
    code.is_some_and(|code| matches!(code & 0xff, 5 | 13 | 19))
}

fn uncertain() -> sqlx::Error {
    io::Error::other("the database did not say whether it committed").into()
}
