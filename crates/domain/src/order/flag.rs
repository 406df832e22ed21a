/// Why the owner has to look at an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flag {
    /// Another amount or currency was paid than the order's.
    AmountMismatch,
    /// It was paid after its stock had been given to others, and not all of the money is back with the shopper.
    OutOfStock,
    /// The shelf did not hold what the order held.
    StockMismatch,
}

impl Flag {
    /// Every flag.
    pub const ALL: [Self; 3] = [Self::AmountMismatch, Self::OutOfStock, Self::StockMismatch];

    /// As the database writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AmountMismatch => "amount_mismatch",
            Self::OutOfStock => "out_of_stock",
            Self::StockMismatch => "stock_mismatch",
        }
    }

    /// Reads what [`Flag::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flag| flag.as_str() == text)
    }

    /// As the admin page says it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::AmountMismatch => {
                "Stripe reports another amount than this order's. Compare them before you ship; refund it in Stripe if it is wrong."
            }
            Self::OutOfStock => {
                "This was paid after its stock went to others, so its money goes back by itself. Look at its refund below; do not ship it."
            }
            Self::StockMismatch => {
                "The shelf did not hold what this order held. Count its pieces and set the stock right."
            }
        }
    }
}
