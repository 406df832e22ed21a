use crate::id::{RefundId, VariantId};
use crate::money::Money;

use super::Notification;

/// Money that goes back to the shopper: decided by the shop, or made in the Stripe Dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Its name for the shop.
    pub id: RefundId,
    /// Its id at Stripe (`re_…`), once Stripe has it.
    pub stripe_id: Option<String>,
    /// The amount.
    pub amount: Money,
    /// Its status.
    pub status: RefundStatus,
    /// Its source.
    pub source: RefundSource,
    /// The reason.
    pub reason: Option<RefundReason>,
    /// The admin's note.
    pub note: Option<String>,
    /// Stripe's code for the reason why it refused the refund or could not carry it out.
    pub failure: Option<String>,
    /// Which pieces it is for, if for pieces.
    pub lines: Vec<RefundLine>,
    /// True if it gives back what was paid for the delivery, too.
    pub with_shipping: bool,
    /// The number of its idempotency key, from 1: how often it was begun with a new one.
    pub attempt: u32,
    /// Time it was decided, in Unix seconds.
    pub created_at: i64,
}

/// Pieces that are given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundLine {
    /// The variant.
    pub variant: VariantId,
    /// The pieces that are paid back.
    pub quantity: u32,
    /// The pieces of them that are in stock again.
    pub restocked: u32,
}

/// The status of a refund. The order is the one in which a refund goes through them, and of two
/// reports the further one counts: a refund that succeeded can still fail, and one that failed
/// stays so.
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

/// The source of a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefundSource {
    /// The admin, on the admin page.
    Admin,
    /// Somebody in the Stripe Dashboard, or another program.
    Dashboard,
    /// The shop itself, because what was paid for is gone.
    Automatic,
}

/// The reason of a refund, as Stripe's three codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefundReason {
    /// It was paid twice.
    Duplicate,
    /// It was not the cardholder who paid.
    Fraudulent,
    /// The shopper asked for it.
    RequestedByCustomer,
}

/// A report of Stripe about a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundFact {
    /// Its id at Stripe (`re_…`).
    pub stripe_id: String,
    /// The shop's own name for it, when the shop made it.
    pub refund_id: Option<RefundId>,
    /// The amount.
    pub amount: Money,
    /// Its status.
    pub status: RefundStatus,
    /// The reason.
    pub reason: Option<RefundReason>,
    /// The reason of its failure.
    pub failure: Option<String>,
    /// Time it was made, in Unix seconds.
    pub created_at: i64,
}

impl Refund {
    /// The pieces that it puts back on the shelf.
    pub fn restocked(&self) -> impl Iterator<Item = (VariantId, u32)> {
        self.lines
            .iter()
            .filter(|line| line.restocked > 0)
            .map(|line| (line.variant.clone(), line.restocked))
    }

    /// A refund that was made elsewhere, as it is after `fact`; `known` is what was told of it
    /// before.
    pub fn from_fact(known: Option<Self>, fact: &RefundFact) -> Self {
        let mut refund = known.unwrap_or_else(|| Self::from_dashboard(fact));
        refund.apply(fact);
        refund
    }

    pub(super) fn from_dashboard(fact: &RefundFact) -> Self {
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
            with_shipping: false,
            attempt: 1,
            created_at: fact.created_at,
        }
    }

    pub(super) fn apply(&mut self, fact: &RefundFact) {
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

    pub(super) fn notification(&self) -> Option<Notification> {
        match self.status {
            RefundStatus::Succeeded => Some(Notification::Refunded(self.id.clone())),
            RefundStatus::Canceled | RefundStatus::Failed | RefundStatus::Refused => {
                Some(Notification::RefundFailed(self.id.clone()))
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

    /// True if its amount cannot be given back once more.
    pub const fn takes_money(self) -> bool {
        match self {
            Self::Requested | Self::Pending | Self::RequiresAction | Self::Succeeded => true,
            Self::Refused | Self::Canceled | Self::Failed => false,
        }
    }

    /// True if Stripe may still change it soon, so that it is worth asking.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Pending | Self::RequiresAction)
    }
}

impl RefundSource {
    /// As the database writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "owner",
            Self::Dashboard => "dashboard",
            Self::Automatic => "automatic",
        }
    }

    /// Reads what [`RefundSource::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Admin, Self::Dashboard, Self::Automatic]
            .into_iter()
            .find(|source| source.as_str() == text)
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
}
