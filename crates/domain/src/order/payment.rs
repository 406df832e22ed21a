use crate::money::Money;

use super::{Order, OrderStatus, StockState};

/// Something that Stripe says happened to an order's Checkout Session.
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

/// Why the owner has to look at an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flag {
    /// Another amount or currency was paid than the order's.
    AmountMismatch,
    /// It was paid after its stock had been given to others, and not enough is left.
    OutOfStock,
}

/// What a fact does to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The order knows already, or knows better.
    None,
    /// The order goes on to `status`, and its goods move.
    To {
        /// The next status.
        status: OrderStatus,
        /// What happens to the goods.
        stock: StockMove,
    },
    /// The order stays as it is, and the owner has to look at it.
    Flag(Flag),
}

/// What happens to an order's goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockMove {
    /// They stay where they are.
    Keep,
    /// What is held leaves the shelf.
    Sell,
    /// What is held is free for others.
    Release,
    /// What was released is taken off the shelf if it is still there; otherwise the owner has to look.
    SellReleased,
}

impl Order {
    /// What `fact` does to this order. Facts may come any number of times and in any order; a fact that says less than
    /// the order knows changes nothing, so an order never goes back from paid.
    pub fn apply(&self, fact: &PaymentFact) -> Change {
        use OrderStatus::{
            Expired, Failed, Paid, PartiallyRefunded, Pending, Processing, Refunded,
        };
        match (self.status, fact) {
            (
                Pending | Processing | Failed | Expired,
                PaymentFact::Paid(payment) | PaymentFact::AsyncPaymentSucceeded(payment),
            ) => self.pay(payment),
            (Pending, PaymentFact::Unpaid(_)) => Change::To {
                status: Processing,
                stock: StockMove::Keep,
            },
            (Pending | Processing, PaymentFact::AsyncPaymentFailed) => Change::To {
                status: Failed,
                stock: StockMove::Release,
            },
            (Pending, PaymentFact::Expired) => Change::To {
                status: Expired,
                stock: StockMove::Release,
            },
            // A session that was confirmed cannot expire, and one that failed or expired gives no goods back twice.
            (Processing | Failed | Expired, PaymentFact::Unpaid(_) | PaymentFact::Expired)
            | (Failed | Expired, PaymentFact::AsyncPaymentFailed) => Change::None,
            (
                Paid | PartiallyRefunded | Refunded,
                PaymentFact::Paid(_)
                | PaymentFact::Unpaid(_)
                | PaymentFact::AsyncPaymentSucceeded(_)
                | PaymentFact::AsyncPaymentFailed
                | PaymentFact::Expired,
            ) => Change::None,
        }
    }

    fn pay(&self, payment: &Payment) -> Change {
        if payment.total != self.total {
            return match self.flag {
                Some(Flag::AmountMismatch) => Change::None,
                Some(Flag::OutOfStock) | None => Change::Flag(Flag::AmountMismatch),
            };
        }
        Change::To {
            status: OrderStatus::Paid,
            stock: match self.stock {
                StockState::Held => StockMove::Sell,
                StockState::Released => StockMove::SellReleased,
                StockState::Sold => StockMove::Keep,
            },
        }
    }
}

impl PaymentFact {
    /// What it says about the payment.
    pub const fn payment(&self) -> Option<&Payment> {
        match self {
            Self::Paid(payment) | Self::Unpaid(payment) | Self::AsyncPaymentSucceeded(payment) => {
                Some(payment)
            }
            Self::AsyncPaymentFailed | Self::Expired => None,
        }
    }
}

impl Flag {
    /// As the database writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AmountMismatch => "amount_mismatch",
            Self::OutOfStock => "out_of_stock",
        }
    }

    /// Reads what [`Flag::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::AmountMismatch, Self::OutOfStock]
            .into_iter()
            .find(|flag| flag.as_str() == text)
    }

    /// As the admin page says it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::AmountMismatch => {
                "Stripe reports another amount than this order's. Compare them before you ship."
            }
            Self::OutOfStock => {
                "This was paid after its stock went to others. Restock it, or refund it in Stripe."
            }
        }
    }
}
