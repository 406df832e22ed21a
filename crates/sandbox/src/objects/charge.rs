//! The charge: one attempt to take money from a card.

use serde_json::{Value, json};

use super::Object;
use super::payment_method::{billing_details, checks};
use super::session::Customer;
use crate::cards::{Card, Decline};
use crate::ids;

/// How many refunds a charge shows; the list of refunds has them all.
const REFUNDS_SHOWN: usize = 10;

/// What a charge is made of.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    pub(crate) intent: &'a Object,
    pub(crate) payment_method: &'a Object,
    pub(crate) card: &'a Card,
    pub(crate) customer: &'a Customer,
    /// Whether the shopper has authenticated with the bank.
    pub(crate) authenticated: bool,
    /// Why the bank refuses, if it does.
    pub(crate) decline: Option<&'a Decline>,
    /// Unix seconds.
    pub(crate) now: i64,
}

/// Makes the charge of an attempt, succeeded or failed.
pub(crate) fn create(attempt: &Attempt<'_>) -> Object {
    let intent = attempt.intent;
    let paid = attempt.decline.is_none();
    let amount = intent.integer("amount");
    let id = ids::object("ch");
    let refunds = json!({ "object": "list", "data": [], "has_more": false, "url": format!("/v1/charges/{id}/refunds") });
    let mut charge = Object::new(json!({
        "id": id,
        "object": "charge",
        "amount": amount,
        "amount_captured": if paid { amount } else { 0 },
        "amount_refunded": 0,
        "application": null,
        "application_fee": null,
        "application_fee_amount": null,
        "balance_transaction": null,
        "billing_details": billing_details(attempt.customer),
        "calculated_statement_descriptor": "SANDBOX",
        "captured": paid,
        "created": attempt.now,
        "currency": intent.text("currency"),
        "customer": null,
        "description": intent.get("description"),
        "disputed": false,
        "failure_balance_transaction": null,
        "failure_code": attempt.decline.map(|decline| decline.code),
        "failure_message": attempt.decline.map(|decline| decline.message),
        "fraud_details": {},
        "livemode": false,
        "metadata": intent.get("metadata"),
        "on_behalf_of": null,
        "outcome": outcome(attempt.decline),
        "paid": paid,
        "payment_intent": intent.id(),
        "payment_method": attempt.payment_method.id(),
        "payment_method_details": { "card": card_details(attempt, amount), "type": "card" },
        "radar_options": {},
        "receipt_email": intent.get("receipt_email"),
        "receipt_number": null,
        "receipt_url": null,
        "refunded": false,
        "refunds": refunds,
        "review": null,
        "shipping": null,
        "source_transfer": null,
        "statement_descriptor": intent.get("statement_descriptor"),
        "statement_descriptor_suffix": intent.get("statement_descriptor_suffix"),
        "status": if paid { "succeeded" } else { "failed" },
        "transfer_data": null,
        "transfer_group": intent.get("transfer_group"),
    }));
    // Some test cards decide what happens later, to a refund or by a dispute.
    charge.set_private("test_card", attempt.card.name.as_str());
    charge
}

/// What can still be refunded, in minor units.
pub(crate) fn refundable(charge: &Object) -> i64 {
    charge.integer("amount_captured") - charge.integer("amount_refunded")
}

/// Gives `amount` minor units back with a refund; a negative amount undoes one that failed.
pub(crate) fn refund(charge: &mut Object, refund: &Object, amount: i64) {
    let refunded = charge.integer("amount_refunded") + amount;
    charge.set("amount_refunded", refunded);
    charge.set("refunded", refunded > 0 && refundable(charge) == 0);
    keep_refund(charge, refund);
}

/// Shows a refund as it is now among the charge's newest ones.
pub(crate) fn keep_refund(charge: &mut Object, refund: &Object) {
    let mut list = charge.get("refunds").clone();
    let Some(shown) = list["data"].as_array_mut() else {
        return;
    };
    match shown.iter_mut().find(|other| other["id"] == refund.id()) {
        Some(place) => *place = refund.body().clone(),
        None => shown.insert(0, refund.body().clone()),
    }
    if shown.len() > REFUNDS_SHOWN {
        shown.truncate(REFUNDS_SHOWN);
        list["has_more"] = json!(true);
    }
    charge.set("refunds", list);
}

fn card_details(attempt: &Attempt<'_>, amount: i64) -> Value {
    let card = attempt.card;
    json!({
        "amount_authorized": if attempt.decline.is_none() { Value::from(amount) } else { Value::Null },
        "authorization_code": if attempt.decline.is_none() { Value::from("123456") } else { Value::Null },
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
    })
}

fn three_d_secure() -> Value {
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

fn outcome(decline: Option<&Decline>) -> Value {
    let Some(decline) = decline else {
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
