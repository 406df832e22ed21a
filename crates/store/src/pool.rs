use std::time::Duration;

use rand::Rng;
use sqlx::any::{AnyArguments, AnyPoolOptions};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AnyPool, Executor, Transaction};

use crate::{Error, Result};

/// The shop's database: many connections that read and, on SQLite, one that writes, so that writers queue here and
/// never meet a busy file.
#[derive(Clone, Debug)]
pub struct Store {
    engine: Engine,
    readers: AnyPool,
    writers: AnyPool,
}

/// A transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
#[derive(Debug)]
pub struct Tx(Transaction<'static, Any>);

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// How often a transaction that others keep defeating is tried.
const ATTEMPTS: u32 = 12;

impl Store {
    /// Connects to `sqlite://path` (made if it is not there) or `postgres://…`.
    ///
    /// # Errors
    /// When the address is of another kind or nothing answers there.
    pub async fn open(url: &str) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let engine = Engine::of(url)?;
        match engine {
            Engine::Sqlite => {
                let separator = if url.contains('?') { '&' } else { '?' };
                let url = if url.contains("mode=") {
                    url.to_owned()
                } else {
                    format!("{url}{separator}mode=rwc")
                };
                let writers = sqlite().max_connections(1).connect(&url).await?;
                let readers = sqlite().max_connections(8).connect(&url).await?;
                Ok(Self {
                    engine,
                    readers,
                    writers,
                })
            }
            Engine::Postgres => {
                let pool = AnyPoolOptions::new()
                    .max_connections(20)
                    .acquire_timeout(Duration::from_secs(10))
                    .connect(url)
                    .await?;
                Ok(Self {
                    engine,
                    readers: pool.clone(),
                    writers: pool,
                })
            }
        }
    }

    /// Brings the schema up to date. Safe to run at every start, and from many machines at once.
    ///
    /// # Errors
    /// When a migration fails, or one that ran before was changed since.
    pub async fn migrate(&self) -> Result<()> {
        let migrator = sqlx::migrate!("../../migrations");
        match self.engine {
            Engine::Postgres => migrator.run(&self.writers).await?,
            // Here sqlx takes no lock of its own, so one transaction keeps others from migrating at the same moment.
            // (`run_direct` is `run` for a connection, without an `Acquire` bound that no spawned task can meet.)
            Engine::Sqlite => {
                let mut tx = self.begin().await?;
                migrator.run_direct(None, tx.connection(), false).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }

    /// Answers whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        let mut connection = self.reader().await?;
        sqlx::query("SELECT 1").execute(&mut *connection).await?;
        Ok(())
    }

    /// Which database it is.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// Starts a transaction that writes. On SQLite it waits for the one before it to end.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin(&self) -> Result<Tx> {
        // SQLite would otherwise take the write lock at the first write and fail there, after reads that may be stale.
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        };
        Ok(Tx(self.writers.begin_with(begin).await?))
    }

    /// Runs a whole transaction, again if another one defeats it. `body` begins it, commits it, and must have no
    /// effect outside it.
    ///
    /// # Errors
    /// Those of `body`; a conflict only when it does not go away.
    pub async fn retrying<T, F>(&self, mut body: impl FnMut() -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut attempt = 1;
        loop {
            match body().await {
                Err(error) if error.is_conflict() && attempt < ATTEMPTS => {
                    tracing::debug!(
                        db.attempt = attempt,
                        "transaction lost to another, trying again"
                    );
                    let longest = 1_u64 << attempt.min(7);
                    let pause = rand::rng().random_range(0..=longest);
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                    attempt += 1;
                }
                answer => return answer,
            }
        }
    }

    /// Closes all connections; on SQLite the write-ahead log is folded into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }

    pub(crate) async fn reader(&self) -> Result<sqlx::pool::PoolConnection<Any>> {
        Ok(self.readers.acquire().await?)
    }
}

impl Tx {
    /// Makes everything written durable.
    ///
    /// # Errors
    /// When it cannot be; then nothing was written.
    pub async fn commit(self) -> Result<()> {
        Ok(self.0.commit().await?)
    }

    pub(crate) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.0
    }

    /// Runs a statement and answers how many rows it touched.
    pub(crate) async fn execute(&mut self, query: Query<'_, Any, AnyArguments>) -> Result<u64> {
        Ok(query.execute(&mut *self.0).await?.rows_affected())
    }
}

impl Engine {
    fn of(url: &str) -> Result<Self> {
        match url.split(':').next() {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            _ => Err(Error::UnknownEngine),
        }
    }
}

/// `synchronous = FULL`, because a 200 to Stripe must survive a power cut.
fn sqlite() -> AnyPoolOptions {
    AnyPoolOptions::new()
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection
                    .execute(
                        "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
                         PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON",
                    )
                    .await?;
                Ok(())
            })
        })
}
