use crate::id::{ParcelId, RefundId, VariantId};

use super::DisputeStatus;

/// An effect of a fact on an order: what the transaction that writes the order down has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The order's goods move.
    Stock(StockMove),
    /// Pieces that came back are in stock again.
    Restock(Vec<(VariantId, u32)>),
    /// Somebody has to be told.
    Notify(Notification),
    /// A refund that was decided has to be sent to Stripe, once the decision is durable.
    SendRefund(RefundId),
}

/// A movement of an order's goods. Each move is made once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockMove {
    /// Held pieces are sold.
    Sell,
    /// Held pieces are free for others.
    Release,
    /// Released pieces are taken off the stock again if all of them are still there; otherwise the
    /// order hears [`super::OrderFact::GoodsGone`].
    SellReleased,
}

/// An e-mail about an order. Each is sent once: [`Notification::kind`] and
/// [`Notification::subject`] name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notification {
    /// The shopper: it is paid, and what was bought.
    Receipt,
    /// The admin: somebody bought something.
    NewOrder,
    /// The shopper: the bank did not pay, and how to try again.
    PaymentFailed,
    /// The shopper: a parcel is on its way.
    Shipped(ParcelId),
    /// The admin: license keys of a paid order are missing.
    KeysMissing,
    /// The shopper: the license keys that were missing are there.
    KeysReady,
    /// The shopper: the link to the order's page, which they or the admin asked for.
    OrderLink {
        /// The stretch of time in which it was asked for; one leaves in each.
        period: i64,
    },
    /// The shopper: money is on its way back.
    Refunded(RefundId),
    /// The admin: Stripe refused a refund, or could not carry it out after all.
    RefundFailed(RefundId),
    /// The admin: it was paid too late, its goods are gone and its money goes back by itself.
    LatePayment,
    /// The admin: the order needs review.
    NeedsReview,
    /// The admin: the card network reports the payment as fraudulent; refund it rather than ship
    /// it.
    EarlyFraudWarning {
        /// The warning (`issfr_…`).
        id: String,
    },
    /// The admin: the bank asks about a payment, or takes it back; answer by …
    DisputeOpened {
        /// The dispute (`du_…`).
        id: String,
        /// True if no money was taken yet.
        is_inquiry: bool,
    },
    /// The admin: a lost dispute is appealed, and waits for an answer.
    DisputeAppealed {
        /// The dispute (`du_…`).
        id: String,
    },
    /// The admin: how a dispute ended.
    DisputeClosed {
        /// The dispute (`du_…`).
        id: String,
        /// Its end.
        status: DisputeStatus,
        /// True if it ended after an appeal, which may be a second time.
        is_appeal: bool,
    },
}

/// Stands between the subject of an e-mail and the time of its repeat. No subject has it.
const REPEAT: char = '@';

impl Notification {
    /// As the column `outbox.kind` writes it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::NewOrder => "new_order",
            Self::PaymentFailed => "payment_failed",
            Self::Shipped(_) => "shipped",
            Self::KeysMissing => "keys_missing",
            Self::KeysReady => "keys_ready",
            Self::OrderLink { .. } => "order_link",
            Self::Refunded(_) => "refund",
            Self::RefundFailed(_) => "refund_failed",
            Self::LatePayment => "late_payment",
            Self::NeedsReview => "needs_a_look",
            Self::EarlyFraudWarning { .. } => "early_fraud_warning",
            Self::DisputeOpened {
                is_inquiry: true, ..
            } => "inquiry",
            Self::DisputeOpened { .. } => "dispute",
            Self::DisputeAppealed { .. } => "dispute_appealed",
            Self::DisputeClosed {
                is_appeal: false, ..
            } => "dispute_closed",
            Self::DisputeClosed { .. } => "appeal_closed",
        }
    }

    /// Which of several of its kind it is, for one order.
    pub fn subject(&self) -> String {
        match self {
            Self::Receipt
            | Self::NewOrder
            | Self::PaymentFailed
            | Self::KeysMissing
            | Self::KeysReady
            | Self::LatePayment
            | Self::NeedsReview => String::new(),
            Self::Shipped(id) => id.to_string(),
            Self::OrderLink { period } => period.to_string(),
            Self::Refunded(id) | Self::RefundFailed(id) => id.to_string(),
            Self::EarlyFraudWarning { id }
            | Self::DisputeOpened { id, .. }
            | Self::DisputeAppealed { id } => id.clone(),
            Self::DisputeClosed { id, status, .. } => format!("{id} {}", status.as_str()),
        }
    }

    /// The subject of the e-mail when it is sent once more, in the stretch of time `period`.
    pub fn subject_of_repeat(&self, period: i64) -> String {
        format!("{}{REPEAT}{period}", self.subject())
    }

    /// Reads what [`Notification::kind`], and [`Notification::subject`] or
    /// [`Notification::subject_of_repeat`], wrote.
    pub fn parse(kind: &str, subject: &str) -> Option<Self> {
        let subject = subject.split(REPEAT).next().unwrap_or_default();
        let refund = || RefundId::parse(subject).ok();
        let id = || subject.to_owned();
        Some(match kind {
            "receipt" => Self::Receipt,
            "new_order" => Self::NewOrder,
            "payment_failed" => Self::PaymentFailed,
            "shipped" => Self::Shipped(ParcelId::parse(subject).ok()?),
            "keys_missing" => Self::KeysMissing,
            "keys_ready" => Self::KeysReady,
            "order_link" => Self::OrderLink {
                period: subject.parse().ok()?,
            },
            "refund" => Self::Refunded(refund()?),
            "refund_failed" => Self::RefundFailed(refund()?),
            "late_payment" => Self::LatePayment,
            "needs_a_look" => Self::NeedsReview,
            "early_fraud_warning" => Self::EarlyFraudWarning { id: id() },
            "inquiry" => Self::DisputeOpened {
                id: id(),
                is_inquiry: true,
            },
            "dispute" => Self::DisputeOpened {
                id: id(),
                is_inquiry: false,
            },
            "dispute_appealed" => Self::DisputeAppealed { id: id() },
            "dispute_closed" | "appeal_closed" => {
                let (id, status) = subject.split_once(' ')?;
                Self::DisputeClosed {
                    id: id.to_owned(),
                    status: DisputeStatus::parse(status),
                    is_appeal: kind == "appeal_closed",
                }
            }
            _ => return None,
        })
    }

    /// True if the shopper reads it, and not the admin.
    pub const fn is_for_shopper(&self) -> bool {
        match self {
            Self::Receipt
            | Self::PaymentFailed
            | Self::Shipped(_)
            | Self::KeysReady
            | Self::OrderLink { .. }
            | Self::Refunded(_) => true,
            Self::NewOrder
            | Self::KeysMissing
            | Self::RefundFailed(_)
            | Self::LatePayment
            | Self::NeedsReview
            | Self::EarlyFraudWarning { .. }
            | Self::DisputeOpened { .. }
            | Self::DisputeAppealed { .. }
            | Self::DisputeClosed { .. } => false,
        }
    }
}
