use super::{Effect, Notification, Order, OrderStatus};

/// An early fraud warning: the card network reports a payment as probably fraudulent, and nobody
/// has disputed it yet.
///
/// Source: <https://docs.stripe.com/api/radar/early_fraud_warnings/object>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlyFraudWarning {
    /// Its id at Stripe (`issfr_…`).
    pub id: String,
    /// The kind of fraud, as Stripe names it, such as `made_with_stolen_card`.
    pub fraud_type: String,
    /// True if a full refund would still prevent a dispute. False once the charge was refunded in
    /// full or disputed.
    pub is_actionable: bool,
    /// Time it was made, in Unix seconds.
    pub created_at: i64,
    /// Time Stripe reported it, in Unix seconds.
    pub reported_at: i64,
}

/// A reason not to ship a paid order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ShipmentBlock {
    /// The cardholder disputes the payment as fraudulent.
    FraudDispute,
    /// The card network reports the payment as fraudulent.
    EarlyFraudWarning,
    /// Its money does not add up, and the admin has not decided yet.
    Flag,
}

impl EarlyFraudWarning {
    /// Merges what another event reports. The later one counts, and within a second the one that is
    /// not actionable, so that the order in which they arrive does not matter.
    pub fn merge(&mut self, other: &Self) {
        let created_at = self.created_at.min(other.created_at);
        if other.key() > self.key() {
            *self = other.clone();
        }
        self.created_at = created_at;
    }

    fn key(&self) -> (i64, bool, &str) {
        (self.reported_at, !self.is_actionable, &self.fraud_type)
    }
}

impl Order {
    /// The early fraud warning that a full refund would still answer.
    pub fn open_fraud_warning(&self) -> Option<&EarlyFraudWarning> {
        let mut warnings = self.early_fraud_warnings.iter();
        warnings
            .find(|warning| warning.is_actionable)
            .filter(|_| self.status != OrderStatus::Refunded)
    }

    /// The reason not to ship it, if there is one.
    pub fn shipment_block(&self) -> Option<ShipmentBlock> {
        if self.disputes.iter().any(super::Dispute::is_fraud) {
            Some(ShipmentBlock::FraudDispute)
        } else if self.open_fraud_warning().is_some() {
            Some(ShipmentBlock::EarlyFraudWarning)
        } else if self.flag.is_some() {
            Some(ShipmentBlock::Flag)
        } else {
            None
        }
    }

    /// Applies a report of an early fraud warning. The admin is told once, while a refund helps.
    pub(super) fn apply_early_fraud_warning(&mut self, report: &EarlyFraudWarning) -> Vec<Effect> {
        let mut warnings = self.early_fraud_warnings.iter_mut();
        let was_actionable = match warnings.find(|known| known.id == report.id) {
            Some(known) => {
                let was_actionable = known.is_actionable;
                known.merge(report);
                was_actionable
            }
            None => {
                self.early_fraud_warnings.push(report.clone());
                false
            }
        };
        let mut warnings = self.early_fraud_warnings.iter();
        let is_actionable = warnings.any(|known| known.id == report.id && known.is_actionable);
        if was_actionable || !is_actionable {
            return Vec::new();
        }
        vec![Effect::Notify(Notification::EarlyFraudWarning {
            id: report.id.clone(),
        })]
    }
}
