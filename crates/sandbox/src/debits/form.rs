//! Reading a bank account as the shopper typed it.

use sha2::{Digest, Sha256};

use super::table::{self, TestAccount};
use super::{Account, Scheme};
use crate::cards::FieldError;

const NOT_FOR_TESTS: &str =
    "You must use a test bank account number in test mode. Try one of those below.";

/// Reads an account in the United States, or tells everything that is wrong with it.
pub(crate) fn read_us(routing_number: &str, number: &str) -> Result<Account, Vec<FieldError>> {
    let (routing, account) = (compact(routing_number), compact(number));
    let mut errors = Vec::new();
    if routing.is_empty() {
        errors.push(missing("routingNumber"));
    } else if !is_routing_number(&routing) {
        errors.push(FieldError::new(
            "routingNumber",
            "routing_number_invalid",
            "Your routing number is invalid.",
        ));
    }
    let known = table::by_number(Scheme::UsBankAccount, &account);
    if account.is_empty() {
        errors.push(missing("accountNumber"));
    } else if known.is_none() {
        errors.push(FieldError::new(
            "accountNumber",
            "account_number_invalid",
            NOT_FOR_TESTS,
        ));
    }
    match known {
        Some(known) if errors.is_empty() => Ok(us_account(known, &routing)),
        _ => Err(errors),
    }
}

/// Reads an IBAN, or tells what is wrong with it.
pub(crate) fn read_sepa(iban: &str) -> Result<Account, Vec<FieldError>> {
    let iban = compact(iban).to_uppercase();
    let error = |code, message| Err(vec![FieldError::new("iban", code, message)]);
    if iban.is_empty() {
        return Err(vec![missing("iban")]);
    }
    if !is_iban(&iban) {
        return error("invalid_bank_account_iban", "Your IBAN is invalid.");
    }
    match table::by_number(Scheme::SepaDebit, &iban) {
        None => error("bank_account_unusable", NOT_FOR_TESTS),
        // An IBAN is two letters of the country, two check digits, and then the bank's code; here
        // it has eight places.
        Some(known) => Ok(account(known, &iban[4..12], &iban[..2])),
    }
}

/// A test account in the United States.
pub(super) fn us_account(known: &TestAccount, routing_number: &str) -> Account {
    account(known, routing_number, "US")
}

/// Checks the check digits of an IBAN: its letters as numbers leave 1 when divided by 97.
pub(super) fn is_iban(iban: &str) -> bool {
    if !(15..=34).contains(&iban.len()) || !iban.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return false;
    }
    let rotated = iban[4..].chars().chain(iban[..4].chars());
    let rest = rotated
        .filter_map(|letter| letter.to_digit(36))
        .fold(0, |rest, value| {
            let shifted = if value < 10 { rest * 10 } else { rest * 100 };
            (shifted + value) % 97
        });
    rest == 1
}

/// Nine digits whose weighted sum ends in 0.
fn is_routing_number(number: &str) -> bool {
    let weights = [3, 7, 1].iter().cycle();
    let digits: Option<Vec<u32>> = number.chars().map(|digit| digit.to_digit(10)).collect();
    digits.is_some_and(|digits| {
        let sum: u32 = digits
            .iter()
            .zip(weights)
            .map(|(digit, weight)| digit * weight)
            .sum();
        digits.len() == 9 && sum.is_multiple_of(10)
    })
}

fn account(known: &TestAccount, bank: &str, country: &str) -> Account {
    let digest = Sha256::digest(format!("sandbox account {}", known.number));
    Account {
        scheme: known.scheme,
        name: known.name.to_owned(),
        bank: bank.to_owned(),
        country: country.to_owned(),
        last4: known.number[known.number.len() - 4..].to_owned(),
        fingerprint: digest
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect(),
    }
}

/// Without the blanks and dashes that people put in.
fn compact(typed: &str) -> String {
    typed
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '-')
        .collect()
}

fn missing(field: &'static str) -> FieldError {
    FieldError::new(field, "parameter_missing", "Required")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{read_sepa, read_us};

    #[test]
    fn accounts_are_read_however_people_write_them() {
        let us = read_us(" 110-000-000", "0001 2345 6789").unwrap();
        assert_eq!((us.bank.as_str(), us.last4.as_str()), ("110000000", "6789"));
        assert!(us.fate().is_none());
        let sepa = read_sepa("de62 3704 0044 0532 0130 01").unwrap();
        assert_eq!(
            (sepa.country.as_str(), sepa.bank.as_str()),
            ("DE", "37040044")
        );
        assert!(sepa.fate().is_some());
    }

    #[test]
    fn each_mistake_is_reported_at_its_field() {
        for (routing, number, fields) in [
            ("", "", vec!["routingNumber", "accountNumber"]),
            ("110000001", "000123456789", vec!["routingNumber"]),
            ("11000000", "000123456789", vec!["routingNumber"]),
            ("é10000000", "000123456789", vec!["routingNumber"]),
            ("110000000", "1234", vec!["accountNumber"]),
        ] {
            let errors = read_us(routing, number).unwrap_err();
            let refused: Vec<_> = errors.iter().map(|error| error.field.as_ref()).collect();
            assert_eq!(refused, fields, "{routing} {number}");
        }
        for (iban, code) in [
            ("", "parameter_missing"),
            ("DE00370400440532013000", "invalid_bank_account_iban"),
            ("ééééééééé", "invalid_bank_account_iban"),
            ("GB33BUKB20201555555555", "bank_account_unusable"),
        ] {
            assert_eq!(read_sepa(iban).unwrap_err()[0].code, code, "{iban}");
        }
    }
}
