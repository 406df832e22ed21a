//! The sandbox's own time: the machine's clock plus an offset that tests can move.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A clock that can be moved forward, so that a session which expires in a day can expire in a
/// test.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_seconds: AtomicI64,
}

/// A calendar month of the Gregorian calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct YearMonth {
    pub(crate) year: i64,
    pub(crate) month: i64,
}

impl Clock {
    /// A clock that already runs `offset_seconds` ahead of the machine.
    pub(crate) fn with_offset(offset_seconds: i64) -> Self {
        Self {
            offset_seconds: AtomicI64::new(offset_seconds),
        }
    }

    /// Unix seconds, as Stripe's objects carry them.
    pub(crate) fn now(&self) -> i64 {
        self.now_millis().div_euclid(1000)
    }

    /// Unix milliseconds, for the retry schedule.
    pub(crate) fn now_millis(&self) -> i64 {
        wall_millis().saturating_add(self.offset_seconds().saturating_mul(1000))
    }

    /// The offset of the clock from the machine's, in seconds.
    pub(crate) fn offset_seconds(&self) -> i64 {
        self.offset_seconds.load(Ordering::Relaxed)
    }

    /// Sets how far the clock runs ahead of the machine, in seconds.
    pub(crate) fn set_offset(&self, seconds: i64) {
        self.offset_seconds.store(seconds, Ordering::Relaxed);
    }

    /// The month in which `now` falls.
    pub(crate) fn month(&self) -> YearMonth {
        month_of(self.now())
    }
}

/// The Unix second in which a day begins in UTC, by its date as `YYYY-MM-DD`; none for what is no
/// date.
pub(crate) fn midnight(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-');
    let mut number = |length: usize| {
        let part = parts.next()?;
        let fits = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| part.parse::<i64>().ok())?
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    if !(1..=12).contains(&month) || day < 1 {
        return None;
    }
    // As in `month_of`, years begin in March, so that the leap day is their last.
    let (year, month_from_march) = match month {
        3.. => (year, month - 3),
        _ => (year - 1, month + 9),
    };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let seconds = (era * 146_097 + day_of_era - 719_468) * 86_400;
    // A day that its month does not have falls into the next.
    let found = month_of(seconds);
    (found.month == month).then_some(seconds)
}

/// The machine's own Unix seconds. Webhooks are signed with it, because the receiver compares the
/// signature's age with a clock that nobody moved.
pub(crate) fn wall_seconds() -> i64 {
    wall_millis().div_euclid(1000)
}

fn wall_millis() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|elapsed| i64::try_from(elapsed.as_millis()).ok())
        .unwrap_or(0)
}

/// Days since 1970 to a civil month, by the well-known algorithm that counts 400-year eras from 1
/// March of year 0.
fn month_of(unix_seconds: i64) -> YearMonth {
    let days = unix_seconds.div_euclid(86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    YearMonth { year, month }
}

#[cfg(test)]
mod tests {
    use super::{YearMonth, midnight, month_of};

    #[test]
    fn dates_are_read_and_what_is_none_is_refused() {
        for (date, seconds) in [
            ("1970-01-01", Some(0)),
            ("2000-02-29", Some(951_782_400)),
            ("2026-12-31", Some(1_798_675_200)),
            ("2100-03-01", Some(4_107_542_400)),
            ("2100-02-29", None),
            ("2026-04-31", None),
            ("2026-13-01", None),
            ("2026-1-01", None),
            ("2026-01", None),
            ("tomorrow", None),
        ] {
            assert_eq!(midnight(date), seconds, "{date}");
        }
    }

    #[test]
    fn months_are_found_across_leap_years_and_centuries() {
        for (seconds, year, month) in [
            (0, 1970, 1),
            (951_782_400, 2000, 2),
            (951_868_800, 2000, 3),
            (1_798_761_599, 2026, 12),
            (1_798_761_600, 2027, 1),
            (4_107_542_400, 2100, 3),
        ] {
            assert_eq!(month_of(seconds), YearMonth { year, month }, "at {seconds}");
        }
    }
}
