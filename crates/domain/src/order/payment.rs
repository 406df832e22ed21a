use crate::id::PaymentId;
use crate::money::Money;

/// A payment of an order with one provider: written before the provider hears of it. The order's
/// money status is the fold of its payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Its name for the shop; with [`Payment::attempt`] it makes the idempotency key.
    pub id: PaymentId,
    /// The payment provider.
    pub provider: Provider,
    /// Stripe's mode: whether the money is real.
    pub mode: Mode,
    /// The provider's account that takes the money (`acct_…`), where the key may tell it.
    pub account: Option<String>,
    /// The provider's name for what the shopper pays in (a Checkout Session, `cs_…`), once made.
    pub reference: Option<String>,
    /// The provider's name for the movement of money (a PaymentIntent, `pi_…`), once known.
    /// Refunds and disputes name it.
    pub payment_reference: Option<String>,
    /// Its status.
    pub state: PaymentState,
    /// The expected amount.
    pub amount: Money,
    /// The captured amount, once it is.
    pub captured: Option<Money>,
    /// Time after which the shopper can no longer pay in it, in Unix seconds.
    pub expires_at: i64,
    /// The number of its idempotency key, from 1: how often its creation was begun with a new one.
    pub attempt: u32,
}

/// The payment provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provider {
    /// Stripe, on its hosted Checkout page.
    StripeCheckout,
}

/// Stripe's mode: whether money is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Test cards, no money.
    Test,
    /// Real cards, real money.
    Live,
}

/// The state of a payment. The text forms are those of the column `payments.state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentState {
    /// The shopper can pay.
    Open,
    /// The shopper has confirmed; the money is on its way (a bank debit).
    Processing,
    /// The money arrived.
    Captured,
    /// Money of another amount or currency arrived; the admin has to decide about it.
    Mismatched,
    /// The money did not arrive.
    Failed,
    /// The shopper did not pay in time.
    Expired,
}

/// A provider's report about a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentFact {
    /// The money arrived.
    Captured(PaymentReport),
    /// The shopper has confirmed a method that settles later.
    Processing(PaymentReport),
    /// The method that settles later did not.
    Failed,
    /// It ended without payment.
    Expired,
}

/// A provider's report about money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentReport {
    /// The amount that was paid, or is about to be.
    pub total: Money,
    /// The movement of money (`pi_…`); none when nothing was to pay.
    pub payment_reference: Option<String>,
    /// The address that the shopper gave to the provider.
    pub email: Option<String>,
}

impl Payment {
    /// Applies a fact: one state machine. A fact that says less than the payment knows changes
    /// nothing, except that the first reference to the money is kept.
    pub fn apply(&mut self, fact: &PaymentFact) {
        if let Some(report) = fact.report()
            && self.payment_reference.is_none()
        {
            self.payment_reference.clone_from(&report.payment_reference);
        }
        self.state = match (self.state, fact) {
            (PaymentState::Captured, _) => PaymentState::Captured,
            (
                PaymentState::Open
                | PaymentState::Processing
                | PaymentState::Mismatched
                | PaymentState::Failed
                | PaymentState::Expired,
                PaymentFact::Captured(report),
            ) => {
                self.captured = Some(report.total);
                if report.total == self.amount {
                    PaymentState::Captured
                } else {
                    PaymentState::Mismatched
                }
            }
            (PaymentState::Open, PaymentFact::Processing(_)) => PaymentState::Processing,
            (PaymentState::Open | PaymentState::Processing, PaymentFact::Failed) => {
                PaymentState::Failed
            }
            (PaymentState::Open, PaymentFact::Expired) => PaymentState::Expired,
            // What was confirmed cannot expire, and what ended or brought money stays so.
            (PaymentState::Processing, PaymentFact::Processing(_) | PaymentFact::Expired) => {
                PaymentState::Processing
            }
            (
                ended @ (PaymentState::Mismatched | PaymentState::Failed | PaymentState::Expired),
                PaymentFact::Processing(_) | PaymentFact::Failed | PaymentFact::Expired,
            ) => ended,
        };
    }

    /// True if money came in it, of whatever amount.
    pub const fn has_captured(&self) -> bool {
        matches!(
            self.state,
            PaymentState::Captured | PaymentState::Mismatched
        )
    }
}

impl Provider {
    /// As the database writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StripeCheckout => "stripe_checkout",
        }
    }

    /// Reads what [`Provider::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::StripeCheckout]
            .into_iter()
            .find(|provider| provider.as_str() == text)
    }
}

impl Mode {
    /// As the database writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Live => "live",
        }
    }

    /// Reads what [`Mode::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Test, Self::Live]
            .into_iter()
            .find(|mode| mode.as_str() == text)
    }
}

impl PaymentState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Open,
        Self::Processing,
        Self::Captured,
        Self::Mismatched,
        Self::Failed,
        Self::Expired,
    ];

    /// As the database writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Processing => "processing",
            Self::Captured => "captured",
            Self::Mismatched => "mismatched",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }

    /// Reads what [`PaymentState::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

impl PaymentFact {
    /// Its report about the money, if it has one.
    pub const fn report(&self) -> Option<&PaymentReport> {
        match self {
            Self::Captured(report) | Self::Processing(report) => Some(report),
            Self::Failed | Self::Expired => None,
        }
    }
}
