//! Payment Methods.

pub(super) mod mandates;
pub(super) mod options;
pub(super) mod params;
pub(super) mod types;

use axum::http::StatusCode;
use serde_json::Value;

use self::params as method_params;
use crate::http::{ApiError, Call, changes, list, lookup};
use crate::objects::checkout_session::Shopper;
use crate::objects::payment_method::Instrument;
use crate::objects::{Customer, ObjectType, PaymentMethod};
use crate::payments;
use crate::store::objects::{self, Selection};

pub(super) async fn create(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let params = call.take_params();
    if params.has("customer") {
        return Err(ApiError::invalid(
            "You cannot attach a PaymentMethod to a Customer during PaymentMethod creation. Please instead create the \
             PaymentMethod and then attach it using the attachment method of the PaymentMethods API.",
        ));
    }
    params.refuse_unsupported(&["customer_account", "payment_method"])?;
    let method = method_params::read(params, &call.app.clock)?;
    objects::insert(call.db, &method).await?;
    Ok(method.into_body())
}

/// A token of Stripe's reads like the payment method that it would become.
pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    lookup::only_expand(call)?;
    if let Some(method) = of_token(call, id) {
        return Ok(method.into_body());
    }
    Ok(lookup::find::<PaymentMethod>(call, id).await?.into_body())
}

pub(super) async fn update(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(&["payload", "us_bank_account"])?;
    let mut method = lookup::find::<PaymentMethod>(call, id).await?;
    let before = method.body().clone();
    method_params::update(&mut params, &mut method)?;
    if method.text("type") == "card" {
        method_params::update_card(&mut params, &mut method)?;
    }
    params.finish()?;
    save(call, &before, &method, "payment_method.updated").await?;
    Ok(method.into_body())
}

pub(super) async fn attach(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(&["customer_account"])?;
    let customer = lookup::existing(call, &mut params, "customer")
        .await?
        .ok_or_else(|| {
            ApiError::invalid("Must provide customer or customer_account.")
                .code("parameter_missing")
        })?;
    params.finish()?;
    let method = match of_token(call, id) {
        Some(method) => {
            objects::insert(call.db, &method).await?;
            method
        }
        None => lookup::find::<PaymentMethod>(call, id).await?,
    };
    Ok(attach_to(call, method, customer).await?.into_body())
}

/// Attaches a payment method to a customer, if it has no other and its bank agrees.
pub(super) async fn attach_to(
    call: &mut Call<'_>,
    mut method: PaymentMethod,
    customer: Value,
) -> Result<PaymentMethod, ApiError> {
    if *method.get("customer") == customer {
        return Ok(method);
    }
    if !method.get("customer").is_null() {
        let message = "The payment method you provided has already been attached to a customer.";
        return Err(ApiError::invalid(message)
            .code("payment_method_unexpected_state")
            .executed());
    }
    check_attachable(&method)?;
    payments::attach(&mut call.scope(), &mut method, customer).await?;
    Ok(method)
}

pub(super) async fn detach(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    lookup::only_expand(call)?;
    let mut method = lookup::find::<PaymentMethod>(call, id).await?;
    if method.get("customer").is_null() {
        let message = "The payment method you provided is not attached to a customer so detachment is impossible.";
        return Err(ApiError::invalid(message).executed());
    }
    let before = method.body().clone();
    method.set("customer", Value::Null);
    save(call, &before, &method, "payment_method.detached").await?;
    let customer = before["customer"].as_str().unwrap_or_default();
    forget_default(call, customer, id).await?;
    Ok(method.into_body())
}

pub(super) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(&["customer_account"])?;
    let mut selection = Selection {
        kind: PaymentMethod::KIND,
        ..Selection::default()
    };
    // Without a customer there are none, even of those that nobody was given. Source: Stripe's
    // answers.
    let customer = lookup::existing(call, &mut params, "customer").await?;
    let customer = customer
        .as_ref()
        .and_then(Value::as_str)
        .map(ToOwned::to_owned);
    selection
        .members
        .push(("customer", customer.into_iter().collect()));
    let kind = params.text("type", 5000)?;
    selection
        .members
        .extend(kind.map(|kind| ("type", vec![kind])));
    list::page(call, params, selection, "/v1/payment_methods").await
}

pub(super) async fn list_of(call: &mut Call<'_>, customer: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    lookup::find::<Customer>(call, customer).await?;
    let mut selection = Selection {
        kind: PaymentMethod::KIND,
        members: vec![("customer", vec![customer.to_owned()])],
        ..Selection::default()
    };
    let kind = params.text("type", 5000)?;
    selection
        .members
        .extend(kind.map(|kind| ("type", vec![kind])));
    let url = format!("/v1/customers/{customer}/payment_methods");
    list::page(call, params, selection, &url).await
}

pub(super) async fn retrieve_of(
    call: &mut Call<'_>,
    customer: &str,
    id: &str,
) -> Result<Value, ApiError> {
    lookup::only_expand(call)?;
    let method = lookup::find::<PaymentMethod>(call, id).await?;
    if method.text("customer") == customer {
        Ok(method.into_body())
    } else {
        Err(ApiError::no_such(
            StatusCode::NOT_FOUND,
            "PaymentMethod",
            id,
            "payment_method",
        ))
    }
}

/// The payment method that a parameter names; a token of Stripe's makes a new one each time.
pub(super) async fn resolve(call: &mut Call<'_>, id: &str) -> Result<PaymentMethod, ApiError> {
    if let Some(method) = of_token(call, id) {
        objects::insert(call.db, &method).await?;
        return Ok(method);
    }
    objects::get::<PaymentMethod>(call.db, id)
        .await?
        .ok_or_else(|| {
            ApiError::no_such(
                StatusCode::BAD_REQUEST,
                "PaymentMethod",
                id,
                PaymentMethod::KIND,
            )
        })
}

/// A payment method that a customer no longer has is not its default one either.
async fn forget_default(call: &mut Call<'_>, id: &str, method: &str) -> Result<(), ApiError> {
    let Some(before) = objects::get::<Customer>(call.db, id).await? else {
        return Ok(());
    };
    if before.get("invoice_settings")["default_payment_method"] != method {
        return Ok(());
    }
    let mut customer = before.clone();
    customer.set_in("invoice_settings", "/default_payment_method", Value::Null);
    changes::save(call, &before, &customer, "customer.updated").await
}

async fn save(
    call: &mut Call<'_>,
    before: &Value,
    method: &PaymentMethod,
    kind: &str,
) -> Result<(), ApiError> {
    if method.body() != before {
        objects::update(call.db, method).await?;
        call.scope().record_change(kind, before, method).await?;
    }
    Ok(())
}

fn of_token(call: &Call<'_>, id: &str) -> Option<PaymentMethod> {
    let instrument = id
        .starts_with("pm_")
        .then(|| Instrument::of_token(id))
        .flatten()?;
    let holder = Shopper {
        name: matches!(instrument, Instrument::Debit(_)).then(|| "Jenny Rosen".to_owned()),
        ..Shopper::default()
    };
    Some(PaymentMethod::create(
        &instrument,
        &holder,
        call.app.clock.now(),
    ))
}

/// A bank is asked about a card when it is attached.
fn check_attachable(method: &PaymentMethod) -> Result<(), ApiError> {
    let Some(Instrument::Card(card)) = method.instrument() else {
        return Ok(());
    };
    match card.decline_of_setup() {
        Some(decline) => {
            let code = decline.decline_code;
            Err(ApiError::card(decline.code, code, None, decline.message).executed())
        }
        None => Ok(()),
    }
}
