/// What the store says about stock. The exact number is not public: a page then stays true, and cached, for longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Availability {
    /// Nothing can be sold.
    SoldOut,
    /// No more than [`Availability::FEW`] can be sold.
    FewLeft,
    /// Enough can be sold.
    InStock,
}

impl Availability {
    /// The largest number of pieces that counts as few.
    pub const FEW: i64 = 3;

    /// `sellable` is what lies on the shelf and is not held for another shopper.
    pub const fn of(sellable: i64) -> Self {
        match sellable {
            ..=0 => Self::SoldOut,
            1..=Self::FEW => Self::FewLeft,
            _ => Self::InStock,
        }
    }

    /// As the page says it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::SoldOut => "Sold out",
            Self::FewLeft => "Few left",
            Self::InStock => "In stock",
        }
    }
}
