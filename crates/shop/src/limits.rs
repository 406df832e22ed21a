/// A token bucket: `burst` at once, then `refill` every `seconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    /// How many at once after a quiet time.
    pub(crate) burst: u32,
    /// How many more after each interval.
    pub(crate) refill: u32,
    /// The length of the interval in seconds, at least 1.
    pub(crate) seconds: u32,
}

/// The state of one token bucket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    tokens: u32,
    /// Up to when tokens were refilled, in Unix seconds.
    refilled_at: i64,
}

impl Rate {
    /// A full bucket.
    pub(crate) const fn full(self, now: i64) -> Bucket {
        Bucket {
            tokens: self.burst,
            refilled_at: now,
        }
    }
}

impl Bucket {
    /// Takes a token.
    ///
    /// # Errors
    /// When there is none; the number of seconds until there is.
    pub(crate) fn take(&mut self, rate: Rate, now: i64) -> Result<(), u32> {
        self.refill(rate, now);
        match self.tokens.checked_sub(1) {
            Some(left) => {
                self.tokens = left;
                Ok(())
            }
            None => {
                let next = self.refilled_at.saturating_add(i64::from(rate.seconds));
                let wait = next.saturating_sub(now).max(1);
                Err(u32::try_from(wait).unwrap_or(u32::MAX))
            }
        }
    }

    /// Puts a token back.
    pub(crate) fn give_back(&mut self, rate: Rate) {
        self.tokens = self.tokens.saturating_add(1).min(rate.burst);
    }

    /// How many tokens there were at the last look.
    pub(crate) const fn tokens_left(self) -> u32 {
        self.tokens
    }

    fn refill(&mut self, rate: Rate, now: i64) {
        // A clock that was set back would otherwise stop the refill for as long.
        self.refilled_at = self.refilled_at.min(now);
        let seconds = i64::from(rate.seconds.max(1));
        let intervals = now.saturating_sub(self.refilled_at) / seconds;
        let tokens = intervals.saturating_mul(i64::from(rate.refill));
        let tokens = u32::try_from(tokens).unwrap_or(u32::MAX);
        self.tokens = self.tokens.saturating_add(tokens).min(rate.burst);
        self.refilled_at = self
            .refilled_at
            .saturating_add(intervals.saturating_mul(seconds));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        burst: 3,
        refill: 2,
        seconds: 10,
    };

    #[test]
    fn bucket_gives_its_burst_and_then_its_refill() {
        let mut bucket = RATE.full(100);
        for _ in 0..3 {
            assert_eq!(bucket.take(RATE, 105), Ok(()));
        }
        assert_eq!(bucket.take(RATE, 105), Err(5));
        assert_eq!(bucket.take(RATE, 109), Err(1));
        assert_eq!(bucket.take(RATE, 110), Ok(()));
        assert_eq!(bucket.take(RATE, 110), Ok(()));
        assert_eq!(bucket.take(RATE, 110), Err(10));
        bucket.give_back(RATE);
        assert_eq!(bucket.take(RATE, 110), Ok(()));
    }

    #[test]
    fn bucket_is_never_more_than_full() {
        let mut bucket = RATE.full(0);
        bucket.give_back(RATE);
        for _ in 0..3 {
            assert_eq!(bucket.take(RATE, i64::MAX), Ok(()));
        }
        assert!(bucket.take(RATE, i64::MAX).is_err());
    }

    #[test]
    fn bucket_refills_when_the_clock_was_set_back() {
        let mut bucket = RATE.full(1_000);
        for _ in 0..3 {
            assert_eq!(bucket.take(RATE, 1_000), Ok(()));
        }
        assert_eq!(bucket.take(RATE, 500), Err(10));
        assert_eq!(bucket.take(RATE, 510), Ok(()));
    }
}
