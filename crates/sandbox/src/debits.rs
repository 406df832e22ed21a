//! Bank accounts that are debited, which takes days in the world and a minute here: the test
//! numbers and what becomes of each.

mod form;
mod table;

pub(crate) use self::form::{read_sepa, read_us};
pub(crate) use self::table::{HELPERS, failure};

use serde::{Deserialize, Serialize};

use crate::cards::Decline;

/// The kind of bank account, each with a payment method type of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Scheme {
    UsBankAccount,
    SepaDebit,
}

/// A bank account as the sandbox remembers it. The number itself is forgotten as soon as it was
/// looked up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) scheme: Scheme,
    /// The test account's name, which decides what becomes of a debit.
    pub(crate) name: String,
    /// The routing number in the United States, the bank's code in Europe.
    pub(crate) bank: String,
    /// Two letters.
    pub(crate) country: String,
    pub(crate) last4: String,
    /// The same for the same number, and no way back to it.
    pub(crate) fingerprint: String,
}

impl Scheme {
    /// The name of the payment method type on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::UsBankAccount => "us_bank_account",
            Self::SepaDebit => "sepa_debit",
        }
    }

    /// The scheme with this name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        [Self::UsBankAccount, Self::SepaDebit]
            .into_iter()
            .find(|scheme| scheme.name() == name)
    }

    /// The scheme that can take this currency.
    pub(crate) fn of_currency(code: &str) -> Option<Self> {
        match code {
            "usd" => Some(Self::UsBankAccount),
            "eur" => Some(Self::SepaDebit),
            _ => None,
        }
    }

    /// The name that shoppers know.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::UsBankAccount => "US bank account",
            Self::SepaDebit => "SEPA Direct Debit",
        }
    }
}

impl Account {
    /// The failure of a debit, if it will fail.
    pub(crate) fn fate(&self) -> Option<Decline> {
        table::by_name(self.scheme, &self.name).and_then(|account| account.failure)
    }

    /// The test account with this name, as `pm_usBankAccount_success` names one.
    pub(crate) fn of_token(token: &str) -> Option<Self> {
        let name = token.strip_prefix("pm_usBankAccount_")?;
        let known = table::by_name(Scheme::UsBankAccount, name)?;
        Some(form::us_account(known, table::ROUTING_NUMBER))
    }
}
