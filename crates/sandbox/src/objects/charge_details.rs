//! The members of a charge about its payment method and the bank's decision.

use serde_json::{Value, json};

use super::charge_attempt::{Attempt, Course};
use super::payment_method::{Instrument, checks};
use crate::cards::{Card, Decline};
use crate::debits::{Account, Scheme};

/// The account's name on statements.
const ACCOUNT: &str = "SANDBOX";

const STATEMENT_LENGTH: usize = 22;

/// The `payment_method_details` of an attempt over `amount` minor units.
pub(super) fn payment_method_details(attempt: &Attempt<'_>, amount: i64) -> Value {
    let kind = attempt.instrument.kind();
    let details = match attempt.instrument {
        Instrument::Card(card) => card_details(attempt, card, amount),
        Instrument::Debit(account) => account_details(account),
    };
    let mut all = json!({ "type": kind });
    all[kind] = details;
    all
}

/// The text of the shopper's statement, of 22 characters at most: the account's name with the
/// suffix of a card payment, or what was said for other kinds.
pub(super) fn statement_descriptor(attempt: &Attempt<'_>) -> String {
    let said = |member: &str| attempt.intent.get(member).as_str();
    let text = match (attempt.instrument, said("statement_descriptor_suffix")) {
        (Instrument::Card(_), Some(suffix)) => format!("{ACCOUNT}* {suffix}"),
        (Instrument::Card(_), None) => ACCOUNT.to_owned(),
        (Instrument::Debit(_), _) => said("statement_descriptor").unwrap_or(ACCOUNT).to_owned(),
    };
    text.chars().take(STATEMENT_LENGTH).collect()
}

/// The `outcome` of an attempt.
pub(super) fn outcome(course: Course<'_>) -> Value {
    let Course::Declined(decline) = course else {
        return json!({
            "advice_code": null,
            "network_advice_code": null,
            "network_decline_code": null,
            "network_status": "approved_by_network",
            "reason": null,
            "risk_level": "normal",
            "risk_score": 7,
            "seller_message": "Payment complete.",
            "type": "authorized",
        });
    };
    refused(decline)
}

/// The `outcome` of an attempt that the bank or the fraud check refused.
pub(super) fn refused(decline: &Decline) -> Value {
    json!({
        "advice_code": null,
        "network_advice_code": null,
        "network_decline_code": null,
        "network_status": if decline.blocked { "not_sent_to_network" } else { "declined_by_network" },
        "reason": if decline.blocked { "highest_risk_level" } else { decline.reason() },
        "risk_level": if decline.blocked { "highest" } else { "normal" },
        "risk_score": if decline.blocked { 92 } else { 7 },
        "seller_message": if decline.blocked {
            "Stripe blocked this payment as too risky."
        } else {
            "The bank did not return any further details with this decline."
        },
        "type": if decline.blocked { "blocked" } else { "issuer_declined" },
    })
}

fn card_details(attempt: &Attempt<'_>, card: &Card, amount: i64) -> Value {
    let approved = !matches!(attempt.course, Course::Declined(_));
    let mut details = json!({
        "amount_authorized": approved.then_some(amount),
        "authorization_code": approved.then_some("123456"),
        "brand": card.brand.name(),
        "checks": checks(card),
        "country": card.country(),
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
        "extended_authorization": { "status": "disabled" },
        "fingerprint": card.fingerprint,
        "funding": card.funding(),
        "incremental_authorization": { "status": "unavailable" },
        "installments": null,
        "last4": card.last4,
        "mandate": null,
        "multicapture": { "status": "unavailable" },
        "network": card.brand.name(),
        "network_token": { "used": false },
        "network_transaction_id": null,
        "overcapture": { "maximum_amount_capturable": amount, "status": "unavailable" },
        "regulated_status": "unregulated",
        "three_d_secure": attempt.authenticated.then(three_d_secure),
        "transaction_link_id": null,
        "wallet": null,
    });
    if let Course::Authorized { capture_before } = attempt.course {
        details["capture_before"] = json!(capture_before);
    }
    details
}

/// The result of a 3-D Secure authentication that was passed.
pub(super) fn three_d_secure() -> Value {
    json!({
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": null,
        "result": "authenticated",
        "result_reason": null,
        "transaction_id": null,
        "version": "2.2.0",
    })
}

fn account_details(account: &Account) -> Value {
    match account.scheme {
        Scheme::UsBankAccount => json!({
            "account_holder_type": "individual",
            "account_type": "checking",
            "bank_name": "STRIPE TEST BANK",
            "fingerprint": account.fingerprint,
            "last4": account.last4,
            "payment_reference": null,
            "routing_number": account.bank,
        }),
        Scheme::SepaDebit => json!({
            "bank_code": account.bank,
            "branch_code": "",
            "country": account.country,
            "fingerprint": account.fingerprint,
            "last4": account.last4,
            "mandate": null,
        }),
    }
}
