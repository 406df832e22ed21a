use std::time::Duration;

use rand::Rng;

/// The retry policy: how long to wait for Stripe before giving up, and how much to ask of it at
/// once.
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    /// The deadline of one attempt.
    pub timeout: Duration,
    /// The longest pause before each further attempt.
    pub backoff: Vec<Duration>,
    /// The deadline of one call with all its attempts, pauses and the wait for its turn.
    pub total: Duration,
}

/// As long as a shopper waits, too; the pauses grow, so that a Stripe in trouble is not pressed.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(8),
            backoff: [200, 600, 1800].map(Duration::from_millis).to_vec(),
            total: Duration::from_secs(12),
        }
    }
}

/// Half of the pause up to all of it, so that two clicks that got in each other's way do not meet
/// again.
pub(crate) fn jittered(pause: Duration) -> Duration {
    rand::rng().random_range(pause / 2..=pause)
}
