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
}
