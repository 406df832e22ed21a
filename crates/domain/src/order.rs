use std::fmt;

use crate::catalog::ProductKind;
use crate::id::{OrderId, OrderToken, PaymentId, VariantId};
use crate::money::{Currency, Money, MoneyError};

/// Amounts and details of an order beside its lines.
mod amounts;
/// Facts, and the state machine of an order.
mod apply;
/// Disputes.
mod dispute;
/// Early fraud warnings: fraud that the card network reports before anybody disputes it.
mod early_fraud_warning;
/// Effects of a fact: stock, refunds, notifications.
mod effect;
/// The flag of an order that needs review.
mod flag;
/// Parcels, and what is left to ship.
mod parcel;
/// Payments of an order, and what providers report about them.
mod payment;
/// Money that goes back, and what Stripe says about it.
mod refund;
/// The shop's own refunds, and the refundable amount.
mod refunding;
/// The admin's decisions about flags.
mod resolution;
/// Tracking: the pages on which carriers show how far a parcel is.
mod tracking;

pub use amounts::{OrderAmounts, OrderDetails};
pub use apply::OrderFact;
pub use dispute::{Dispute, DisputeFunds, DisputeStatus};
pub use early_fraud_warning::{EarlyFraudWarning, ShipmentBlock};
pub use effect::{Effect, Notification, StockMove};
pub use flag::Flag;
pub use parcel::{Parcel, ParcelError, ParcelPieces, ParcelRequest, ShippingState};
pub use payment::{Mode, Payment, PaymentFact, PaymentReport, PaymentState, Provider};
pub use refund::{Refund, RefundFact, RefundLine, RefundReason, RefundSource, RefundStatus};
pub use refunding::{RefundError, RefundRequest};
pub use resolution::{Resolution, ResolutionError};

/// A purchase: written when the shopper starts to pay, with its lines at their prices of that
/// moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its id, for the shop and for Stripe.
    pub id: OrderId,
    /// The order number, for people.
    pub number: i64,
    /// The unguessable part of its page's address.
    pub token: OrderToken,
    /// Its money's status.
    pub status: OrderStatus,
    /// Its goods' state.
    pub stock: StockState,
    /// Its flag, if it needs review.
    pub flag: Option<Flag>,
    /// The total.
    pub total: Money,
    /// The amounts that the total is made of.
    pub amounts: OrderAmounts,
    /// The details that the shopper gave; none for an order that was asked for nothing.
    pub details: Option<OrderDetails>,
    /// The shopper's address, once known.
    pub email: Option<String>,
    /// Time the shopper started to pay, in Unix seconds.
    pub created_at: i64,
    /// Time it was paid, in Unix seconds.
    pub paid_at: Option<i64>,
    /// Its parcels, the oldest first.
    pub parcels: Vec<Parcel>,
    /// The bought pieces.
    pub lines: Vec<OrderLine>,
    /// Its payments, the oldest first. At most one of them is open.
    pub payments: Vec<Payment>,
    /// Its refunds, open ones included.
    pub refunds: Vec<Refund>,
    /// Its disputes, closed ones included.
    pub disputes: Vec<Dispute>,
    /// Early fraud warnings of the card network, disputed or not.
    pub early_fraud_warnings: Vec<EarlyFraudWarning>,
}

/// A line of an order: a copy of the catalog of that moment, so that later changes do not rewrite
/// history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    /// The bought pieces.
    pub variant: VariantId,
    /// Its SKU.
    pub sku: String,
    /// The product's title.
    pub title: String,
    /// The variant's options, such as `A3 / Matte`.
    pub options: String,
    /// The product's picture.
    pub image: String,
    /// The price of one.
    pub unit_price: Money,
    /// The number of pieces.
    pub quantity: u32,
    /// Its share of the discounts.
    pub discount: Money,
    /// Its share of the taxes.
    pub tax: Money,
    /// The amount to pay for it: after discounts, and with taxes.
    pub paid: Money,
    /// The way to its buyer.
    pub kind: ProductKind,
}

/// The status of an order's money. The text forms are those of the column `orders.status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderStatus {
    /// The shopper is at the pay page.
    Pending,
    /// The shopper has confirmed; the money is on its way (a bank debit).
    Processing,
    /// The money arrived.
    Paid,
    /// The money did not arrive.
    Failed,
    /// The shopper did not pay in time.
    Expired,
    /// A part of the money went back.
    PartiallyRefunded,
    /// All of the money went back.
    Refunded,
}

/// The state of an order's goods. Each step is taken once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StockState {
    /// Held.
    Held,
    /// Sold.
    Sold,
    /// Free for others.
    Released,
}

impl Order {
    /// True if the shopper has paid, or confirmed to: nothing is paid on top of it. A flag alone is
    /// no money.
    pub fn has_money(&self) -> bool {
        self.status.has_been_paid() || self.status == OrderStatus::Processing
    }

    /// True if it came to nothing: nobody paid, and nobody can any more.
    pub const fn has_ended_unpaid(&self) -> bool {
        matches!(self.status, OrderStatus::Failed | OrderStatus::Expired)
    }

    /// True if its goods are the shopper's: paid for, and taken off the stock.
    pub const fn can_be_shipped(&self) -> bool {
        matches!(
            self.status,
            OrderStatus::Paid | OrderStatus::PartiallyRefunded
        ) && matches!(self.stock, StockState::Sold)
    }

    /// True if no real money is in it.
    pub fn is_test(&self) -> bool {
        self.payments
            .iter()
            .any(|payment| payment.mode == Mode::Test)
    }

    /// The payment with this id.
    pub fn payment(&self, id: &PaymentId) -> Option<&Payment> {
        self.payments.iter().find(|payment| payment.id == *id)
    }

    /// The payment that the shopper is at, or whose money is on its way.
    pub fn open_payment(&self) -> Option<&Payment> {
        self.payments
            .iter()
            .find(|payment| matches!(payment.state, PaymentState::Open | PaymentState::Processing))
    }

    /// The payment that brought the money, of whatever amount.
    pub fn captured_payment(&self) -> Option<&Payment> {
        self.payments.iter().find(|payment| payment.has_captured())
    }

    /// The payment that people mean: the one that brought money, else the newest.
    pub fn main_payment(&self) -> Option<&Payment> {
        self.captured_payment().or(self.payments.last())
    }

    /// The sum that its payments captured.
    pub fn captured(&self) -> Money {
        let brought = |payment: &Payment| payment.captured.unwrap_or(payment.amount);
        let mut payments = self
            .payments
            .iter()
            .filter(|payment| payment.has_captured());
        let Some(first) = payments.next().map(brought) else {
            return Money::zero(self.total.currency());
        };
        payments
            .map(brought)
            .fold(first, |sum, each| sum.checked_add(each).unwrap_or(sum))
    }
}

impl OrderLine {
    /// The price of the line, before discounts.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn total(&self) -> Result<Money, MoneyError> {
        self.unit_price.checked_mul(self.quantity)
    }

    /// Adds up the lines.
    ///
    /// # Errors
    /// When a line is in another currency, or the sum does not fit.
    pub fn sum(lines: &[Self], currency: Currency) -> Result<Money, MoneyError> {
        lines.iter().try_fold(Money::zero(currency), |sum, line| {
            sum.checked_add(line.total()?)
        })
    }
}

impl OrderStatus {
    /// Every status, in the order in which an order goes through them.
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::Processing,
        Self::Paid,
        Self::Failed,
        Self::Expired,
        Self::PartiallyRefunded,
        Self::Refunded,
    ];

    /// As the database writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Paid => "paid",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::PartiallyRefunded => "partially_refunded",
            Self::Refunded => "refunded",
        }
    }

    /// Reads what [`OrderStatus::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// True if the shopper's page has nothing more to wait for.
    pub const fn is_final(self) -> bool {
        match self {
            Self::Pending | Self::Processing => false,
            Self::Paid
            | Self::Failed
            | Self::Expired
            | Self::PartiallyRefunded
            | Self::Refunded => true,
        }
    }

    /// True if money of the shopper is, or was, with the shop.
    pub const fn has_been_paid(self) -> bool {
        match self {
            Self::Paid | Self::PartiallyRefunded | Self::Refunded => true,
            Self::Pending | Self::Processing | Self::Failed | Self::Expired => false,
        }
    }
}

impl fmt::Display for OrderStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl StockState {
    /// As the database writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Sold => "sold",
            Self::Released => "released",
        }
    }

    /// Reads what [`StockState::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Held, Self::Sold, Self::Released]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}
