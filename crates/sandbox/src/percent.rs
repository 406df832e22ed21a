//! Percentages that are never floats: `25.5` is 255,000 ten-thousandths of a percent.

use serde_json::Value;

const DECIMALS: usize = 4;
const SCALE: i64 = 10_000;
const WHOLE: i64 = 100 * SCALE;

/// A hundredth of a percent.
const LEAST: i64 = SCALE / 100;

/// A percentage from 0.01 to 100 with at most four decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Percent(i64);

impl Percent {
    /// Reads `25`, `25.5` or `.5`; nothing else is a percentage.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let fraction = fraction.trim_end_matches('0');
        let long = whole.len() > 3 || fraction.len() > DECIMALS;
        if long || !digits(whole) || !digits(fraction) {
            return None;
        }
        let parts = format!("{whole}{fraction:0<DECIMALS$}").parse().ok()?;
        (LEAST..=WHOLE).contains(&parts).then_some(Self(parts))
    }

    /// Reads the number that [`Percent::to_json`] wrote.
    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => {
                let text = number.to_string();
                Self::parse(&text)
            }
            _ => None,
        }
    }

    /// The number as it goes over the wire.
    pub(crate) fn to_json(self) -> Value {
        serde_json::from_str(&self.to_string()).unwrap_or(Value::Null)
    }

    /// The part of an amount in minor units, rounded half up. It is never more than the amount.
    pub(crate) fn of(self, amount: i64) -> i64 {
        let parts = i128::from(amount) * i128::from(self.0);
        let whole = i128::from(WHOLE);
        i64::try_from((parts + whole / 2) / whole).unwrap_or(amount)
    }
}

impl std::fmt::Display for Percent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let fraction = format!("{:0>DECIMALS$}", self.0 % SCALE);
        match fraction.trim_end_matches('0') {
            "" => write!(formatter, "{}", self.0 / SCALE),
            fraction => write!(formatter, "{}.{fraction}", self.0 / SCALE),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Percent;

    #[test]
    fn percentages_come_back_as_they_were_given() {
        for (given, written) in [
            ("25", "25"),
            ("25.50", "25.5"),
            (".5", "0.5"),
            ("100", "100"),
            ("33.3333", "33.3333"),
            ("0.01", "0.01"),
        ] {
            let percent = Percent::parse(given).unwrap();
            assert_eq!(percent.to_string(), written);
            assert_eq!(
                percent.to_json().to_string().trim_end_matches(".0"),
                written
            );
            assert_eq!(Percent::from_json(&percent.to_json()).unwrap(), percent);
        }
        for bad in [
            "", ".", "0", "0.0099", "-1", "100.1", "1.23456", "1e1", "+5", "5%", "1.2.3", "1000",
        ] {
            assert_eq!(Percent::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_part_is_rounded_half_up() {
        for (percent, amount, part) in [
            ("50", 101, 51),
            ("33.3333", 300, 100),
            ("25.5", 1000, 255),
            ("100", i64::MAX, i64::MAX),
            ("0.01", 10, 0),
        ] {
            assert_eq!(Percent::parse(percent).unwrap().of(amount), part);
        }
    }
}
