//! True if a new Checkout Session leaves an invoice, and what is on it.

use serde_json::{Map, Value, json};

use crate::endpoints::invoices::{custom_fields, rendering_options};
use crate::http::ApiError;
use crate::http::params::Params;

/// Reads `invoice_creation`.
pub(super) fn read(params: &mut Params) -> Result<Option<Value>, ApiError> {
    let Some(mut given) = params.object("invoice_creation")? else {
        return Ok(None);
    };
    let enabled = given
        .boolean("enabled")?
        .ok_or_else(|| ApiError::missing(&given.name("enabled")))?;
    let data = invoice_data(&mut given)?;
    given.finish()?;
    Ok(Some(json!({ "enabled": enabled, "invoice_data": data })))
}

/// Refuses an invoice for a payment that is captured later: it would have to be paid before the
/// money has come.
pub(super) fn refuse_manual_capture(
    members: &Map<String, Value>,
    payment_intent_data: &Value,
    method_options: &Map<String, Value>,
) -> Result<(), ApiError> {
    let enabled = members
        .get("invoice_creation")
        .is_some_and(|creation| creation["enabled"] == true);
    let mut said = method_options.values().chain([payment_intent_data]);
    if enabled && said.any(|said| said["capture_method"] == "manual") {
        let message = "You cannot enable invoice creation when the `capture_method` is `manual`.";
        return Err(ApiError::parameter("invoice_creation[enabled]", message));
    }
    Ok(())
}

fn invoice_data(creation: &mut Params) -> Result<Value, ApiError> {
    let mut data = creation.object("invoice_data")?.unwrap_or_default();
    no_tax_ids(&mut data)?;
    let read = json!({
        "account_tax_ids": null,
        "custom_fields": custom_fields(&mut data)?.unwrap_or_default(),
        "description": data.text("description", 1500)?,
        "footer": data.text("footer", 5000)?,
        "issuer": issuer(&mut data)?,
        "metadata": data.metadata("metadata")?,
        "rendering_options": rendering_options(&mut data)?.unwrap_or_default(),
    });
    data.finish()?;
    Ok(read)
}

/// The account has no tax ids, so that none can be named.
fn no_tax_ids(data: &mut Params) -> Result<(), ApiError> {
    if data.clears("account_tax_ids") {
        return Ok(());
    }
    match data.texts("account_tax_ids")?.first() {
        None => Ok(()),
        Some((param, id)) => {
            let message = format!("No such tax_id: '{id}'. The account of this sandbox has none.");
            Err(ApiError::parameter(param, message).code("resource_missing"))
        }
    }
}

/// The account issues its invoices itself: there are no connected ones.
fn issuer(data: &mut Params) -> Result<Option<Value>, ApiError> {
    let Some(mut given) = data.object("issuer")? else {
        return Ok(None);
    };
    given.refuse_unsupported(&["account"])?;
    let (param, kind) = (
        given.name("type"),
        given.choice("type", &["account", "self"])?,
    );
    given.finish()?;
    match kind.as_deref() {
        Some("self") => Ok(Some(json!({ "type": "self" }))),
        Some(_) => {
            let message =
                "This sandbox has no connected accounts, so its invoices are issued by `self`.";
            Err(ApiError::parameter(param, message))
        }
        None => Err(ApiError::missing(&param)),
    }
}
