use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use sqlx::any::{AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Either, Execute, Executor, SqlStr};
use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep};

/// A pooled connection, for one transaction or one read, with a deadline for all its statements.
///
/// It goes back to its pool only in a known state: when its last statement ended, and when a
/// transaction that was not committed was rolled back. A connection whose statement was given up
/// (the deadline, a future that was dropped, a panic), or whose BEGIN, COMMIT or ROLLBACK failed,
/// is closed.
pub(crate) struct Connection {
    /// Empty only while it is dropped.
    pooled: Option<PoolConnection<Any>>,
    deadline: Instant,
    state: State,
    health: Arc<Health>,
}

/// When the database was last found not to answer. Connections that are older than that are not
/// trusted: after a failover they lead to a machine that will never say that it is gone.
#[derive(Debug, Default)]
pub(crate) struct Health(Mutex<Option<Instant>>);

/// The state of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Outside a transaction, no statement is under way.
    Idle,
    /// In a transaction, no statement is under way.
    InTransaction,
    /// In a transaction that has to be rolled back, because a statement failed.
    Failed,
    /// A statement is under way, or was given up.
    Unknown,
}

/// The rows of a statement, until the deadline.
struct Rows<'a> {
    rows: BoxStream<'a, sqlx::Result<Either<AnyQueryResult, AnyRow>>>,
    sleep: Pin<Box<Sleep>>,
    guard: Guard<'a>,
}

/// Sets a connection's state when its statement ends, and leaves it unknown until then.
struct Guard<'a> {
    state: &'a mut State,
    before: State,
    health: &'a Health,
}

/// The time that a connection that is not needed any more may take to roll back, and to show that
/// it still answers, each.
const CLEANUP_TIMEOUT: Duration = Duration::from_secs(2);

impl Connection {
    /// Takes a connection out of `pool`. All its statements have to end within `timeout`.
    pub(crate) async fn acquire(
        pool: &AnyPool,
        health: &Arc<Health>,
        timeout: Duration,
    ) -> sqlx::Result<Self> {
        Ok(Self {
            pooled: Some(pool.acquire().await?),
            deadline: Instant::now() + timeout,
            state: State::Idle,
            health: Arc::clone(health),
        })
    }

    /// Begins a transaction.
    pub(crate) async fn begin(&mut self, begin: &'static str) -> sqlx::Result<()> {
        let answer = self.end_with(begin, State::InTransaction).await;
        if answer.is_err() {
            self.state = State::Unknown;
        }
        answer
    }

    /// Commits the transaction. Afterwards there is none, or the connection will be closed.
    pub(crate) async fn commit(&mut self) -> sqlx::Result<()> {
        self.check_can_commit()?;
        let answer = self.end_with("COMMIT", State::Idle).await;
        if answer.is_err() {
            self.state = State::Unknown;
        }
        answer
    }

    /// Runs a statement inside the transaction that leaves it open, and whole again if a statement
    /// of it failed: `SAVEPOINT` and `ROLLBACK TO`.
    pub(crate) async fn set_savepoint(&mut self, statement: &'static str) -> sqlx::Result<()> {
        self.end_with(statement, State::InTransaction).await
    }

    /// Gives the statements from here on until `timeout` from now.
    pub(crate) fn extend(&mut self, timeout: Duration) {
        self.deadline = Instant::now() + timeout;
    }

    /// Refuses a commit after a statement failed, to which PostgreSQL would answer with a rollback
    /// and call that a success.
    pub(crate) fn check_can_commit(&self) -> sqlx::Result<()> {
        if self.state == State::InTransaction {
            return Ok(());
        }
        Err(sqlx::Error::Protocol(
            "a transaction in which a statement failed is not committed".to_owned(),
        ))
    }

    /// Runs a statement that has no parameters and no rows, and takes the transaction to `state`.
    async fn end_with(&mut self, statement: &'static str, state: State) -> sqlx::Result<()> {
        let deadline = self.deadline;
        let (connection, mut guard) = self.open()?;
        guard.before = state;
        let work = sqlx::raw_sql(statement).execute(connection);
        guard.until(deadline, work).await?;
        Ok(())
    }

    fn open(&mut self) -> sqlx::Result<(&mut AnyConnection, Guard<'_>)> {
        let pooled = self.pooled.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        if self.state == State::Unknown {
            return Err(io::Error::other("an earlier statement was given up").into());
        }
        let before = std::mem::replace(&mut self.state, State::Unknown);
        let guard = Guard {
            before,
            state: &mut self.state,
            health: &self.health,
        };
        Ok((&mut **pooled, guard))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let Some(pooled) = self.pooled.take() else {
            return;
        };
        match Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(give_back(pooled, self.state, Arc::clone(&self.health)));
            }
            // Nobody is left who could roll back.
            Err(_) => drop(pooled.detach()),
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Connection").field(&self.state).finish()
    }
}

impl Health {
    /// Notes that the database does not answer.
    pub(crate) fn suspect(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// True if a connection of this age was there when the database last did not answer.
    pub(crate) fn is_suspect(&self, age: Duration) -> bool {
        let suspected = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        suspected.is_some_and(|suspected| suspected.elapsed() < age)
    }
}

impl Guard<'_> {
    async fn until<T>(
        mut self,
        deadline: Instant,
        work: impl Future<Output = sqlx::Result<T>>,
    ) -> sqlx::Result<T> {
        match tokio::time::timeout_at(deadline, work).await {
            Ok(answer) => {
                self.end(answer.as_ref().map(|_| ()));
                answer
            }
            Err(_) => Err(self.give_up()),
        }
    }

    /// Takes note of how the statement ended.
    fn end(&mut self, answer: Result<(), &sqlx::Error>) {
        match (answer, self.before) {
            (Ok(()), before) => *self.state = before,
            // The database's own refusal ends the statement, and a transaction with it.
            (Err(sqlx::Error::Database(_)), State::InTransaction | State::Failed) => {
                *self.state = State::Failed;
            }
            // A read begins anew on another connection: what the file system refused once may
            // have left more behind.
            (Err(error), _) => {
                if matches!(error, sqlx::Error::Io(_)) {
                    self.health.suspect();
                }
            }
        }
    }

    fn give_up(&mut self) -> sqlx::Error {
        self.health.suspect();
        io::Error::new(
            io::ErrorKind::TimedOut,
            "the database did not answer in time",
        )
        .into()
    }
}

impl<'c> Executor<'c> for &'c mut Connection {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, sqlx::Result<Either<AnyQueryResult, AnyRow>>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let deadline = self.deadline;
        match self.open() {
            Ok((connection, guard)) => Box::pin(Rows {
                rows: connection.fetch_many(query),
                sleep: Box::pin(tokio::time::sleep_until(deadline)),
                guard,
            }),
            Err(error) => Box::pin(Once(Some(error))),
        }
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, sqlx::Result<Option<AnyRow>>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        Box::pin(async move {
            let deadline = self.deadline;
            let (connection, guard) = self.open()?;
            guard
                .until(deadline, connection.fetch_optional(query))
                .await
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [AnyTypeInfo],
    ) -> BoxFuture<'e, sqlx::Result<AnyStatement>>
    where
        'c: 'e,
    {
        Box::pin(async move {
            let deadline = self.deadline;
            let (connection, guard) = self.open()?;
            guard
                .until(deadline, connection.prepare_with(sql, parameters))
                .await
        })
    }
}

impl Stream for Rows<'_> {
    type Item = sqlx::Result<Either<AnyQueryResult, AnyRow>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.sleep.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(Err(self.guard.give_up())));
        }
        let item = ready!(self.rows.as_mut().poll_next(cx));
        match &item {
            None => self.guard.end(Ok(())),
            Some(Err(error)) => self.guard.end(Err(error)),
            Some(Ok(_)) => {}
        }
        Poll::Ready(item)
    }
}

/// A stream of one error.
struct Once(Option<sqlx::Error>);

impl Stream for Once {
    type Item = sqlx::Result<Either<AnyQueryResult, AnyRow>>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Err))
    }
}

/// Returns a connection to its pool in a known state, or closes it.
async fn give_back(mut pooled: PoolConnection<Any>, state: State, health: Arc<Health>) {
    let is_clean = match state {
        State::Idle => true,
        State::InTransaction | State::Failed => {
            let rollback = sqlx::raw_sql("ROLLBACK").execute(&mut *pooled);
            match tokio::time::timeout(CLEANUP_TIMEOUT, rollback).await {
                Ok(Ok(_)) => true,
                Ok(Err(error)) => {
                    tracing::warn!(%error, "rollback failed, closing the connection");
                    false
                }
                Err(_) => {
                    health.suspect();
                    false
                }
            }
        }
        State::Unknown => false,
    };
    if is_clean {
        // The pool asks the database for a sign of life first, and would wait for it for ever.
        let returned = pooled.return_to_pool();
        if tokio::time::timeout(CLEANUP_TIMEOUT, returned)
            .await
            .is_err()
        {
            health.suspect();
        }
    } else {
        pooled.close_on_drop();
    }
}
