use domain::order::PaymentFact;
use serde_json::Value;

use super::SessionEvent;
use super::object::Incomplete;
use crate::session::SessionObject;

/// Parses `checkout.session.{what}`.
pub(super) fn parse(object: &Value, what: &str) -> Result<Option<SessionEvent>, Incomplete> {
    let session = SessionObject::parse(object)?;
    // Sessions that save a card or sell a subscription are another integration's, and may have no
    // amount.
    if !session.is_payment() {
        return Ok(None);
    }
    let session_id = session.id.clone();
    let client_reference_id = session.client_reference_id.clone();
    let order_number = session.order_number();
    let mark = session.mark();
    let fact = match what {
        "completed" => session.completed()?.ok_or(Incomplete("payment_status"))?,
        "async_payment_succeeded" => PaymentFact::Captured(session.report()?),
        "async_payment_failed" => PaymentFact::Failed,
        "expired" => PaymentFact::Expired,
        _ => return Ok(None),
    };
    Ok(Some(SessionEvent {
        session_id,
        client_reference_id,
        order_number,
        mark,
        fact,
    }))
}
