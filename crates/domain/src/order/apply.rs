use crate::id::{PaymentId, RefundId};

use super::{
    Dispute, DisputeStatus, EarlyFraudWarning, Effect, Flag, Notification, Order, OrderStatus,
    PaymentFact, PaymentState, Refund, RefundFact, RefundSource, RefundStatus, StockMove,
    StockState,
};

/// Something that happened to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderFact {
    /// One of its payments went on.
    Payment(PaymentId, PaymentFact),
    /// The provider does not know one of its payments: the shop may have been given the key of
    /// another account.
    PaymentUnknown(PaymentId),
    /// The provider knows the open payment.
    PaymentKnown,
    /// The provider has a refund, or tells how it goes on.
    Refund(RefundFact),
    /// The provider did not take a refund of the shop's.
    RefundRefused {
        /// Which one.
        id: RefundId,
        /// The provider's error code.
        why: String,
    },
    /// The bank opened a dispute, or it went on.
    Dispute(Dispute),
    /// The card network reports the payment as fraudulent, or what it reported went on.
    EarlyFraudWarning(EarlyFraudWarning),
    /// Released pieces could not be taken off the stock again: others have them.
    GoodsGone,
    /// The stock did not hold what the order held.
    StockMismatch,
}

impl Order {
    /// Applies a fact and returns what has to be done about it. Facts may come any number of times
    /// and in any order; a fact that says less than the order knows changes nothing, so an order
    /// never goes back from paid because of an older one. `now` is in Unix seconds.
    pub fn apply(&mut self, fact: &OrderFact, now: i64) -> Vec<Effect> {
        match fact {
            OrderFact::Payment(id, fact) => self.apply_payment(id, fact, now),
            OrderFact::PaymentUnknown(id) => {
                let is_open =
                    |state| matches!(state, PaymentState::Open | PaymentState::Processing);
                if self
                    .payment(id)
                    .is_some_and(|payment| is_open(payment.state))
                {
                    self.raise_flag(Flag::PaymentUnknown)
                } else {
                    Vec::new()
                }
            }
            OrderFact::PaymentKnown => {
                self.clear_flag(&[Flag::PaymentUnknown]);
                Vec::new()
            }
            OrderFact::Refund(fact) => self.apply_refund(fact),
            OrderFact::RefundRefused { id, why } => self.refuse_refund(id, why),
            OrderFact::Dispute(reported) => self.apply_dispute(reported),
            OrderFact::EarlyFraudWarning(report) => self.apply_early_fraud_warning(report),
            OrderFact::GoodsGone if self.status.has_been_paid() => self.refund_late_payment(now),
            OrderFact::GoodsGone => Vec::new(),
            OrderFact::StockMismatch => self.raise_flag(Flag::StockMismatch),
        }
    }

    fn apply_payment(&mut self, id: &PaymentId, fact: &PaymentFact, now: i64) -> Vec<Effect> {
        let Some(payment) = self.payments.iter_mut().find(|payment| payment.id == *id) else {
            return Vec::new();
        };
        let before = payment.state;
        payment.apply(fact);
        let after = payment.state;
        if self.email.is_none() {
            self.email = fact.report().and_then(|report| report.email.clone());
        }
        if before == after {
            return Vec::new();
        }
        // The provider knows the payment after all.
        self.clear_flag(&[Flag::PaymentUnknown]);
        let mut effects = match after {
            PaymentState::Captured => self.sell(now),
            PaymentState::Mismatched => self.raise_flag(Flag::AmountMismatch),
            PaymentState::Failed => {
                let mut effects = self.release_if_over();
                effects.push(Effect::Notify(Notification::PaymentFailed));
                effects
            }
            PaymentState::Expired => self.release_if_over(),
            PaymentState::Open | PaymentState::Processing => Vec::new(),
        };
        effects.extend(self.settle_status());
        effects
    }

    /// Takes the paid pieces off the stock, and tells both sides.
    pub(super) fn sell(&mut self, now: i64) -> Vec<Effect> {
        self.clear_flag(&[Flag::AmountMismatch]);
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
        effects.push(Effect::Notify(Notification::Receipt));
        effects.push(Effect::Notify(Notification::NewOrder));
        effects
    }

    /// Frees what is held, unless another payment of the order may bring money, or did.
    fn release_if_over(&mut self) -> Vec<Effect> {
        if self.open_payment().is_some() || self.captured_payment().is_some() {
            return Vec::new();
        }
        self.release()
    }

    pub(super) fn release(&mut self) -> Vec<Effect> {
        if self.stock != StockState::Held {
            return Vec::new();
        }
        self.stock = StockState::Released;
        vec![Effect::Stock(StockMove::Release)]
    }

    /// The goods went to others before the money came, so the money goes back.
    fn refund_late_payment(&mut self, now: i64) -> Vec<Effect> {
        self.stock = StockState::Released;
        let mut effects = Vec::new();
        let left = self.refundable();
        let id = RefundId::of_late_payment(&self.id);
        let is_decided = self.refunds.iter().any(|refund| refund.id == id);
        if left.amount() > 0 && !is_decided {
            effects.push(Effect::SendRefund(id.clone()));
            effects.push(Effect::Notify(Notification::LatePayment));
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
                with_shipping: false,
                attempt: 1,
                created_at: now,
            });
        }
        self.flag_if_owed();
        effects
    }

    fn apply_dispute(&mut self, reported: &Dispute) -> Vec<Effect> {
        let Some(known) = self
            .disputes
            .iter_mut()
            .find(|known| known.id == reported.id)
        else {
            self.disputes.push(reported.clone());
            return dispute_notifications(None, reported);
        };
        let before = known.clone();
        known.merge(reported);
        dispute_notifications(Some(&before), known)
    }

    pub(super) fn raise_flag(&mut self, flag: Flag) -> Vec<Effect> {
        if self.flag.is_some() {
            return Vec::new();
        }
        self.flag = Some(flag);
        vec![Effect::Notify(Notification::NeedsReview)]
    }

    /// Takes the order's flag down if it is one of these, which a fact has answered.
    fn clear_flag(&mut self, answered: &[Flag]) {
        self.flag = self.flag.filter(|flag| !answered.contains(flag));
    }

    /// Folds the payments and what went back of them into one word, and settles what follows from
    /// it: whether sold-out goods are still owed for, and whether a payment of another amount went
    /// back whole.
    pub(super) fn settle_status(&mut self) -> Vec<Effect> {
        let before = self.status;
        self.status = self.money_status();
        if self.status == before {
            return Vec::new();
        }
        match self.status {
            OrderStatus::Refunded => {
                self.clear_flag(&[Flag::OutOfStock, Flag::AmountMismatch, Flag::OrderUnknown]);
                // Held goods were never sold: a payment of another amount went back.
                self.release()
            }
            OrderStatus::Paid | OrderStatus::PartiallyRefunded => {
                self.flag_if_owed();
                Vec::new()
            }
            // A refund of it failed after all: the money is with the shop again.
            OrderStatus::Processing
                if self
                    .payments
                    .iter()
                    .any(|payment| payment.state == PaymentState::Mismatched) =>
            {
                self.raise_flag(Flag::AmountMismatch)
            }
            OrderStatus::Pending
            | OrderStatus::Processing
            | OrderStatus::Failed
            | OrderStatus::Expired => Vec::new(),
        }
    }

    /// The order's money status: the fold of its payments, and of what went back of them.
    fn money_status(&self) -> OrderStatus {
        let has = |state| self.payments.iter().any(|payment| payment.state == state);
        let is_back = || {
            let back = self.refunded().amount();
            let captured = self.captured().amount();
            (back > 0, back >= captured && captured > 0)
        };
        if has(PaymentState::Captured) {
            match is_back() {
                (false, _) => OrderStatus::Paid,
                (true, false) => OrderStatus::PartiallyRefunded,
                (true, true) => OrderStatus::Refunded,
            }
        } else if has(PaymentState::Mismatched) {
            match is_back() {
                (_, true) => OrderStatus::Refunded,
                (_, false) => OrderStatus::Processing,
            }
        } else if has(PaymentState::Processing) {
            OrderStatus::Processing
        } else if has(PaymentState::Open) {
            OrderStatus::Pending
        } else if has(PaymentState::Failed) {
            OrderStatus::Failed
        } else {
            OrderStatus::Expired
        }
    }

    fn flag_if_owed(&mut self) {
        if self.stock == StockState::Released
            && self.flag.is_none()
            && self.status != OrderStatus::Refunded
        {
            self.flag = Some(Flag::OutOfStock);
        }
    }
}

/// The notifications of the admin about a dispute that was `before` and is now as `now` says.
fn dispute_notifications(before: Option<&Dispute>, now: &Dispute) -> Vec<Effect> {
    let stage = |dispute: &Dispute| (dispute.status, dispute.is_appealed);
    if before.map(stage) == Some(stage(now)) {
        return Vec::new();
    }
    let id = now.id.clone();
    let notification = match now.status {
        DisputeStatus::WarningNeedsResponse => Notification::DisputeOpened {
            id,
            is_inquiry: true,
        },
        DisputeStatus::NeedsResponse => Notification::DisputeOpened {
            id,
            is_inquiry: false,
        },
        DisputeStatus::AppealNeedsResponse => Notification::DisputeAppealed { id },
        DisputeStatus::WarningClosed
        | DisputeStatus::Prevented
        | DisputeStatus::Lost
        | DisputeStatus::Won => Notification::DisputeClosed {
            id,
            status: now.status,
            is_appeal: now.is_appealed,
        },
        DisputeStatus::Unknown
        | DisputeStatus::WarningUnderReview
        | DisputeStatus::UnderReview
        | DisputeStatus::AppealUnderReview => return Vec::new(),
    };
    vec![Effect::Notify(notification)]
}
