//! Test cards: what each number does.

mod form;
mod table;

pub(crate) use self::form::{CardForm, FieldError, read};
pub(crate) use self::table::HELPERS;

use serde::{Deserialize, Serialize};

/// A card as the sandbox remembers it. The number itself is forgotten as soon as it was looked up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Card {
    /// The test card's name, which later decides about refunds and disputes; empty for other
    /// numbers.
    pub(crate) name: String,
    pub(crate) brand: Brand,
    pub(crate) last4: String,
    pub(crate) exp_month: i64,
    pub(crate) exp_year: i64,
    /// The same for the same number, and no way back to it.
    pub(crate) fingerprint: String,
}

/// The network of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Brand {
    Visa,
    Mastercard,
    Amex,
    Discover,
    Diners,
    Jcb,
    UnionPay,
    Unknown,
}

/// All networks that are known.
const NETWORKS: [Brand; 7] = [
    Brand::Visa,
    Brand::Mastercard,
    Brand::Amex,
    Brand::Discover,
    Brand::Diners,
    Brand::Jcb,
    Brand::UnionPay,
];

/// The bank's demand for authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Authentication {
    NotNeeded,
    Required,
}

/// A bank's refusal of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decline {
    pub(crate) code: &'static str,
    pub(crate) decline_code: Option<&'static str>,
    pub(crate) message: &'static str,
    /// The field of the pay page that the message belongs to.
    pub(crate) field: &'static str,
    /// True if it was refused as fraud before the bank was asked.
    pub(crate) blocked: bool,
}

/// One row of the table of test cards.
#[derive(Debug)]
pub(crate) struct TestCard {
    pub(crate) number: &'static str,
    pub(crate) name: &'static str,
    pub(crate) authentication: Authentication,
    /// The decline, after authentication if that is required.
    pub(crate) decline: Option<Decline>,
}

impl Card {
    /// The test card that a token such as `pm_card_visa` or `tok_visa` names, valid for some years.
    pub(crate) fn of_token(token: &str) -> Option<Self> {
        let name = token
            .strip_prefix("pm_card_")
            .or_else(|| token.strip_prefix("tok_"))?;
        let card = table::by_name(name)
            .or_else(|| table::by_name(name.strip_prefix("visa_")?))
            .or_else(|| (name == "us").then(|| table::by_name("visa")).flatten())?;
        Some(form::test_card(card.number))
    }

    /// The bank's demand for authentication. Some cards need no shopper for a payment
    /// `off_session`, if they were `set_up` for it; others can be asked when the merchant has
    /// `wanted` it. Source: Stripe's documentation of test cards.
    pub(crate) fn authentication(
        &self,
        set_up: bool,
        off_session: bool,
        wanted: bool,
    ) -> Authentication {
        match table::by_name(&self.name) {
            Some(card) if off_session && set_up && card.name == "authenticationRequiredOnSetup" => {
                Authentication::NotNeeded
            }
            Some(card)
                if off_session && card.name == "authenticationRequiredSetupForOffSession" =>
            {
                Authentication::NotNeeded
            }
            Some(card) if wanted && card.name == "threeDSecureOptional" => Authentication::Required,
            Some(card) => card.authentication,
            None => Authentication::NotNeeded,
        }
    }

    /// The bank's refusal to have it kept for later payments, if it refuses. Two cards only say no
    /// when they are charged.
    pub(crate) fn decline_of_setup(&self) -> Option<Decline> {
        match self.name.as_str() {
            "chargeCustomerFail" | "authenticationRequiredChargeDeclinedInsufficientFunds" => None,
            _ => self.decline(),
        }
    }

    /// The bank's refusal, if it refuses, after authentication where that is required.
    pub(crate) fn decline(&self) -> Option<Decline> {
        table::by_name(&self.name).map_or(Some(table::LIVE_CARD), |card| card.decline)
    }

    pub(crate) fn country(&self) -> &'static str {
        "US"
    }

    pub(crate) fn funding(&self) -> &'static str {
        match self.name.rsplit_once('_') {
            Some((_, "debit")) => "debit",
            Some((_, "prepaid")) => "prepaid",
            _ => "credit",
        }
    }

    pub(crate) fn cvc_check(&self) -> &'static str {
        match self.name.as_str() {
            "cvcCheckFail" | "chargeDeclinedIncorrectCvc" => "fail",
            _ => "pass",
        }
    }

    /// The postal code is not asked for, so only the card that fails the check has a result.
    pub(crate) fn postal_code_check(&self) -> Option<&'static str> {
        (self.name == "avsZipFail").then_some("fail")
    }
}

impl Brand {
    /// The network by the first digits of a number.
    pub(crate) fn of_number(number: &str) -> Self {
        let prefix = |length: usize| {
            number
                .get(..length)
                .and_then(|digits| digits.parse::<u32>().ok())
                .unwrap_or(0)
        };
        match (prefix(1), prefix(2), prefix(4)) {
            (4, ..) => Self::Visa,
            (_, 34 | 37, _) => Self::Amex,
            (_, 51..=55, _) | (.., 2221..=2720) => Self::Mastercard,
            (_, 30 | 36 | 38 | 39, _) => Self::Diners,
            (_, 35, _) => Self::Jcb,
            (_, 65, _) | (.., 6011) => Self::Discover,
            (_, 62 | 81, _) => Self::UnionPay,
            _ => Self::Unknown,
        }
    }

    /// The name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Visa => "visa",
            Self::Mastercard => "mastercard",
            Self::Amex => "amex",
            Self::Discover => "discover",
            Self::Diners => "diners",
            Self::Jcb => "jcb",
            Self::UnionPay => "unionpay",
            Self::Unknown => "unknown",
        }
    }

    /// The network with this name on the wire.
    pub(crate) fn named(name: &str) -> Self {
        NETWORKS
            .into_iter()
            .find(|brand| brand.name() == name)
            .unwrap_or(Self::Unknown)
    }

    /// The name for people. A card of no network that is known is just that.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Visa => "Visa",
            Self::Mastercard => "Mastercard",
            Self::Amex => "American Express",
            Self::Discover => "Discover",
            Self::Diners => "Diners Club",
            Self::Jcb => "JCB",
            Self::UnionPay => "UnionPay",
            Self::Unknown => "Card",
        }
    }

    /// The name by which a merchant blocks it, in which some are one.
    pub(crate) fn network(self) -> &'static str {
        match self {
            Self::Visa => "visa",
            Self::Mastercard => "mastercard",
            Self::Amex => "american_express",
            Self::Discover | Self::Diners | Self::Jcb | Self::UnionPay => "discover_global_network",
            Self::Unknown => "unknown",
        }
    }

    /// The number of digits of the security code.
    pub(crate) fn cvc_length(self) -> usize {
        if self == Self::Amex { 4 } else { 3 }
    }
}

impl Decline {
    /// The reason as a charge's `outcome` tells it.
    pub(crate) fn reason(&self) -> &'static str {
        self.decline_code.unwrap_or(self.code)
    }
}
