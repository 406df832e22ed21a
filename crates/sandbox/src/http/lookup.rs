//! Objects that a request names by their ids.

use axum::http::StatusCode;
use serde_json::Value;

use super::call::Call;
use super::error::ApiError;
use super::params::Params;
use crate::objects::ObjectType;
use crate::store::objects;

/// The object that an id in the path names, which must be of this kind.
pub(crate) async fn find<T: ObjectType>(call: &mut Call<'_>, id: &str) -> Result<T, ApiError> {
    let (noun, param) = message_names(T::KIND);
    let found = objects::get(call.db, id).await?;
    found.ok_or_else(|| ApiError::no_such(StatusCode::NOT_FOUND, noun, id, param))
}

/// The nouns of messages for a kind of object and for its id in a path. Source: Stripe's answers,
/// which follow no one rule.
pub(crate) fn message_names(kind: &'static str) -> (&'static str, &'static str) {
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
pub(crate) fn only_expand(call: &mut Call<'_>) -> Result<(), ApiError> {
    call.take_params().finish()
}

/// The object that an id in a parameter names; there, an unknown id is 400.
pub(crate) async fn find_param<T: ObjectType>(
    call: &mut Call<'_>,
    id: &str,
    param: &str,
) -> Result<T, ApiError> {
    let noun = T::KIND.replace('_', " ");
    let found = objects::get(call.db, id).await?;
    found.ok_or_else(|| ApiError::no_such(StatusCode::BAD_REQUEST, &noun, id, param))
}

/// Refuses an id that is taken.
pub(crate) async fn refuse_taken(
    call: &mut Call<'_>,
    kind: &'static str,
    noun: &str,
    id: &str,
) -> Result<(), ApiError> {
    objects::forget_deleted(call.db, kind, id).await?;
    let taken = match kind {
        "coupon" => objects::find_kind(call.db, kind, id).await?,
        _ => objects::find(call.db, id).await?,
    };
    match taken {
        None => Ok(()),
        Some(_) => Err(ApiError::invalid(format!("{noun} already exists."))
            .code("resource_already_exists")
            .executed()),
    }
}

/// Reads the id of an object that must exist, from the parameter that is named after its kind.
pub(crate) async fn existing(
    call: &mut Call<'_>,
    params: &mut Params,
    kind: &'static str,
) -> Result<Option<Value>, ApiError> {
    let Some(id) = params.text(kind, 5000)? else {
        return Ok(None);
    };
    match objects::find_kind(call.db, kind, &id).await? {
        Some(_) => Ok(Some(Value::String(id))),
        None => Err(ApiError::no_such(StatusCode::BAD_REQUEST, kind, &id, kind)),
    }
}
