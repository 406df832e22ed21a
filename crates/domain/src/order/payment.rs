use crate::id::RefundId;
use crate::money::Money;

use super::{
    Dispute, Effect, Flag, Notice, Order, OrderStatus, Refund, RefundFact, RefundSource,
    RefundStatus, StockMove, StockState,
};

/// Something that happened to an order's money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentFact {
    /// The shopper has paid (`checkout.session.completed` with `payment_status` other than `unpaid`).
    Paid(Payment),
    /// The shopper has confirmed a method that settles later (`checkout.session.completed`, `unpaid`).
    Unpaid(Payment),
    /// The method that settles later did (`checkout.session.async_payment_succeeded`).
    AsyncPaymentSucceeded(Payment),
    /// The method that settles later did not (`checkout.session.async_payment_failed`).
    AsyncPaymentFailed,
    /// The session ended without payment (`checkout.session.expired`).
    Expired,
    /// Stripe has a refund, or tells how it goes on (`refund.created`, `refund.updated`, `refund.failed`).
    Refund(RefundFact),
    /// Stripe did not take a refund of the shop's.
    RefundRefused {
        /// Which one.
        id: RefundId,
        /// Stripe's error code.
        why: String,
    },
    /// The bank opened a dispute, or it went on (`charge.dispute.*`).
    Dispute(Dispute),
    /// What was released could not be taken off the shelf again: others have it.
    GoodsGone,
    /// The shelf did not hold what the order held.
    StockMismatch,
}

/// What a payment fact says about the payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The session's total.
    pub total: Money,
    /// The PaymentIntent (`pi_…`); none when nothing was to pay.
    pub payment_intent_id: Option<String>,
    /// The address that the shopper gave on the pay page.
    pub email: Option<String>,
}

impl Order {
    /// Takes in a fact, and answers what has to be done about it. Facts may come any number of times and in any order;
    /// a fact that says less than the order knows changes nothing, so an order never goes back from paid because of an
    /// older one. `now` is in Unix seconds.
    pub fn apply(&mut self, fact: &PaymentFact, now: i64) -> Vec<Effect> {
        use OrderStatus::{
            Expired, Failed, Paid, PartiallyRefunded, Pending, Processing, Refunded,
        };
        match (self.status, fact) {
            (
                Pending | Processing | Failed | Expired,
                PaymentFact::Paid(payment) | PaymentFact::AsyncPaymentSucceeded(payment),
            ) => self.pay(payment, now),
            (Pending, PaymentFact::Unpaid(payment)) => {
                self.status = Processing;
                self.learn(payment);
                Vec::new()
            }
            (Pending | Processing, PaymentFact::AsyncPaymentFailed) => {
                self.status = Failed;
                let mut effects = self.release();
                effects.push(Effect::Tell(Notice::PaymentFailed));
                effects
            }
            (Pending, PaymentFact::Expired) if self.flag.is_none() => {
                self.status = Expired;
                self.release()
            }
            // A session that was confirmed cannot expire, one that failed or expired gives no goods back twice, and one
            // that holds money of another amount waits for the owner.
            (Pending | Processing | Failed | Expired, PaymentFact::Expired)
            | (Failed | Expired, PaymentFact::AsyncPaymentFailed) => Vec::new(),
            // What is known already may still have to be learned: who pays, and in which PaymentIntent.
            (Processing | Failed | Expired, PaymentFact::Unpaid(payment))
            | (
                Paid | PartiallyRefunded | Refunded,
                PaymentFact::Paid(payment)
                | PaymentFact::Unpaid(payment)
                | PaymentFact::AsyncPaymentSucceeded(payment),
            ) => {
                self.learn(payment);
                Vec::new()
            }
            (
                Paid | PartiallyRefunded | Refunded,
                PaymentFact::AsyncPaymentFailed | PaymentFact::Expired,
            ) => Vec::new(),
            (_, PaymentFact::Refund(fact)) => self.learn_refund(fact),
            (_, PaymentFact::RefundRefused { id, why }) => self.refuse_refund(id, why),
            (_, PaymentFact::Dispute(told)) => self.learn_dispute(told),
            (Paid | PartiallyRefunded | Refunded, PaymentFact::GoodsGone) => {
                self.give_all_back(now)
            }
            (Pending | Processing | Failed | Expired, PaymentFact::GoodsGone) => Vec::new(),
            (_, PaymentFact::StockMismatch) => self.raise(Flag::StockMismatch),
        }
    }

    fn pay(&mut self, payment: &Payment, now: i64) -> Vec<Effect> {
        self.learn(payment);
        if payment.total != self.total {
            return self.raise(Flag::AmountMismatch);
        }
        if self.flag == Some(Flag::AmountMismatch) {
            self.flag = None;
        }
        self.status = OrderStatus::Paid;
        self.paid_at.get_or_insert(now);
        let mut effects = match self.stock {
            StockState::Held => {
                self.stock = StockState::Sold;
                vec![Effect::Stock(StockMove::Sell)]
            }
            StockState::Released => {
                self.stock = StockState::Sold;
                vec![Effect::Stock(StockMove::SellReleased)]
            }
            StockState::Sold => Vec::new(),
        };
        effects.push(Effect::Tell(Notice::Receipt));
        effects.push(Effect::Tell(Notice::NewOrder));
        self.settle_status();
        effects
    }

    /// What is known already stays: the first answer is as good as a later one.
    fn learn(&mut self, payment: &Payment) {
        if self.payment_intent_id.is_none() {
            self.payment_intent_id
                .clone_from(&payment.payment_intent_id);
        }
        if self.email.is_none() {
            self.email.clone_from(&payment.email);
        }
    }

    fn release(&mut self) -> Vec<Effect> {
        if self.stock != StockState::Held {
            return Vec::new();
        }
        self.stock = StockState::Released;
        vec![Effect::Stock(StockMove::Release)]
    }

    /// The goods went to others before the money came, so the money goes back.
    fn give_all_back(&mut self, now: i64) -> Vec<Effect> {
        self.stock = StockState::Released;
        let mut effects = Vec::new();
        let left = self.refundable();
        let id = RefundId::of_late_payment(&self.id);
        let is_decided = self.refunds.iter().any(|refund| refund.id == id);
        if left.amount() > 0 && !is_decided {
            effects.push(Effect::SendRefund(id.clone()));
            effects.push(Effect::Tell(Notice::LatePayment));
            self.refunds.push(Refund {
                id,
                stripe_id: None,
                amount: left,
                status: RefundStatus::Requested,
                source: RefundSource::Automatic,
                reason: None,
                note: None,
                failure: None,
                lines: Vec::new(),
                created_at: now,
            });
        }
        self.settle_status();
        effects
    }

    fn learn_dispute(&mut self, told: &Dispute) -> Vec<Effect> {
        let Some(known) = self.disputes.iter_mut().find(|known| known.id == told.id) else {
            self.disputes.push(told.clone());
            return notices(None, told);
        };
        let before = known.clone();
        known.merge(told);
        notices(Some(&before), known)
    }

    fn raise(&mut self, flag: Flag) -> Vec<Effect> {
        if self.flag.is_some() {
            return Vec::new();
        }
        self.flag = Some(flag);
        vec![Effect::Tell(Notice::NeedsALook)]
    }

    /// Says in one word what was paid and given back, and whether sold-out goods are still owed for.
    pub(super) fn settle_status(&mut self) {
        if !self.status.has_been_paid() {
            return;
        }
        let back = self.refunded().amount();
        self.status = if back == 0 {
            OrderStatus::Paid
        } else if back < self.total.amount() {
            OrderStatus::PartiallyRefunded
        } else {
            OrderStatus::Refunded
        };
        if self.stock == StockState::Released {
            match (self.flag, self.status) {
                (Some(Flag::OutOfStock), OrderStatus::Refunded) => self.flag = None,
                (None, OrderStatus::Paid | OrderStatus::PartiallyRefunded) => {
                    self.flag = Some(Flag::OutOfStock);
                }
                _ => {}
            }
        }
    }
}

impl PaymentFact {
    /// What it says about the payment, if it is about one.
    pub const fn payment(&self) -> Option<&Payment> {
        match self {
            Self::Paid(payment) | Self::Unpaid(payment) | Self::AsyncPaymentSucceeded(payment) => {
                Some(payment)
            }
            Self::AsyncPaymentFailed
            | Self::Expired
            | Self::Refund(_)
            | Self::RefundRefused { .. }
            | Self::Dispute(_)
            | Self::GoodsGone
            | Self::StockMismatch => None,
        }
    }
}

/// What the owner has to hear about a dispute that was `before` and is now as `now` says.
fn notices(before: Option<&Dispute>, now: &Dispute) -> Vec<Effect> {
    let before = before.map(|dispute| dispute.status);
    if before == Some(now.status) {
        return Vec::new();
    }
    let id = now.id.clone();
    let notice = if now.status.needs_answer() {
        Notice::DisputeOpened {
            id,
            is_inquiry: now.status.is_inquiry(),
        }
    } else if now.status.is_closed() {
        Notice::DisputeClosed {
            id,
            status: now.status,
        }
    } else {
        return Vec::new();
    };
    vec![Effect::Tell(notice)]
}
