use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use store::events::NewEvent;
use store::{Commit, Store};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::Tally;

/// The benchmark's own database: a file, or a schema of the server that `BENCH_DATABASE_URL` names.
pub(crate) struct Database {
    pub(crate) url: String,
    server: Option<(String, String)>,
}

impl Database {
    /// An empty one.
    pub(crate) async fn make(folder: &Path) -> anyhow::Result<Self> {
        sqlx::any::install_default_drivers();
        let Ok(server) = std::env::var("BENCH_DATABASE_URL") else {
            let url = format!("sqlite://{}?mode=rwc", folder.join("shop.db").display());
            return Ok(Self { url, server: None });
        };
        let schema = format!("bench_{}", Uuid::now_v7().simple());
        run(&server, &format!("CREATE SCHEMA {schema}")).await?;
        let separator = if server.contains('?') { '&' } else { '?' };
        Ok(Self {
            url: format!("{server}{separator}options=-csearch_path={schema}"),
            server: Some((server, schema)),
        })
    }

    /// The database's name, and whether its commits outlive a power cut.
    pub(crate) async fn describe(&self) -> anyhow::Result<String> {
        if self.server.is_none() {
            return Ok("SQLite, synchronous = FULL".to_owned());
        }
        let fsync = self.text("SELECT current_setting('fsync')").await?;
        let commit = self
            .text("SELECT current_setting('synchronous_commit')")
            .await?;
        Ok(format!(
            "PostgreSQL, fsync = {fsync}, synchronous_commit = {commit}"
        ))
    }

    /// The one number that a statement answers.
    pub(crate) async fn count(&self, sql: &str) -> anyhow::Result<i64> {
        let mut connection = AnyConnection::connect(&self.url).await?;
        let query = sqlx::query_as(AssertSqlSafe(sql.to_owned()));
        let (number,): (i64,) = query.fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok(number)
    }

    /// Leaves the server as it was; a file goes with its folder.
    pub(crate) async fn remove(&self) -> anyhow::Result<()> {
        match &self.server {
            Some((server, schema)) => run(server, &format!("DROP SCHEMA {schema} CASCADE")).await,
            None => Ok(()),
        }
    }

    async fn text(&self, sql: &str) -> anyhow::Result<String> {
        let mut connection = AnyConnection::connect(&self.url).await?;
        let query = sqlx::query_as(AssertSqlSafe(sql.to_owned()));
        let (text,): (String,) = query.fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok(text)
    }
}

/// Commits one row after the other through the shop's own store, by as many writers at a time, for
/// as long.
pub(crate) async fn commits(
    store: &Store,
    writers: usize,
    time: Duration,
) -> anyhow::Result<Tally> {
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..writers {
        let store = store.clone();
        tasks.spawn(async move {
            let mut done = 0;
            while start.elapsed() < time {
                let key = Uuid::now_v7().to_string();
                store
                    .transaction(async |mut tx| {
                        let event = NewEvent {
                            id: &key,
                            kind: "bench",
                            object_id: None,
                            received_at: 0,
                        };
                        store::events::claim(&mut tx, event).await?;
                        Ok(Commit(tx, ()))
                    })
                    .await?;
                done += 1;
            }
            anyhow::Ok(done)
        });
    }
    let mut done = 0;
    while let Some(task) = tasks.join_next().await {
        done += task??;
    }
    Ok(Tally {
        done,
        time: start.elapsed(),
    })
}

async fn run(url: &str, sql: &str) -> anyhow::Result<()> {
    let mut connection = AnyConnection::connect(url).await?;
    connection.execute(AssertSqlSafe(sql.to_owned())).await?;
    Ok(connection.close().await?)
}
