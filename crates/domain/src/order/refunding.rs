use crate::id::{RefundId, VariantId};
use crate::money::{Money, MoneyError};
use crate::pricing::cumulative_share;

use super::{
    Effect, Notification, Order, OrderLine, Payment, Refund, RefundFact, RefundLine, RefundReason,
    RefundSource, RefundStatus, StockState,
};

/// A refund that the admin asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRequest {
    /// The decision. The same decision again is the same refund.
    pub id: RefundId,
    /// The amount; what was paid for `lines` and the delivery unless given, and all that is left when
    /// it is for neither.
    pub amount: Option<Money>,
    /// Which pieces it is for, and how many of them are on the shelf again.
    pub lines: Vec<RefundLine>,
    /// True if what was paid for the delivery goes back, too.
    pub with_shipping: bool,
    /// Its source.
    pub source: RefundSource,
    /// The reason.
    pub reason: Option<RefundReason>,
    /// The admin's note.
    pub note: Option<String>,
}

/// The reason why a refund is not allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefundError {
    /// No money has arrived, or it is not known in which payment.
    #[error("There is no payment to refund.")]
    NotPaid,
    /// Everything went back already.
    #[error("Nothing is left to refund.")]
    NothingLeft,
    /// It is more than what is left.
    #[error("That is more than the {left} that can still be refunded.")]
    TooMuch {
        /// The refundable amount.
        left: Money,
    },
    /// It is nothing, or less.
    #[error("The amount has to be more than zero.")]
    NotPositive,
    /// Stripe does not move such an amount, such as KWD 1.255.
    #[error("{amount} has more decimal places than can be refunded in this currency.")]
    NotChargeable {
        /// The amount.
        amount: Money,
    },
    /// It is for pieces that this order does not have, or that were paid back before.
    #[error("Of {sku}, {left} can still be refunded.")]
    TooManyPieces {
        /// The line's SKU, or the variant's id if the order has no such line.
        sku: String,
        /// The number that can still be paid back.
        left: u32,
    },
    /// The cardholder's bank has the money, or decides about it.
    #[error("The payment is disputed ({}): a refund would pay the shopper twice.", reason.replace('_', " "))]
    Disputed {
        /// The bank's reason to ask it back.
        reason: String,
    },
    /// An amount does not fit, or is in another currency.
    #[error("The amount cannot be computed: {0}.")]
    Money(#[from] MoneyError),
}

impl Order {
    /// The refunded amount.
    pub fn refunded(&self) -> Money {
        self.sum_of(|refund| refund.status == RefundStatus::Succeeded)
    }

    /// The amount of open refunds.
    pub fn pending_refunds(&self) -> Money {
        self.sum_of(|refund| {
            refund.status.takes_money() && refund.status != RefundStatus::Succeeded
        })
    }

    /// The refundable amount: what was paid, without what went back or was promised.
    pub fn refundable(&self) -> Money {
        let captured = self.captured();
        let spoken_for = self.sum_of(|refund| refund.status.takes_money());
        let left = captured.amount().saturating_sub(spoken_for.amount());
        Money::new(left.max(0), captured.currency())
    }

    /// The amount that Stripe is known to have given back, or to be about to.
    pub fn refunded_at_stripe(&self) -> Money {
        self.sum_of(|refund| refund.stripe_id.is_some() && refund.status.takes_money())
    }

    /// Checks that an amount can be given back now.
    ///
    /// # Errors
    /// When there is no payment, a dispute is in the way, or nothing is left.
    pub fn refundability(&self) -> Result<(), RefundError> {
        let has_reference = |payment: &Payment| payment.payment_reference.is_some();
        if !self.captured_payment().is_some_and(has_reference) {
            return Err(RefundError::NotPaid);
        }
        if let Some(dispute) = self.disputes.iter().find(|each| each.blocks_refunds()) {
            return Err(RefundError::Disputed {
                reason: dispute.reason.clone(),
            });
        }
        if self.refundable().amount() == 0 {
            return Err(RefundError::NothingLeft);
        }
        Ok(())
    }

    /// The refundable pieces of a variant.
    pub fn refundable_pieces(&self, variant: &VariantId) -> u32 {
        let bought = self.bought(variant);
        let back = self
            .refunds
            .iter()
            .filter(|refund| refund.status.takes_money())
            .flat_map(|refund| &refund.lines)
            .filter(|line| line.variant == *variant)
            .fold(0_u32, |sum, line| sum.saturating_add(line.quantity));
        bought.saturating_sub(back)
    }

    /// Decides to give money back. The decision is written down before Stripe hears of it, so that
    /// it can be carried out after a crash, and counts against what is left from now on. A decision
    /// that was made already changes nothing.
    ///
    /// # Errors
    /// When it is not allowed; the order is as it was.
    pub fn request_refund(
        &mut self,
        request: RefundRequest,
        now: i64,
    ) -> Result<Vec<Effect>, RefundError> {
        if self.refunds.iter().any(|refund| refund.id == request.id) {
            return Ok(Vec::new());
        }
        self.refundability()?;
        let left = self.refundable();
        let lines = self.checked_lines(&request.lines)?;
        let with_shipping = request.with_shipping && self.refundable_shipping().is_some();
        let amount = match request.amount {
            Some(amount) => amount,
            None if lines.is_empty() && !with_shipping => left,
            None => self.price_of(&lines, with_shipping)?,
        };
        if amount.currency() != left.currency() {
            return Err(MoneyError::CurrencyMismatch.into());
        }
        if amount.amount() <= 0 {
            return Err(RefundError::NotPositive);
        }
        if !amount.is_chargeable() {
            return Err(RefundError::NotChargeable { amount });
        }
        if amount.amount() > left.amount() {
            return Err(RefundError::TooMuch { left });
        }
        let effect = Effect::SendRefund(request.id.clone());
        self.refunds.push(Refund {
            id: request.id,
            stripe_id: None,
            amount,
            status: RefundStatus::Requested,
            source: request.source,
            reason: request.reason,
            note: request.note,
            failure: None,
            lines,
            with_shipping,
            attempt: 1,
            created_at: now,
        });
        Ok(vec![effect])
    }

    /// Takes in what Stripe says about a refund, which may be one of the shop's own or made
    /// elsewhere.
    pub(super) fn apply_refund(&mut self, fact: &RefundFact) -> Vec<Effect> {
        let position = self.position_of(fact);
        let refund = match position {
            Some(position) => &mut self.refunds[position],
            None => {
                self.refunds.push(Refund::from_dashboard(fact));
                let last = self.refunds.len() - 1;
                &mut self.refunds[last]
            }
        };
        let before = refund.status;
        let is_first_answer = refund.stripe_id.is_none();
        refund.apply(fact);
        let mut effects = Vec::new();
        if is_first_answer {
            let back: Vec<_> = refund.restocked().collect();
            if !back.is_empty() && self.stock == StockState::Sold {
                effects.push(Effect::Restock(back));
            }
        }
        if position.is_none() || before < refund.status {
            effects.extend(refund.notification().map(Effect::Notify));
        }
        effects.extend(self.settle_status());
        effects
    }

    /// Stripe did not take the refund: nothing moved, and the amount can be given back again.
    pub(super) fn refuse_refund(&mut self, id: &RefundId, why: &str) -> Vec<Effect> {
        let Some(refund) = self.refunds.iter_mut().find(|refund| refund.id == *id) else {
            return Vec::new();
        };
        if refund.status != RefundStatus::Requested {
            return Vec::new();
        }
        refund.status = RefundStatus::Refused;
        refund.failure = Some(why.to_owned());
        vec![Effect::Notify(Notification::RefundFailed(id.clone()))]
    }

    fn position_of(&self, fact: &RefundFact) -> Option<usize> {
        let is_known = |refund: &Refund| refund.stripe_id.as_ref() == Some(&fact.stripe_id);
        let is_expected = |refund: &Refund| {
            refund.stripe_id.is_none() && fact.refund_id.as_ref() == Some(&refund.id)
        };
        self.refunds
            .iter()
            .position(|refund| is_known(refund) || is_expected(refund))
    }

    fn sum_of(&self, counts: impl Fn(&Refund) -> bool) -> Money {
        let currency = self.captured().currency();
        let sum = self
            .refunds
            .iter()
            .filter(|refund| counts(refund) && refund.amount.currency() == currency)
            .fold(0_i64, |sum, refund| {
                sum.saturating_add(refund.amount.amount())
            });
        Money::new(sum, currency)
    }

    fn bought(&self, variant: &VariantId) -> u32 {
        self.lines
            .iter()
            .filter(|line| line.variant == *variant)
            .fold(0, |sum, line| sum.saturating_add(line.quantity))
    }

    /// The pieces that were put back on the shelf before, also for refunds that then failed: they
    /// lie there.
    fn restocked_before(&self, variant: &VariantId) -> u32 {
        self.refunds
            .iter()
            .filter(|refund| refund.status != RefundStatus::Refused)
            .flat_map(|refund| &refund.lines)
            .filter(|line| line.variant == *variant)
            .fold(0, |sum, line| sum.saturating_add(line.restocked))
    }

    fn checked_lines(&self, lines: &[RefundLine]) -> Result<Vec<RefundLine>, RefundError> {
        let mut checked: Vec<RefundLine> = Vec::new();
        for line in lines.iter().filter(|line| line.quantity > 0) {
            let left = self.refundable_pieces(&line.variant);
            let is_repeated = checked.iter().any(|other| other.variant == line.variant);
            if line.quantity > left || is_repeated {
                let known = self.lines.iter().find(|own| own.variant == line.variant);
                return Err(RefundError::TooManyPieces {
                    sku: known.map_or_else(|| line.variant.to_string(), |own| own.sku.clone()),
                    left,
                });
            }
            let free = self
                .bought(&line.variant)
                .saturating_sub(self.restocked_before(&line.variant));
            checked.push(RefundLine {
                restocked: line.restocked.min(line.quantity).min(free),
                ..line.clone()
            });
        }
        Ok(checked)
    }

    /// The amount paid for the delivery, taxes included, if it was not given back before.
    pub fn refundable_shipping(&self) -> Option<Money> {
        let is_back = |refund: &Refund| refund.with_shipping && refund.status.takes_money();
        let paid = self.amounts.shipping.as_ref()?.total;
        (paid.amount() > 0 && !self.refunds.iter().any(is_back)).then_some(paid)
    }

    /// The part of what was paid for a line, discounts and taxes included, that belongs to
    /// `quantity` pieces after those that were paid back before. Whatever the order in which the
    /// pieces of a line come back, their parts add up to what was paid for it.
    pub fn price_of_pieces(&self, line: &OrderLine, quantity: u32) -> Money {
        let whole = i64::from(line.quantity);
        let before = whole - i64::from(self.refundable_pieces(&line.variant));
        let step = line.paid.currency().step();
        let share = |pieces| cumulative_share(line.paid.amount(), pieces, whole, step);
        let part = share(before + i64::from(quantity)) - share(before);
        Money::new(part, line.paid.currency())
    }

    fn price_of(&self, lines: &[RefundLine], with_shipping: bool) -> Result<Money, MoneyError> {
        let shipping = self.refundable_shipping().filter(|_| with_shipping);
        let zero = Money::zero(self.total.currency());
        lines
            .iter()
            .try_fold(shipping.unwrap_or(zero), |sum, line| {
                let own = self.lines.iter().find(|own| own.variant == line.variant);
                match own {
                    Some(own) => sum.checked_add(self.price_of_pieces(own, line.quantity)),
                    None => Ok(sum),
                }
            })
    }
}
