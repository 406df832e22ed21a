use crate::money::MoneyError;

/// Rounds `numerator / denominator` half up. Both are not negative.
pub(super) fn half_up(numerator: i128, denominator: i128) -> i128 {
    if denominator <= 0 {
        return 0;
    }
    (2 * numerator + denominator) / (2 * denominator)
}

/// Rounds `amount * part / whole` half up to a multiple of `step`.
pub(super) fn portion(amount: i64, part: i64, whole: i64, step: i64) -> Result<i64, MoneyError> {
    let step = i128::from(step.max(1));
    let numerator = i128::from(amount) * i128::from(part);
    let units = half_up(numerator, i128::from(whole) * step);
    i64::try_from(units * step).map_err(|_| MoneyError::Overflow)
}

/// Spreads `amount`, a multiple of `step`, over parts in proportion to their weights, by the
/// largest remainder: each gets its share rounded down to the step, and the rest goes in single
/// steps to those that lost most by that, the first of equals first. The parts always add up to
/// `amount`. No part gets more than its weight if `amount` is at most the sum of weights that are
/// multiples of `step`. Without any weight the first part gets all.
pub fn spread(amount: i64, weights: &[i64], step: i64) -> Vec<i64> {
    let step = i128::from(step.max(1));
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    let mut parts = vec![0_i128; weights.len()];
    let Some(first) = parts.first_mut() else {
        return Vec::new();
    };
    let units = i128::from(amount) / step;
    // What is no multiple of the step stays whole, on the first part.
    let odd = i128::from(amount) - units * step;
    if sum <= 0 {
        *first = i128::from(amount);
    } else {
        let mut remainders = Vec::with_capacity(weights.len());
        let mut left = units;
        for (at, weight) in weights.iter().enumerate() {
            let exact = units * i128::from(*weight);
            parts[at] = exact.div_euclid(sum);
            left -= parts[at];
            remainders.push((exact.rem_euclid(sum), at));
        }
        remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        for (_, at) in remainders {
            if left == 0 {
                break;
            }
            parts[at] += 1;
            left -= 1;
        }
        for part in &mut parts {
            *part *= step;
        }
        parts[0] += odd;
    }
    parts
        .into_iter()
        .map(|part| i64::try_from(part).unwrap_or(i64::MAX))
        .collect()
}

/// The share of `amount` that belongs to `done` of `whole`, rounded half up to `step`; all of it
/// when all is done. What belongs to a part that follows another is the difference of two of these,
/// so that the parts of any sequence add up to exactly `amount`.
pub fn cumulative_share(amount: i64, done: i64, whole: i64, step: i64) -> i64 {
    if done >= whole {
        return amount;
    }
    if done <= 0 {
        return 0;
    }
    portion(amount, done, whole, step)
        .unwrap_or(amount)
        .min(amount)
}
