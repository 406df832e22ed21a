//! Refunds.

use axum::http::StatusCode;
use serde_json::Value;

use crate::http::{ApiError, Call, list, lookup};
use crate::objects::refund::RefundParams;
use crate::objects::{Charge, ObjectType, PaymentIntent, Refund};
use crate::payments::refunds;
use crate::store::objects::{self, Selection};

/// Parameters about connected accounts and customers' cash, of which the sandbox has none.
const UNSUPPORTED: &[&str] = &[
    "currency",
    "customer",
    "origin",
    "refund_application_fee",
    "reverse_transfer",
];

pub(super) async fn create(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(UNSUPPORTED)?;
    let (charge, intent) = (
        params.text("charge", 5000)?,
        params.text("payment_intent", 5000)?,
    );
    let refund = RefundParams {
        amount: params.integer_from("amount", 1)?,
        reason: params.choice("reason", refunds::REASONS)?,
        metadata: params.metadata("metadata")?,
        instructions_email: params.email("instructions_email")?,
        ..RefundParams::default()
    };
    params.finish()?;
    let charge = charge_of(call, charge, intent).await?;
    let refund = refunds::issue(&mut call.scope(), charge, &refund).await?;
    Ok(refund.into_body())
}

pub(super) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    list::narrowed(call, "refund", &["charge", "payment_intent"], "/v1/refunds").await
}

pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    lookup::only_expand(call)?;
    Ok(lookup::find::<Refund>(call, id).await?.into_body())
}

pub(super) async fn update(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let mut refund = lookup::find::<Refund>(call, id).await?;
    let metadata = params.metadata_over("metadata", refund.get("metadata"))?;
    params.finish()?;
    let before = refund.body().clone();
    if let Some(metadata) = metadata {
        refund.set("metadata", metadata);
    }
    if *refund.body() != before {
        refunds::save(&mut call.scope(), &before, &refund).await?;
    }
    Ok(refund.into_body())
}

/// Only a refund that waits for the shopper can be canceled.
pub(super) async fn cancel(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    lookup::only_expand(call)?;
    let refund = lookup::find::<Refund>(call, id).await?;
    let refund = refunds::cancel(&mut call.scope(), refund).await?;
    Ok(refund.into_body())
}

/// Stripe's helper for tests: the shopper never says where the money shall go.
pub(super) async fn expire(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    lookup::only_expand(call)?;
    let refund = lookup::find::<Refund>(call, id).await?;
    let refund = refunds::expire(&mut call.scope(), refund).await?;
    Ok(refund.into_body())
}

/// The refunds of one charge, which a charge shows the newest of.
pub(super) async fn list_of(call: &mut Call<'_>, charge: &str) -> Result<Value, ApiError> {
    let params = call.take_params();
    lookup::find::<Charge>(call, charge).await?;
    let selection = Selection {
        kind: "refund",
        members: vec![("charge", vec![charge.to_owned()])],
        ..Selection::default()
    };
    list::page(
        call,
        params,
        selection,
        &format!("/v1/charges/{charge}/refunds"),
    )
    .await
}

pub(super) async fn retrieve_of(
    call: &mut Call<'_>,
    charge: &str,
    id: &str,
) -> Result<Value, ApiError> {
    lookup::only_expand(call)?;
    lookup::find::<Charge>(call, charge).await?;
    let refund = lookup::find::<Refund>(call, id).await?;
    if refund.text("charge") == charge {
        Ok(refund.into_body())
    } else {
        Err(ApiError::no_such(
            StatusCode::NOT_FOUND,
            "refund",
            id,
            "refund",
        ))
    }
}

/// The charge to refund, named by itself or by its payment intent.
async fn charge_of(
    call: &mut Call<'_>,
    charge: Option<String>,
    intent: Option<String>,
) -> Result<Charge, ApiError> {
    let missing = |noun, id: &str| ApiError::no_such(StatusCode::BAD_REQUEST, noun, id, noun);
    match (charge, intent) {
        (Some(id), None) => objects::get::<Charge>(call.db, &id)
            .await?
            .ok_or_else(|| missing("charge", &id)),
        (None, Some(id)) => {
            let intent = objects::get::<PaymentIntent>(call.db, &id)
                .await?
                .ok_or_else(|| missing("payment_intent", &id))?;
            let charge = objects::get::<Charge>(call.db, intent.text("latest_charge")).await?;
            charge
                .filter(|charge| charge.text("status") == "succeeded")
                .ok_or_else(|| {
                    let message = format!(
                        "This PaymentIntent ({id}) does not have a successful charge to refund."
                    );
                    ApiError::invalid(message).executed()
                })
        }
        (None, None) => Err(ApiError::invalid(
            "One of the following params should be provided for this request: payment_intent or charge.",
        )),
        (Some(_), Some(_)) => Err(ApiError::invalid(
            "You may only specify one of these parameters: charge, payment_intent.",
        )),
    }
}
