//! The totals of a session: its lines, the discount on them, and shipping. All amounts are minor
//! units.

use crate::currency::Currency;
use crate::objects::coupon::Discount;

/// One line before the discount.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) unit_amount: i64,
    pub(super) quantity: i64,
    /// True if the coupon is for its product.
    pub(super) discounted: bool,
}

/// The amounts of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LineAmounts {
    pub(super) subtotal: i64,
    pub(super) discount: i64,
}

/// The amounts of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) lines: Vec<LineAmounts>,
    pub(super) subtotal: i64,
    pub(super) discount: i64,
    pub(super) total: i64,
}

/// Adds everything up. Nothing when the sum is more than can be counted.
///
/// The discount is rounded once, half up, to what its currency can be charged in, and spread over
/// the lines so that theirs add up to it. It is never more than what it is on, and shipping is
/// never discounted.
pub(super) fn add_up(
    lines: &[Line],
    off: Option<Discount>,
    currency: Currency,
    shipping: i64,
) -> Option<Totals> {
    let amounts = lines
        .iter()
        .map(|line| line.unit_amount.checked_mul(line.quantity))
        .collect::<Option<Vec<i64>>>()?;
    let subtotal = sum(amounts.iter().copied())?;
    let discounted = |at: usize| if lines[at].discounted { amounts[at] } else { 0 };
    let eligible = sum((0..lines.len()).map(discounted))?;
    let discount = match off {
        None => 0,
        Some(Discount::Percent(percent)) => {
            let part = percent.of(eligible);
            part - part % currency.step()
        }
        Some(Discount::Amount(amount, of)) if of == currency => amount.min(eligible),
        Some(Discount::Amount(..)) => 0,
    };
    let mut so_far = 0;
    let mut given = 0;
    let mut priced = Vec::with_capacity(lines.len());
    for (at, amount) in amounts.iter().enumerate() {
        so_far += discounted(at);
        // The discount of the first lines together is rounded, never that of a line alone: so
        // nothing is lost.
        let upto = share(discount, so_far, eligible);
        priced.push(LineAmounts {
            subtotal: *amount,
            discount: upto - given,
        });
        given = upto;
    }
    Some(Totals {
        lines: priced,
        subtotal,
        discount,
        total: (subtotal - discount).checked_add(shipping)?,
    })
}

/// `whole * part / all`, rounded half up.
fn share(whole: i64, part: i64, all: i64) -> i64 {
    if all == 0 {
        return 0;
    }
    let (whole, part, all) = (i128::from(whole), i128::from(part), i128::from(all));
    i64::try_from((whole * part * 2 + all) / (all * 2)).unwrap_or(0)
}

fn sum(mut amounts: impl Iterator<Item = i64>) -> Option<i64> {
    amounts.try_fold(0_i64, i64::checked_add)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Discount, Line, add_up};
    use crate::currency::Currency;
    use crate::percent::Percent;

    fn line(unit_amount: i64, quantity: i64, discounted: bool) -> Line {
        Line {
            unit_amount,
            quantity,
            discounted,
        }
    }

    #[test]
    fn a_discount_is_spread_over_the_lines_without_losing_a_cent() {
        let usd = Currency::find("usd").unwrap();
        let eur = Currency::find("eur").unwrap();
        let part = |text| Some(Discount::Percent(Percent::parse(text).unwrap()));
        let thirds = [line(1, 1, true); 3];
        let mixed = [line(999, 3, true), line(500, 1, false), line(1, 1, true)];
        for (lines, off, shipping, discounts, total) in [
            (&thirds[..], part("50"), 0, &[1, 0, 1][..], 1),
            (&thirds[..], part("100"), 700, &[1, 1, 1][..], 700),
            (&thirds[..], None, 0, &[0, 0, 0][..], 3),
            (&mixed[..], part("10"), 0, &[300, 0, 0][..], 3198),
            (
                &mixed[..],
                Some(Discount::Amount(9_999, usd)),
                5,
                &[2997, 0, 1][..],
                505,
            ),
            (
                &mixed[..],
                Some(Discount::Amount(100, eur)),
                0,
                &[0, 0, 0][..],
                3498,
            ),
        ] {
            let totals = add_up(lines, off, usd, shipping).unwrap();
            let spread: Vec<i64> = totals.lines.iter().map(|line| line.discount).collect();
            assert_eq!((&spread[..], totals.total), (discounts, total), "{off:?}");
            assert_eq!(spread.iter().sum::<i64>(), totals.discount);
        }
    }

    #[test]
    fn no_line_is_discounted_by_more_than_it_costs() {
        let usd = Currency::find("usd").unwrap();
        for cents in [1, 7, 33, 99, 101, 5_003] {
            let lines: Vec<Line> = (0..12)
                .map(|at| line(at * at % 7, 1 + at % 3, at != 4))
                .collect();
            let totals = add_up(&lines, Some(Discount::Amount(cents, usd)), usd, 0).unwrap();
            for amounts in &totals.lines {
                assert!(
                    (0..=amounts.subtotal).contains(&amounts.discount),
                    "{totals:?}"
                );
            }
        }
    }

    #[test]
    fn totals_that_overflow_are_none() {
        let usd = Currency::find("usd").unwrap();
        for (lines, shipping) in [
            (&[line(i64::MAX, 2, true)][..], 0),
            (&[line(i64::MAX, 1, true), line(1, 1, true)][..], 0),
            (&[line(i64::MAX, 1, true)][..], 1),
        ] {
            assert_eq!(add_up(lines, None, usd, shipping), None);
        }
    }
}
