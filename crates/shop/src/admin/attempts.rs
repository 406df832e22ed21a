use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::device::DeviceId;
use crate::Client;
use crate::limits::{Bucket, Rate};

/// The number of wrong passwords that a client, or a device of the admin's, has before it waits.
const LIMIT: u32 = 10;

/// The wait after the last of them, in seconds.
const WAIT_SECONDS: i64 = 15 * 60;

/// The wrong passwords of all clients together that are listened to. A guesser with many addresses
/// gets no more than 8,640 guesses a day; devices that the admin has signed in from are not
/// counted.
const EVERYWHERE: Rate = Rate {
    burst: 100,
    refill: 1,
    seconds: 10,
};

/// The most sources that are remembered. [`EVERYWHERE`] lets far fewer through while they count.
const MOST_SOURCES: usize = 10_000;

/// The wrong passwords of late, in the memory of this process: nothing that a stranger sends to the
/// sign-in writes to the database. Each machine counts for itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attempts(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    sources: HashMap<Source, Failures>,
    everywhere: Option<Bucket>,
    /// True if all clients together were refused, and not much time has passed since.
    is_slowed: bool,
}

/// The origin of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Source {
    Client(Client),
    Device(DeviceId),
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last_at: i64,
}

/// The reason why an attempt is not listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The client has failed too often.
    Client {
        /// For how many seconds it is refused.
        seconds: u32,
        /// True if it has not been refused before.
        is_first: bool,
    },
    /// All clients together have.
    Everywhere {
        /// For how many seconds clients are refused.
        seconds: u32,
        /// True if none has been refused before.
        is_first: bool,
    },
}

/// An attempt under way. It counts as failed unless it is forgiven, so that many at once are not
/// one and hanging up early is no way around the limit.
#[derive(Debug)]
pub(super) struct Attempt {
    attempts: Attempts,
    source: Source,
}

impl Attempts {
    /// Counts an attempt before its password is looked at. A device that the admin has signed in
    /// from has failures of its own, so nobody else can use them up; when it has, it counts as any
    /// client.
    pub(super) fn begin(
        &self,
        client: Client,
        device: Option<&DeviceId>,
        now: i64,
    ) -> Result<Attempt, Refusal> {
        let mut state = self.state();
        state.forget_old(now);
        let device = device.map(|id| Source::Device(id.clone()));
        let source = match device.filter(|device| state.wait(device, now).is_none()) {
            Some(device) => device,
            None => {
                let client = Source::Client(client);
                if let Some(seconds) = state.wait(&client, now) {
                    let is_first = state.mark_refused(&client);
                    return Err(Refusal::Client { seconds, is_first });
                }
                state.take_everywhere(now)?;
                client
            }
        };
        state.count(source.clone(), now);
        Ok(Attempt {
            attempts: self.clone(),
            source,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Numbers that a panicking thread left behind are still numbers.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt {
    /// Takes it back, together with the failures before it: the password was right.
    pub(super) fn forgive_all(self) {
        let mut state = self.attempts.state();
        state.sources.remove(&self.source);
        state.refund(&self.source);
    }

    /// Takes it back: the password was not looked at.
    pub(super) fn withdraw(self) {
        let mut state = self.attempts.state();
        if let Some(failures) = state.sources.get_mut(&self.source) {
            failures.count = failures.count.saturating_sub(1);
        }
        state.refund(&self.source);
    }
}

impl State {
    /// For how many seconds a source is refused, if it is.
    fn wait(&self, source: &Source, now: i64) -> Option<u32> {
        let failures = self.sources.get(source)?;
        let until = failures.last_at.saturating_add(WAIT_SECONDS);
        (failures.count >= LIMIT && now < until)
            .then(|| u32::try_from(until.saturating_sub(now)).unwrap_or(u32::MAX))
    }

    /// Notes that a source is refused; answers whether that is new.
    fn mark_refused(&mut self, source: &Source) -> bool {
        let Some(failures) = self.sources.get_mut(source) else {
            return false;
        };
        let is_first = failures.count == LIMIT;
        failures.count = LIMIT + 1;
        is_first
    }

    fn take_everywhere(&mut self, now: i64) -> Result<(), Refusal> {
        let bucket = self.everywhere.get_or_insert(EVERYWHERE.full(now));
        let taken = bucket.take(EVERYWHERE, now);
        if taken.is_ok() && bucket.tokens_left() > EVERYWHERE.burst / 2 {
            self.is_slowed = false;
        }
        taken.map_err(|seconds| Refusal::Everywhere {
            seconds,
            is_first: !std::mem::replace(&mut self.is_slowed, true),
        })
    }

    fn count(&mut self, source: Source, now: i64) {
        if self.sources.len() >= MOST_SOURCES && !self.sources.contains_key(&source) {
            let oldest = self
                .sources
                .iter()
                .min_by_key(|(_, failures)| failures.last_at);
            if let Some((oldest, _)) = oldest.map(|(source, failures)| (source.clone(), *failures))
            {
                self.sources.remove(&oldest);
            }
        }
        let failures = self.sources.entry(source).or_insert(Failures {
            count: 0,
            last_at: now,
        });
        failures.count = failures.count.saturating_add(1);
        failures.last_at = now;
    }

    fn refund(&mut self, source: &Source) {
        if let (Source::Client(_), Some(everywhere)) = (source, &mut self.everywhere) {
            everywhere.refund(EVERYWHERE);
        }
    }

    /// Forgets failures that count no more. There are few: [`EVERYWHERE`] bounds how fast they
    /// come.
    fn forget_old(&mut self, now: i64) {
        self.sources
            .retain(|_, failures| now < failures.last_at.saturating_add(WAIT_SECONDS));
    }
}
