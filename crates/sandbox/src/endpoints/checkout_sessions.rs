//! Checkout Sessions.

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

pub(super) use self::update::update;

use axum::http::StatusCode;
use serde_json::Value;

use self::params::CreateSession;
use crate::currency::Currency;
use crate::http::list::{self, Part};
use crate::http::{ApiError, Call, lookup};
use crate::objects::checkout_session::SessionInput;
use crate::objects::{CheckoutSession, ObjectType};
use crate::store::objects::{self, Selection};
use crate::{checkout, payments};

pub(super) async fn create(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let now = call.app.clock.now();
    let mut requested = params::read(call.take_params(), call.version, now)?;
    let discount = requested.discount.clone();
    let branding = requested.branding.take();
    let input = resolve(call, requested, now).await?;
    let mut session = CheckoutSession::create(input, &call.app.base_url, now);
    if let Some(branding) = branding {
        branding::apply(&mut session, branding);
    }
    if let Some(discount) = discount {
        discounts::apply(call, &mut session, &discount, now).await?;
    }
    checkout::price(call.db, &mut session).await?;
    objects::insert(call.db, &session).await?;
    Ok(session.into_body())
}

pub(super) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(&["customer_account"])?;
    // There are none of these here.
    for (param, noun) in [
        ("payment_link", "payment link"),
        ("subscription", "subscription"),
    ] {
        if let Some(id) = params.text(param, 5000)? {
            return Err(ApiError::no_such(StatusCode::BAD_REQUEST, noun, &id, param));
        }
    }
    let mut selection = Selection {
        kind: "checkout.session",
        ..Selection::default()
    };
    list::narrow(
        call,
        &mut params,
        &mut selection,
        &["customer", "payment_intent"],
    )
    .await?;
    if let Some(mut details) = params.object("customer_details")? {
        let email = details.required_text("email", 512)?;
        details.finish()?;
        selection
            .members
            .push(("customer_details.email", vec![email]));
    }
    if let Some(status) = params.choice("status", &["complete", "expired", "open"])? {
        selection.members.push(("status", vec![status]));
    }
    list::page(call, params, selection, "/v1/checkout/sessions").await
}

pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    lookup::only_expand(call)?;
    Ok(lookup::find::<CheckoutSession>(call, id).await?.into_body())
}

pub(super) async fn expire(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    call.take_params().finish()?;
    let mut session = lookup::find::<CheckoutSession>(call, id).await?;
    if session.text("status") != "open" {
        let message = format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of {}.",
            session.text("status")
        );
        return Err(ApiError::invalid(message).executed());
    }
    payments::expire(&mut call.scope(), &mut session).await?;
    Ok(session.into_body())
}

pub(super) async fn line_items(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let part = Part::from_params(call.take_params())?;
    let session = lookup::find::<CheckoutSession>(call, id).await?;
    let url = format!("/v1/checkout/sessions/{id}/line_items");
    part.page_of(session.line_items(), "line item", &url)
}

/// Finds everything that a new session names.
async fn resolve(
    call: &mut Call<'_>,
    requested: CreateSession,
    now: i64,
) -> Result<SessionInput, ApiError> {
    let mut line_items = Vec::with_capacity(requested.lines.len());
    let mut currency = requested.currency;
    for line in requested.lines {
        let item = lines::resolve(call, line, currency, now).await?;
        // All lines are in the currency that was named, or else in that of the first.
        currency = currency.or_else(|| Currency::find(item["currency"].as_str()?));
        line_items.push(item);
    }
    let currency = currency.ok_or_else(|| ApiError::missing("line_items"))?;
    let mut shipping_rates = Vec::with_capacity(requested.shipping.len());
    for rate in requested.shipping {
        shipping_rates.push(shipping::resolve(call, rate, currency).await?);
    }
    let mut members = requested.members;
    let mut optional = Vec::with_capacity(requested.optional.len());
    for option in requested.optional {
        optional.push(optional::resolve(call, option, currency).await?);
    }
    if !optional.is_empty() {
        members.insert("optional_items".to_owned(), optional.into());
    }
    let customer = customers::resolve(call, &requested.customer).await?;
    let manual_capture = requested.payment_intent_data["capture_method"] == "manual";
    invoices::refuse_manual_capture(
        &members,
        &requested.payment_intent_data,
        &requested.method_options,
    )?;
    Ok(SessionInput {
        currency,
        line_items,
        payment_method_types: requested.methods.offered(
            currency,
            manual_capture,
            "Checkout Session",
        )?,
        payment_method_options: requested.method_options,
        payment_intent_data: requested.payment_intent_data,
        customer,
        customer_update: requested.customer.update,
        allow_redisplay: requested.allow_redisplay,
        shipping_rates,
        members,
    })
}
