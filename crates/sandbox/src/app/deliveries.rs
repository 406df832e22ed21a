//! The state that the delivery worker shares with those who wake it, wait for it and stop it.

use std::sync::atomic::{AtomicU8, Ordering};

use tokio::sync::{Notify, Semaphore, SemaphorePermit, watch};

use crate::config::Config;

/// When deliveries are made. Tests choose it, to see both orders of webhook and redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Mode {
    /// At once, while the shopper is being redirected; either may come first, as with Stripe.
    Immediate,
    /// The shopper is redirected after the first attempts are over.
    BeforeRedirect,
    /// Not at all until the mode is changed, and then all together.
    Held,
}

/// The state of the delivery worker.
#[derive(Debug)]
pub(crate) struct Deliveries {
    client: reqwest::Client,
    mode: AtomicU8,
    wake: Notify,
    /// Counts the attempts that are over, for those who wait for one.
    attempted: watch::Sender<u64>,
    /// Limits how many run at the same time. Closed when the sandbox stops.
    slots: Semaphore,
    concurrency: u32,
}

impl Deliveries {
    pub(crate) fn new(config: &Config) -> reqwest::Result<Self> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(config.delivery_timeout)
            .no_proxy()
            .build()?;
        let concurrency = config.delivery_concurrency.max(1);
        Ok(Self {
            client,
            mode: AtomicU8::new(Mode::Immediate as u8),
            wake: Notify::new(),
            attempted: watch::Sender::new(0),
            slots: Semaphore::new(concurrency),
            concurrency: u32::try_from(concurrency).unwrap_or(u32::MAX),
        })
    }

    /// The client that posts events.
    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Tells the worker that something may be due.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Waits until somebody wakes the worker.
    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }

    pub(crate) fn mode(&self) -> Mode {
        let stored = self.mode.load(Ordering::Relaxed);
        [Mode::BeforeRedirect, Mode::Held]
            .into_iter()
            .find(|mode| *mode as u8 == stored)
            .unwrap_or(Mode::Immediate)
    }

    pub(crate) fn set_mode(&self, mode: Mode) {
        self.mode.store(mode as u8, Ordering::Relaxed);
        self.attempted.send_modify(|_| ());
        self.wake();
    }

    /// A slot for one attempt; none once the sandbox stops.
    pub(crate) async fn slot(&self) -> Option<SemaphorePermit<'_>> {
        self.slots.acquire().await.ok()
    }

    /// Counts an attempt that is over.
    pub(crate) fn count_attempt(&self) {
        self.attempted.send_modify(|count| *count += 1);
    }

    /// The count of attempts that are over, to wait for the next. A change of the mode counts as
    /// well.
    pub(crate) fn attempts(&self) -> watch::Receiver<u64> {
        self.attempted.subscribe()
    }

    /// Waits until no attempt is under way and lets none begin.
    pub(crate) async fn stop(&self) {
        // An error means that it was stopped before.
        let _ = self.slots.acquire_many(self.concurrency).await;
        self.slots.close();
    }
}
