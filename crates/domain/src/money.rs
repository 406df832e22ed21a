use std::fmt;

mod currency;
mod format;
mod locale;
mod parse;

pub use currency::Currency;
pub use locale::Locale;
pub use parse::ParseMoneyError;

/// An amount of money: minor units (cents, yen, fils) of one currency. All arithmetic is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    amount: i64,
    currency: Currency,
}

/// The error of amounts that could not be combined, or of a text that is not a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The result does not fit into 64 bits.
    #[error("the amount is too large")]
    Overflow,
    /// Amounts of different currencies were combined.
    #[error("the amounts are in different currencies")]
    CurrencyMismatch,
    /// The text is not three ASCII letters.
    #[error("a currency is three letters, such as \"usd\"")]
    NotACurrency,
}

impl Money {
    /// `amount` is in minor units of `currency`.
    pub const fn new(amount: i64, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Nothing, in `currency`.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The amount in minor units.
    pub const fn amount(self) -> i64 {
        self.amount
    }

    /// The currency of the amount.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// True if Stripe charges it at all: in a currency of three decimals the last digit is 0, and
    /// in one that is counted in hundredths but has none (ISK, UGX) the last two are.
    ///
    /// Source: <https://docs.stripe.com/currencies>.
    pub const fn is_chargeable(self) -> bool {
        self.amount % self.currency.step() == 0
    }

    /// The least that Stripe charges in this currency, when this amount is less than that. Nothing
    /// at all needs no payment, so zero is never below it.
    pub fn below_minimum(self) -> Option<Self> {
        let minimum = Self::new(self.currency.minimum_charge()?, self.currency);
        (self.amount != 0 && self.amount < minimum.amount).then_some(minimum)
    }

    /// The most that Stripe charges in this currency, when this amount is more than that.
    pub fn above_maximum(self) -> Option<Self> {
        let maximum = Self::new(self.currency.maximum_charge(), self.currency);
        (self.amount > maximum.amount).then_some(maximum)
    }

    /// The number of decimal places that it is written with. A part that is there is never left
    /// out, also in a currency that is written without one.
    pub(crate) const fn places(self) -> u32 {
        let places = self.currency.exponent();
        if self.currency.is_written_whole() && self.amount % 10_i64.pow(places) == 0 {
            0
        } else {
            places
        }
    }

    /// The sum.
    ///
    /// # Errors
    /// When the currencies differ or the sum does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch);
        }
        let amount = self
            .amount
            .checked_add(other.amount)
            .ok_or(MoneyError::Overflow)?;
        Ok(Self::new(amount, self.currency))
    }

    /// The difference to `other`; negative when that is more.
    ///
    /// # Errors
    /// When the currencies differ or the difference does not fit.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch);
        }
        let amount = self
            .amount
            .checked_sub(other.amount)
            .ok_or(MoneyError::Overflow)?;
        Ok(Self::new(amount, self.currency))
    }

    /// The price of `quantity` pieces.
    ///
    /// # Errors
    /// When the product does not fit.
    pub fn checked_mul(self, quantity: u32) -> Result<Self, MoneyError> {
        let amount = self
            .amount
            .checked_mul(i64::from(quantity))
            .ok_or(MoneyError::Overflow)?;
        Ok(Self::new(amount, self.currency))
    }
}

/// As an English-speaking shopper reads it: `$1,234.50`, `¥500`, `CHF 12.00`, `KWD 1.250`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u64.pow(self.currency.exponent());
        let amount = self.amount.unsigned_abs();
        let sign = if self.amount < 0 { "-" } else { "" };
        f.write_str(sign)?;
        match self.currency.symbol() {
            Some(symbol) => f.write_str(symbol)?,
            None => write!(f, "{}\u{a0}", self.currency.code().to_ascii_uppercase())?,
        }
        let major = (amount / unit).to_string();
        for (position, digit) in major.chars().enumerate() {
            if position > 0 && (major.len() - position).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        match self.places() {
            0 => Ok(()),
            places => write!(f, ".{:0width$}", amount % unit, width = places as usize),
        }
    }
}
