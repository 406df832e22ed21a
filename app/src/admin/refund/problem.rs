use domain::money::{Locale, Money};
use domain::order::RefundError;
use text::RefundText;

/// The reason why a refund was not made, as the address of the order's page names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    NotAnAmount,
    NoAmount,
    NotPositive,
    TooMuch,
    TooManyPieces,
    TooManyRestocked,
    NotAllowed,
    Stale,
}

impl Problem {
    const ALL: [Self; 8] = [
        Self::NotAnAmount,
        Self::NoAmount,
        Self::NotPositive,
        Self::TooMuch,
        Self::TooManyPieces,
        Self::TooManyRestocked,
        Self::NotAllowed,
        Self::Stale,
    ];

    /// Reads what the address of the order's page says.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|problem| problem.as_str() == text)
    }

    /// The text for the admin: what to do about it. `left` is what can still be refunded.
    pub(crate) fn message(self, text: RefundText, left: Money) -> String {
        match self {
            Self::NotAnAmount => text.not_an_amount(&left.number(Locale::default())),
            Self::NoAmount => text.no_amount().to_owned(),
            Self::NotPositive => text.error(&RefundError::NotPositive),
            Self::TooMuch => text.error(&RefundError::TooMuch { left }),
            Self::TooManyPieces => text.too_many_pieces().to_owned(),
            Self::TooManyRestocked => text.too_many_restocked().to_owned(),
            Self::NotAllowed => text.not_allowed().to_owned(),
            Self::Stale => text.stale_form().to_owned(),
        }
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::NotAnAmount => "not_an_amount",
            Self::NoAmount => "no_amount",
            Self::NotPositive => "not_positive",
            Self::TooMuch => "too_much",
            Self::TooManyPieces => "too_many_pieces",
            Self::TooManyRestocked => "too_many_restocked",
            Self::NotAllowed => "not_allowed",
            Self::Stale => "stale",
        }
    }

    pub(super) const fn of(error: &RefundError) -> Self {
        match error {
            RefundError::TooMuch { .. } => Self::TooMuch,
            RefundError::NotPositive => Self::NotPositive,
            RefundError::TooManyPieces { .. } => Self::TooManyPieces,
            RefundError::Money(_) | RefundError::NotChargeable { .. } => Self::NotAnAmount,
            // The page itself says why there is no form any more.
            RefundError::NotPaid | RefundError::NothingLeft | RefundError::Disputed { .. } => {
                Self::NotAllowed
            }
        }
    }
}
