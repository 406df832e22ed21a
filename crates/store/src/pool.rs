use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rand::Rng;
use sqlx::any::{AnyArguments, AnyPoolOptions};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, Connection as _};
use tokio::sync::Mutex;
use tokio::time::Instant;
use uuid::Uuid;

use crate::connection::{Connection, Health};
use crate::group_commit::{GroupCommit, Slot, Turn};
use crate::{Error, Result, Timeouts};

/// The shop's database. Reads and writes have pools of their own, so that pages do not wait behind
/// transactions. On SQLite one connection writes: writers queue here and never meet a busy file, and
/// those that queue share their commit.
#[derive(Clone, Debug)]
pub struct Store {
    engine: Engine,
    timeouts: Timeouts,
    url: Arc<str>,
    readers: Pool,
    /// Those of the admin and of background work.
    background_readers: Pool,
    writers: Pool,
    /// The turn to write, on SQLite.
    group_commit: Option<GroupCommit>,
    /// When the database was last found to take a write.
    written: Arc<Mutex<Option<Instant>>>,
    transactions_ended: Arc<AtomicU64>,
}

/// A transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
#[derive(Debug)]
pub struct Tx {
    /// Empty only while it is dropped.
    connection: Option<Connection>,
    /// The slot that the connection goes back to, in a group of transactions that share a commit.
    slot: Option<Slot>,
    /// The turn to write, on SQLite outside a group.
    _turn: Option<Turn>,
    /// Counts it outside a group, last of all.
    _end: Option<CountedEnd>,
}

/// The end of a transaction of [`Store::transaction`], and the value that it returns.
#[derive(Debug)]
pub enum Completion<T> {
    /// Makes everything that was written durable.
    Commit(Tx, T),
    /// Leaves nothing of it behind.
    Rollback(T),
}

/// A connection that reads.
#[derive(Debug)]
pub(crate) struct Reader(Connection);

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// True if an attempt may share its commit with others.
#[derive(Clone, Copy, Debug)]
enum Sharing {
    Allowed,
    Refused,
}

/// Counts a transaction when it is dropped: a commit whose answer was lost counts as well, for
/// nobody knows.
#[derive(Debug)]
struct CountedEnd(Arc<AtomicU64>);

#[derive(Clone, Debug)]
struct Pool {
    connections: AnyPool,
    health: Arc<Health>,
}

/// Takes the write lock at once. SQLite would otherwise take it at the first write and fail there,
/// after reads that may be stale.
const BEGIN_SQLITE: &str = "BEGIN IMMEDIATE";

/// The most attempts at a transaction that others keep defeating.
const ATTEMPTS: u32 = 12;

/// The longest time for a transaction that others keep defeating.
const RETRY_TIMEOUT: Duration = Duration::from_secs(15);

/// The time for which a successful trial write counts, so that probes cost next to nothing however
/// often anybody asks.
const READINESS_INTERVAL: Duration = Duration::from_secs(2);

/// The row of `settings` that trial writes go to.
const READINESS_KEY: &str = "readiness";

/// The deadline of a migration. Large tables are written anew.
const MIGRATION_TIMEOUT: Duration = Duration::from_secs(30 * 60);

impl Store {
    /// Connects to `sqlite://path` (made if it is not there) or `postgres://…`.
    ///
    /// # Errors
    /// When the address is of another kind or nothing answers there.
    pub async fn open(url: &str) -> Result<Self> {
        Self::open_with(url, Timeouts::default()).await
    }

    /// Connects as [`Store::open`] does, with other timeouts.
    ///
    /// # Errors
    /// When the address is of another kind or nothing answers there.
    pub async fn open_with(url: &str, timeouts: Timeouts) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let engine = Engine::of(url)?;
        let url = match engine {
            Engine::Sqlite if !url.contains("mode=") => {
                let separator = if url.contains('?') { '&' } else { '?' };
                format!("{url}{separator}mode=rwc")
            }
            Engine::Sqlite | Engine::Postgres => url.to_owned(),
        };
        let (writers, readers, background) = match engine {
            Engine::Sqlite => (1, 8, 2),
            Engine::Postgres => (10, 10, 3),
        };
        Ok(Self {
            engine,
            timeouts,
            writers: Pool::open(engine, &url, writers, timeouts).await?,
            group_commit: match engine {
                Engine::Sqlite => Some(GroupCommit::default()),
                Engine::Postgres => None,
            },
            readers: Pool::open(engine, &url, readers, timeouts).await?,
            background_readers: Pool::lazy(engine, &url, background, timeouts)?,
            url: url.into(),
            written: Arc::default(),
            transactions_ended: Arc::default(),
        })
    }

    /// The same database, read on a few connections of their own: what the admin and background
    /// work read keeps no shopper waiting for a connection. They are opened when they are first
    /// needed; on SQLite each has a thread, with the priority of the thread that needed it.
    #[must_use]
    pub fn for_background(&self) -> Self {
        let mut store = self.clone();
        store.readers = store.background_readers.clone();
        store
    }

    /// Brings the schema up to date. Safe to run at every start, and from many machines at once.
    ///
    /// # Errors
    /// When a migration fails, or one that ran before was changed since.
    pub async fn migrate(&self) -> Result<()> {
        tokio::time::timeout(MIGRATION_TIMEOUT, self.migrate_alone())
            .await
            .unwrap_or(Err(Error::Unavailable(sqlx::Error::PoolTimedOut)))
    }

    /// Checks that the database can be read.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn ping(&self) -> Result<()> {
        let mut reader = self.reader().await?;
        sqlx::query("SELECT 1").execute(&mut *reader).await?;
        Ok(())
    }

    /// Checks that the database takes writes: one is committed, at most every two seconds and one at a
    /// time, whoever asks and however often.
    ///
    /// # Errors
    /// When it does not, or not in time.
    pub async fn check_writable(&self) -> Result<()> {
        let check = async {
            let mut written = self.written.lock().await;
            let age = written.map(|at| at.elapsed());
            if age
                .is_some_and(|age| age < READINESS_INTERVAL && !self.writers.health.is_suspect(age))
            {
                return Ok(());
            }
            *written = None;
            let mut tx = self.begin().await?;
            // SQLite does not write a value that is there already.
            let value = Uuid::now_v7().to_string();
            crate::settings::set(&mut tx, READINESS_KEY, &value).await?;
            tx.commit().await?;
            *written = Some(Instant::now());
            Ok(())
        };
        tokio::time::timeout(self.timeouts.readiness, check)
            .await
            .unwrap_or(Err(Error::Unavailable(sqlx::Error::PoolTimedOut)))
    }

    /// The number of transactions of this process that have ended, whatever became of them, so that what was
    /// read before the last one can be told from what was read after it.
    pub fn transactions_ended(&self) -> u64 {
        self.transactions_ended.load(Ordering::Acquire)
    }

    /// Which database it is.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// Returns `true` when transactions that write run one after another, so that each sees all that
    /// the others wrote before it.
    pub const fn has_one_writer(&self) -> bool {
        match self.engine {
            Engine::Sqlite => true,
            Engine::Postgres => false,
        }
    }

    /// Starts a transaction that writes, without [`Store::transaction`]'s retries. On SQLite it
    /// waits for the one before it to end.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin(&self) -> Result<Tx> {
        let (turn, begin) = match &self.group_commit {
            Some(group_commit) => (Some(group_commit.turn(self.timeouts).await?), BEGIN_SQLITE),
            None => (None, "BEGIN"),
        };
        let mut connection = self.writers.acquire(self.timeouts.transaction).await?;
        connection.begin(begin).await?;
        Ok(Tx {
            connection: Some(connection),
            slot: None,
            _turn: turn,
            _end: Some(self.counted_end()),
        })
    }

    /// Runs `body` in a transaction and ends it as `body` says. A transaction that another one
    /// defeats is run again from its beginning, after a short random pause, so `body` must have no
    /// effect outside it.
    ///
    /// # Errors
    /// Those of `body`, after which nothing was written; a conflict only when it does not go away.
    pub async fn transaction<T, F>(&self, mut body: impl FnMut(Tx) -> F) -> Result<T>
    where
        F: Future<Output = Result<Completion<T>>>,
    {
        let _end = self.counted_end();
        let until = Instant::now() + RETRY_TIMEOUT;
        let mut attempt = 1;
        let mut sharing = Sharing::Allowed;
        loop {
            match self.attempt(&mut body, sharing).await {
                Ok(Some(value)) => return Ok(value),
                // Another one took the shared transaction down with it.
                Ok(None) => sharing = Sharing::Refused,
                Err(error)
                    if error.is_conflict() && attempt < ATTEMPTS && Instant::now() < until =>
                {
                    tracing::debug!(
                        db.attempt = attempt,
                        "transaction lost to another, trying again"
                    );
                    let longest = 1_u64 << attempt.min(7);
                    let pause = rand::rng().random_range(0..=longest);
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                    attempt += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Closes all connections; on SQLite the write-ahead log is folded into the file.
    pub async fn close(&self) {
        self.readers.connections.close().await;
        self.background_readers.connections.close().await;
        self.writers.connections.close().await;
    }

    /// Runs `body` once; `None` when the commit that it shared did not take place.
    async fn attempt<T, F>(
        &self,
        body: &mut impl FnMut(Tx) -> F,
        sharing: Sharing,
    ) -> Result<Option<T>>
    where
        F: Future<Output = Result<Completion<T>>>,
    {
        if let (Some(group_commit), Sharing::Allowed) = (&self.group_commit, sharing) {
            let acquire = || self.writers.acquire(self.timeouts.transaction);
            return group_commit.run(acquire, self.timeouts, body).await;
        }
        match body(self.begin().await?).await? {
            Completion::Commit(tx, value) => {
                tx.commit().await?;
                Ok(Some(value))
            }
            Completion::Rollback(value) => Ok(Some(value)),
        }
    }

    fn counted_end(&self) -> CountedEnd {
        CountedEnd(Arc::clone(&self.transactions_ended))
    }

    pub(crate) async fn reader(&self) -> Result<Reader> {
        Ok(Reader(self.readers.acquire(self.timeouts.read).await?))
    }

    /// Migrates on a connection of its own, because the pools' time limits are not for this.
    async fn migrate_alone(&self) -> Result<()> {
        let migrator = crate::migrations::migrator(self.engine);
        let mut connection = AnyConnection::connect(&self.url).await?;
        match self.engine {
            // sqlx takes a lock, so that one machine migrates at a time.
            Engine::Postgres => migrator.run_direct(None, &mut connection, false).await?,
            // sqlx takes none, so one transaction keeps others from migrating at the same moment.
            Engine::Sqlite => {
                let pragmas = sqlite_pragmas(MIGRATION_TIMEOUT);
                let pragmas = sqlx::raw_sql(AssertSqlSafe(pragmas));
                pragmas.execute(&mut connection).await?;
                let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
                migrator.run_direct(None, &mut *tx, false).await?;
                tx.commit().await?;
            }
        }
        connection.close().await?;
        Ok(())
    }
}

impl Tx {
    /// Makes everything written durable.
    ///
    /// # Errors
    /// When it cannot be; then nothing was written. After an [`Error::Unavailable`] it may have
    /// been written all the same.
    pub async fn commit(mut self) -> Result<()> {
        Ok(self.connection().commit().await?)
    }

    /// A transaction in a group. Its connection goes back to `slot`, however it ends.
    pub(crate) fn in_group(connection: Connection, slot: Slot) -> Self {
        Self {
            connection: Some(connection),
            slot: Some(slot),
            _turn: None,
            _end: None,
        }
    }

    pub(crate) fn connection(&mut self) -> &mut Connection {
        self.connection
            .as_mut()
            .expect("a transaction has its connection until it is dropped")
    }

    /// Runs a statement and answers how many rows it touched.
    pub(crate) async fn execute(&mut self, query: Query<'_, Any, AnyArguments>) -> Result<u64> {
        Ok(query.execute(self.connection()).await?.rows_affected())
    }
}

impl Drop for CountedEnd {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Release);
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        if let (Some(slot), Some(connection)) = (&self.slot, self.connection.take()) {
            slot.put(connection);
        }
    }
}

impl Deref for Reader {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
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

impl Pool {
    async fn open(engine: Engine, url: &str, connections: u32, timeouts: Timeouts) -> Result<Self> {
        let health = Arc::new(Health::default());
        let options = Self::options(engine, &health, connections, timeouts);
        Ok(Self {
            connections: options.connect(url).await?,
            health,
        })
    }

    /// The same without a connection yet.
    fn lazy(engine: Engine, url: &str, connections: u32, timeouts: Timeouts) -> Result<Self> {
        let health = Arc::new(Health::default());
        let options = Self::options(engine, &health, connections, timeouts);
        Ok(Self {
            connections: options.connect_lazy(url)?,
            health,
        })
    }

    fn options(
        engine: Engine,
        health: &Arc<Health>,
        connections: u32,
        timeouts: Timeouts,
    ) -> AnyPoolOptions {
        let options = AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(timeouts.acquire);
        match engine {
            Engine::Sqlite => sqlite(options, timeouts),
            Engine::Postgres => postgres(options, health, timeouts),
        }
    }

    async fn acquire(&self, timeout: Duration) -> sqlx::Result<Connection> {
        let acquired = Connection::acquire(&self.connections, &self.health, timeout).await;
        // That all connections are in use says nothing about the database.
        if let Err(error) = &acquired
            && !matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed)
        {
            self.health.suspect();
        }
        acquired
    }
}

fn sqlite(options: AnyPoolOptions, timeouts: Timeouts) -> AnyPoolOptions {
    let pragmas: Arc<str> = sqlite_pragmas(timeouts.lock).into();
    options
        .idle_timeout(None)
        .max_lifetime(None)
        // A file is there or the next statement says so; asking first would be a trip to the
        // connection's thread each time.
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            let pragmas = Arc::clone(&pragmas);
            Box::pin(async move {
                let pragmas = sqlx::raw_sql(AssertSqlSafe(pragmas.to_string()));
                pragmas.execute(connection).await?;
                Ok(())
            })
        })
}

/// `synchronous = FULL`, because a 200 to Stripe must survive a power cut.
fn sqlite_pragmas(busy_timeout: Duration) -> String {
    format!(
        "PRAGMA busy_timeout = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON",
        busy_timeout.as_millis()
    )
}

/// A connection that does not answer at once is replaced, and so are all that are as old: after a
/// failover each of them leads nowhere.
fn postgres(options: AnyPoolOptions, health: &Arc<Health>, timeouts: Timeouts) -> AnyPoolOptions {
    let session: Arc<str> = timeouts.session().into();
    let health = Arc::clone(health);
    options
        .after_connect(move |connection, _| {
            let session = Arc::clone(&session);
            Box::pin(async move {
                let session = sqlx::raw_sql(AssertSqlSafe(session.to_string()));
                session.execute(connection).await?;
                Ok(())
            })
        })
        .test_before_acquire(false)
        .before_acquire(move |connection, meta| {
            let health = Arc::clone(&health);
            Box::pin(async move {
                if health.is_suspect(meta.age) {
                    return Ok(false);
                }
                match tokio::time::timeout(timeouts.ping, connection.ping()).await {
                    Ok(answer) => Ok(answer.is_ok()),
                    Err(_) => {
                        health.suspect();
                        Ok(false)
                    }
                }
            })
        })
}
