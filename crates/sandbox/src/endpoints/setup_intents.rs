//! Setup Intents.

use serde_json::{Map, Value};

use super::payment_intents::checks::{OPEN, check_secret, check_status, unexpected};
use super::payment_intents::params as intent_params;
use super::payment_intents::params::Confirmation;
use super::payment_methods::types::MethodTypes;
use super::payment_methods::{options as method_options, types as method_types};
use crate::http::params::{Params, collect};
use crate::http::{ApiError, Call, list, lookup};
use crate::objects::{Object, ObjectType, PaymentMethod, SetupIntent, payment_method_options};
use crate::payments::{self, Terms};
use crate::store::objects;

/// Parameters that Stripe has and the sandbox does not have.
const UNSUPPORTED: &[&str] = &[
    "attach_to_self",
    "confirmation_token",
    "customer_account",
    "flow_directions",
    "on_behalf_of",
    "payment_method_configuration",
    "single_use",
];

pub(super) async fn create(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(UNSUPPORTED)?;
    let types = method_types::read(&mut params, call.version)?;
    let mut members = members(call, &mut params, None).await?;
    // Whoever names no version gets what was before payment methods were chosen automatically, as
    // the Stripe CLI needs it.
    let automatic = match call.version.is_named() || params.has("automatic_payment_methods") {
        true => intent_params::automatic(&mut params, types.listed.is_some())?,
        false => Value::Null,
    };
    members.insert("automatic_payment_methods".to_owned(), automatic);
    let usage = params.choice("usage", &["off_session", "on_session"])?;
    members.extend(usage.map(|usage| ("usage".to_owned(), usage.into())));
    let offered = types.offered_for_setup()?;
    let mut intent = SetupIntent::create(&offered, members, call.app.clock.now());
    types.set_on(&mut intent);
    method_options::set(call, &mut params, &mut intent)?;
    let confirm = params.boolean("confirm")? == Some(true);
    let confirmation = confirmation(&mut params)?;
    let chosen = intent_params::method(call, &mut params).await?;
    params.finish()?;
    if let Some(method) = &chosen {
        intent_params::choose(&mut intent, method)?;
    }
    if !confirm {
        confirmation.refuse()?;
    }
    objects::insert(call.db, &intent).await?;
    call.scope().record("setup_intent.created", &intent).await?;
    if confirm {
        return set_up(call, intent, chosen, confirmation).await;
    }
    Ok(intent.into_body())
}

/// The `client_secret` of a browser is checked where it is given.
pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let intent = lookup::find::<SetupIntent>(call, id).await?;
    check_secret(&mut params, &intent)?;
    params.finish()?;
    Ok(intent.into_body())
}

pub(super) async fn update(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(UNSUPPORTED)?;
    let mut intent = lookup::find::<SetupIntent>(call, id).await?;
    let types = method_types::read_changes(&mut params, call.version)?;
    let members = members(call, &mut params, Some(&intent)).await?;
    let chosen = intent_params::method(call, &mut params).await?;
    let changes_terms = types.is_given() || chosen.is_some() || members.contains_key("customer");
    if changes_terms || params.is_object("payment_method_options") {
        check_status(&intent, "updated", OPEN)?;
    }
    intent.apply(members);
    set_types(&mut intent, types)?;
    method_options::set(call, &mut params, &mut intent)?;
    params.finish()?;
    if let Some(method) = &chosen {
        intent_params::choose(&mut intent, method)?;
        payments::abandon_attempt(call.db, &intent).await?;
    } else if changes_terms && intent.text("status") == "requires_action" {
        // The bank's page goes on with the method that was confirmed.
        intent_params::chosen_before(call, &intent).await?;
    }
    objects::update(call.db, &intent).await?;
    Ok(intent.into_body())
}

pub(super) async fn confirm(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(UNSUPPORTED)?;
    let mut intent = lookup::find::<SetupIntent>(call, id).await?;
    check_secret(&mut params, &intent)?;
    let types = method_types::read_changes(&mut params, call.version)?;
    let confirmation = confirmation(&mut params)?;
    let chosen = intent_params::method(call, &mut params).await?;
    check_status(&intent, "confirmed", OPEN)?;
    set_types(&mut intent, types)?;
    method_options::set(call, &mut params, &mut intent)?;
    params.finish()?;
    let chosen = match chosen {
        Some(method) => {
            intent_params::choose(&mut intent, &method)?;
            Some(method)
        }
        None => intent_params::chosen_before(call, &intent).await?,
    };
    set_up(call, intent, chosen, confirmation).await
}

pub(super) async fn cancel(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let reasons = ["abandoned", "duplicate", "requested_by_customer"];
    let reason = params.choice("cancellation_reason", &reasons)?;
    params.finish()?;
    let mut intent = lookup::find::<SetupIntent>(call, id).await?;
    check_status(&intent, "canceled", OPEN)?;
    let reason = reason.as_deref();
    payments::cancel_setup(&mut call.scope(), &mut intent, reason).await?;
    Ok(intent.into_body())
}

pub(super) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let unsupported = ["attach_to_self", "customer_account"];
    call.params.refuse_unsupported(&unsupported)?;
    let kinds = ["customer", "payment_method"];
    list::narrowed(call, SetupIntent::KIND, &kinds, "/v1/setup_intents").await
}

/// Reads the members that a merchant may set at any time.
async fn members(
    call: &mut Call<'_>,
    params: &mut Params,
    current: Option<&Object>,
) -> Result<Map<String, Value>, ApiError> {
    let nothing = Value::Object(Map::new());
    let metadata = current.map_or(&nothing, |intent| intent.get("metadata"));
    Ok(collect([
        (
            "customer",
            lookup::existing(call, params, "customer").await?,
        ),
        ("description", params.clearable_text("description", 1000)?),
        ("metadata", params.metadata_over("metadata", metadata)?),
    ]))
}

/// Reads what only matters while confirming. That the shopper is not there can only be said of
/// payments.
fn confirmation(params: &mut Params) -> Result<Confirmation, ApiError> {
    let of_payments = ["error_on_requires_action", "off_session"];
    match of_payments.iter().find(|member| params.has(member)) {
        Some(member) => Err(ApiError::unknown(member)),
        None => intent_params::confirmation(params),
    }
}

/// Confirms an intent that may be confirmed.
async fn set_up(
    call: &mut Call<'_>,
    mut intent: SetupIntent,
    method: Option<PaymentMethod>,
    confirmation: Confirmation,
) -> Result<Value, ApiError> {
    let Some(mut method) = method else {
        let message = "You cannot confirm this SetupIntent because it's missing a payment method. Update the \
            SetupIntent with a payment method and then confirm it again.";
        return Err(unexpected(message, &intent));
    };
    intent_params::check_return_url(&intent, &confirmation)?;
    let terms = Terms {
        bank_page: format!("{}/c/authenticate/{}", call.app.base_url, intent.id()),
        return_url: confirmation.return_url,
        ..Terms::default()
    };
    payments::set_up(&mut call.scope(), &mut intent, &mut method, &terms).await?;
    match intent.get("last_setup_error").is_null() {
        true => Ok(intent.into_body()),
        false => Err(ApiError::refused(&intent)),
    }
}

/// Takes other kinds of payment methods, if something was said about them.
fn set_types(intent: &mut SetupIntent, types: MethodTypes) -> Result<(), ApiError> {
    if types.is_given() {
        let types = types.over(intent);
        payment_method_options::offer(intent, &types.offered_for_setup()?);
        types.set_on(intent);
    }
    Ok(())
}
