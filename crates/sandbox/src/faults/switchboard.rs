//! Rolling the dice.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

use super::{Fault, Faults};

/// The longest time that a delivery is held back, in milliseconds, when no later one goes out.
const LONGEST_HOLD: i64 = 3_000;

/// The faults of requests that exclude each other. When the dice say several, the first one
/// happens.
const OF_REQUESTS: [Fault; 6] = [
    Fault::ApiRateLimit,
    Fault::ApiLockTimeout,
    Fault::ApiError,
    Fault::ApiGarbage,
    Fault::ApiErrorAfter,
    Fault::ApiLoseAnswer,
];

/// The switches of a running sandbox.
#[derive(Debug)]
pub(crate) struct Switchboard(Mutex<State>);

/// The faults of one request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Fate {
    pub(crate) fault: Option<Fault>,
    /// By how much the answer is late.
    pub(crate) delay: Duration,
}

/// The faults of the deliveries of one event to one endpoint; by default, nothing out of the
/// ordinary.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct DeliveryFate {
    pub(crate) dropped: bool,
    pub(crate) doubled: bool,
    /// True if it waits for a later delivery.
    pub(crate) held: bool,
    /// By how many milliseconds it begins late, unless what it waits for comes earlier.
    pub(crate) delay: i64,
}

#[derive(Debug)]
struct State {
    faults: Faults,
    /// One die for each fault, so that they do not depend on how requests and deliveries happen to
    /// interleave.
    dice: Vec<StdRng>,
    injected: [u64; Fault::ALL.len()],
}

impl Switchboard {
    /// Switches set to `faults`. `run` tells the restarts of a sandbox apart: if the dice began
    /// anew each time, whoever restarts it often would see only the first few throws.
    pub(crate) fn new(faults: Faults, run: u64) -> Self {
        Self(Mutex::new(State::new(faults, run)))
    }

    /// Sets the switches, with the dice and the counters at their beginning.
    pub(crate) fn set(&self, faults: Faults) {
        *self.state() = State::new(faults, 0);
    }

    /// The settings of the switches.
    pub(crate) fn faults(&self) -> Faults {
        self.state().faults.clone()
    }

    /// The count of each fault since the switches were set or the sandbox was started.
    pub(crate) fn injected(&self) -> [u64; Fault::ALL.len()] {
        self.state().injected
    }

    /// The fate of the next request.
    pub(crate) fn request(&self) -> Fate {
        let mut state = self.state();
        // Each die is thrown, so that a switch does not change what the others do.
        let hits = OF_REQUESTS.map(|fault| state.happens(fault));
        let hit = OF_REQUESTS.into_iter().zip(hits).find(|(_, hit)| *hit);
        let fault = hit.map(|(fault, _)| fault);
        if let Some(fault) = fault {
            state.count(fault);
        }
        let delay = Duration::from_millis(state.delay(Fault::ApiSlowMs).into());
        Fate { fault, delay }
    }

    /// The fate of the next event on its way to an endpoint.
    pub(crate) fn delivery(&self) -> DeliveryFate {
        let mut state = self.state();
        let [dropped, duplicate, held] = [
            Fault::WebhookDrop,
            Fault::WebhookDuplicate,
            Fault::WebhookReorder,
        ]
        .map(|fault| state.happens(fault));
        if dropped {
            state.count(Fault::WebhookDrop);
            return DeliveryFate {
                dropped,
                ..DeliveryFate::default()
            };
        }
        if duplicate {
            state.count(Fault::WebhookDuplicate);
        }
        let mut delay = i64::from(state.delay(Fault::WebhookDelayMs));
        if held {
            state.count(Fault::WebhookReorder);
            delay += LONGEST_HOLD;
        }
        DeliveryFate {
            dropped,
            doubled: duplicate,
            held,
            delay,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fate {
    /// Waits for half of the delay: once before the work is done and once before the answer is
    /// given, so that slowness shuffles the order of requests and also outlasts the client's
    /// patience after the work was done.
    pub(crate) async fn wait(self) {
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay / 2).await;
        }
    }
}

impl State {
    fn new(faults: Faults, run: u64) -> Self {
        let seed = faults.seed();
        let die = |fault: Fault| {
            let digest = Sha256::digest(format!("{seed} {run} {}", fault.name()));
            StdRng::from_seed(digest.into())
        };
        Self {
            dice: Fault::ALL.map(die).into(),
            injected: [0; Fault::ALL.len()],
            faults,
        }
    }

    fn happens(&mut self, fault: Fault) -> bool {
        let percent = self.faults.get(fault);
        self.dice[fault.index()].random_range(0..100) < percent
    }

    /// A random time, in milliseconds.
    fn delay(&mut self, fault: Fault) -> u32 {
        let most = self.faults.get(fault);
        if most == 0 {
            return 0;
        }
        self.count(fault);
        self.dice[fault.index()].random_range(0..=most)
    }

    fn count(&mut self, fault: Fault) {
        self.injected[fault.index()] += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{Fate, Switchboard};
    use crate::faults::{Fault, Faults};

    fn fates(faults: Faults, run: u64) -> Vec<Fate> {
        let board = Switchboard::new(faults, run);
        (0..1000).map(|_| board.request()).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_run() {
        let faults = Faults::default()
            .with(Fault::ApiRateLimit, 10)
            .with(Fault::ApiSlowMs, 50);
        let first = fates(faults.clone(), 0);
        assert_eq!(first, fates(faults.clone(), 0));
        assert_ne!(first, fates(faults.clone(), 1));
        assert_ne!(first, fates(faults.seeded(1), 0));
    }

    #[test]
    fn a_rate_is_about_what_it_says_and_one_switch_does_not_move_another() {
        let alone = fates(Faults::default().with(Fault::ApiRateLimit, 30), 0);
        let limited = |fate: &&Fate| fate.fault == Some(Fault::ApiRateLimit);
        let count = alone.iter().filter(limited).count();
        assert!((250..350).contains(&count), "{count} of 1000");
        let both = fates(
            Faults::default()
                .with(Fault::ApiRateLimit, 30)
                .with(Fault::ApiLoseAnswer, 50),
            0,
        );
        assert!(
            alone
                .iter()
                .zip(&both)
                .all(|(one, other)| limited(&one) == limited(&other))
        );
    }

    #[test]
    fn nothing_happens_unless_it_is_switched_on_and_everything_at_a_hundred_percent() {
        assert!(
            fates(Faults::default(), 0)
                .iter()
                .all(|fate| *fate == Fate::default())
        );
        assert!(
            fates(Faults::default().with(Fault::ApiGarbage, 100), 0)
                .iter()
                .all(|fate| fate.fault == Some(Fault::ApiGarbage))
        );
    }
}
