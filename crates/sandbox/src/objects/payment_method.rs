//! The payment method: a card or a bank account with who holds it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::checkout_session::Shopper;
use super::object::Object;
use crate::cards::{Card, Decline};
use crate::debits::{Account, Scheme};
use crate::ids;

object_type! {
    /// A payment method: a card or a bank account with who holds it.
    PaymentMethod = "payment_method";
}

/// The instrument that is charged: a card or a bank account. Of the number only the last four
/// digits are kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Instrument {
    Card(Card),
    Debit(Account),
}

impl PaymentMethod {
    /// A payment method of who pays. `now` is in Unix seconds.
    pub(crate) fn create(instrument: &Instrument, customer: &Shopper, now: i64) -> Self {
        let kind = instrument.kind();
        let mut method = Self(Object::new(json!({
            "id": ids::object("pm"),
            "object": "payment_method",
            "allow_redisplay": "unspecified",
            "billing_details": billing_details(customer),
            "created": now,
            "customer": null,
            "customer_account": null,
            "livemode": false,
            "metadata": {},
            "type": kind,
        })));
        method.set(kind, details(instrument));
        method.set_private("instrument", json!(instrument));
        method
    }

    /// The instrument that a payment method charges.
    pub(crate) fn instrument(&self) -> Option<Instrument> {
        Instrument::deserialize(&self.private()["instrument"]).ok()
    }

    /// The bank knows that it is kept for later payments.
    pub(crate) fn set_up(&mut self) {
        self.set_private("set_up", true);
    }

    /// True if it was set up for later payments, by a setup intent or by a payment.
    pub(crate) fn is_set_up(&self) -> bool {
        self.private()["set_up"] == true
    }
}

/// The checks of the card's bank on the security code and the address.
pub(crate) fn checks(card: &Card) -> Value {
    json!({
        "address_line1_check": null,
        "address_postal_code_check": card.postal_code_check(),
        "cvc_check": card.cvc_check(),
    })
}

/// An address of which nothing is known.
pub(crate) fn no_address() -> Value {
    json!({
        "city": null, "country": null, "line1": null, "line2": null, "postal_code": null, "state": null,
    })
}

impl Instrument {
    /// The payment method type on the wire.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Card(_) => "card",
            Self::Debit(account) => account.scheme.name(),
        }
    }

    /// The instrument that a token of Stripe's names, such as `pm_card_visa` or
    /// `pm_usBankAccount_success`.
    pub(crate) fn of_token(token: &str) -> Option<Self> {
        Card::of_token(token)
            .map(Self::Card)
            .or_else(|| Account::of_token(token).map(Self::Debit))
    }

    /// The bank's refusal, if it will refuse.
    pub(crate) fn decline(&self) -> Option<Decline> {
        match self {
            Self::Card(card) => card.decline(),
            Self::Debit(account) => account.fate(),
        }
    }
}

/// The holder.
fn billing_details(customer: &Shopper) -> Value {
    json!({
        "address": if customer.address.is_null() { no_address() } else { customer.address.clone() },
        "email": if customer.email.is_empty() { Value::Null } else { json!(customer.email) },
        "name": customer.name,
        "phone": customer.phone,
        "tax_id": null,
    })
}

fn details(instrument: &Instrument) -> Value {
    match instrument {
        Instrument::Card(card) => json!({
            "brand": card.brand.name(),
            "checks": checks(card),
            "country": card.country(),
            "display_brand": card.brand.name(),
            "exp_month": card.exp_month,
            "exp_year": card.exp_year,
            "fingerprint": card.fingerprint,
            "funding": card.funding(),
            "generated_from": null,
            "last4": card.last4,
            "networks": { "available": [card.brand.name()], "preferred": null },
            "regulated_status": "unregulated",
            "three_d_secure_usage": { "supported": true },
            "wallet": null,
        }),
        Instrument::Debit(account) => match account.scheme {
            Scheme::UsBankAccount => json!({
                "account_holder_type": "individual",
                "account_type": "checking",
                "bank_name": "STRIPE TEST BANK",
                "financial_connections_account": null,
                "fingerprint": account.fingerprint,
                "last4": account.last4,
                "networks": { "preferred": "ach", "supported": ["ach"] },
                "routing_number": account.bank,
                "status_details": {},
            }),
            Scheme::SepaDebit => json!({
                "bank_code": account.bank,
                "branch_code": "",
                "country": account.country,
                "fingerprint": account.fingerprint,
                "generated_from": { "charge": null, "setup_attempt": null },
                "last4": account.last4,
            }),
        },
    }
}
