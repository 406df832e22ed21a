use crate::id::{RefundId, VariantId};
use crate::money::{Money, MoneyError};

use super::{DisputeStatus, Effect, Notice, Order, StockState};

/// Money that goes back to the shopper: decided by the shop, or made in the Stripe Dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Its name for the shop.
    pub id: RefundId,
    /// Its id at Stripe (`re_…`), once Stripe has it.
    pub stripe_id: Option<String>,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub status: RefundStatus,
    /// Who decided it.
    pub source: RefundSource,
    /// Why.
    pub reason: Option<RefundReason>,
    /// What the owner wrote down about it.
    pub note: Option<String>,
    /// Why Stripe refused or could not carry it out, in Stripe's words for programs.
    pub failure: Option<String>,
    /// Which pieces it is for, if for pieces.
    pub lines: Vec<RefundLine>,
    /// When it was decided, in Unix seconds.
    pub created_at: i64,
}

/// Pieces that are given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundLine {
    /// What.
    pub variant: VariantId,
    /// How many are paid back.
    pub quantity: u32,
    /// How many of them lie on the shelf again.
    pub restocked: u32,
}

/// Where a refund stands. The order is the one in which a refund goes through them, and of two reports the further one
/// counts: a refund that succeeded can still fail, and one that failed stays so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefundStatus {
    /// Decided; Stripe has not answered yet.
    Requested,
    /// Stripe did not take it; nothing moved.
    Refused,
    /// Stripe is at it.
    Pending,
    /// The shopper has to do something.
    RequiresAction,
    /// The money is on its way to the shopper.
    Succeeded,
    /// It was called off; the money stays with the shop.
    Canceled,
    /// The bank sent it back; the money is with the shop again.
    Failed,
}

/// Who decided a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefundSource {
    /// The owner, on the admin page.
    Owner,
    /// Somebody in the Stripe Dashboard, or another program.
    Dashboard,
    /// The shop itself, because what was paid for is gone.
    Automatic,
}

/// Why money goes back, in Stripe's three words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefundReason {
    /// It was paid twice.
    Duplicate,
    /// It was not the cardholder who paid.
    Fraudulent,
    /// The shopper asked for it.
    RequestedByCustomer,
}

/// What Stripe says about a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundFact {
    /// Its id at Stripe (`re_…`).
    pub stripe_id: String,
    /// The shop's own name for it, when the shop made it.
    pub refund_id: Option<RefundId>,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub status: RefundStatus,
    /// Why.
    pub reason: Option<RefundReason>,
    /// Why it failed.
    pub failure: Option<String>,
    /// When it was made, in Unix seconds.
    pub created_at: i64,
}

/// What the owner wants to give back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRequest {
    /// The decision. The same decision again is the same refund.
    pub id: RefundId,
    /// How much; the price of `lines` unless given, and all that is left when there are none either.
    pub amount: Option<Money>,
    /// Which pieces it is for, and how many of them are on the shelf again.
    pub lines: Vec<RefundLine>,
    /// Who decided it.
    pub source: RefundSource,
    /// Why.
    pub reason: Option<RefundReason>,
    /// What the owner wants to remember.
    pub note: Option<String>,
}

/// Why money cannot be given back. The text is for the owner.
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
        /// What can still be given back.
        left: Money,
    },
    /// It is nothing, or less.
    #[error("The amount has to be more than zero.")]
    NotPositive,
    /// It is for pieces that this order does not have, or that were paid back before.
    #[error("Of {sku}, {left} can still be refunded.")]
    TooManyPieces {
        /// The line's SKU, or the variant's id if the order has no such line.
        sku: String,
        /// How many can still be paid back.
        left: u32,
    },
    /// The cardholder's bank has the money, or decides about it.
    #[error("The payment is disputed ({reason}; {}): a refund would pay the shopper twice.", status.words())]
    Disputed {
        /// Why the bank asks it back.
        reason: String,
        /// Where the dispute stands.
        status: DisputeStatus,
    },
    /// An amount does not fit, or is in another currency.
    #[error("The amount cannot be computed: {0}.")]
    Money(#[from] MoneyError),
}

impl Order {
    /// What went back to the shopper, or is on its way.
    pub fn refunded(&self) -> Money {
        self.sum_of_refunds(|status| status == RefundStatus::Succeeded)
    }

    /// What can still be given back: what was paid, without what went back or was promised.
    pub fn refundable(&self) -> Money {
        if !self.status.has_been_paid() {
            return Money::zero(self.total.currency());
        }
        let spoken_for = self.sum_of_refunds(RefundStatus::takes_money);
        let left = self.total.amount().saturating_sub(spoken_for.amount());
        Money::new(left.max(0), self.total.currency())
    }

    /// Whether any amount at all can be given back now.
    ///
    /// # Errors
    /// When there is no payment, a dispute is in the way, or nothing is left.
    pub fn refundability(&self) -> Result<(), RefundError> {
        if !self.status.has_been_paid() || self.payment_intent_id.is_none() {
            return Err(RefundError::NotPaid);
        }
        if let Some(dispute) = self.disputes.iter().find(|each| each.blocks_refunds()) {
            return Err(RefundError::Disputed {
                reason: dispute.reason.clone(),
                status: dispute.status,
            });
        }
        if self.refundable().amount() == 0 {
            return Err(RefundError::NothingLeft);
        }
        Ok(())
    }

    /// How many pieces of a variant can still be paid back.
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

    /// Decides to give money back. The decision is written down before Stripe hears of it, so that it can be carried
    /// out after a crash, and counts against what is left from now on. A decision that was made already changes nothing.
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
        let amount = match (request.amount, lines.is_empty()) {
            (Some(amount), _) => amount,
            (None, true) => left,
            (None, false) => self.price_of(&lines)?,
        };
        if amount.currency() != left.currency() {
            return Err(MoneyError::CurrencyMismatch.into());
        }
        if amount.amount() <= 0 {
            return Err(RefundError::NotPositive);
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
            created_at: now,
        });
        Ok(vec![effect])
    }

    /// Takes in what Stripe says about a refund, which may be one of the shop's own or made elsewhere.
    pub(super) fn learn_refund(&mut self, fact: &RefundFact) -> Vec<Effect> {
        let position = self.position_of(fact);
        let refund = match position {
            Some(position) => &mut self.refunds[position],
            None => {
                self.refunds.push(Refund::of_others(fact));
                let last = self.refunds.len() - 1;
                &mut self.refunds[last]
            }
        };
        let before = refund.status;
        let is_first_answer = refund.stripe_id.is_none();
        refund.learn(fact);
        let mut effects = Vec::new();
        if is_first_answer {
            let back: Vec<_> = refund.restocked().collect();
            if !back.is_empty() && self.stock == StockState::Sold {
                effects.push(Effect::PutBack(back));
            }
        }
        if position.is_none() || before < refund.status {
            effects.extend(refund.notice().map(Effect::Tell));
        }
        self.settle_status();
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
        vec![Effect::Tell(Notice::RefundFailed(id.clone()))]
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

    fn sum_of_refunds(&self, counts: impl Fn(RefundStatus) -> bool) -> Money {
        let currency = self.total.currency();
        let sum = self
            .refunds
            .iter()
            .filter(|refund| counts(refund.status) && refund.amount.currency() == currency)
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

    /// The pieces that were put back on the shelf before, also for refunds that then failed: they lie there.
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

    fn price_of(&self, lines: &[RefundLine]) -> Result<Money, MoneyError> {
        lines
            .iter()
            .try_fold(Money::zero(self.total.currency()), |sum, line| {
                let own = self.lines.iter().find(|own| own.variant == line.variant);
                match own {
                    Some(own) => sum.checked_add(own.unit_price.checked_mul(line.quantity)?),
                    None => Ok(sum),
                }
            })
    }
}

impl Refund {
    /// The pieces that it puts back on the shelf.
    pub fn restocked(&self) -> impl Iterator<Item = (VariantId, u32)> {
        self.lines
            .iter()
            .filter(|line| line.restocked > 0)
            .map(|line| (line.variant.clone(), line.restocked))
    }

    /// A refund that was made elsewhere, as it is after `fact`; `known` is what was told of it before.
    pub fn told(known: Option<Self>, fact: &RefundFact) -> Self {
        let mut refund = known.unwrap_or_else(|| Self::of_others(fact));
        refund.learn(fact);
        refund
    }

    fn of_others(fact: &RefundFact) -> Self {
        Self {
            id: RefundId::of_stripe(&fact.stripe_id),
            stripe_id: None,
            amount: fact.amount,
            status: RefundStatus::Requested,
            source: RefundSource::Dashboard,
            reason: fact.reason,
            note: None,
            failure: None,
            lines: Vec::new(),
            created_at: fact.created_at,
        }
    }

    fn learn(&mut self, fact: &RefundFact) {
        self.stripe_id = Some(fact.stripe_id.clone());
        // What Stripe pays is what it says, should the two ever differ.
        self.amount = fact.amount;
        self.reason = self.reason.or(fact.reason);
        if fact.status > self.status {
            self.status = fact.status;
            self.failure = fact.failure.clone();
        } else if fact.status == self.status {
            self.failure = self.failure.take().max(fact.failure.clone());
        }
    }

    fn notice(&self) -> Option<Notice> {
        match self.status {
            RefundStatus::Succeeded => Some(Notice::Refunded(self.id.clone())),
            RefundStatus::Canceled | RefundStatus::Failed | RefundStatus::Refused => {
                Some(Notice::RefundFailed(self.id.clone()))
            }
            RefundStatus::Requested | RefundStatus::Pending | RefundStatus::RequiresAction => None,
        }
    }
}

impl RefundStatus {
    /// Every status, in the order in which a refund goes through them.
    pub const ALL: [Self; 7] = [
        Self::Requested,
        Self::Refused,
        Self::Pending,
        Self::RequiresAction,
        Self::Succeeded,
        Self::Canceled,
        Self::Failed,
    ];

    /// As the database writes it; those that Stripe has are spelled as Stripe spells them.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Refused => "refused",
            Self::Pending => "pending",
            Self::RequiresAction => "requires_action",
            Self::Succeeded => "succeeded",
            Self::Canceled => "canceled",
            Self::Failed => "failed",
        }
    }

    /// Reads what Stripe or [`RefundStatus::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// As the admin page says it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Requested => "Being sent",
            Self::Refused => "Refused by Stripe",
            Self::Pending => "Pending",
            Self::RequiresAction => "Waits for the shopper",
            Self::Succeeded => "Refunded",
            Self::Canceled => "Canceled",
            Self::Failed => "Failed",
        }
    }

    /// Whether its amount cannot be given back once more.
    pub const fn takes_money(self) -> bool {
        match self {
            Self::Requested | Self::Pending | Self::RequiresAction | Self::Succeeded => true,
            Self::Refused | Self::Canceled | Self::Failed => false,
        }
    }

    /// Whether Stripe may still change it soon, so that it is worth asking.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Pending | Self::RequiresAction)
    }
}

impl RefundSource {
    /// As the database writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Dashboard => "dashboard",
            Self::Automatic => "automatic",
        }
    }

    /// Reads what [`RefundSource::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Owner, Self::Dashboard, Self::Automatic]
            .into_iter()
            .find(|source| source.as_str() == text)
    }

    /// As the admin page says it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Owner => "On this page",
            Self::Dashboard => "In Stripe",
            Self::Automatic => "By the shop: paid too late",
        }
    }
}

impl RefundReason {
    /// Every reason, in the order in which the admin page offers them.
    pub const ALL: [Self; 3] = [Self::RequestedByCustomer, Self::Duplicate, Self::Fraudulent];

    /// As Stripe and the database write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Fraudulent => "fraudulent",
            Self::RequestedByCustomer => "requested_by_customer",
        }
    }

    /// Reads what Stripe or [`RefundReason::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }

    /// As the admin page says it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Duplicate => "Paid twice",
            Self::Fraudulent => "Fraudulent",
            Self::RequestedByCustomer => "The shopper asked for it",
        }
    }
}
