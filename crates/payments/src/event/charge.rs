use domain::id::OrderId;
use serde::Deserialize;
use serde_json::Value;

use super::ChargeEvent;
use super::object::{Incomplete, Reference, metadata_text, money};

#[derive(Deserialize)]
struct Charge {
    payment_intent: Option<Reference>,
    amount_refunded: Option<i64>,
    currency: Option<String>,
    #[serde(default)]
    metadata: Value,
}

/// Parses `charge.refunded`. Stripe copies the `metadata` of the PaymentIntent to its charge.
pub(super) fn parse(object: &Value) -> Result<ChargeEvent, Incomplete> {
    let charge = Charge::deserialize(object).map_err(|_| Incomplete("data.object"))?;
    Ok(ChargeEvent {
        payment_reference: charge.payment_intent.map(Reference::into_id),
        order_id: metadata_text(&charge.metadata, "order_id")
            .and_then(|id| OrderId::parse(id).ok()),
        amount_refunded: money(
            ("amount_refunded", charge.amount_refunded),
            charge.currency.as_deref(),
        )?,
    })
}
