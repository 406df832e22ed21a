//! Reading one object by its id.

use axum::http::StatusCode;
use serde_json::Value;

use super::{ApiError, Call};
use crate::objects::{Object, event};
use crate::store::objects;

pub(super) async fn session(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    only_expand(call)?;
    Ok(find(call, "checkout.session", id).await?.into_body())
}

pub(super) async fn charge(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    only_expand(call)?;
    Ok(find(call, "charge", id).await?.into_body())
}

pub(super) async fn event(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    only_expand(call)?;
    let event = find(call, "event", id).await?;
    Ok(event::with_pending(call.db, event).await?.into_body())
}

/// The object that an id in the path names, which must be of this kind.
pub(super) async fn find(
    call: &mut Call<'_>,
    kind: &'static str,
    id: &str,
) -> Result<Object, ApiError> {
    let (noun, param) = named(kind);
    let found = objects::find_kind(call.db, kind, id).await?;
    found.ok_or_else(|| ApiError::no_such(StatusCode::NOT_FOUND, noun, id, param))
}

/// What messages call a kind of object, and what they call its id in a path. Source: Stripe's answers, which follow no
/// one rule.
pub(super) fn named(kind: &'static str) -> (&'static str, &'static str) {
    match kind {
        "checkout.session" => ("checkout.session", "session"),
        "payment_intent" => ("payment_intent", "intent"),
        "payment_method" => ("PaymentMethod", "payment_method"),
        "refund" => ("refund", "refund"),
        "dispute" => ("dispute", "dispute"),
        "radar.early_fraud_warning" => ("early fraud warning", "early_fraud_warning"),
        "balance_transaction" => ("balance transaction", "id"),
        "coupon" => ("coupon", "coupon"),
        "price" => ("price", "price"),
        "invoice_payment" => ("invoice payment", "invoice_payment"),
        "invoice" => ("invoice", "invoice"),
        "promotion_code" => ("promotion code", "promotion_code"),
        "shipping_rate" => ("shipping rate", "shipping_rate_token"),
        "webhook_endpoint" => ("webhook endpoint", "webhook_endpoint"),
        other => (other, "id"),
    }
}

/// Everything but `expand` is unknown to a read.
pub(super) fn only_expand(call: &mut Call<'_>) -> Result<(), ApiError> {
    std::mem::take(&mut call.params).finish()
}
