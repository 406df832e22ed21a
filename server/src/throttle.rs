use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Lets one message a second into the log of those that anybody can cause, and counts the others.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    last: Option<Instant>,
    left_out: u64,
}

const INTERVAL: Duration = Duration::from_secs(1);

impl Throttle {
    /// Admits a message to the log, with the number of those left out since the last; or `None`.
    pub(crate) fn admit(&self) -> Option<u64> {
        self.admit_at(Instant::now())
    }

    fn admit_at(&self, now: Instant) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = state
            .last
            .is_none_or(|last| now.saturating_duration_since(last) >= INTERVAL);
        if is_due {
            state.last = Some(now);
            Some(std::mem::take(&mut state.left_out))
        } else {
            state.left_out = state.left_out.saturating_add(1);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flood_of_messages_is_one_a_second_with_the_number_of_the_others() {
        let throttle = Throttle::default();
        let start = Instant::now();
        let admitted: Vec<_> = (0..25)
            .filter_map(|tenth| throttle.admit_at(start + Duration::from_millis(tenth * 100)))
            .collect();
        assert_eq!(admitted, [0, 9, 9]);
    }
}
