//! Delivery of events to webhook endpoints, from the plan in the state file.
//!
//! A delivery is planned in the transaction that made its event, and stays in the file until an
//! endpoint has answered or the retries are used up; so nothing is lost when the process dies, and
//! an event may come twice.

mod attempt;
pub(crate) mod event_types;
mod signature;
pub(crate) mod webhook_endpoints;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::app::Shared;
use crate::app::deliveries::Mode;
use crate::store::deliveries::{self, Due};

/// The number of due deliveries that are fetched at once.
const BATCH: i64 = 256;

/// The worker looks again after this time even if nobody wakes it.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// The time that the pay page waits for the first attempts in [`Mode::BeforeRedirect`].
const REDIRECT_PATIENCE: Duration = Duration::from_secs(15);

/// The attempts that are under way.
#[derive(Debug, Default)]
struct Attempts {
    tasks: JoinSet<i64>,
    /// The ids of their deliveries.
    under_way: HashSet<i64>,
}

/// The worker: makes the attempts that are due until it is aborted.
pub(crate) async fn run(app: Shared) {
    let mut attempts = Attempts::default();
    loop {
        let pause = match attempts.start_due(&app).await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::error!(%error, "could not read the planned deliveries");
                Duration::from_secs(1)
            }
        };
        // Whatever comes first leads to the same look at the plan.
        tokio::select! {
            () = app.deliveries.woken() => {}
            () = tokio::time::sleep(pause) => {}
            Some(ended) = attempts.tasks.join_next() => attempts.end(ended.ok()),
        }
    }
}

/// In [`Mode::BeforeRedirect`], waits until each delivery of these events has been attempted once.
pub(crate) async fn before_redirect(app: &Shared, events: &[String]) {
    if app.deliveries.mode() != Mode::BeforeRedirect {
        return;
    }
    let attempted = async {
        let mut attempts = app.deliveries.attempts();
        for event in events {
            // What is seen is marked before looking, so that an attempt that ends in between is
            // noticed.
            attempts.borrow_and_update();
            while app.deliveries.mode() != Mode::Held && untried(app, event).await {
                if attempts.changed().await.is_err() {
                    return;
                }
            }
        }
    };
    if tokio::time::timeout(REDIRECT_PATIENCE, attempted)
        .await
        .is_err()
    {
        tracing::warn!("redirecting before the first delivery attempts are over");
    }
}

impl Attempts {
    /// Starts an attempt for each delivery that is due and not under way, and says when to look
    /// again.
    async fn start_due(&mut self, app: &Shared) -> sqlx::Result<Duration> {
        // Attempts are taken off the list only here, before the plan is read: one that ends while
        // it is being read would otherwise look due and not under way.
        while let Some(ended) = self.tasks.try_join_next() {
            self.end(ended.ok());
        }
        if app.deliveries.mode() == Mode::Held {
            return Ok(LONGEST_SLEEP);
        }
        let now = app.clock.now_millis();
        let mut db = app.store.read().await?;
        for due in deliveries::due(&mut db, now, BATCH).await? {
            if self.under_way.insert(due.id) {
                self.tasks.spawn(attempt(Arc::clone(app), due));
            }
        }
        let wait = deliveries::next_after(&mut db, now).await?;
        let wait = wait.and_then(|at| u64::try_from(at - now).ok());
        Ok(wait
            .map_or(LONGEST_SLEEP, Duration::from_millis)
            .min(LONGEST_SLEEP))
    }

    fn end(&mut self, delivery: Option<i64>) {
        if let Some(delivery) = delivery {
            self.under_way.remove(&delivery);
        }
    }
}

/// Makes one attempt when there is a free slot, and returns the delivery's id.
async fn attempt(app: Shared, due: Due) -> i64 {
    if let Some(_slot) = app.deliveries.slot().await {
        attempt::make(&app, &due).await;
    }
    app.deliveries.count_attempt();
    due.id
}

async fn untried(app: &Shared, event: &str) -> bool {
    match app.store.read().await {
        Ok(mut db) => deliveries::untried(&mut db, event).await.unwrap_or(false),
        Err(_) => false,
    }
}
