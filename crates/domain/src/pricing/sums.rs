use super::discounts::{reductions, sum_of};
use super::taxes::{Taxation, tax};
use super::{Item, LineAmounts, Quote, ShippingAmount};
use crate::discount::Discount;
use crate::money::{Currency, Money, MoneyError};
use crate::shipping::DeliveryOption;
use crate::tax::{OrderTaxes, TaxExemption};

/// Adds up an order: its lines, the discounts that were chosen for it, the delivery and the taxes
/// of its destination. Pickup is taxed like everything else: by `taxes`.
///
/// # Errors
/// When an amount does not fit, or is in another currency.
pub fn price(
    items: &[Item],
    delivery: Option<&DeliveryOption>,
    discounts: &[&Discount],
    taxes: &OrderTaxes,
    currency: Currency,
) -> Result<Quote, MoneyError> {
    let is_other = |money: Money| money.currency() != currency;
    if items.iter().any(|item| is_other(item.price))
        || delivery.is_some_and(|delivery| is_other(delivery.price))
    {
        return Err(MoneyError::CurrencyMismatch);
    }
    let reductions = reductions(items, delivery, discounts, currency)?;
    let mut parts: Vec<_> = items
        .iter()
        .zip(&reductions.lines)
        .map(|(item, off)| (item.price.amount() - off, taxes.of_class(&item.tax_class)))
        .collect();
    if let Some(delivery) = delivery {
        let price = delivery.price.amount() - reductions.shipping;
        parts.push((price, taxes.of_shipping()));
    }
    let amounts: Vec<i64> = parts.iter().map(|(amount, _)| *amount).collect();
    let nothing = || Taxation {
        parts: vec![0; parts.len()],
        taxes: Vec::new(),
    };
    let (taxed, relief) = match taxes.exemption {
        None => (tax(&parts, taxes, currency)?, vec![0; parts.len()]),
        Some(TaxExemption::SmallBusiness) => (nothing(), vec![0; parts.len()]),
        // What is in the prices comes off them, and nothing comes on top of the others.
        Some(TaxExemption::ReverseCharge) if taxes.prices_include_tax => {
            (nothing(), tax(&parts, taxes, currency)?.parts)
        }
        Some(TaxExemption::ReverseCharge) => (nothing(), vec![0; parts.len()]),
    };
    let money = |amount| Money::new(amount, currency);
    let on_top = |at: usize| {
        if taxes.prices_include_tax {
            0
        } else {
            taxed.parts[at]
        }
    };
    let paid = |at: usize| {
        (amounts[at] - relief[at])
            .checked_add(on_top(at))
            .ok_or(MoneyError::Overflow)
    };
    let mut lines = Vec::with_capacity(items.len());
    let mut total = 0_i64;
    for (at, item) in items.iter().enumerate() {
        total = total.checked_add(paid(at)?).ok_or(MoneyError::Overflow)?;
        lines.push(LineAmounts {
            variant: item.variant.clone(),
            quantity: item.quantity,
            price: item.price,
            discount: money(reductions.lines[at]),
            tax: money(taxed.parts[at]),
            tax_relief: money(relief[at]),
            total: money(paid(at)?),
        });
    }
    let shipping = match delivery {
        Some(delivery) => {
            let at = items.len();
            total = total.checked_add(paid(at)?).ok_or(MoneyError::Overflow)?;
            Some(ShippingAmount {
                name: delivery.name.clone(),
                delivery_time: delivery.delivery_time.clone(),
                is_pickup: delivery.is_pickup,
                list_price: delivery.price,
                price: money(amounts[at]),
                tax: money(taxed.parts[at]),
                tax_relief: money(relief[at]),
                total: money(paid(at)?),
            })
        }
        None => None,
    };
    let prices: Vec<i64> = items.iter().map(|item| item.price.amount()).collect();
    Ok(Quote {
        lines,
        subtotal: money(sum_of(&prices)?),
        discount: money(sum_of(&reductions.lines)?),
        discounts: reductions.discounts,
        shipping,
        taxes: taxed.taxes,
        prices_include_tax: taxes.prices_include_tax,
        tax_relief: money(sum_of(&relief)?),
        exemption: taxes.exemption,
        total: money(total),
    })
}
