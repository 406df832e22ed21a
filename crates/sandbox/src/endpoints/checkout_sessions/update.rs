//! Changing a Checkout Session.

use std::collections::HashSet;

use serde_json::Value;

use super::prices::{self, PriceParams};
use super::{lines, shipping};
use crate::checkout;
use crate::currency::Currency;
use crate::http::params::Params;
use crate::http::{ApiError, Call, lookup};
use crate::objects::{CheckoutSession, ObjectType};
use crate::store::objects;

/// The parameters that Stripe takes for the pages that a merchant builds alone.
const NOT_FOR_HOSTED: &[&str] = &["collected_information", "payment_intent_data"];

/// A line as it is to be.
#[derive(Debug)]
struct LineItemUpdate {
    /// The id of a line that is there already, and the parameter that gave it.
    there: Option<(String, String)>,
    price: Option<PriceParams>,
    quantity: Option<i64>,
    metadata: Option<Value>,
    adjustable_quantity: Option<Value>,
    /// The name of the element.
    param: String,
}

/// Metadata can be changed at any time, lines and shipping options while the session is open.
pub(crate) async fn update(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let now = call.app.clock.now();
    let mut params = call.take_params();
    let mut session = lookup::find::<CheckoutSession>(call, id).await?;
    if let Some(member) = NOT_FOR_HOSTED.iter().find(|member| params.has(member)) {
        let message = format!(
            "`{member}` can only be set when updating a Checkout Session whose `ui_mode` is `elements` or \
             `embedded_page`, and this one is `hosted_page`."
        );
        return Err(ApiError::parameter(*member, message));
    }
    let metadata = params.metadata_over("metadata", session.get("metadata"))?;
    let changes_shipping = params.has("shipping_options");
    let rates = match params.clears("shipping_options") {
        true => Vec::new(),
        false => shipping::options(&mut params, now)?,
    };
    let lines = read_lines(&mut params, now)?;
    params.finish()?;
    if (changes_shipping || lines.is_some()) && session.text("status") != "open" {
        let message = format!(
            "Only the metadata of a Checkout Session can be changed that has a status of {}.",
            session.text("status")
        );
        return Err(ApiError::invalid(message).executed());
    }
    if let Some(metadata) = metadata {
        session.set("metadata", metadata);
    }
    if changes_shipping {
        let currency = currency_of(&session)?;
        let mut found = Vec::with_capacity(rates.len());
        for rate in rates {
            found.push(shipping::resolve(call, rate, currency).await?);
        }
        session.offer_shipping(&found);
    }
    if changes_shipping || lines.is_some() {
        let items = match lines {
            None => session.line_items().to_vec(),
            Some(lines) => resolve(call, &session, lines, now).await?,
        };
        checkout::set_lines(call.app, call.db, &mut session, items).await?;
    } else {
        objects::update(call.db, &session).await?;
    }
    Ok(session.into_body())
}

fn read_lines(params: &mut Params, now: i64) -> Result<Option<Vec<LineItemUpdate>>, ApiError> {
    if !params.has("line_items") {
        return Ok(None);
    }
    let elements = lines::elements(params)?;
    let lines = elements.into_iter().map(|item| line(item, now));
    Ok(Some(lines.collect::<Result<_, _>>()?))
}

fn line(mut item: Params, now: i64) -> Result<LineItemUpdate, ApiError> {
    item.refuse_unsupported(lines::UNSUPPORTED)?;
    let id = item.text("id", 5000)?;
    let quantity = lines::quantity(&mut item)?;
    let line = LineItemUpdate {
        price: prices::read(&mut item, now)?,
        adjustable_quantity: lines::adjustable_quantity(&mut item, quantity.unwrap_or(1))?,
        metadata: match item.has("metadata") {
            true => Some(item.metadata("metadata")?),
            false => None,
        },
        there: id.map(|id| (item.name("id"), id)),
        quantity,
        param: item.name("price_data"),
    };
    if line.there.is_none() {
        if line.price.is_none() {
            return Err(prices::missing(&item));
        }
        if line.quantity.is_none() {
            return Err(lines::no_quantity(&item));
        }
    }
    item.finish()?;
    Ok(line)
}

/// The line items as they are to be: those that are there and named, changed where that is wanted,
/// and new ones. Those that are not named are gone.
async fn resolve(
    call: &mut Call<'_>,
    session: &CheckoutSession,
    requested: Vec<LineItemUpdate>,
    now: i64,
) -> Result<Vec<Value>, ApiError> {
    let currency = currency_of(session)?;
    let mut items = Vec::with_capacity(requested.len());
    let mut named = HashSet::new();
    for line in requested {
        let there = line.there.map(|(param, id)| {
            let mut lines = session.line_items().iter();
            let found = lines.find(|item| item["id"] == *id).cloned();
            match found.filter(|_| named.insert(id.clone())) {
                Some(item) => Ok(item),
                None => Err(ApiError::parameter(
                    param,
                    format!("This Checkout Session has no line item {id} to keep."),
                )),
            }
        });
        let there = there.transpose()?;
        let metadata = line.metadata.unwrap_or_else(|| match &there {
            Some(item) => item["metadata"].clone(),
            None => Value::Object(serde_json::Map::new()),
        });
        let adjustable = line.adjustable_quantity.unwrap_or_else(|| match &there {
            Some(item) => item["adjustable_quantity"].clone(),
            None => Value::Null,
        });
        let mut item = match (there, line.price) {
            (Some(item), None) => item,
            (there, Some(price)) => {
                let mut item = prices::resolve(call, price, Some(currency), now).await?;
                if let Some(there) = there {
                    item["id"] = there["id"].clone();
                    item["quantity"] = there["quantity"].clone();
                }
                item
            }
            (None, None) => return Err(ApiError::missing(&line.param)),
        };
        if let Some(quantity) = line.quantity {
            item["quantity"] = quantity.into();
        }
        item["metadata"] = metadata;
        item["adjustable_quantity"] = adjustable;
        items.push(item);
    }
    Ok(items)
}

fn currency_of(session: &CheckoutSession) -> Result<Currency, ApiError> {
    Currency::find(session.text("currency")).ok_or_else(|| ApiError::missing("currency"))
}
