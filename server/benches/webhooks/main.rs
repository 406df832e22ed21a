//! The number of webhooks that the shop takes each second with durable commits, beside what its
//! database commits with nothing else to do. `BENCH_DATABASE_URL` names a PostgreSQL server;
//! without it the database is a SQLite file.
#![allow(clippy::unwrap_used)]

/// The database, and what it does without a shop in front of it.
mod database;
/// The orders that wait for their payment, and the events that say it came.
mod orders;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use clap::Parser;
use server::config::Config;
use server::startup::Shopfront;
use store::Store;
use tokio::task::JoinSet;
use tracing_subscriber::EnvFilter;

use crate::database::{Database, commits};
use crate::orders::Delivery;

/// The number of webhooks that are on their way at a time, each on a connection of its own.
const CONNECTIONS: usize = 16;

/// The measurements take turns, so that a machine that slows down slows all of them.
const ROUNDS: u32 = 3;

/// The duration of each measurement of a round, in seconds.
const COMMITS_SECONDS: u64 = 2;
const WEBHOOKS_SECONDS: u64 = 4;

/// The bounds of a round's webhooks, and how many there are to warm up.
const LEAST_WEBHOOKS: u64 = 100;
const MOST_WEBHOOKS: u64 = 20_000;
const WARM_UP_WEBHOOKS: u64 = 200;

/// The secret that the endpoint checks signatures by.
const SECRET: &str = "whsec_bench";

#[derive(Parser)]
struct Options {
    #[command(flatten)]
    config: Config,
}

/// A count and the time that it took.
#[derive(Clone, Copy, Default)]
struct Tally {
    done: u64,
    time: Duration,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let database = Database::make(folder.path()).await?;
    let data = folder.path().join("data");
    let Options { config } = Options::parse_from([
        "storefront",
        "--database-url",
        &database.url,
        "--leptos-site-addr",
        "127.0.0.1:0",
        "--data-dir",
        &data.display().to_string(),
        "--admin-password",
        "not used by a benchmark",
        // There is no Stripe: an event says all that the shop wants to know.
        "--stripe-secret-key",
        "sk_test_bench",
        "--stripe-api-base",
        "http://127.0.0.1:9",
        "--stripe-webhook-secret",
        SECRET,
    ]);
    // The log is written as in operation, and only not shown.
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(&config.rust_log)?)
        .with_writer(std::io::sink)
        .init();

    let shopfront = Shopfront::open(config).await?;
    let url = format!("http://{}/webhooks/stripe", shopfront.addr()?);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(shopfront.serve(async move {
        let _ = stopped.await;
    }));
    let store = Store::open(&database.url).await?;
    let outcome = measure(&store, &url, &database).await;
    store.close().await;
    let _ = stop.send(());
    server.await??;
    database.remove().await?;
    outcome
}

async fn measure(store: &Store, url: &str, database: &Database) -> anyhow::Result<()> {
    println!(
        "bench: {}; {CONNECTIONS} connections, {ROUNDS} rounds, about half a minute",
        database.describe().await?
    );
    let product = orders::stock(store).await?;
    let http = reqwest::Client::new();
    let mut sent = WARM_UP_WEBHOOKS;
    let warm_up = orders::prepare(store, &product, sent).await?;
    let (mut pace, _) = deliver(&http, url, warm_up).await?;

    let (mut one, mut many, mut webhooks) = (Tally::default(), Tally::default(), Tally::default());
    let mut answers = Vec::new();
    for _ in 0..ROUNDS {
        one.add(commits(store, 1, Duration::from_secs(COMMITS_SECONDS)).await?);
        many.add(commits(store, CONNECTIONS, Duration::from_secs(COMMITS_SECONDS)).await?);
        let count = (pace.per_second() * WEBHOOKS_SECONDS).clamp(LEAST_WEBHOOKS, MOST_WEBHOOKS);
        let deliveries = orders::prepare(store, &product, count).await?;
        sent += count;
        let times;
        (pace, times) = deliver(&http, url, deliveries).await?;
        webhooks.add(pace);
        answers.extend(times);
    }

    answers.sort_unstable();
    let percentile = |percent: usize| answers[(answers.len() - 1) * percent / 100];
    println!(
        "  bare commits per second, one writer      {:>8}",
        one.per_second()
    );
    println!(
        "  bare commits per second, {CONNECTIONS} writers      {:>8}",
        many.per_second()
    );
    println!(
        "  webhooks per second                      {:>8}",
        webhooks.per_second()
    );
    println!(
        "    to the bare commits of one writer      {:>7} %",
        webhooks.percent_of(one)
    );
    println!(
        "    to the bare commits of {CONNECTIONS} writers      {:>7} %",
        webhooks.percent_of(many)
    );
    println!(
        "  answered after, median                   {:>8} ms",
        in_ms(percentile(50))
    );
    println!(
        "  answered after, 99 of 100                {:>8} ms",
        in_ms(percentile(99))
    );
    let paid = database
        .count("SELECT COUNT(*) FROM orders WHERE status = 'paid'")
        .await?;
    println!("  orders paid by {sent} webhooks: {paid}");
    anyhow::ensure!(
        u64::try_from(paid)? == sent,
        "a webhook was answered and not applied"
    );
    Ok(())
}

/// Sends all of them, as many at a time as there are connections, and answers how long each took.
async fn deliver(
    http: &reqwest::Client,
    url: &str,
    deliveries: Vec<Delivery>,
) -> anyhow::Result<(Tally, Vec<Duration>)> {
    let queue = Arc::new(Mutex::new(deliveries.into_iter()));
    let mut senders = JoinSet::new();
    let start = Instant::now();
    for _ in 0..CONNECTIONS {
        let (http, url, queue) = (http.clone(), url.to_owned(), Arc::clone(&queue));
        senders.spawn(async move {
            let mut times = Vec::new();
            loop {
                let Some(Delivery { signature, body }) = queue.lock().unwrap().next() else {
                    return anyhow::Ok(times);
                };
                let start = Instant::now();
                let request = http
                    .post(&url)
                    .header("stripe-signature", signature)
                    .body(body);
                request.send().await?.error_for_status()?.bytes().await?;
                times.push(start.elapsed());
            }
        });
    }
    let mut times = Vec::new();
    while let Some(sender) = senders.join_next().await {
        times.extend(sender??);
    }
    let tally = Tally {
        done: u64::try_from(times.len())?,
        time: start.elapsed(),
    };
    Ok((tally, times))
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.done += other.done;
        self.time += other.time;
    }

    fn per_second(self) -> u64 {
        self.done.saturating_mul(1000) / (self.millis().max(1))
    }

    /// Its speed, in hundredths of the other's.
    fn percent_of(self, other: Self) -> u64 {
        self.per_second() * 100 / other.per_second().max(1)
    }

    fn millis(self) -> u64 {
        u64::try_from(self.time.as_millis()).unwrap_or(u64::MAX)
    }
}

/// Milliseconds with one decimal.
fn in_ms(time: Duration) -> String {
    let tenths = time.as_micros() / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}
