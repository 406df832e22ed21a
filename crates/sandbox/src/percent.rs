//! Percentages that are never floats: `25.5` is 255,000 ten-thousandths of a percent.

use serde_json::Value;

const DECIMALS: usize = 4;
const SCALE: i64 = 10_000;
const WHOLE: i64 = 100 * SCALE;

/// A percentage above 0 and up to 100 with at most four decimals.
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
        (1..=WHOLE).contains(&parts).then_some(Self(parts))
    }

    /// The number as it goes over the wire.
    pub(crate) fn to_json(self) -> Value {
        serde_json::from_str(&self.to_string()).unwrap_or(Value::Null)
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
            ("0.0001", "0.0001"),
        ] {
            let percent = Percent::parse(given).unwrap();
            assert_eq!(percent.to_string(), written);
            assert_eq!(
                percent.to_json().to_string().trim_end_matches(".0"),
                written
            );
        }
        for bad in [
            "", ".", "0", "-1", "100.1", "1.23456", "1e1", "+5", "5%", "1.2.3", "1000",
        ] {
            assert_eq!(Percent::parse(bad), None, "{bad}");
        }
    }
}
