//! Charges. They are made and captured by payment intents.

use serde_json::{Map, Value, json};

use crate::http::{ApiError, Call, address_params, list, lookup};
use crate::objects::{Charge, ObjectType};
use crate::payments::refunds::HOLDS;
use crate::store::objects::{self, Selection};

pub(super) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(&["customer_account"])?;
    let mut selection = Selection {
        kind: "charge",
        ..Selection::default()
    };
    list::narrow(
        call,
        &mut params,
        &mut selection,
        &["customer", "payment_intent"],
    )
    .await?;
    let group = params.text("transfer_group", 5000)?;
    selection
        .members
        .extend(group.map(|group| ("transfer_group", vec![group])));
    list::page(call, params, selection, "/v1/charges").await
}

pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    lookup::only_expand(call)?;
    Ok(lookup::find::<Charge>(call, id).await?.into_body())
}

pub(super) async fn update(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let mut charge = lookup::find::<Charge>(call, id).await?;
    let before = charge.body().clone();
    let mut changes: Map<String, Value> = Map::new();
    let fraud = match params.object("fraud_details")? {
        None => None,
        Some(mut details) => {
            let report = details.choice("user_report", &["fraudulent", "safe"])?;
            details.finish()?;
            Some(report.map_or(json!({}), |report| json!({ "user_report": report })))
        }
    };
    let receipt_email = match params.clears("receipt_email") {
        true => Some(Value::Null),
        false => params.email("receipt_email")?.map(Value::String),
    };
    for (member, value) in [
        (
            "customer",
            lookup::existing(call, &mut params, "customer").await?,
        ),
        ("description", params.clearable_text("description", 40_000)?),
        ("fraud_details", fraud),
        (
            "metadata",
            params.metadata_over("metadata", charge.get("metadata"))?,
        ),
        ("receipt_email", receipt_email),
        (
            "shipping",
            address_params::shipment(&mut params, "shipping")?,
        ),
        (
            "transfer_group",
            params.clearable_text("transfer_group", 5000)?,
        ),
    ] {
        changes.extend(value.map(|value| (member.to_owned(), value)));
    }
    params.finish()?;
    for (member, value) in changes {
        charge.set(&member, value);
    }
    if *charge.body() != before {
        objects::update(call.db, &charge).await?;
        let kind = "charge.updated";
        call.scope().record_change(kind, &before, &charge).await?;
    }
    Ok(charge.into_body())
}

/// Refused, as at Stripe: every charge here is that of a payment intent, which is what captures it.
pub(super) async fn capture(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    call.take_params();
    let charge = lookup::find::<Charge>(call, id).await?;
    if charge.get("captured") == true {
        let message = format!("Charge {id} has already been captured.");
        return Err(ApiError::invalid(message)
            .code("charge_already_captured")
            .executed());
    }
    let message = format!(
        "This uncaptured Charge was created by a PaymentIntent ({}). You must capture the PaymentIntent instead. For more \
         information, see {HOLDS}",
        charge.text("payment_intent")
    );
    Err(ApiError::invalid(message).executed())
}
