//! Customers.

use serde_json::{Map, Value, json};

use super::{invoices, payment_methods};
use crate::http::changes::{add, save, tombstone};
use crate::http::list::page;
use crate::http::lookup::{self, only_expand};
use crate::http::params::{Params, collect};
use crate::http::{ApiError, Call, address_params};
use crate::objects::{Customer, Object, ObjectType, PaymentMethod};
use crate::store::objects::{self, Selection};

/// The member of the invoice settings.
const DEFAULT: &str = "default_payment_method";

/// Parameters that Stripe has and the sandbox does not have yet.
const UNSUPPORTED: &[&str] = &[
    "bank_account",
    "card",
    "cash_balance",
    "coupon",
    "default_source",
    "promotion_code",
    "source",
    "tax",
    "tax_id_data",
    "test_clock",
];

pub(crate) async fn create(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut customer = Customer::create(call.app.clock.now());
    let mut params = call.take_params();
    let method = params.text("payment_method", 5000)?;
    let changes = read(params, &customer)?;
    customer.apply(changes);
    if let Some(id) = method {
        let method = payment_methods::resolve(call, &id).await?;
        let method = payment_methods::attach_to(call, method, json!(customer.id())).await?;
        // A token names the payment method that has just been made of it.
        if customer.get("invoice_settings")[DEFAULT] == id {
            customer.set_in("invoice_settings", "/default_payment_method", method.id());
        }
    }
    check_default(call, &customer).await?;
    add(call, &customer, "customer.created").await?;
    Ok(customer.into_body())
}

/// A deleted customer is still there, as what is left of it.
pub(crate) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    only_expand(call)?;
    match objects::find_deleted_too(call.db, "customer", id).await? {
        Some(customer) => Ok(customer.into_body()),
        None => Ok(find(call, id).await?.into_body()),
    }
}

pub(crate) async fn update(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let before = find(call, id).await?;
    let mut customer = before.clone();
    customer.apply(read(call.take_params(), &before)?);
    check_default(call, &customer).await?;
    save(call, &before, &customer, "customer.updated").await?;
    Ok(customer.into_body())
}

pub(crate) async fn delete(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    only_expand(call)?;
    let customer = find(call, id).await?;
    call.scope().record("customer.deleted", &customer).await?;
    let left = Object::new(tombstone(&customer));
    objects::delete(call.db, &left).await?;
    Ok(left.into_body())
}

pub(crate) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(&["test_clock"])?;
    let mut selection = Selection {
        kind: "customer",
        ..Selection::default()
    };
    if let Some(email) = params.text("email", 512)? {
        selection.members.push(("email", vec![email]));
    }
    page(call, params, selection, "/v1/customers").await
}

async fn find(call: &mut Call<'_>, id: &str) -> Result<Customer, ApiError> {
    lookup::find::<Customer>(call, id).await
}

fn read(mut params: Params, current: &Object) -> Result<Map<String, Value>, ApiError> {
    params.refuse_unsupported(UNSUPPORTED)?;
    let locales = params.texts("preferred_locales")?;
    let locales: Vec<String> = locales.into_iter().map(|(_, locale)| locale).collect();
    let email = match params.clears("email") {
        true => Some(Value::Null),
        false => params.email("email")?.map(Value::String),
    };
    let tax_exempt = match params.clears("tax_exempt") {
        true => Some(json!("none")),
        false => params
            .choice("tax_exempt", &["exempt", "none", "reverse"])?
            .map(Value::String),
    };
    let changes = collect([
        ("address", address_params::address(&mut params, "address")?),
        ("balance", params.integer("balance")?.map(Value::from)),
        (
            "business_name",
            params.clearable_text("business_name", 150)?,
        ),
        ("description", params.clearable_text("description", 5000)?),
        ("email", email),
        (
            "individual_name",
            params.clearable_text("individual_name", 150)?,
        ),
        (
            "invoice_prefix",
            params.text("invoice_prefix", 12)?.map(Value::String),
        ),
        (
            "invoice_settings",
            invoice_settings(&mut params, current.get("invoice_settings"))?,
        ),
        (
            "metadata",
            params.metadata_over("metadata", current.get("metadata"))?,
        ),
        ("name", params.clearable_text("name", 256)?),
        (
            "next_invoice_sequence",
            params
                .integer_from("next_invoice_sequence", 1)?
                .map(Value::from),
        ),
        ("phone", params.clearable_text("phone", 20)?),
        (
            "preferred_locales",
            (!locales.is_empty()).then(|| json!(locales)),
        ),
        (
            "shipping",
            address_params::shipment(&mut params, "shipping")?,
        ),
        ("tax_exempt", tax_exempt),
    ]);
    params.finish()?;
    Ok(changes)
}

/// The default payment method has to be one of the customer's.
async fn check_default(call: &mut Call<'_>, customer: &Object) -> Result<(), ApiError> {
    let Some(id) = customer.get("invoice_settings")[DEFAULT].as_str() else {
        return Ok(());
    };
    let method = objects::get::<PaymentMethod>(call.db, id).await?;
    if method.is_some_and(|method| method.text("customer") == customer.id()) {
        return Ok(());
    }
    let message = format!(
        "The customer does not have a payment method with the ID {id}. The payment method must be attached to the customer."
    );
    let param = "invoice_settings[default_payment_method]";
    Err(ApiError::parameter(param, message)
        .code("resource_missing")
        .executed())
}

/// Reads what the customer's invoices have unless they say otherwise, and the payment method that
/// the customer prefers.
fn invoice_settings(params: &mut Params, current: &Value) -> Result<Option<Value>, ApiError> {
    let Some(mut settings) = params.object("invoice_settings")? else {
        return Ok(None);
    };
    let mut read = current.clone();
    if let Some(method) = settings.clearable_text(DEFAULT, 5000)? {
        read[DEFAULT] = method;
    }
    if let Some(footer) = settings.clearable_text("footer", 5000)? {
        read["footer"] = footer;
    }
    if let Some(fields) = invoices::custom_fields(&mut settings)? {
        read["custom_fields"] = fields;
    }
    if let Some(options) = invoices::rendering_options(&mut settings)? {
        read["rendering_options"] = options;
    }
    settings.finish()?;
    Ok(Some(read))
}
