//! The account numbers that Stripe documents for testing, and what happens to each.

use super::Scheme;
use crate::cards::Decline;

/// The routing number of the test bank.
pub(super) const ROUTING_NUMBER: &str = "110000000";

/// The numbers that the pay page offers, with what they do.
pub(crate) const HELPERS: &[(Scheme, &str, &str)] = &[
    (Scheme::UsBankAccount, "000123456789", "Succeeds later"),
    (
        Scheme::UsBankAccount,
        "000222222227",
        "Fails later: insufficient funds",
    ),
    (
        Scheme::UsBankAccount,
        "000111111113",
        "Fails later: account closed",
    ),
    (
        Scheme::SepaDebit,
        "DE89 3704 0044 0532 0130 00",
        "Succeeds later",
    ),
    (
        Scheme::SepaDebit,
        "DE62 3704 0044 0532 0130 01",
        "Fails later",
    ),
];

/// One row of the table of test accounts.
#[derive(Debug)]
pub(super) struct TestAccount {
    pub(super) scheme: Scheme,
    pub(super) number: &'static str,
    pub(super) name: &'static str,
    pub(super) failure: Option<Decline>,
}

const CLOSED: Decline = failed(
    "account_closed",
    "The customer's bank account has been closed.",
);
const NO_ACCOUNT: Decline = failed(
    "no_account",
    "The customer's bank account could not be located.",
);
const INSUFFICIENT: Decline = failed(
    "insufficient_funds",
    "The customer's account has insufficient funds to cover this payment.",
);
const NOT_AUTHORIZED: Decline = failed(
    "debit_not_authorized",
    "The customer has notified their bank that this payment was unauthorized.",
);
const GENERIC: Decline = failed("generic_decline", "The payment was declined by the bank.");

static ACCOUNTS: &[TestAccount] = &[
    us("000123456789", "success", None),
    us("000111111113", "accountClosed", Some(CLOSED)),
    us("000111111116", "noAccount", Some(NO_ACCOUNT)),
    us("000222222227", "insufficientFunds", Some(INSUFFICIENT)),
    us("000333333335", "debitNotAuthorized", Some(NOT_AUTHORIZED)),
    sepa("DE89370400440532013000", None),
    sepa("DE08370400440532013003", None),
    sepa("DE62370400440532013001", Some(GENERIC)),
    sepa("DE78370400440532013004", Some(GENERIC)),
    sepa("AT611904300234573201", None),
    sepa("AT321904300235473204", None),
    sepa("AT861904300235473202", Some(GENERIC)),
    sepa("AT051904300235473205", Some(GENERIC)),
    sepa("IT40S0542811101000000123456", None),
    sepa("IT60X0542811101000000123456", Some(GENERIC)),
    sepa("FR1420041010050500013M02606", None),
    sepa("NL39RABO0300065264", None),
];

/// The failure of a debit that is made to fail.
pub(crate) fn failure(scheme: Scheme) -> Decline {
    match scheme {
        Scheme::UsBankAccount => INSUFFICIENT,
        Scheme::SepaDebit => GENERIC,
    }
}

pub(super) fn by_number(scheme: Scheme, number: &str) -> Option<&'static TestAccount> {
    ACCOUNTS
        .iter()
        .find(|account| account.scheme == scheme && account.number == number)
}

pub(super) fn by_name(scheme: Scheme, name: &str) -> Option<&'static TestAccount> {
    ACCOUNTS
        .iter()
        .find(|account| account.scheme == scheme && account.name == name)
}

const fn us(number: &'static str, name: &'static str, failure: Option<Decline>) -> TestAccount {
    TestAccount {
        scheme: Scheme::UsBankAccount,
        number,
        name,
        failure,
    }
}

/// These have no names but their numbers.
const fn sepa(number: &'static str, failure: Option<Decline>) -> TestAccount {
    TestAccount {
        scheme: Scheme::SepaDebit,
        number,
        name: number,
        failure,
    }
}

const fn failed(code: &'static str, message: &'static str) -> Decline {
    Decline {
        code,
        decline_code: None,
        message,
        field: "accountNumber",
        blocked: false,
    }
}

#[cfg(test)]
mod tests {
    use super::{ACCOUNTS, HELPERS, Scheme, by_number};
    use crate::debits::form::is_iban;

    #[test]
    fn every_test_account_has_a_valid_number_and_a_name_of_its_own() {
        for (position, account) in ACCOUNTS.iter().enumerate() {
            assert!(account.scheme == Scheme::UsBankAccount || is_iban(account.number));
            assert!(
                ACCOUNTS[..position]
                    .iter()
                    .all(|other| other.name != account.name && other.number != account.number)
            );
        }
    }

    #[test]
    fn the_accounts_offered_on_the_pay_page_exist() {
        for (scheme, number, _) in HELPERS {
            assert!(
                by_number(*scheme, &number.replace(' ', "")).is_some(),
                "{number}"
            );
        }
    }
}
