//! Reading a card as the shopper typed it.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::{Brand, Card, table};
use crate::clock::YearMonth;

/// The number of years that a card can be valid.
const LONGEST_VALIDITY: i64 = 50;

/// The year in which the cards of tokens expire, far enough for a clock that was moved.
const TOKENS_EXPIRE: i64 = 2050;

/// The three fields of a card, as typed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CardForm<'a> {
    pub(crate) number: &'a str,
    pub(crate) expiry: &'a str,
    pub(crate) cvc: &'a str,
}

/// An error of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldError {
    /// The field's name on the page.
    pub(crate) field: Cow<'static, str>,
    /// Stripe's error code.
    pub(crate) code: String,
    pub(crate) message: String,
}

impl FieldError {
    pub(crate) fn new(field: impl Into<Cow<'static, str>>, code: &str, message: &str) -> Self {
        Self {
            field: field.into(),
            code: code.to_owned(),
            message: message.to_owned(),
        }
    }
}

/// Reads a card, or tells everything that is wrong with it.
pub(crate) fn read(form: CardForm<'_>, now: YearMonth) -> Result<Card, Vec<FieldError>> {
    let number = digits(form.number);
    let brand = number.as_deref().map_or(Brand::Unknown, Brand::of_number);
    let (number, expiry, cvc) = (
        check_number(number.as_deref(), form.number),
        check_expiry(form.expiry, now),
        check_cvc(form.cvc, brand),
    );
    match (number, expiry, cvc) {
        (Ok(number), Ok(expiry), Ok(())) => Ok(card(number, brand, expiry)),
        (number, expiry, cvc) => Err([number.err(), expiry.err(), cvc.err()]
            .into_iter()
            .flatten()
            .collect()),
    }
}

/// A test card as a token gives it, without anybody typing.
pub(super) fn test_card(number: &str) -> Card {
    let expiry = YearMonth {
        year: TOKENS_EXPIRE,
        month: 12,
    };
    card(number, Brand::of_number(number), expiry)
}

/// The check digit that every card number ends in.
pub(super) fn passes_luhn(number: &str) -> bool {
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(position, digit)| {
            let digit = u32::from(digit.wrapping_sub(b'0'));
            match (position % 2, digit * 2) {
                (0, _) => digit,
                (_, doubled) if doubled > 9 => doubled - 9,
                (_, doubled) => doubled,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

fn card(number: &str, brand: Brand, expiry: YearMonth) -> Card {
    let digest = Sha256::digest(format!("sandbox fingerprint {number}"));
    Card {
        name: table::by_number(number)
            .map(|card| card.name)
            .unwrap_or_default()
            .to_owned(),
        brand,
        last4: number[number.len().saturating_sub(4)..].to_owned(),
        exp_month: expiry.month,
        exp_year: expiry.year,
        fingerprint: digest
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect(),
    }
}

fn check_number<'a>(number: Option<&'a str>, typed: &str) -> Result<&'a str, FieldError> {
    let field = "cardNumber";
    let Some(number) = number else {
        let (code, message) = if typed.trim().is_empty() {
            ("incomplete_number", "Your card number is incomplete.")
        } else {
            (
                "invalid_number",
                "The card number is not a valid credit card number.",
            )
        };
        return Err(FieldError::new(field, code, message));
    };
    // The length comes first only where it tells more than the check digit: a number that is still
    // being typed.
    if number.len() < 12 {
        return Err(FieldError::new(
            field,
            "incomplete_number",
            "Your card number is incomplete.",
        ));
    }
    if number.len() > 19 || !passes_luhn(number) {
        return Err(FieldError::new(
            field,
            "incorrect_number",
            "Your card number is incorrect.",
        ));
    }
    Ok(number)
}

/// Reads `MM / YY`, `MM/YYYY`, `MMYY` and what is between.
fn check_expiry(typed: &str, now: YearMonth) -> Result<YearMonth, FieldError> {
    let error = |code, message| Err(FieldError::new("cardExpiry", code, message));
    let incomplete = || {
        error(
            "incomplete_expiry",
            "Your card's expiration date is incomplete.",
        )
    };
    let bad_month = || {
        error(
            "invalid_expiry_month",
            "Your card's expiration month is invalid.",
        )
    };
    let bad_year = || {
        error(
            "invalid_expiry_year",
            "Your card's expiration year is invalid.",
        )
    };

    let compact: String = typed
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let (month, year) = match compact.split_once(['/', '-']) {
        Some(parts) => parts,
        None if compact.is_ascii() && matches!(compact.len(), 4 | 6) => compact.split_at(2),
        None => return incomplete(),
    };
    let (Some(month), Some(year_digits)) = (digits(month), digits(year)) else {
        return incomplete();
    };
    let month = match month.parse() {
        Ok(month @ 1..=12) if year_digits.len() != 3 => month,
        _ => return bad_month(),
    };
    let year = match (year_digits.len(), year_digits.parse::<i64>()) {
        (2, Ok(short)) => now.year / 100 * 100 + short,
        (4, Ok(year)) => year,
        (1, _) => return incomplete(),
        _ => return bad_year(),
    };
    if year < now.year || year > now.year + LONGEST_VALIDITY {
        return bad_year();
    }
    let expiry = YearMonth { year, month };
    if expiry < now {
        error(
            "invalid_expiry_month",
            "Your card's expiration date is in the past.",
        )
    } else {
        Ok(expiry)
    }
}

fn check_cvc(typed: &str, brand: Brand) -> Result<(), FieldError> {
    let error = |code, message| Err(FieldError::new("cardCvc", code, message));
    match digits(typed) {
        None if typed.trim().is_empty() => {
            error("incomplete_cvc", "Your card's security code is incomplete.")
        }
        Some(cvc)
            if cvc.len() == brand.cvc_length() || brand == Brand::Unknown && cvc.len() == 4 =>
        {
            Ok(())
        }
        _ => error("invalid_cvc", "Your card's security code is invalid."),
    }
}

/// The digits of a field in which people may put blanks and dashes; none if there is anything else,
/// or nothing.
fn digits(typed: &str) -> Option<String> {
    let digits: String = typed
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '-')
        .collect();
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{CardForm, YearMonth, read};

    const NOW: YearMonth = YearMonth {
        year: 2026,
        month: 11,
    };

    fn codes(number: &str, expiry: &str, cvc: &str) -> Vec<String> {
        match read(
            CardForm {
                number,
                expiry,
                cvc,
            },
            NOW,
        ) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.into_iter().map(|error| error.code).collect(),
        }
    }

    #[test]
    fn a_card_is_read_however_people_write_it() {
        for expiry in ["12 / 34", "12/34", "1234", "12/2034", "122034", "11/26"] {
            let card = read(
                CardForm {
                    number: "4242 4242-42424242",
                    expiry,
                    cvc: "123",
                },
                NOW,
            )
            .unwrap();
            assert_eq!(
                (card.name.as_str(), card.last4.as_str()),
                ("visa", "4242"),
                "{expiry}"
            );
        }
        assert!(codes("378282246310005", "1/30", "1234").is_empty());
    }

    #[test]
    fn each_mistake_has_its_code() {
        for (number, expiry, cvc, expected) in [
            ("4242424242424241", "12/34", "123", "incorrect_number"),
            ("4242", "12/34", "123", "incomplete_number"),
            ("", "12/34", "123", "incomplete_number"),
            ("4242x24242424242", "12/34", "123", "invalid_number"),
            ("4242424242424242", "13/34", "123", "invalid_expiry_month"),
            ("4242424242424242", "00/34", "123", "invalid_expiry_month"),
            ("4242424242424242", "10/26", "123", "invalid_expiry_month"),
            ("4242424242424242", "12/25", "123", "invalid_expiry_year"),
            ("4242424242424242", "12/95", "123", "invalid_expiry_year"),
            (
                "4242424242424242",
                "12/99999999999999999999",
                "123",
                "invalid_expiry_year",
            ),
            ("4242424242424242", "12", "123", "incomplete_expiry"),
            ("4242424242424242", "éé", "123", "incomplete_expiry"),
            ("4242424242424242", "12/34", "99", "invalid_cvc"),
            ("4242424242424242", "12/34", "", "incomplete_cvc"),
            ("378282246310005", "12/34", "123", "invalid_cvc"),
        ] {
            assert_eq!(
                codes(number, expiry, cvc),
                [expected],
                "{number} {expiry} {cvc}"
            );
        }
        assert_eq!(codes("", "", "").len(), 3);
    }
}
