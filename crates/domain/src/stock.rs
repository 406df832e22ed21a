/// The stock of a variant, as pages say it. The exact number is not public: a page then stays true,
/// and cached, for longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Availability {
    /// There is none.
    SoldOut,
    /// All there are, are held by open checkouts; what is not paid for comes back.
    InCheckout,
    /// No more than [`Availability::FEW`] can be sold.
    FewLeft,
    /// Enough can be sold.
    InStock,
}

impl Availability {
    /// The largest number of pieces that counts as few.
    pub const FEW: i64 = 3;

    /// The availability of `on_hand` pieces of which `held` are held by open checkouts.
    pub const fn of(on_hand: i64, held: i64) -> Self {
        match on_hand.saturating_sub(held) {
            ..=0 if on_hand > 0 => Self::InCheckout,
            ..=0 => Self::SoldOut,
            1..=Self::FEW => Self::FewLeft,
            _ => Self::InStock,
        }
    }

    /// True if a piece can be bought now.
    pub const fn can_be_bought(self) -> bool {
        matches!(self, Self::FewLeft | Self::InStock)
    }
}
