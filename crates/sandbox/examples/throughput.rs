//! The throughput of making sessions, how it changes as they pile up, and what they cost in memory
//! and on disk.
//!
//! `cargo run --release -p sandbox --example throughput -- 100000` makes that many sessions through
//! the API and holds the rate against bare SQLite commits of as many bytes to the same file system
//! in the same run, because absolute figures only tell how fast the machine is.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

/// The duration of the bare commits.
const BARE: Duration = Duration::from_secs(3);

/// About the size of a stored session, in bytes.
const ROW: usize = 4_000;

/// The number of clients that ask at the same time.
const CLIENTS: usize = 8;

/// In how many parts the rate is told.
const PARTS: usize = 5;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let wanted = std::env::args().nth(1);
    let wanted: usize = wanted.as_deref().unwrap_or("10000").parse()?;
    let folder = tempfile::tempdir_in(".")?;
    let bare = bare_commits(&folder.path().join("bare.db")).await?;
    println!("bare SQLite commits of {ROW} bytes   {bare} per second");

    let state = folder.path().join("sandbox.db");
    let config = sandbox::Config {
        addr: ([127, 0, 0, 1], 0).into(),
        state: state.clone(),
        ..sandbox::Config::default()
    };
    let sandbox = sandbox::start(config).await?;
    let url = format!("{}/v1/checkout/sessions", sandbox.base_url());
    let client = reqwest::Client::new();
    let before = memory();
    for part in 1..=PARTS {
        let share = wanted / PARTS;
        let rate = create(&client, &url, share).await?;
        let percent = rate * 100 / bare.max(1);
        println!(
            "sessions up to {:>8}              {rate} per second, {percent} % of bare commits",
            part * share
        );
    }
    if let (Some(before), Some(after)) = (before, memory()) {
        println!("memory, with the clients'           {before} kB before, {after} kB after");
    }
    sandbox.shutdown().await;
    let bytes = std::fs::metadata(&state)?.len();
    println!(
        "state file                          {bytes} bytes, {} for each session",
        usize::try_from(bytes)? / wanted.max(1)
    );
    Ok(())
}

/// Commits per second of one row each, with the settings of the sandbox's own file.
async fn bare_commits(path: &Path) -> anyhow::Result<u64> {
    let mut db = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .connect()
        .await?;
    sqlx::raw_sql("CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
        .execute(&mut db)
        .await?;
    let body = "x".repeat(ROW);
    let (begun, mut commits) = (Instant::now(), 0);
    while begun.elapsed() < BARE {
        let mut transaction = db.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("INSERT INTO rows (body) VALUES (?)")
            .bind(&body)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        commits += 1;
    }
    Ok(commits / BARE.as_secs())
}

/// Makes `count` sessions, and tells how many per second.
async fn create(client: &reqwest::Client, url: &str, count: usize) -> anyhow::Result<u64> {
    let left = Arc::new(AtomicUsize::new(count));
    let begun = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (client, url, left) = (client.clone(), url.to_owned(), Arc::clone(&left));
            tokio::spawn(async move {
                let take = |left: usize| left.checked_sub(1);
                while left
                    .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
                    .is_ok()
                {
                    create_one(&client, &url).await?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for client in clients {
        client.await??;
    }
    let millis = begun.elapsed().as_millis().max(1);
    Ok(u64::try_from(count as u128 * 1000 / millis)?)
}

async fn create_one(client: &reqwest::Client, url: &str) -> anyhow::Result<()> {
    let form = [
        ("mode", "payment"),
        ("line_items[0][price_data][currency]", "usd"),
        ("line_items[0][price_data][unit_amount]", "2100"),
        ("line_items[0][price_data][product_data][name]", "Print"),
        ("line_items[0][quantity]", "1"),
        ("success_url", "https://shop.example/done"),
    ];
    let request = client.post(url).bearer_auth("sk_test_sandbox").form(&form);
    let response = request.send().await?;
    ensure!(response.status() == 200, "answered {}", response.status());
    response.bytes().await.context("the answer broke off")?;
    Ok(())
}

/// The resident memory of this process in kB, where the system tells it.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
