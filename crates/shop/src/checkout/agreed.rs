use domain::cart::PricedCart;
use domain::discount::CodeProblem;
use domain::id::CartKey;
use domain::money::Money;
use domain::order::{Order, OrderAmounts, OrderDetails, OrderLine};
use domain::pricing::Quote;
use store::Tx;
use store::catalog::Buyable;
use store::discounts::Claim;

use super::details::{CheckoutDetails, CheckoutProblem};
use super::quote::{goods, quote_goods, release_own_uses};
use super::{Placement, rules};
use crate::{Error, Shop};

/// The agreement of shopper and shop: what is bought, for how much, and where it goes.
#[derive(Clone, Debug)]
pub(super) struct Agreed {
    pub(super) lines: Vec<OrderLine>,
    pub(super) amounts: OrderAmounts,
    pub(super) total: Money,
    pub(super) details: Option<OrderDetails>,
    pub(super) email: Option<String>,
}

/// The outcome of looking for an agreement.
pub(super) enum Agreement {
    Agreed(Box<Agreed>),
    /// The shopper has to say where it goes.
    AskDetails,
    /// Something is in the way.
    Problems(Vec<CheckoutProblem>),
}

/// Prices what is bought, with what the shopper said, if anything.
pub(super) async fn agree(
    shop: &Shop,
    key: &CartKey,
    priced: &PricedCart,
    buyables: &[Buyable],
    lines: Vec<OrderLine>,
    details: Option<&CheckoutDetails>,
) -> Result<Agreement, Error> {
    let code = details.and_then(|details| details.code.as_deref());
    let mut rules = rules::load(shop, code).await?;
    let goods = goods(priced, buyables);
    let Some(details) = details.filter(|_| rules.ask_for_details(&goods)) else {
        if rules.ask_for_details(&goods) {
            return Ok(Agreement::AskDetails);
        }
        let total = priced.subtotal;
        return Ok(Agreement::Agreed(Box::new(Agreed {
            lines,
            amounts: OrderAmounts::of_lines(total),
            total,
            details: None,
            email: None,
        })));
    };
    release_own_uses(shop, key, &mut rules).await?;
    let request = details.quote_request();
    let quoted = quote_goods(shop, &rules, priced.clone(), &goods, &request)?;
    let mut problems = quoted.problems;
    if quoted.needs_delivery && quoted.options.is_empty() && problems.is_empty() {
        problems.push(CheckoutProblem::NoRateForOrder);
    }
    let quote = quoted.quote;
    if problems.is_empty() && quote.total != details.expected_total {
        problems.push(CheckoutProblem::TotalChanged {
            from: details.expected_total,
        });
    }
    if !problems.is_empty() {
        return Ok(Agreement::Problems(problems));
    }
    Ok(Agreement::Agreed(Box::new(Agreed {
        lines: with_shares(lines, &quote),
        amounts: OrderAmounts::of_quote(&quote),
        total: quote.total,
        details: Some(order_details(details)),
        email: Some(details.email.as_str().to_owned()),
    })))
}

/// Takes one use of each discount, or answers why an order cannot have it.
pub(super) async fn claim_discounts(
    tx: &mut Tx,
    agreed: &Agreed,
) -> Result<Option<Placement>, store::Error> {
    let mut discounts: Vec<_> = agreed.amounts.discounts.iter().collect();
    // Two orders that claim several at a time do so in the same order, and do not wait for each
    // other.
    discounts.sort_by_key(|discount| discount.id.clone());
    for discount in discounts {
        let email = agreed.email.as_deref().unwrap_or_default();
        let problem = match store::discounts::claim(tx, &discount.id, email).await? {
            Claim::Taken => continue,
            Claim::UsedUp => CodeProblem::UsedUp,
            Claim::UsedByEmail => CodeProblem::UsedByEmail,
        };
        // An automatic discount that is gone is left out of the next look at the cart.
        return Ok(Some(match discount.code {
            Some(_) => Placement::Code(problem),
            None => Placement::PriceChanged,
        }));
    }
    Ok(None)
}

impl Agreed {
    /// True if an order is about the same, in whatever order its lines are.
    pub(super) fn is_of(&self, order: &Order) -> bool {
        let facts = |lines: &[OrderLine]| {
            let mut facts: Vec<_> = lines
                .iter()
                .map(|line| {
                    let price = line.unit_price.amount();
                    (line.variant.clone(), price, line.quantity)
                })
                .collect();
            facts.sort();
            facts
        };
        let is_same_shopper = self.details.is_none() || self.email == order.email;
        facts(&self.lines) == facts(&order.lines)
            && self.total == order.total
            && self.amounts == without_scopes(&order.amounts, &self.amounts)
            && self.details == order.details
            && is_same_shopper
    }
}

/// An order's amounts as they would have been agreed: it does not keep which goods a discount was on.
fn without_scopes(order: &OrderAmounts, agreed: &OrderAmounts) -> OrderAmounts {
    let mut amounts = order.clone();
    for (kept, new) in amounts.discounts.iter_mut().zip(&agreed.discounts) {
        kept.scope.clone_from(&new.scope);
    }
    amounts
}

fn with_shares(lines: Vec<OrderLine>, quote: &Quote) -> Vec<OrderLine> {
    let shared = |line: OrderLine| {
        let share = quote
            .lines
            .iter()
            .find(|share| share.variant == line.variant);
        match share {
            Some(share) => OrderLine {
                discount: share.discount,
                tax: share.tax,
                paid: share.total,
                ..line
            },
            None => line,
        }
    };
    lines.into_iter().map(shared).collect()
}

fn order_details(details: &CheckoutDetails) -> OrderDetails {
    OrderDetails {
        address: details.address.clone(),
        country: details.destination.country,
        region: details.destination.region.clone(),
        vat_number: details.destination.vat_number.clone(),
        company: details.company.clone(),
        note: details.note.clone(),
        is_gift: details.is_gift,
        newsletter: details.newsletter,
    }
}
