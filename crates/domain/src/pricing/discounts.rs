use super::share::{portion, spread};
use super::{DiscountAmount, Item};
use crate::discount::{Discount, DiscountValue};
use crate::money::{Currency, Money, MoneyError};
use crate::shipping::DeliveryOption;
use crate::tax::Rate;

/// The amounts that discounts take off.
pub(super) struct Reductions {
    /// Off each line.
    pub(super) lines: Vec<i64>,
    /// Off the delivery.
    pub(super) shipping: i64,
    /// Of each discount.
    pub(super) discounts: Vec<DiscountAmount>,
}

/// The amounts that a set of discounts takes off together, lines and delivery.
///
/// # Errors
/// When an amount does not fit, or is in another currency.
pub fn savings(
    items: &[Item],
    delivery: Option<&DeliveryOption>,
    discounts: &[&Discount],
    currency: Currency,
) -> Result<Money, MoneyError> {
    let reductions = reductions(items, delivery, discounts, currency)?;
    let mut sum = Money::zero(currency);
    for discount in &reductions.discounts {
        sum = sum.checked_add(discount.amount)?;
    }
    Ok(sum)
}

/// Takes the discounts off one after the other: percentages first, then amounts, each of what the
/// ones before it left, so that no line falls below nothing.
pub(super) fn reductions(
    items: &[Item],
    delivery: Option<&DeliveryOption>,
    discounts: &[&Discount],
    currency: Currency,
) -> Result<Reductions, MoneyError> {
    let step = currency.step();
    let mut left: Vec<i64> = items.iter().map(|item| item.price.amount()).collect();
    let mut reductions = Reductions {
        lines: vec![0; items.len()],
        shipping: 0,
        discounts: Vec::new(),
    };
    let rank = |discount: &Discount| match discount.value {
        DiscountValue::Percent(_) => 0,
        DiscountValue::Amount(_) => 1,
        DiscountValue::FreeShipping => 2,
    };
    let mut ordered = discounts.to_vec();
    ordered.sort_by_key(|discount| (rank(discount), discount.id.clone()));
    for discount in ordered {
        let weights: Vec<i64> = items
            .iter()
            .zip(&left)
            .map(|(item, left)| {
                if discount.scope.covers(item) {
                    *left
                } else {
                    0
                }
            })
            .collect();
        let sum = sum_of(&weights)?;
        let amount = match discount.value {
            DiscountValue::Percent(rate) => {
                portion(sum, rate.millionths(), Rate::WHOLE, step)?.min(sum)
            }
            DiscountValue::Amount(amount) if amount.currency() != currency => {
                return Err(MoneyError::CurrencyMismatch);
            }
            // An amount that the currency is not charged in loses what is beyond its step.
            DiscountValue::Amount(amount) => {
                (amount.amount() - amount.amount().rem_euclid(step)).clamp(0, sum)
            }
            DiscountValue::FreeShipping => {
                let price = delivery.map_or(0, |delivery| delivery.price.amount());
                let amount = price - reductions.shipping;
                reductions.shipping = price;
                amount
            }
        };
        if discount.value != DiscountValue::FreeShipping {
            for (at, part) in spread(amount, &weights, step).into_iter().enumerate() {
                reductions.lines[at] += part;
                left[at] -= part;
            }
        }
        if amount > 0 {
            reductions.discounts.push(DiscountAmount {
                id: discount.id.clone(),
                title: discount.title.clone(),
                code: discount.code.as_ref().map(|code| code.as_str().to_owned()),
                scope: discount.scope.clone(),
                amount: Money::new(amount, currency),
            });
        }
    }
    Ok(reductions)
}

pub(super) fn sum_of(amounts: &[i64]) -> Result<i64, MoneyError> {
    amounts
        .iter()
        .try_fold(0_i64, |sum, amount| sum.checked_add(*amount))
        .ok_or(MoneyError::Overflow)
}
