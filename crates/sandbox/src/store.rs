//! The state file: every SQL statement of the sandbox is in this folder.
//!
//! Objects are kept as the JSON that goes over the wire, because that is what the sandbox is about;
//! beside it lies what Stripe would keep to itself. One connection writes, so that a transaction
//! never meets another one.

#[macro_use]
mod row;

pub(crate) mod answers;
pub(crate) mod deliveries;
mod lock;
mod migrations;
pub(crate) mod objects;
pub(crate) mod settings;

use std::path::Path;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Sqlite, SqlitePool, Transaction};

use self::lock::Lock;
use crate::config::StartError;

const READERS: u32 = 4;

/// SQLite's code for a file that another process is writing to.
const SQLITE_BUSY: &str = "5";

/// The state file: the lock on it, and the two pools.
#[derive(Debug)]
pub(crate) struct Store {
    lock: Lock,
    write: SqlitePool,
    read: SqlitePool,
}

impl Store {
    /// Opens the file, creating it and its folder when they are missing, and brings its tables up
    /// to date. Whoever wants to read or write waits for `patience` at most; [`is_busy`] knows the
    /// error.
    pub(crate) async fn open(path: &Path, patience: Duration) -> Result<Self, StartError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(sqlx::Error::Io)?;
        }
        let lock = Lock::take(path).map_err(sqlx::Error::Io)?;
        let lock = lock.ok_or_else(|| StartError::InUse(path.to_owned()))?;
        // In WAL mode with NORMAL a killed process loses nothing; only a power cut could take the
        // last moments, which a test mode can afford for being several times faster.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(patience);
        // Bringing the tables up to date takes its time on a busy machine, and nobody else waits
        // for it.
        let mut first = options.connect().await?;
        migrations::migrator()
            .run(&mut first)
            .await
            .map_err(sqlx::Error::from)?;
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(patience)
            // On a full disk SQLite ends a transaction by itself, and its ROLLBACK fails. sqlx then
            // refuses every further one on this connection, so it is replaced.
            .before_acquire(|connection, _| {
                let is_usable = !connection.is_in_transaction();
                Box::pin(async move { Ok(is_usable) })
            })
            .connect_with(options.clone())
            .await?;
        let read = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(patience)
            .connect_with(options.read_only(true))
            .await?;
        first.close().await?;
        Ok(Self { lock, write, read })
    }

    /// Begins a transaction that may write, once all earlier ones are over.
    pub(crate) async fn begin(&self) -> sqlx::Result<Transaction<'static, Sqlite>> {
        self.write.begin_with("BEGIN IMMEDIATE").await
    }

    /// A connection that only reads.
    pub(crate) async fn read(&self) -> sqlx::Result<PoolConnection<Sqlite>> {
        self.read.acquire().await
    }

    /// Closes the file, writing its log back into it, and lets another sandbox have it.
    pub(crate) async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
        if let Err(error) = self.lock.release() {
            tracing::error!(%error, "could not let go of the state file");
        }
    }
}

/// True for an error that says that others were at the state file for too long.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut => true,
        sqlx::Error::Database(error) => error.code().as_deref() == Some(SQLITE_BUSY),
        _ => false,
    }
}
