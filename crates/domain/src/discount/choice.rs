use super::{CodeProblem, Discount, DiscountCode, DiscountValue};
use crate::money::{Money, MoneyError};
use crate::pricing::{self, Item};
use crate::shipping::DeliveryOption;

/// The discounts that an order gets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice<'a> {
    /// All of them.
    pub discounts: Vec<&'a Discount>,
    /// The reason why the code that was typed is not among them.
    pub problem: Option<CodeProblem>,
}

/// Chooses among the automatic discounts and the one of the code that was typed: either all that
/// can be combined, or a single one that cannot, whichever takes more off. The code's wins a tie.
///
/// # Errors
/// When an amount does not fit.
pub fn choose<'a>(
    discounts: &'a [Discount],
    code: Option<&DiscountCode>,
    items: &[Item],
    delivery: Option<&DeliveryOption>,
    subtotal: Money,
    now: i64,
) -> Result<Choice<'a>, MoneyError> {
    let mut problem = None;
    let mut usable: Vec<&Discount> = Vec::new();
    for discount in discounts {
        let is_typed = code.is_some() && discount.code.as_ref() == code;
        if discount.code.is_some() && !is_typed {
            continue;
        }
        match discount.check(items, subtotal, now) {
            Ok(()) => usable.push(discount),
            Err(found) if is_typed => problem = Some(found),
            Err(_) => {}
        }
    }
    let typed = |set: &[&Discount]| set.iter().any(|each| each.code.is_some());
    if code.is_some() && problem.is_none() && !typed(&usable) {
        problem = Some(CodeProblem::Unknown);
    }
    let (together, alone): (Vec<_>, Vec<_>) = usable.iter().partition(|each| each.is_combinable);
    let mut best: Vec<&Discount> = Vec::new();
    let mut most = 0;
    for set in std::iter::once(together).chain(alone.into_iter().map(|each| vec![each])) {
        let saved = pricing::savings(items, delivery, &set, subtotal.currency())?.amount();
        if saved > most || (saved == most && saved > 0 && typed(&set) && !typed(&best)) {
            (most, best) = (saved, set);
        }
    }
    // What a free delivery saves is known once there is a delivery.
    let is_waiting = |each: &Discount| {
        each.code.is_some() && each.value == DiscountValue::FreeShipping && delivery.is_none()
    };
    if usable.iter().any(|each| is_waiting(each)) {
        return Ok(Choice {
            discounts: best,
            problem,
        });
    }
    if problem.is_none() && code.is_some() && !typed(&best) {
        problem = Some(match best.first() {
            Some(other) => CodeProblem::OtherIsBetter {
                title: other.title.clone(),
            },
            None => CodeProblem::NothingInScope,
        });
    }
    Ok(Choice {
        discounts: best,
        problem,
    })
}
