//! Payment Intents.

pub(super) mod checks;
pub(super) mod params;

use serde_json::Value;

use self::checks::{
    OPEN, check_amount_is_open, check_capturable, check_secret, check_status, not_of_checkout,
    unexpected,
};
use self::params as intent_params;
use self::params::{Confirmation, UNSUPPORTED};
use super::payment_methods::types::MethodTypes;
use super::payment_methods::{options as method_options, types as method_types};
use crate::currency::Currency;
use crate::http::params::collect;
use crate::http::{ApiError, Call, list, lookup};
use crate::objects::payment_intent::IntentInput;
use crate::objects::{ObjectType, PaymentIntent, PaymentMethod, payment_method_options};
use crate::payments::{self, Outcome, Terms};
use crate::store::objects;

pub(super) async fn create(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(UNSUPPORTED)?;
    let amount = intent_params::amount(&mut params)?.ok_or_else(|| ApiError::missing("amount"))?;
    let currency =
        intent_params::currency(&mut params)?.ok_or_else(|| ApiError::missing("currency"))?;
    intent_params::check_amount(amount, currency)?;
    let types = method_types::read(&mut params, call.version)?;
    let mut members = intent_params::members(call, &mut params, None).await?;
    let automatic = intent_params::automatic(&mut params, types.listed.is_some())?;
    members.insert("automatic_payment_methods".to_owned(), automatic);
    let method = params.choice("confirmation_method", &["automatic", "manual"])?;
    members.extend(method.map(|text| ("confirmation_method".to_owned(), Value::String(text))));
    let manual = members
        .get("capture_method")
        .is_some_and(|how| how == "manual");
    let input = IntentInput {
        amount,
        currency: currency.code().to_owned(),
        payment_method_types: types.offered(currency, manual, "PaymentIntent")?,
        members,
    };
    let mut intent = PaymentIntent::create(input, call.app.clock.now());
    types.set_on(&mut intent);
    method_options::set(call, &mut params, &mut intent)?;
    let confirm = params.boolean("confirm")? == Some(true);
    let confirmation = intent_params::confirmation(&mut params)?;
    let chosen = intent_params::method(call, &mut params).await?;
    params.finish()?;
    if let Some(method) = &chosen {
        intent_params::choose(&mut intent, method)?;
    }
    if !confirm {
        confirmation.refuse()?;
    }
    objects::insert(call.db, &intent).await?;
    let kind = "payment_intent.created";
    call.scope().record(kind, &intent).await?;
    if confirm {
        return pay(call, intent, chosen, confirmation).await;
    }
    Ok(intent.into_body())
}

pub(super) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    call.params.refuse_unsupported(&["customer_account"])?;
    list::narrowed(call, "payment_intent", &["customer"], "/v1/payment_intents").await
}

/// The `client_secret` of a browser is checked where it is given.
pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let intent = lookup::find::<PaymentIntent>(call, id).await?;
    check_secret(&mut params, &intent)?;
    params.finish()?;
    Ok(intent.into_body())
}

pub(super) async fn update(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(UNSUPPORTED)?;
    let mut intent = lookup::find::<PaymentIntent>(call, id).await?;
    let amount = intent_params::amount(&mut params)?;
    let currency = intent_params::currency(&mut params)?;
    let types = method_types::read_changes(&mut params, call.version)?;
    let members = intent_params::members(call, &mut params, Some(&intent)).await?;
    let chosen = intent_params::method(call, &mut params).await?;
    let changes_terms =
        amount.is_some() || currency.is_some() || types.is_given() || chosen.is_some();
    let late = ["customer", "capture_method", "setup_future_usage"]
        .iter()
        .any(|member| members.contains_key(*member));
    if amount.is_some() {
        check_amount_is_open(&intent)?;
    }
    if changes_terms || late || params.is_object("payment_method_options") {
        check_status(&intent, "updated", OPEN)?;
        not_of_checkout(&intent, "update")?;
    }
    let changes_kinds =
        types.is_given() || currency.is_some() || members.contains_key("capture_method");
    let of_intent = Currency::find(intent.text("currency"));
    let currency = currency
        .or(of_intent)
        .ok_or_else(|| ApiError::missing("currency"))?;
    let amount = amount.unwrap_or(intent.integer("amount"));
    intent_params::check_amount(amount, currency)?;
    intent.set("amount", amount);
    intent.set("currency", currency.code());
    intent.apply(members);
    if changes_kinds {
        set_types(&mut intent, types)?;
    }
    method_options::set(call, &mut params, &mut intent)?;
    params.finish()?;
    if let Some(method) = &chosen {
        intent_params::choose(&mut intent, method)?;
    } else if (changes_terms || late) && intent.text("status") == "requires_action" {
        // The bank's page goes on with the method that was confirmed.
        intent_params::chosen_before(call, &intent).await?;
    }
    objects::update(call.db, &intent).await?;
    Ok(intent.into_body())
}

pub(super) async fn confirm(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(UNSUPPORTED)?;
    let mut intent = lookup::find::<PaymentIntent>(call, id).await?;
    check_secret(&mut params, &intent)?;
    let types = method_types::read_changes(&mut params, call.version)?;
    let members = intent_params::members(call, &mut params, Some(&intent)).await?;
    let confirmation = intent_params::confirmation(&mut params)?;
    let chosen = intent_params::method(call, &mut params).await?;
    not_of_checkout(&intent, "confirm")?;
    if intent.text("status") == "succeeded" {
        let message = "You cannot confirm this PaymentIntent because it has already succeeded after being previously \
            confirmed.";
        return Err(unexpected(message, &intent));
    }
    check_status(&intent, "confirmed", OPEN)?;
    let changes_kinds = types.is_given() || members.contains_key("capture_method");
    intent.apply(members);
    if changes_kinds {
        set_types(&mut intent, types)?;
    }
    method_options::set(call, &mut params, &mut intent)?;
    params.finish()?;
    let chosen = match chosen {
        Some(method) => {
            intent_params::choose(&mut intent, &method).map_err(|error| error.about(&intent))?;
            Some(method)
        }
        None => intent_params::chosen_before(call, &intent).await?,
    };
    pay(call, intent, chosen, confirmation).await
}

pub(super) async fn capture(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(UNSUPPORTED)?;
    let mut intent = lookup::find::<PaymentIntent>(call, id).await?;
    let amount = params.integer("amount_to_capture")?;
    if params.boolean("final_capture")? == Some(false) {
        let message = "This sandbox captures once, so final_capture must be true.";
        return Err(ApiError::parameter("final_capture", message));
    }
    let changes = collect([
        (
            "metadata",
            params.metadata_over("metadata", intent.get("metadata"))?,
        ),
        (
            "statement_descriptor",
            params.clearable_text("statement_descriptor", 22)?,
        ),
        (
            "statement_descriptor_suffix",
            params.clearable_text("statement_descriptor_suffix", 22)?,
        ),
    ]);
    params.finish()?;
    intent.apply(changes);
    check_capturable(&intent, amount)?;
    let intent = payments::capture(&mut call.scope(), intent, amount).await?;
    Ok(intent.into_body())
}

pub(super) async fn cancel(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let reason = params.choice(
        "cancellation_reason",
        &[
            "abandoned",
            "duplicate",
            "fraudulent",
            "requested_by_customer",
        ],
    )?;
    params.finish()?;
    let intent = lookup::find::<PaymentIntent>(call, id).await?;
    let status = intent.text("status");
    if !OPEN.contains(&status) && status != "requires_capture" {
        let message = format!(
            "You cannot cancel this PaymentIntent because it has a status of {status}. Only a PaymentIntent with one of \
             the following statuses may be canceled: requires_payment_method, requires_capture, \
             requires_reauthorization, requires_confirmation, requires_action, expired, processing."
        );
        return Err(unexpected(&message, &intent));
    }
    if intent.text("status") != "requires_capture" {
        not_of_checkout(&intent, "cancel")?;
    }
    let reason = reason.as_deref();
    let intent = payments::cancel(&mut call.scope(), intent, reason).await?;
    Ok(intent.into_body())
}

/// Confirms an intent that may be confirmed.
async fn pay(
    call: &mut Call<'_>,
    mut intent: PaymentIntent,
    method: Option<PaymentMethod>,
    confirmation: Confirmation,
) -> Result<Value, ApiError> {
    let Some(mut method) = method else {
        let way = match intent.text("customer") {
            "" => "You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it \
                again directly with a payment method or ConfirmationToken."
                .to_owned(),
            customer => format!(
                "To confirm the PaymentIntent with {customer}, specify a payment method attached to this customer along \
                 with the customer ID."
            ),
        };
        let message = format!(
            "You cannot confirm this PaymentIntent because it's missing a payment method. {way}"
        );
        return Err(unexpected(&message, &intent));
    };
    intent_params::check_return_url(&intent, &confirmation)?;
    let terms = Terms {
        bank_page: format!("{}/c/authenticate/{}", call.app.base_url, intent.id()),
        return_url: confirmation.return_url,
        off_session: confirmation.off_session,
        unattended: confirmation.unattended,
    };
    let outcome = payments::confirm(&mut call.scope(), &mut intent, &mut method, &terms).await?;
    match outcome {
        Outcome::Declined(_) => Err(ApiError::refused(&intent)),
        _ => Ok(intent.into_body()),
    }
}

/// Offers the kinds of payment methods that its currency and capture allow, after more was said
/// about them.
fn set_types(intent: &mut PaymentIntent, types: MethodTypes) -> Result<(), ApiError> {
    let types = types.over(intent);
    let currency =
        Currency::find(intent.text("currency")).ok_or_else(|| ApiError::missing("currency"))?;
    let manual = intent.text("capture_method") == "manual";
    let offered = types.offered(currency, manual, "PaymentIntent")?;
    payment_method_options::offer(intent, &offered);
    types.set_on(intent);
    Ok(())
}
