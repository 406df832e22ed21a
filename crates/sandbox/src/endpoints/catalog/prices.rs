//! Prices.

use serde_json::{Map, Value};

use super::currency_options::{self, AmountContext};
use super::{TAX_BEHAVIORS, unit_amount};
use crate::currency::Currency;
use crate::http::amounts::currency;
use crate::http::changes::{add, save};
use crate::http::list::{narrow, page};
use crate::http::lookup::{self, find_param, only_expand, refuse_taken};
use crate::http::params::{Params, collect};
use crate::http::{ApiError, Call};
use crate::objects::{
    Object, ObjectType, Price, Product, currency_options as stored_options, price,
};
use crate::store::objects::{self, Selection};

const INTERVALS: &[&str] = &["day", "month", "week", "year"];

/// Parameters that Stripe has and the sandbox does not have yet.
const UNSUPPORTED: &[&str] = &[
    "custom_unit_amount",
    "tiers",
    "tiers_mode",
    "transform_quantity",
];

/// The product of a new price: one that exists, or one made with it.
enum PriceProduct {
    Existing(Product),
    New(Product),
}

pub(crate) async fn create(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    params.refuse_unsupported(UNSUPPORTED)?;
    params.choice("billing_scheme", &["per_unit"])?;
    let now = call.app.clock.now();
    let of_product = price_product(call, &mut params, now).await?;
    let (PriceProduct::Existing(product) | PriceProduct::New(product)) = &of_product;
    if !params.has("unit_amount") && !params.has("unit_amount_decimal") {
        let message =
            "Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.";
        return Err(ApiError::invalid(message));
    }
    let (currency, unit_amount) = money(&mut params)?;
    let mut price = Price::create(product.id(), currency, unit_amount, now);
    let transfer = params.boolean("transfer_lookup_key")?.unwrap_or(false);
    let mut changes = read(&mut params, &price)?;
    changes.extend(recurrence(&mut params)?);
    set_currency_options(&mut params, &mut price)?;
    params.finish()?;
    price.apply(changes);
    take_lookup_key(call, &price, transfer).await?;
    if let PriceProduct::New(product) = &of_product {
        add(call, product, "product.created").await?;
    }
    add(call, &price, "price.created").await?;
    Ok(price.into_body())
}

pub(crate) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    only_expand(call)?;
    Ok(lookup::find::<Price>(call, id).await?.into_body())
}

pub(crate) async fn update(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let before = lookup::find::<Price>(call, id).await?;
    let mut price = before.clone();
    let transfer = params.boolean("transfer_lookup_key")?.unwrap_or(false);
    let changes = read(&mut params, &before)?;
    set_currency_options(&mut params, &mut price)?;
    params.finish()?;
    let fixed = before.text("tax_behavior") != "unspecified";
    if fixed
        && changes
            .get("tax_behavior")
            .is_some_and(|new| *new != before.body()["tax_behavior"])
    {
        let message = "You cannot change the tax_behavior of a price once it is set to inclusive or exclusive.";
        return Err(ApiError::parameter("tax_behavior", message).executed());
    }
    price.apply(changes);
    take_lookup_key(call, &price, transfer).await?;
    save(call, &before, &price, "price.updated").await?;
    Ok(price.into_body())
}

pub(crate) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let mut selection = Selection {
        kind: "price",
        ..Selection::default()
    };
    selection
        .flags
        .extend(params.boolean("active")?.map(|active| ("active", active)));
    narrow(call, &mut params, &mut selection, &["product"]).await?;
    let currency = params.text("currency", 5000)?;
    selection
        .members
        .extend(currency.map(|code| ("currency", vec![code])));
    let kind = params.choice("type", &["one_time", "recurring"])?;
    selection
        .members
        .extend(kind.map(|kind| ("type", vec![kind])));
    let keys: Vec<String> = params
        .texts("lookup_keys")?
        .into_iter()
        .map(|(_, key)| key)
        .collect();
    if keys.len() > 10 {
        let message = "Array lookup_keys exceeded maximum 10 allowed elements.";
        return Err(ApiError::parameter("lookup_keys", message));
    }
    if !keys.is_empty() {
        selection.members.push(("lookup_key", keys));
    }
    if let Some(mut recurring) = params.object("recurring")? {
        recurring.refuse_unsupported(&["meter"])?;
        let interval = recurring.choice("interval", INTERVALS)?;
        let usage = recurring.choice("usage_type", &["licensed", "metered"])?;
        recurring.finish()?;
        selection
            .members
            .extend(interval.map(|text| ("recurring.interval", vec![text])));
        selection
            .members
            .extend(usage.map(|text| ("recurring.usage_type", vec![text])));
    }
    page(call, params, selection, "/v1/prices").await
}

/// Reads the price that a new product brings along.
pub(super) fn default_price(mut data: Params, product: &str, now: i64) -> Result<Price, ApiError> {
    data.refuse_unsupported(UNSUPPORTED)?;
    let (currency, unit_amount) = money(&mut data)?;
    let mut price = Price::create(product, currency, unit_amount, now);
    let mut changes = collect([
        ("metadata", Some(data.metadata("metadata")?)),
        (
            "tax_behavior",
            data.choice("tax_behavior", TAX_BEHAVIORS)?
                .map(Value::String),
        ),
    ]);
    changes.extend(recurrence(&mut data)?);
    set_currency_options(&mut data, &mut price)?;
    data.finish()?;
    price.apply(changes);
    Ok(price)
}

/// Reads the currency and the amount for one.
pub(crate) fn money(params: &mut Params) -> Result<(Currency, i64), ApiError> {
    let currency = currency(params, "currency")?;
    let amount = unit_amount(params, currency)?;
    let amount = amount.ok_or_else(|| ApiError::missing(&params.name("unit_amount")))?;
    Ok((currency, amount))
}

fn set_currency_options(params: &mut Params, price: &mut Object) -> Result<(), ApiError> {
    let context = AmountContext {
        kind: "price",
        own: price.get("currency").as_str(),
    };
    let options = currency_options::read(params, context, stored_options::others(price))?;
    stored_options::set(price, options);
    Ok(())
}

async fn price_product(
    call: &mut Call<'_>,
    params: &mut Params,
    now: i64,
) -> Result<PriceProduct, ApiError> {
    let there = params.text("product", 5000)?;
    let data = params.object("product_data")?;
    match (there, data) {
        (Some(_), Some(_)) => Err(ApiError::parameter(
            "product",
            "You may only specify one of these parameters: product, product_data.",
        )),
        (None, None) => Err(ApiError::invalid(
            "You must specify either `product` or `product_data` when creating a price.",
        )),
        (Some(id), None) => Ok(PriceProduct::Existing(
            find_param::<Product>(call, &id, "product").await?,
        )),
        (None, Some(mut data)) => {
            let name = data.required_text("name", 5000)?;
            let mut product = Product::create(&name, now);
            if let Some(id) = data.text("id", 5000)? {
                refuse_taken(call, "product", "Product", &id).await?;
                product.set("id", id);
            }
            product.apply(collect([
                ("active", data.boolean("active")?.map(Value::Bool)),
                ("metadata", Some(data.metadata("metadata")?)),
                (
                    "statement_descriptor",
                    data.text("statement_descriptor", 22)?.map(Value::String),
                ),
                ("tax_code", data.text("tax_code", 5000)?.map(Value::String)),
                (
                    "unit_label",
                    data.text("unit_label", 12)?.map(Value::String),
                ),
            ]));
            data.finish()?;
            Ok(PriceProduct::New(product))
        }
    }
}

/// Reads what can be changed of a price.
fn read(params: &mut Params, current: &Object) -> Result<Map<String, Value>, ApiError> {
    Ok(collect([
        ("active", params.boolean("active")?.map(Value::Bool)),
        ("lookup_key", params.clearable_text("lookup_key", 200)?),
        (
            "metadata",
            params.metadata_over("metadata", current.get("metadata"))?,
        ),
        ("nickname", params.clearable_text("nickname", 5000)?),
        (
            "tax_behavior",
            params
                .choice("tax_behavior", TAX_BEHAVIORS)?
                .map(Value::String),
        ),
    ]))
}

fn recurrence(params: &mut Params) -> Result<Map<String, Value>, ApiError> {
    let Some(mut recurring) = params.object("recurring")? else {
        return Ok(Map::new());
    };
    recurring.refuse_unsupported(&["meter", "trial_period_days"])?;
    recurring.choice("usage_type", &["licensed"])?;
    let interval = recurring
        .choice("interval", INTERVALS)?
        .ok_or_else(|| ApiError::missing(&recurring.name("interval")))?;
    let count = recurring.integer_from("interval_count", 1)?.unwrap_or(1);
    recurring.finish()?;
    Ok(collect([
        ("recurring", Some(price::recurring(&interval, count))),
        ("type", Some("recurring".into())),
    ]))
}

/// Sees to it that no other price has the same lookup key, by taking it away if that is wanted.
async fn take_lookup_key(
    call: &mut Call<'_>,
    price: &Object,
    transfer: bool,
) -> Result<(), ApiError> {
    let key = price.text("lookup_key").to_owned();
    if key.is_empty() {
        return Ok(());
    }
    let holders = Selection {
        kind: "price",
        members: vec![("lookup_key", vec![key])],
        limit: 2,
        ..Selection::default()
    };
    for before in objects::page(call.db, &holders).await?.0 {
        if before.id() == price.id() {
            continue;
        }
        if !transfer {
            let message = format!("A price (`{}`) already uses that lookup key.", before.id());
            return Err(ApiError::parameter("lookup_key", message).executed());
        }
        let mut holder = before.clone();
        holder.set("lookup_key", Value::Null);
        objects::update(call.db, &holder).await?;
        call.scope()
            .record_change("price.updated", before.body(), &holder)
            .await?;
    }
    Ok(())
}
