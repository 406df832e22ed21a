//! Checkout Sessions: creating, expiring, and their line items.

mod branding;
mod customers;
mod discounts;
mod features;
mod invoices;
mod lines;
mod optional;
mod params;
pub(super) mod prices;
mod settings;
mod shipping;
mod update;

pub(super) use update::update;

use serde_json::Value;

use super::list::Part;
use super::{ApiError, Call, retrieve};
use crate::checkout;
use crate::currency::Currency;
use crate::objects::session::{self, SessionInput};
use crate::payments;
use crate::store::objects;
use params::Asked;

pub(super) async fn create(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let now = call.app.clock.now();
    let mut asked = params::read(std::mem::take(&mut call.params), call.version, now)?;
    let discount = asked.discount.clone();
    let branding = asked.branding.take();
    let input = resolve(call, asked, now).await?;
    let mut session = session::create(input, &call.app.base_url, now);
    if let Some(branding) = branding {
        branding::give(&mut session, branding);
    }
    if let Some(discount) = discount {
        discounts::give(call, &mut session, &discount, now).await?;
    }
    checkout::price(call.db, &mut session).await?;
    objects::insert(call.db, &session).await?;
    Ok(session.into_body())
}

pub(super) async fn expire(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    std::mem::take(&mut call.params).finish()?;
    let mut session = retrieve::find(call, "checkout.session", id).await?;
    if session.text("status") != "open" {
        let message = format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of {}.",
            session.text("status")
        );
        return Err(ApiError::invalid(message).executed());
    }
    payments::expire(call.app, call.db, &mut session, call.cause).await?;
    Ok(session.into_body())
}

pub(super) async fn line_items(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let part = Part::read(std::mem::take(&mut call.params))?;
    let session = retrieve::find(call, "checkout.session", id).await?;
    let url = format!("/v1/checkout/sessions/{id}/line_items");
    part.of(session::line_items(&session), "line item", &url)
}

/// Finds everything that a new session names.
async fn resolve(call: &mut Call<'_>, asked: Asked, now: i64) -> Result<SessionInput, ApiError> {
    let mut line_items = Vec::with_capacity(asked.lines.len());
    let mut currency = asked.currency;
    for line in asked.lines {
        let item = lines::resolve(call, line, currency, now).await?;
        // All lines are in the currency that was named, or else in that of the first.
        currency = currency.or_else(|| Currency::find(item["currency"].as_str()?));
        line_items.push(item);
    }
    let currency = currency.ok_or_else(|| ApiError::missing("line_items"))?;
    let mut shipping_rates = Vec::with_capacity(asked.shipping.len());
    for rate in asked.shipping {
        shipping_rates.push(shipping::resolve(call, rate, currency).await?);
    }
    let mut members = asked.members;
    let mut optional = Vec::with_capacity(asked.optional.len());
    for option in asked.optional {
        optional.push(optional::resolve(call, option, currency).await?);
    }
    if !optional.is_empty() {
        members.insert("optional_items".to_owned(), optional.into());
    }
    let customer = customers::resolve(call, &asked.customer).await?;
    let manual_capture = asked.payment_intent_data["capture_method"] == "manual";
    invoices::refuse_manual_capture(&members, &asked.payment_intent_data, &asked.method_options)?;
    Ok(SessionInput {
        currency,
        line_items,
        payment_method_types: asked.methods.offered(
            currency,
            manual_capture,
            "Checkout Session",
        )?,
        payment_method_options: asked.method_options,
        payment_intent_data: asked.payment_intent_data,
        customer,
        customer_update: asked.customer.update,
        allow_redisplay: asked.allow_redisplay,
        shipping_rates,
        members,
    })
}
