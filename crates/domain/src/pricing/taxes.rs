use super::TaxAmount;
use super::discounts::sum_of;
use super::share::{portion, spread};
use crate::money::{Currency, Money, MoneyError};
use crate::tax::{OrderTaxes, Rate, TaxRate};

/// The taxes of an order, for each part that is taxed: the lines and the delivery.
pub(super) struct Taxation {
    /// For each part.
    pub(super) parts: Vec<i64>,
    /// For each rate.
    pub(super) taxes: Vec<TaxAmount>,
}

/// Taxes parts, each with the rates that apply to it. Parts with the same rates are taxed together.
pub(super) fn tax(
    parts: &[(i64, Vec<&TaxRate>)],
    taxes: &OrderTaxes,
    currency: Currency,
) -> Result<Taxation, MoneyError> {
    let step = currency.step();
    let mut taxation = Taxation {
        parts: vec![0; parts.len()],
        taxes: Vec::new(),
    };
    let mut is_done = vec![false; parts.len()];
    for first in 0..parts.len() {
        let rates = &parts[first].1;
        if is_done[first] || rates.is_empty() {
            continue;
        }
        let mut weights = vec![0; parts.len()];
        for (at, (amount, others)) in parts.iter().enumerate() {
            if others == rates {
                is_done[at] = true;
                weights[at] = *amount;
            }
        }
        let base = sum_of(&weights)?;
        let millionths: Vec<i64> = rates.iter().map(|rate| rate.rate.millionths()).collect();
        let amounts = if taxes.prices_include_tax {
            let together = sum_of(&millionths)?;
            let whole = Rate::WHOLE + together;
            spread(portion(base, together, whole, step)?, &millionths, step)
        } else {
            let each = millionths.iter();
            each.map(|rate| portion(base, *rate, Rate::WHOLE, step))
                .collect::<Result<_, _>>()?
        };
        let sum = sum_of(&amounts)?;
        for (at, part) in spread(sum, &weights, step).into_iter().enumerate() {
            taxation.parts[at] += part;
        }
        for (rate, amount) in rates.iter().zip(amounts) {
            add(&mut taxation.taxes, rate, base, amount, currency)?;
        }
    }
    Ok(taxation)
}

fn add(
    taxes: &mut Vec<TaxAmount>,
    rate: &TaxRate,
    base: i64,
    amount: i64,
    currency: Currency,
) -> Result<(), MoneyError> {
    let (base, amount) = (Money::new(base, currency), Money::new(amount, currency));
    let is_same = |tax: &&mut TaxAmount| tax.name == rate.name && tax.rate == rate.rate;
    match taxes.iter_mut().find(is_same) {
        Some(tax) => {
            tax.base = tax.base.checked_add(base)?;
            tax.amount = tax.amount.checked_add(amount)?;
        }
        None => taxes.push(TaxAmount {
            name: rate.name.clone(),
            rate: rate.rate,
            base,
            amount,
        }),
    }
    Ok(())
}
