use domain::order::{Payment, PaymentFact};
use serde::Deserialize;
use serde_json::Value;

use super::SessionNews;
use super::object::{Incomplete, Reference, money};

#[derive(Deserialize)]
struct Session {
    id: String,
    mode: Option<String>,
    client_reference_id: Option<String>,
    payment_status: Option<String>,
    amount_total: Option<i64>,
    currency: Option<String>,
    payment_intent: Option<Reference>,
    customer_details: Option<CustomerDetails>,
    customer_email: Option<String>,
}

#[derive(Deserialize)]
struct CustomerDetails {
    email: Option<String>,
}

/// What `checkout.session.{what}` says.
pub(super) fn news(object: &Value, what: &str) -> Result<Option<SessionNews>, Incomplete> {
    let session = Session::deserialize(object).map_err(|_| Incomplete("data.object"))?;
    // Sessions that save a card or sell a subscription are another integration's, and may have no amount.
    if session
        .mode
        .as_deref()
        .is_some_and(|mode| mode != "payment")
    {
        return Ok(None);
    }
    let session_id = session.id.clone();
    let client_reference_id = session.client_reference_id.clone();
    let fact = match what {
        "completed" => match session.payment_status.as_deref() {
            Some("paid" | "no_payment_required") => PaymentFact::Paid(session.payment()?),
            Some("unpaid") => PaymentFact::Unpaid(session.payment()?),
            _ => return Err(Incomplete("payment_status")),
        },
        "async_payment_succeeded" => PaymentFact::AsyncPaymentSucceeded(session.payment()?),
        "async_payment_failed" => PaymentFact::AsyncPaymentFailed,
        "expired" => PaymentFact::Expired,
        _ => return Ok(None),
    };
    Ok(Some(SessionNews {
        session_id,
        client_reference_id,
        fact,
    }))
}

impl Session {
    fn payment(self) -> Result<Payment, Incomplete> {
        Ok(Payment {
            total: money(
                ("amount_total", self.amount_total),
                self.currency.as_deref(),
            )?,
            payment_intent_id: self.payment_intent.map(Reference::into_id),
            email: self
                .customer_details
                .and_then(|details| details.email)
                .or(self.customer_email),
        })
    }
}
