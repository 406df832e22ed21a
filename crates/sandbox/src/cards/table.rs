//! The numbers that Stripe documents for testing, and what happens to each.

use super::{Authentication, Decline, TestCard};

/// The card that the pay page offers for each thing one may want to see.
pub(crate) const HELPERS: &[(&str, &str)] = &[
    ("4242 4242 4242 4242", "Succeeds"),
    ("4000 0027 6000 3184", "Asks for 3-D Secure"),
    ("4000 0000 0000 0002", "Is declined"),
    ("4000 0000 0000 9995", "Has insufficient funds"),
    ("4000 0000 0000 0069", "Has expired"),
    ("4000 0000 0000 0127", "Has a wrong CVC"),
    ("4000 0082 6000 3178", "3-D Secure, then declined"),
    ("4000 0000 0000 0259", "Succeeds, disputed later"),
];

/// The decline of a real card.
pub(super) const LIVE_CARD: Decline = decline(
    "card_declined",
    Some("test_mode_live_card"),
    "Your card was declined. Your request was in test mode, but used a non test card.",
);

const DECLINED: &str = "Your card was declined.";
const GENERIC: Decline = decline("card_declined", Some("generic_decline"), DECLINED);
const INSUFFICIENT: Decline = decline(
    "card_declined",
    Some("insufficient_funds"),
    "Your card has insufficient funds.",
);
const EXPIRED: Decline = Decline {
    field: "cardExpiry",
    ..decline("expired_card", None, "Your card has expired.")
};
const WRONG_CVC: Decline = Decline {
    field: "cardCvc",
    ..decline(
        "incorrect_cvc",
        None,
        "Your card's security code is incorrect.",
    )
};
const PROCESSING: Decline = decline(
    "processing_error",
    None,
    "An error occurred while processing your card. Try again in a little bit.",
);
const FRAUD: Decline = Decline {
    blocked: true,
    ..decline("card_declined", Some("fraudulent"), DECLINED)
};

static CARDS: &[TestCard] = &[
    paid("4242424242424242", "visa"),
    paid("4000056655665556", "visa_debit"),
    paid("5555555555554444", "mastercard"),
    paid("2223003122003222", "mastercard_2series"),
    paid("5200828282828210", "mastercard_debit"),
    paid("5105105105105100", "mastercard_prepaid"),
    paid("378282246310005", "amex"),
    paid("371449635398431", "amex_second"),
    paid("6011111111111117", "discover"),
    paid("3056930009020004", "diners"),
    paid("36227206271667", "diners_14digits"),
    paid("3566002020360505", "jcb"),
    paid("6200000000000005", "unionpay"),
    declined("4000000000000002", "chargeDeclined", GENERIC),
    declined(
        "4000000000009995",
        "chargeDeclinedInsufficientFunds",
        INSUFFICIENT,
    ),
    declined(
        "4000000000009987",
        "chargeDeclinedLostCard",
        decline("card_declined", Some("lost_card"), DECLINED),
    ),
    declined(
        "4000000000009979",
        "chargeDeclinedStolenCard",
        decline("card_declined", Some("stolen_card"), DECLINED),
    ),
    declined(
        "4000000000006975",
        "chargeDeclinedVelocityLimitExceeded",
        decline(
            "card_declined",
            Some("card_velocity_exceeded"),
            "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
        ),
    ),
    declined("4000000000000069", "chargeDeclinedExpiredCard", EXPIRED),
    declined("4000000000000127", "chargeDeclinedIncorrectCvc", WRONG_CVC),
    declined(
        "4000000000000119",
        "chargeDeclinedProcessingError",
        PROCESSING,
    ),
    declined("4100000000000019", "radarBlock", FRAUD),
    declined("4000000000000341", "chargeCustomerFail", GENERIC),
    paid("4000000000000101", "cvcCheckFail"),
    paid("4000000000000036", "avsZipFail"),
    authenticated("4000002500003155", "authenticationRequiredOnSetup", None),
    authenticated(
        "4000003800000446",
        "authenticationRequiredSetupForOffSession",
        None,
    ),
    authenticated("4000002760003184", "authenticationRequired", None),
    authenticated("4000000000003220", "threeDSecure2Required", None),
    authenticated("4000000000003063", "threeDSecureRequired", None),
    authenticated(
        "4000008260003178",
        "authenticationRequiredChargeDeclinedInsufficientFunds",
        Some(INSUFFICIENT),
    ),
    authenticated(
        "4000008400001629",
        "threeDSecureRequiredChargeDeclined",
        Some(GENERIC),
    ),
    paid("4000000000003055", "threeDSecureOptional"),
    paid("4000000000000077", "bypassPending"),
    paid("4000000000000259", "createDispute"),
    paid("4000000000002685", "createDisputeProductNotReceived"),
    paid("4000000000001976", "createDisputeInquiry"),
    paid("4000000000005423", "createIssuerFraudRecord"),
    paid("4000000000007726", "pendingRefund"),
    paid("4000000000005126", "refundFail"),
];

pub(super) fn by_number(number: &str) -> Option<&'static TestCard> {
    CARDS.iter().find(|card| card.number == number)
}

pub(super) fn by_name(name: &str) -> Option<&'static TestCard> {
    CARDS.iter().find(|card| card.name == name)
}

const fn paid(number: &'static str, name: &'static str) -> TestCard {
    TestCard {
        number,
        name,
        authentication: Authentication::NotNeeded,
        decline: None,
    }
}

const fn declined(number: &'static str, name: &'static str, decline: Decline) -> TestCard {
    TestCard {
        number,
        name,
        authentication: Authentication::NotNeeded,
        decline: Some(decline),
    }
}

const fn authenticated(
    number: &'static str,
    name: &'static str,
    decline: Option<Decline>,
) -> TestCard {
    TestCard {
        number,
        name,
        authentication: Authentication::Required,
        decline,
    }
}

const fn decline(
    code: &'static str,
    decline_code: Option<&'static str>,
    message: &'static str,
) -> Decline {
    Decline {
        code,
        decline_code,
        message,
        field: "cardNumber",
        blocked: false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::form::passes_luhn;
    use super::{CARDS, HELPERS, by_number};

    #[test]
    fn every_test_card_is_a_valid_number_with_a_name_of_its_own() {
        for (position, card) in CARDS.iter().enumerate() {
            assert!(passes_luhn(card.number), "{}", card.number);
            assert!(
                CARDS[..position]
                    .iter()
                    .all(|other| other.name != card.name && other.number != card.number)
            );
        }
    }

    #[test]
    fn the_cards_offered_on_the_pay_page_exist() {
        for (number, _) in HELPERS {
            assert!(by_number(&number.replace(' ', "")).is_some(), "{number}");
        }
    }
}
