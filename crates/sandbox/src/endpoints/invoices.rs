//! Invoices. They are made by Checkout Sessions that were paid.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::http::list::{self, Part};
use crate::http::params::{Params, collect};
use crate::http::{ApiError, Call, lookup};
use crate::objects::{Invoice, ObjectType};
use crate::store::objects::{self, Selection};

const MAX_FIELDS: usize = 4;

/// Parameters of drafts alone. Source: Stripe's description of the operation and of these
/// parameters.
const OF_DRAFTS: &[&str] = &[
    "account_tax_ids",
    "application_fee_amount",
    "automatic_tax",
    "automatically_finalizes_at",
    "collection_method",
    "days_until_due",
    "default_tax_rates",
    "discounts",
    "due_date",
    "issuer",
    "number",
    "on_behalf_of",
    "payment_settings",
    "shipping_cost",
    "transfer_data",
];

/// Parameters that Stripe has and the sandbox does not have yet.
const UNSUPPORTED: &[&str] = &[
    "auto_advance",
    "default_payment_method",
    "default_source",
    "effective_at",
    "rendering",
    "shipping_details",
    "statement_descriptor",
];

pub(super) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(&["customer_account", "due_date"])?;
    // There are none of these here.
    if let Some(id) = params.text("subscription", 5000)? {
        let status = StatusCode::BAD_REQUEST;
        return Err(ApiError::no_such(
            status,
            "subscription",
            &id,
            "subscription",
        ));
    }
    let statuses = &["draft", "open", "paid", "uncollectible", "void"];
    let methods = &["charge_automatically", "send_invoice"];
    let mut selection = Selection {
        kind: "invoice",
        ..Selection::default()
    };
    list::narrow(call, &mut params, &mut selection, &["customer"]).await?;
    for (member, text) in [
        ("status", params.choice("status", statuses)?),
        (
            "collection_method",
            params.choice("collection_method", methods)?,
        ),
    ] {
        selection
            .members
            .extend(text.map(|text| (member, vec![text])));
    }
    list::page(call, params, selection, "/v1/invoices").await
}

pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    lookup::only_expand(call)?;
    Ok(lookup::find::<Invoice>(call, id).await?.into_body())
}

/// Of a finalized invoice, and there are no others, neither the amounts nor how they are collected
/// can be changed.
pub(super) async fn update(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let mut invoice = lookup::find::<Invoice>(call, id).await?;
    if let Some(param) = OF_DRAFTS.iter().find(|param| params.has(param)) {
        let message = "Finalized invoices can't be updated in this way";
        return Err(ApiError::parameter(*param, message)
            .code("invoice_not_editable")
            .executed());
    }
    params.refuse_unsupported(UNSUPPORTED)?;
    let before = invoice.body().clone();
    let changes = collect([
        ("custom_fields", custom_fields(&mut params)?),
        ("description", params.clearable_text("description", 1500)?),
        ("footer", params.clearable_text("footer", 5000)?),
        (
            "metadata",
            params.metadata_over("metadata", invoice.get("metadata"))?,
        ),
    ]);
    params.finish()?;
    invoice.apply(changes);
    if *invoice.body() != before {
        objects::update(call.db, &invoice).await?;
        let kind = "invoice.updated";
        call.scope().record_change(kind, &before, &invoice).await?;
    }
    Ok(invoice.into_body())
}

pub(super) async fn lines(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let part = Part::from_params(call.take_params())?;
    let invoice = lookup::find::<Invoice>(call, id).await?;
    let url = format!("/v1/invoices/{id}/lines");
    part.page_of(invoice.lines(), "invoice line item", &url)
}

/// Reads the names and values that stand on an invoice; an empty value takes all of them away.
pub(super) fn custom_fields(params: &mut Params) -> Result<Option<Value>, ApiError> {
    let name = params.name("custom_fields");
    if params.clears("custom_fields") {
        return Ok(Some(Value::Null));
    }
    let elements = params.objects("custom_fields")?;
    if elements.len() > MAX_FIELDS {
        let message =
            format!("Array custom_fields exceeded maximum {MAX_FIELDS} allowed elements.");
        return Err(ApiError::parameter(name, message));
    }
    if elements.is_empty() {
        return Ok(None);
    }
    let field = |mut field: Params| {
        let read = json!({
            "name": field.required_text("name", 40)?,
            "value": field.required_text("value", 140)?,
        });
        field.finish()?;
        Ok(read)
    };
    let fields = elements.into_iter().map(field);
    Ok(Some(fields.collect::<Result<_, ApiError>>()?))
}

/// Reads how the amounts are shown and by which template, which is not looked up; an empty value
/// takes that away.
pub(super) fn rendering_options(params: &mut Params) -> Result<Option<Value>, ApiError> {
    if params.clears("rendering_options") {
        return Ok(Some(Value::Null));
    }
    let Some(mut given) = params.object("rendering_options")? else {
        return Ok(None);
    };
    let display = match given.clears("amount_tax_display") {
        true => None,
        false => given.choice(
            "amount_tax_display",
            &["exclude_tax", "include_inclusive_tax"],
        )?,
    };
    let options = json!({
        "amount_tax_display": display,
        "template": given.text("template", 5000)?,
    });
    given.finish()?;
    Ok(Some(options))
}
