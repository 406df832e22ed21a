/// The flag of an order that needs review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flag {
    /// Another amount or currency was paid than the order's.
    AmountMismatch,
    /// It was paid after its stock had been given to others, and not all of the money is back with
    /// the shopper.
    OutOfStock,
    /// The stock did not hold what the order held.
    StockMismatch,
    /// The provider does not know the order's payment: the shop was given the key of another
    /// account, or the provider lost it. Whether it was paid is not known.
    PaymentUnknown,
    /// It was paid, and the database did not know it, as after a backup was restored. What was
    /// bought is not known.
    OrderUnknown,
}

impl Flag {
    /// Every flag.
    pub const ALL: [Self; 5] = [
        Self::AmountMismatch,
        Self::OutOfStock,
        Self::StockMismatch,
        Self::PaymentUnknown,
        Self::OrderUnknown,
    ];

    /// As the database writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AmountMismatch => "amount_mismatch",
            Self::OutOfStock => "out_of_stock",
            Self::StockMismatch => "stock_mismatch",
            Self::PaymentUnknown => "payment_unknown",
            Self::OrderUnknown => "order_unknown",
        }
    }

    /// Reads what [`Flag::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flag| flag.as_str() == text)
    }

    /// As the admin page says it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::AmountMismatch => {
                "Another amount was paid than this order's total. Do not ship it before you have decided: keep the payment as it is, or refund all of it."
            }
            Self::OutOfStock => {
                "This was paid after its stock went to others, so its money goes back by itself. Look at its refund below; do not ship it."
            }
            Self::StockMismatch => {
                "The stock did not hold what this order held. Count its pieces and set the stock right."
            }
            Self::PaymentUnknown => {
                "Stripe does not know this order's payment, so whether it was paid is not known. Its pieces stay reserved. Look for it in the Stripe account that took it; if it was not paid, close this and the pieces are free again."
            }
            Self::OrderUnknown => {
                "This was paid, and the database did not know the order, as after a backup was restored. Look the payment up in Stripe to see what was bought; then keep it, or refund all of it."
            }
        }
    }
}
