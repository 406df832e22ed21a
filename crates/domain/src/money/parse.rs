use super::{Currency, Locale, Money};

/// The error of a text that a person typed and that is not an amount. Its message is for that
/// person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseMoneyError {
    /// It is empty, or something in it is neither digit, separator nor the currency.
    #[error("write an amount such as {example}")]
    NotAnAmount {
        /// One that would be taken.
        example: String,
    },
    /// It has a smaller part than the currency, or than Stripe charges in it.
    #[error("{currency} has {} decimal places", match places { 0 => "no".to_owned(), most => format!("no more than {most}") })]
    TooPrecise {
        /// The code of the currency, in capital letters.
        currency: String,
        /// The number of decimal places.
        places: u32,
    },
    /// It is more than can be paid at once.
    #[error("the most that can be paid at once is {maximum}")]
    AboveMaximum {
        /// The most.
        maximum: String,
    },
    /// It does not fit.
    #[error("the amount is too large")]
    TooLarge,
}

impl Money {
    /// Reads what a person typed who writes amounts as in `locale`: `1234.5`, `$1,234.50` or
    /// `1.234,50 €`. The currency may stand there and need not. Separators of thousands are only
    /// taken where they belong, so that `12,50` is never read as 1250 by someone who writes
    /// `12.50`.
    ///
    /// # Errors
    /// When it is no such amount, is more precise than the currency, or does not fit into 64 bits
    /// of minor units.
    pub fn parse(text: &str, currency: Currency, locale: Locale) -> Result<Self, ParseMoneyError> {
        let not_an_amount = || ParseMoneyError::NotAnAmount {
            example: Self::new(1_234_500, currency).format(locale),
        };
        let text = with_plain_spaces(text);
        let (is_negative, number) = without_currency(&text, currency, locale);
        let decimal = locale.conventions().decimal;
        let (whole, parts) = match number.split_once(decimal) {
            Some((_, "")) => return Err(not_an_amount()),
            Some(both) => both,
            None => (number, ""),
        };
        let whole = whole_digits(whole, locale).ok_or_else(not_an_amount)?;
        if !are_digits(parts) || (whole.is_empty() && parts.is_empty()) {
            return Err(not_an_amount());
        }
        let places = currency.exponent();
        let missing = (places as usize).checked_sub(parts.len()).ok_or_else(|| {
            ParseMoneyError::TooPrecise {
                currency: currency.code().to_ascii_uppercase(),
                places,
            }
        })?;
        let digits = whole
            .bytes()
            .chain(parts.bytes())
            .chain(std::iter::repeat_n(b'0', missing));
        // Counted down from zero for an amount below it, because there is one more of those.
        let amount = digits
            .map(|byte| i64::from(byte - b'0'))
            .try_fold(0_i64, |amount, digit| {
                let amount = amount.checked_mul(10)?;
                if is_negative {
                    amount.checked_sub(digit)
                } else {
                    amount.checked_add(digit)
                }
            })
            .ok_or(ParseMoneyError::TooLarge)?;
        Ok(Self::new(amount, currency))
    }

    /// Reads an amount that Stripe is to move, as [`Money::parse`] does.
    ///
    /// # Errors
    /// When it cannot be read, is more precise than what Stripe charges in the currency, or is more
    /// than Stripe charges at once.
    pub fn parse_charge(
        text: &str,
        currency: Currency,
        locale: Locale,
    ) -> Result<Self, ParseMoneyError> {
        let too_precise = || ParseMoneyError::TooPrecise {
            currency: currency.code().to_ascii_uppercase(),
            places: currency.charged_places(),
        };
        let money = match Self::parse(text, currency, locale) {
            Err(ParseMoneyError::TooPrecise { .. }) => return Err(too_precise()),
            parsed => parsed?,
        };
        if !money.is_chargeable() {
            return Err(too_precise());
        }
        if let Some(maximum) = money.above_maximum() {
            return Err(ParseMoneyError::AboveMaximum {
                maximum: maximum.format(locale),
            });
        }
        Ok(money)
    }
}

/// The sign, as true for minus, and what stands between the spaces, the sign and the currency, each
/// taken off at most once.
fn without_currency(text: &str, currency: Currency, locale: Locale) -> (bool, &str) {
    let names = [
        with_plain_spaces(&locale.conventions().currency(currency.code())),
        currency.code().to_ascii_uppercase(),
        currency.code().to_owned(),
        currency.symbol().unwrap_or_default().to_owned(),
    ];
    let mut rest = text.trim();
    let mut is_negative = false;
    let mut is_named = false;
    loop {
        if !is_negative && let Some(unsigned) = rest.strip_prefix(['-', '\u{2212}']) {
            is_negative = true;
            rest = unsigned.trim_start();
            continue;
        }
        let unnamed = names
            .iter()
            .filter(|name| !is_named && !name.is_empty())
            .find_map(|name| {
                rest.strip_prefix(&**name)
                    .or_else(|| rest.strip_suffix(&**name))
            });
        match unnamed {
            Some(unnamed) => {
                is_named = true;
                rest = unnamed.trim();
            }
            None => return (is_negative, rest),
        }
    }
}

/// The digits of the whole units: all in a row, or in groups of three after a first one of one to
/// three.
fn whole_digits(whole: &str, locale: Locale) -> Option<String> {
    let is_group = |character: char| match locale.conventions().group {
        '\u{a0}' | '\u{202f}' => character == ' ',
        '\'' => matches!(character, '\'' | '’'),
        group => character == group,
    };
    let groups: Vec<&str> = whole.split(is_group).collect();
    let is_grouped_right = match groups.as_slice() {
        [] | [_] => true,
        [first, rest @ ..] => {
            (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3)
        }
    };
    let digits = groups.concat();
    (is_grouped_right && are_digits(&digits)).then_some(digits)
}

fn are_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The same with the spaces of a keyboard; the ones that do not break come from a copied amount.
fn with_plain_spaces(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}
