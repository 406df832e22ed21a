//! The parameters of a new Checkout Session, and everything that Stripe refuses in them.

use serde_json::{Map, Value, json};

use super::params::Params;
use super::version::Version;
use super::{ApiError, line_params, method_types};
use crate::currency::{Currency, MAXIMUM};
use crate::objects::session::{Line, SessionInput};

const SHORTEST: i64 = 30 * 60;
const LONGEST: i64 = 24 * 60 * 60;

/// What Stripe knows and the sandbox does not do yet.
const UNSUPPORTED: &[&str] = &[
    "after_expiration",
    "allow_promotion_codes",
    "automatic_tax",
    "branding_settings",
    "consent_collection",
    "custom_fields",
    "custom_text",
    "customer",
    "customer_account",
    "customer_creation",
    "customer_update",
    "discounts",
    "excluded_payment_method_types",
    "invoice_creation",
    "managed_payments",
    "name_collection",
    "optional_items",
    "payment_method_configuration",
    "payment_method_data",
    "payment_method_options",
    "permissions",
    "redirect_on_completion",
    "return_url",
    "saved_payment_method_options",
    "setup_intent_data",
    "shipping_address_collection",
    "shipping_options",
    "subscription_data",
    "tax_id_collection",
    "wallet_options",
];

const LOCALES: &[&str] = &[
    "auto", "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr",
    "fr-CA", "hi-IN", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl",
    "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW",
];

/// Reads and checks all parameters. `now` is in Unix seconds.
pub(super) fn read(
    mut params: Params,
    version: &Version,
    now: i64,
) -> Result<SessionInput, ApiError> {
    params.refuse_unsupported(UNSUPPORTED)?;
    mode(&mut params)?;
    ui_mode(&mut params)?;
    let lines = line_params::read(&mut params)?;
    let currency = currency_of_all(&mut params, &lines)?;
    let total = total(&lines, currency)?;
    let payment_intent_data = payment_intent_data(&mut params)?;
    let manual_capture = payment_intent_data["capture_method"] == "manual";
    let methods = method_types::read(&mut params, version)?;
    let input = SessionInput {
        lines,
        currency,
        total,
        success_url: params
            .url("success_url")?
            .ok_or_else(|| ApiError::missing("success_url"))?,
        cancel_url: params.url("cancel_url")?,
        client_reference_id: params.text("client_reference_id", 200)?,
        customer_email: params.email("customer_email")?,
        expires_at: expires_at(&mut params, now)?,
        metadata: params.metadata("metadata")?,
        payment_intent_data,
        payment_method_types: methods.offered(currency, manual_capture, "Checkout Session")?,
        allowed_payment_method_types: methods.allowed,
        locale: params.choice("locale", LOCALES)?,
        submit_type: params.choice(
            "submit_type",
            &["auto", "book", "donate", "pay", "subscribe"],
        )?,
        billing_address_collection: params
            .choice("billing_address_collection", &["auto", "required"])?,
        origin_context: params.choice("origin_context", &["mobile_app", "web"])?,
        integration_identifier: params.text("integration_identifier", 200)?,
        phone: enabled(&mut params, "phone_number_collection")?,
        adaptive_pricing: enabled(&mut params, "adaptive_pricing")?,
    };
    params.choice("payment_method_collection", &["always", "if_required"])?;
    params.finish()?;
    Ok(input)
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

fn ui_mode(params: &mut Params) -> Result<(), ApiError> {
    match params
        .choice(
            "ui_mode",
            &["elements", "embedded_page", "form", "hosted_page"],
        )?
        .as_deref()
    {
        None | Some("hosted_page") => Ok(()),
        Some(other) => Err(ApiError::parameter(
            "ui_mode",
            format!("This sandbox does not support the ui_mode {other} yet."),
        )),
    }
}

fn currency_of_all(params: &mut Params, lines: &[Line]) -> Result<Currency, ApiError> {
    let named = match params.is_object("currency") {
        false => params.text("currency", 5000)?,
        true => return Err(ApiError::parameter("currency", "Invalid string")),
    };
    let first = lines
        .first()
        .map(|line| line.currency)
        .ok_or_else(|| ApiError::missing("line_items"))?;
    let mut others = lines
        .iter()
        .map(|line| line.currency.code().to_owned())
        .chain(named.map(|code| code.to_lowercase()));
    match others.find(|code| code != first.code()) {
        None => Ok(first),
        Some(other) => Err(ApiError::parameter(
            "line_items",
            format!(
                "All line items of a Checkout Session must have the same currency, and these have `{}` and `{other}`.",
                first.code()
            ),
        )),
    }
}

/// The sum of the lines in minor units. It may be nothing, but not less than can be charged.
fn total(lines: &[Line], currency: Currency) -> Result<i64, ApiError> {
    let sum =
        |total: i64, line: &Line| total.checked_add(line.unit_amount.checked_mul(line.quantity)?);
    let total = lines
        .iter()
        .try_fold(0, sum)
        .filter(|total| *total <= MAXIMUM)
        .ok_or_else(|| {
            let most = currency.format(MAXIMUM);
            let message = format!(
                "The Checkout Session's total amount due must be no more than {most} {}",
                currency.code()
            );
            ApiError::parameter("line_items", message).code("amount_too_large")
        })?;
    if total > 0 && total < currency.minimum() {
        let least = currency.format(currency.minimum());
        let message = format!(
            "The Checkout Session's total amount due must add up to at least {least} {}",
            currency.code()
        );
        return Err(ApiError::invalid(message).code("amount_too_small"));
    }
    Ok(total)
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

/// What is passed on to the payment intent once there is one.
fn payment_intent_data(params: &mut Params) -> Result<Value, ApiError> {
    let Some(mut data) = params.object("payment_intent_data")? else {
        return Ok(json!({}));
    };
    data.refuse_unsupported(&[
        "application_fee_amount",
        "on_behalf_of",
        "shipping",
        "transfer_data",
    ])?;
    let mut kept = Map::new();
    kept.insert("metadata".to_owned(), data.metadata("metadata")?);
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

fn enabled(params: &mut Params, member: &str) -> Result<bool, ApiError> {
    let Some(mut object) = params.object(member)? else {
        return Ok(false);
    };
    let enabled = object
        .boolean("enabled")?
        .ok_or_else(|| ApiError::missing(&object.name("enabled")))?;
    object.finish()?;
    Ok(enabled)
}
