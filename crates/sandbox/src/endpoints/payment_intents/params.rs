//! The parameters of payment intents.

use serde_json::{Map, Value, json};

use crate::currency::{Currency, MAXIMUM};
use crate::endpoints::payment_methods::{self, mandates, params as method_params};
use crate::http::amounts::{check_step, find_currency};
use crate::http::params::{Params, collect};
use crate::http::{ApiError, Call, address_params, lookup};
use crate::objects::{Object, PaymentMethod, payment_intent};
use crate::store::objects;

/// Parameters that Stripe has and the sandbox does not have.
pub(crate) const UNSUPPORTED: &[&str] = &[
    "amount_details",
    "amount_to_confirm",
    "application_fee_amount",
    "confirmation_token",
    "customer_account",
    "hooks",
    "mandate",
    "on_behalf_of",
    "payment_details",
    "payment_method_configuration",
    "radar_options",
    "transfer_data",
];

/// The parameters of a confirmation.
#[derive(Debug, Default)]
pub(crate) struct Confirmation {
    pub(crate) return_url: Option<String>,
    /// The shopper is not there.
    pub(crate) off_session: bool,
    /// Nobody is there who could authenticate.
    pub(crate) unattended: bool,
}

impl Confirmation {
    /// Refuses what only matters while confirming, where nothing is confirmed.
    pub(crate) fn refuse(&self) -> Result<(), ApiError> {
        if self.return_url.is_none() {
            return Ok(());
        }
        let message = "You can only provide `return_url` if `confirm=true` is also provided.";
        Err(ApiError::parameter("return_url", message))
    }
}

/// Reads a currency.
pub(crate) fn currency(params: &mut Params) -> Result<Option<Currency>, ApiError> {
    let Some(code) = params.text("currency", 5000)? else {
        return Ok(None);
    };
    find_currency(&code, &params.name("currency")).map(Some)
}

/// Refuses an amount that cannot be charged in a currency.
pub(crate) fn check_amount(amount: i64, currency: Currency) -> Result<(), ApiError> {
    let (code, message) = if amount > MAXIMUM {
        let most = currency.format(MAXIMUM);
        (
            "amount_too_large",
            format!("Amount must be no more than {most} {}", currency.code()),
        )
    } else if amount < currency.minimum() {
        let least = currency.format(currency.minimum());
        (
            "amount_too_small",
            format!("Amount must be at least {least} {}", currency.code()),
        )
    } else {
        return check_step(amount, currency, "amount");
    };
    Err(ApiError::parameter("amount", message).code(code))
}

/// Reads an amount to be paid.
pub(crate) fn amount(params: &mut Params) -> Result<Option<i64>, ApiError> {
    match params.integer("amount")? {
        Some(..=0) => {
            let message = "The amount must be greater than or equal to the minimum charge amount allowed for your account \
                and the currency set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want \
                to save a Payment Method for future use without an immediate payment, use a Setup Intent instead: \
                https://docs.stripe.com/payments/setup-intents";
            Err(ApiError::parameter("amount", message).code("parameter_invalid_integer"))
        }
        amount => Ok(amount),
    }
}

/// Reads the members that a merchant may set at any time before the payment is over; an empty value
/// clears one.
pub(crate) async fn members(
    call: &mut Call<'_>,
    params: &mut Params,
    current: Option<&Object>,
) -> Result<Map<String, Value>, ApiError> {
    let metadata = current.map_or(json!({}), |intent| intent.get("metadata").clone());
    let receipt_email = match params.clears("receipt_email") {
        true => Some(Value::Null),
        false => params.email("receipt_email")?.map(Value::String),
    };
    let setup = match params.clears("setup_future_usage") {
        true => Some(Value::Null),
        false => params
            .choice("setup_future_usage", &["off_session", "on_session"])?
            .map(Value::String),
    };
    Ok(collect([
        (
            "customer",
            lookup::existing(call, params, "customer").await?,
        ),
        (
            "capture_method",
            params
                .choice(
                    "capture_method",
                    &["automatic", "automatic_async", "manual"],
                )?
                .map(Value::String),
        ),
        ("description", params.clearable_text("description", 1000)?),
        ("metadata", params.metadata_over("metadata", &metadata)?),
        ("receipt_email", receipt_email),
        ("setup_future_usage", setup),
        ("shipping", address_params::shipment(params, "shipping")?),
        (
            "statement_descriptor",
            params.clearable_text("statement_descriptor", 22)?,
        ),
        (
            "statement_descriptor_suffix",
            params.clearable_text("statement_descriptor_suffix", 22)?,
        ),
        (
            "transfer_group",
            params.clearable_text("transfer_group", 5000)?,
        ),
    ]))
}

/// Reads `automatic_payment_methods`, which is on unless kinds are listed.
pub(crate) fn automatic(params: &mut Params, listed: bool) -> Result<Value, ApiError> {
    let Some(mut given) = params.object("automatic_payment_methods")? else {
        return Ok(match listed {
            true => Value::Null,
            false => json!({ "allow_redirects": "always", "enabled": true }),
        });
    };
    let enabled = given
        .boolean("enabled")?
        .ok_or_else(|| ApiError::missing(&given.name("enabled")))?;
    let redirects = given.choice("allow_redirects", &["always", "never"])?;
    given.finish()?;
    if enabled && listed {
        let message = "You may only specify one of these parameters: automatic_payment_methods, payment_method_types.";
        return Err(ApiError::parameter("payment_method_types", message));
    }
    Ok(match enabled {
        false => Value::Null,
        true => json!({
            "allow_redirects": redirects.as_deref().unwrap_or("always"),
            "enabled": true,
        }),
    })
}

/// Reads what only matters while confirming.
pub(crate) fn confirmation(params: &mut Params) -> Result<Confirmation, ApiError> {
    mandates::read(params)?;
    params.boolean("use_stripe_sdk")?;
    let off_session = params.choice("off_session", &["true", "false", "one_off", "recurring"])?;
    let error_on_action = params.boolean("error_on_requires_action")?;
    let off_session = off_session.is_some_and(|text| text != "false");
    Ok(Confirmation {
        return_url: params.url("return_url")?,
        off_session,
        unattended: off_session || error_on_action == Some(true),
    })
}

/// Refuses to confirm without a way back from where the shopper may be sent.
pub(crate) fn check_return_url(
    intent: &Object,
    confirmation: &Confirmation,
) -> Result<(), ApiError> {
    let automatic = intent.get("automatic_payment_methods");
    let redirects = automatic["enabled"] == true && automatic["allow_redirects"] != "never";
    if !redirects || confirmation.return_url.is_some() || confirmation.unattended {
        return Ok(());
    }
    let message = format!(
        "This {} is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods \
         might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept \
         redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and \
         `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
        noun(intent)
    );
    Err(ApiError::invalid(message).about(intent))
}

/// Makes a payment method that of the intent, which must take its kind and be of its customer.
pub(crate) fn choose(intent: &mut Object, method: &PaymentMethod) -> Result<(), ApiError> {
    check_method(intent, method)?;
    payment_intent::choose(intent, method);
    Ok(())
}

/// Refuses a payment method of a kind that an intent does not take, or of another customer.
fn check_method(intent: &Object, method: &PaymentMethod) -> Result<(), ApiError> {
    let (noun, kind) = (noun(intent), method.text("type"));
    let types = intent.get("payment_method_types").as_array();
    if !types.is_some_and(|types| types.iter().any(|other| other == kind)) {
        let message = format!(
            "The PaymentMethod provided ({kind}) is not allowed for this {noun}, which takes {}.",
            intent.get("payment_method_types")
        );
        return Err(ApiError::parameter("payment_method", message)
            .code("payment_intent_incompatible_payment_method"));
    }
    let (id, owner) = (method.id(), method.text("customer"));
    match intent.text("customer") {
        customer if owner.is_empty() || owner == customer => {}
        "" => {
            let message = format!(
                "The `payment_method` parameter supplied {id} belongs to the Customer {owner}. Please include the \
                 Customer in the `customer` parameter on the {noun}."
            );
            return Err(ApiError::parameter("source", message).code("parameter_missing"));
        }
        customer => {
            let message = format!(
                "The PaymentMethod {id} does not belong to the Customer you supplied {customer}. Please use this \
                 PaymentMethod with the Customer that it belongs to instead."
            );
            return Err(ApiError::parameter("payment_method", message));
        }
    }
    Ok(())
}

/// The payment method that was chosen earlier. It is checked again, as the customer and the kinds
/// may be others by now.
pub(crate) async fn chosen_before(
    call: &mut Call<'_>,
    intent: &Object,
) -> Result<Option<PaymentMethod>, ApiError> {
    let found = objects::get::<PaymentMethod>(call.db, intent.text("payment_method")).await?;
    if let Some(method) = &found {
        check_method(intent, method).map_err(|error| error.about(intent))?;
    }
    Ok(found)
}

/// The noun of messages for an intent.
pub(crate) fn noun(intent: &Object) -> &'static str {
    match intent.kind() {
        "setup_intent" => "SetupIntent",
        _ => "PaymentIntent",
    }
}

/// Reads the payment method: an id, one of Stripe's tokens, or the data of a new one.
pub(crate) async fn method(
    call: &mut Call<'_>,
    params: &mut Params,
) -> Result<Option<PaymentMethod>, ApiError> {
    let data = params.object("payment_method_data")?;
    let id = params.text("payment_method", 5000)?;
    match (id, data) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(ApiError::invalid(
            "You may only specify one of these parameters: payment_method, payment_method_data.",
        )),
        (Some(id), None) => payment_methods::resolve(call, &id).await.map(Some),
        (None, Some(data)) => {
            let method = method_params::read(data, &call.app.clock)?;
            objects::insert(call.db, &method).await?;
            Ok(Some(method))
        }
    }
}
