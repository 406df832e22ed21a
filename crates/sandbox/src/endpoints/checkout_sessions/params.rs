//! The parameters of a new Checkout Session, and everything that Stripe refuses in them.

use serde_json::{Map, Value, json};

use super::customers::{self, CustomerParams};
use super::discounts::{self, DiscountParams};
use super::lines::{self, LineItemParams};
use super::optional::{self, OptionalItemParams};
use super::shipping::{self, ShippingOptionParams};
use super::{branding, features, settings};
use crate::currency::Currency;
use crate::endpoints::payment_intents::params as intent_params;
use crate::endpoints::payment_methods::options::OptionsTarget;
use crate::endpoints::payment_methods::types::MethodTypes;
use crate::endpoints::payment_methods::{options as method_options, types as method_types};
use crate::http::params::{Params, collect};
use crate::http::version::Version;
use crate::http::{ApiError, address_params};

const SHORTEST: i64 = 30 * 60;
const LONGEST: i64 = 24 * 60 * 60;

/// Parameters that Stripe has and the sandbox does not have yet.
const UNSUPPORTED: &[&str] = &["customer_account", "payment_method_configuration"];

const SUBMIT_TYPES: &[&str] = &["auto", "book", "donate", "pay", "subscribe"];

const LOCALES: &[&str] = &[
    "auto", "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr",
    "fr-CA", "hi-IN", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl",
    "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW",
];

/// A session as it was asked for; ids in it may name nothing.
#[derive(Debug)]
pub(super) struct CreateSession {
    pub(super) lines: Vec<LineItemParams>,
    pub(super) optional: Vec<OptionalItemParams>,
    /// The currency that is to be chosen of those of the prices.
    pub(super) currency: Option<Currency>,
    /// The given settings of the pay page's look.
    pub(super) branding: Option<Map<String, Value>>,
    pub(super) customer: CustomerParams,
    pub(super) discount: Option<DiscountParams>,
    pub(super) shipping: Vec<ShippingOptionParams>,
    pub(super) methods: MethodTypes,
    pub(super) method_options: Map<String, Value>,
    pub(super) payment_intent_data: Value,
    pub(super) allow_redisplay: Option<String>,
    /// Members of the session, as Stripe names them.
    pub(super) members: Map<String, Value>,
}

/// Reads and checks all parameters. `now` is in Unix seconds.
pub(super) fn read(
    mut params: Params,
    version: &Version,
    now: i64,
) -> Result<CreateSession, ApiError> {
    params.refuse_unsupported(UNSUPPORTED)?;
    mode(&mut params)?;
    ui_mode(&mut params, version)?;
    let lines = lines::read(&mut params, now)?;
    let discount = discounts::read(&mut params)?;
    let methods = method_types::read(&mut params, version)?;
    let mut members = plain(&mut params, now)?;
    members.extend(settings::read(&mut params)?);
    members.extend(features::read(&mut params)?);
    let customer = customers::read(&mut params, &mut members)?;
    features::check_saving(&members, customer.is_named())?;
    members.extend(collect([
        (
            "allow_promotion_codes",
            discounts::codes_allowed(&mut params, discount.is_some())?,
        ),
        (
            "shipping_address_collection",
            shipping::address_collection(&mut params)?,
        ),
        (
            "allowed_payment_method_types",
            methods.allowed.as_ref().map(|types| json!(types)),
        ),
        (
            "excluded_payment_method_types",
            methods.excluded.as_ref().map(|types| json!(types)),
        ),
    ]));
    let requested = CreateSession {
        optional: optional::read(&mut params, lines.len())?,
        lines,
        currency: intent_params::currency(&mut params)?,
        branding: branding::read(&mut params)?,
        customer,
        discount,
        shipping: shipping::options(&mut params, now)?,
        methods,
        method_options: method_options::read(&mut params, OptionsTarget::Session, now)?,
        payment_intent_data: payment_intent_data(&mut params)?,
        allow_redisplay: features::allow_redisplay(&mut params)?,
        members,
    };
    params.choice("payment_method_collection", &["always", "if_required"])?;
    params.finish()?;
    let addresses = [
        requested.members.get("shipping_address_collection"),
        requested.payment_intent_data.get("shipping"),
    ];
    if addresses.iter().all(Option::is_some) {
        return Err(ApiError::parameter(
            "payment_intent_data[shipping]",
            "You may only specify one of these parameters: payment_intent_data[shipping], shipping_address_collection.",
        ));
    }
    Ok(requested)
}

/// The parameters that are stored as they were given.
fn plain(params: &mut Params, now: i64) -> Result<Map<String, Value>, ApiError> {
    let success_url = params
        .url("success_url")?
        .ok_or_else(|| ApiError::missing("success_url"))?;
    let mut members = collect([
        ("success_url", Some(success_url.into())),
        ("expires_at", Some(expires_at(params, now)?.into())),
        ("metadata", Some(params.metadata("metadata")?)),
        (
            "phone_number_collection",
            enabled(params, "phone_number_collection")?,
        ),
        ("adaptive_pricing", enabled(params, "adaptive_pricing")?),
    ]);
    for (member, text) in [
        ("cancel_url", params.url("cancel_url")?),
        (
            "client_reference_id",
            params.text("client_reference_id", 200)?,
        ),
        ("locale", params.choice("locale", LOCALES)?),
        ("submit_type", params.choice("submit_type", SUBMIT_TYPES)?),
        (
            "billing_address_collection",
            params.choice("billing_address_collection", &["auto", "required"])?,
        ),
        (
            "origin_context",
            params.choice("origin_context", &["mobile_app", "web"])?,
        ),
        (
            "integration_identifier",
            params.text("integration_identifier", 200)?,
        ),
    ] {
        members.extend(text.map(|text| (member.to_owned(), text.into())));
    }
    Ok(members)
}

fn mode(params: &mut Params) -> Result<(), ApiError> {
    match params
        .choice("mode", &["payment", "setup", "subscription"])?
        .as_deref()
    {
        Some("payment") => Ok(()),
        None => Err(ApiError::missing("mode")),
        Some(other) => Err(ApiError::parameter(
            "mode",
            format!("This sandbox does not support the mode {other} yet."),
        )),
    }
}

/// There is the hosted page alone. Versions before dahlia call it otherwise.
fn ui_mode(params: &mut Params, version: &Version) -> Result<(), ApiError> {
    let older: &[&str] = &["custom", "embedded", "hosted"];
    let newer: &[&str] = &["elements", "embedded_page", "form", "hosted_page"];
    let names = match (version.is_named(), version.has_hosted_page()) {
        (true, true) => newer.to_vec(),
        (true, false) => older.to_vec(),
        (false, _) => [older, newer].concat(),
    };
    match params.choice("ui_mode", &names)?.as_deref() {
        None | Some("hosted" | "hosted_page") => Ok(()),
        Some(other) => Err(ApiError::parameter(
            "ui_mode",
            format!("This sandbox does not support the ui_mode {other} yet."),
        )),
    }
}

fn expires_at(params: &mut Params, now: i64) -> Result<i64, ApiError> {
    let expires_at = params.integer("expires_at")?.unwrap_or(now + LONGEST);
    let refusal = if expires_at < now + SHORTEST {
        "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
    } else if expires_at > now + LONGEST {
        "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
    } else {
        return Ok(expires_at);
    };
    Err(ApiError::parameter("expires_at", refusal))
}

/// The parameters that are passed on to the payment intent once there is one.
fn payment_intent_data(params: &mut Params) -> Result<Value, ApiError> {
    let Some(mut data) = params.object("payment_intent_data")? else {
        return Ok(json!({}));
    };
    data.refuse_unsupported(&["application_fee_amount", "on_behalf_of", "transfer_data"])?;
    let mut kept = Map::new();
    kept.insert("metadata".to_owned(), data.metadata("metadata")?);
    if let Some(shipment) = address_params::shipment(&mut data, "shipping")? {
        kept.insert("shipping".to_owned(), shipment);
    }
    for (member, value) in [
        (
            "capture_method",
            data.choice(
                "capture_method",
                &["automatic", "automatic_async", "manual"],
            )?,
        ),
        ("description", data.text("description", 1000)?),
        ("receipt_email", data.email("receipt_email")?),
        (
            "setup_future_usage",
            data.choice("setup_future_usage", &["off_session", "on_session"])?,
        ),
        (
            "statement_descriptor",
            data.text("statement_descriptor", 22)?,
        ),
        (
            "statement_descriptor_suffix",
            data.text("statement_descriptor_suffix", 22)?,
        ),
        ("transfer_group", data.text("transfer_group", 5000)?),
    ] {
        kept.extend(value.map(|value| (member.to_owned(), json!(value))));
    }
    data.finish()?;
    Ok(Value::Object(kept))
}

fn enabled(params: &mut Params, member: &str) -> Result<Option<Value>, ApiError> {
    let Some(mut object) = params.object(member)? else {
        return Ok(None);
    };
    let enabled = object
        .boolean("enabled")?
        .ok_or_else(|| ApiError::missing(&object.name("enabled")))?;
    object.finish()?;
    Ok(Some(json!({ "enabled": enabled })))
}
