//! When goods arrive, in words.

use serde_json::Value;

/// `3-5 business days`, `1 day`, `at least 2 weeks`, `up to 12 hours`.
pub(super) fn estimate(estimate: &Value) -> Option<String> {
    let bound = |member: &str| {
        let bound = &estimate[member];
        let unit = bound["unit"].as_str()?.replace('_', " ");
        Some((bound["value"].as_i64()?, unit))
    };
    let plural = |count: i64, unit: &str| format!("{unit}{}", if count == 1 { "" } else { "s" });
    let counted = |(count, unit): &(i64, String)| format!("{count} {}", plural(*count, unit));
    Some(match (bound("minimum"), bound("maximum")) {
        (None, None) => return None,
        (Some(least), None) => format!("at least {}", counted(&least)),
        (None, Some(most)) => format!("up to {}", counted(&most)),
        (Some(least), Some(most)) if least == most => counted(&most),
        (Some(least), Some(most)) if least.1 == most.1 => {
            format!("{}-{}", least.0, counted(&most))
        }
        (Some(least), Some(most)) => format!("{} to {}", counted(&least), counted(&most)),
    })
}

#[cfg(test)]
mod tests {
    use super::estimate;
    use serde_json::{Value, json};

    #[test]
    fn delivery_estimates_are_written_for_people() {
        let of = |unit: &str, value: i64| json!({ "unit": unit, "value": value });
        for (given, written) in [
            (Value::Null, None),
            (
                json!({ "minimum": of("day", 1), "maximum": of("day", 1) }),
                Some("1 day"),
            ),
            (
                json!({ "minimum": of("business_day", 3), "maximum": of("business_day", 5) }),
                Some("3-5 business days"),
            ),
            (
                json!({ "minimum": of("day", 5), "maximum": of("week", 1) }),
                Some("5 days to 1 week"),
            ),
            (
                json!({ "minimum": null, "maximum": of("hour", 12) }),
                Some("up to 12 hours"),
            ),
            (
                json!({ "minimum": of("month", 2), "maximum": null }),
                Some("at least 2 months"),
            ),
        ] {
            assert_eq!(estimate(&given).as_deref(), written, "{given}");
        }
    }
}
