use domain::money::Money;
use domain::order::Order;
use domain::pricing::{DiscountAmount, ShippingAmount, TaxAmount};
use domain::tax::TaxExemption;

/// The amounts of an order or a checkout, which the same rows tell on pages and in e-mails.
#[derive(Clone, Copy, Debug)]
pub struct Breakdown<'a> {
    /// The sum of the lines before discounts.
    pub subtotal: Money,
    /// Each discount and what it takes off, those on delivery included.
    pub discounts: &'a [DiscountAmount],
    /// The delivery.
    pub shipping: Option<&'a ShippingAmount>,
    /// The taxes, one for each rate.
    pub taxes: &'a [TaxAmount],
    /// True if the taxes are in the prices above; otherwise they come on top of them.
    pub prices_include_tax: bool,
    /// The tax in the prices that is not charged.
    pub tax_relief: Money,
    /// The reason why no tax is charged.
    pub exemption: Option<TaxExemption>,
    /// The amount to pay.
    pub total: Money,
}

/// A row of a [`Breakdown`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakdownRow {
    /// Its place in the sum.
    pub kind: RowKind,
    /// The name of the amount.
    pub label: String,
    /// The amount; none in a row that only says something.
    pub amount: Option<String>,
}

/// The place of a row in the sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// It is a part of the total.
    Part,
    /// It is the total.
    Total,
    /// It says what is in the total.
    Note,
}

messages! {
    /// The amounts of an order, one under the other.
    BreakdownText {
        fn subtotal() -> &'static str { En => "Subtotal" }
        fn total() -> &'static str { En => "Total" }
        /// `code` is what was typed to get it, if anything.
        fn discount(title: &str, code: Option<&str>) -> String {
            En => match code {
                Some(code) if !title.eq_ignore_ascii_case(code) => format!("{title} ({code})"),
                _ => title.to_owned(),
            },
        }
        fn taken_off(amount: Money) -> String { En => format!("−{amount}") }
        fn shipping(name: &str, is_pickup: bool) -> String {
            En => if is_pickup { format!("Pickup: {name}") } else { format!("Delivery: {name}") },
        }
        /// A tax on top of the prices; `rate` is a percentage.
        fn tax(name: &str, rate: &str) -> String { En => format!("{name} ({rate})") }
        /// A tax that is in the total.
        fn included_tax(name: &str, rate: &str) -> String { En => format!("Includes {name} ({rate})") }
        /// A tax that is in the prices and not charged.
        fn tax_relief() -> &'static str { En => "Tax not charged" }
        fn exemption(exemption: TaxExemption) -> &'static str {
            En => match exemption {
                TaxExemption::SmallBusiness => "No tax is charged: the shop is a small business.",
                TaxExemption::ReverseCharge => "Reverse charge: the recipient owes the VAT.",
            },
        }
    }
}

impl<'a> Breakdown<'a> {
    /// The amounts of an order.
    pub fn of(order: &'a Order) -> Self {
        let amounts = &order.amounts;
        Self {
            subtotal: amounts.subtotal,
            discounts: &amounts.discounts,
            shipping: amounts.shipping.as_ref(),
            taxes: &amounts.taxes,
            prices_include_tax: amounts.prices_include_tax,
            tax_relief: amounts.tax_relief,
            exemption: amounts.exemption,
            total: order.total,
        }
    }
}

impl BreakdownText {
    /// The rows in the order in which they add up: parts, total, and what is in it. An order of
    /// nothing but its lines has the total alone.
    pub fn rows(self, amounts: &Breakdown<'_>) -> Vec<BreakdownRow> {
        let row = |kind, label: String, amount: String| BreakdownRow {
            kind,
            label,
            amount: Some(amount),
        };
        let mut parts = Vec::new();
        for discount in amounts.discounts {
            let label = self.discount(&discount.title, discount.code.as_deref());
            parts.push(row(RowKind::Part, label, self.taken_off(discount.amount)));
        }
        if let Some(shipping) = amounts.shipping {
            let label = self.shipping(&shipping.name, shipping.is_pickup);
            parts.push(row(RowKind::Part, label, shipping.list_price.to_string()));
        }
        if amounts.tax_relief.amount() != 0 {
            let label = self.tax_relief().to_owned();
            parts.push(row(
                RowKind::Part,
                label,
                self.taken_off(amounts.tax_relief),
            ));
        }
        let (kind, label): (_, fn(Self, &str, &str) -> String) = if amounts.prices_include_tax {
            (RowKind::Note, Self::included_tax)
        } else {
            (RowKind::Part, Self::tax)
        };
        let taxes = amounts.taxes.iter().map(|tax| {
            let label = label(self, &tax.name, &tax.rate.to_string());
            row(kind, label, tax.amount.to_string())
        });
        let (mut notes, added): (Vec<_>, Vec<_>) = taxes.partition(|row| row.kind == RowKind::Note);
        parts.extend(added);
        notes.extend(amounts.exemption.map(|exemption| BreakdownRow {
            kind: RowKind::Note,
            label: self.exemption(exemption).to_owned(),
            amount: None,
        }));
        if !parts.is_empty() {
            let label = self.subtotal().to_owned();
            parts.insert(0, row(RowKind::Part, label, amounts.subtotal.to_string()));
        }
        let total = row(
            RowKind::Total,
            self.total().to_owned(),
            amounts.total.to_string(),
        );
        parts.into_iter().chain([total]).chain(notes).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use domain::discount::DiscountScope;
    use domain::id::DiscountId;
    use domain::money::{Currency, Money};
    use domain::pricing::{DiscountAmount, ShippingAmount, TaxAmount};
    use domain::tax::{Rate, TaxExemption};

    use super::{Breakdown, BreakdownText};
    use crate::Language;

    fn usd(amount: i64) -> Money {
        Money::new(amount, Currency::USD)
    }

    fn rows(amounts: &Breakdown<'_>) -> Vec<String> {
        let rows = BreakdownText(Language::En).rows(amounts);
        rows.into_iter()
            .map(|row| match row.amount {
                Some(amount) => format!("{}: {amount}", row.label),
                None => row.label,
            })
            .collect()
    }

    const fn bare(total: Money) -> Breakdown<'static> {
        Breakdown {
            subtotal: total,
            discounts: &[],
            shipping: None,
            taxes: &[],
            prices_include_tax: false,
            tax_relief: Money::zero(Currency::USD),
            exemption: None,
            total,
        }
    }

    #[test]
    fn order_of_nothing_but_lines_has_a_total_alone() {
        assert_eq!(rows(&bare(usd(4800))), ["Total: $48.00"]);
    }

    #[test]
    fn rows_add_up_in_order() {
        let discount = |title: &str, code: Option<&str>, amount| DiscountAmount {
            id: DiscountId::parse("d").unwrap(),
            title: title.to_owned(),
            code: code.map(str::to_owned),
            scope: DiscountScope::Everything,
            amount: usd(amount),
        };
        let discounts = [
            discount("Welcome", Some("WELCOME10"), 480),
            discount("FREE", Some("FREE"), 500),
        ];
        let shipping = ShippingAmount {
            name: "Standard".to_owned(),
            delivery_time: String::new(),
            is_pickup: false,
            list_price: usd(500),
            price: usd(0),
            tax: usd(0),
            tax_relief: usd(0),
            total: usd(0),
        };
        let taxes = [TaxAmount {
            name: "VAT".to_owned(),
            rate: Rate::parse("19").unwrap(),
            base: usd(4320),
            amount: usd(690),
        }];
        let included = Breakdown {
            subtotal: usd(4800),
            discounts: &discounts,
            shipping: Some(&shipping),
            taxes: &taxes,
            prices_include_tax: true,
            total: usd(4320),
            ..bare(usd(4320))
        };
        let parts = [
            "Subtotal: $48.00",
            "Welcome (WELCOME10): −$4.80",
            "FREE: −$5.00",
            "Delivery: Standard: $5.00",
        ];
        let (total, tax) = ("Total: $43.20", "Includes VAT (19\u{a0}%): $6.90");
        assert_eq!(rows(&included), [&parts[..], &[total, tax]].concat());
        let added = Breakdown {
            prices_include_tax: false,
            total: usd(5010),
            ..included
        };
        let (tax, total) = ("VAT (19\u{a0}%): $6.90", "Total: $50.10");
        assert_eq!(rows(&added), [&parts[..], &[tax, total]].concat());
    }

    #[test]
    fn exemption_is_said_below_the_total() {
        let relieved = Breakdown {
            subtotal: usd(11900),
            prices_include_tax: true,
            tax_relief: usd(1900),
            exemption: Some(TaxExemption::ReverseCharge),
            total: usd(10000),
            ..bare(usd(10000))
        };
        assert_eq!(
            rows(&relieved),
            [
                "Subtotal: $119.00",
                "Tax not charged: −$19.00",
                "Total: $100.00",
                "Reverse charge: the recipient owes the VAT.",
            ]
        );
    }
}
