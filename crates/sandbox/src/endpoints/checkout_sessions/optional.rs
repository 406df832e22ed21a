//! Items that the shopper can add to the order of a new Checkout Session.

use serde_json::{Value, json};

use super::{lines, prices};
use crate::checkout::MAX_LINES;
use crate::currency::Currency;
use crate::http::params::Params;
use crate::http::{ApiError, Call};

const MAX_OPTIONAL: usize = 10;

/// An optional item as it was asked for.
#[derive(Debug)]
pub(super) struct OptionalItemParams {
    price: String,
    param: String,
    quantity: i64,
    adjustable_quantity: Value,
}

/// Reads `optional_items`, beside so many lines.
pub(super) fn read(params: &mut Params, lines: usize) -> Result<Vec<OptionalItemParams>, ApiError> {
    let elements = params.objects("optional_items")?;
    if elements.len() > MAX_OPTIONAL || elements.len() + lines > MAX_LINES {
        let message = format!(
            "A Checkout Session can have up to {MAX_OPTIONAL} optional_items, and {MAX_LINES} items with its line_items."
        );
        return Err(ApiError::parameter("optional_items", message));
    }
    elements.into_iter().map(option).collect()
}

/// Finds the price of an optional item.
pub(super) async fn resolve(
    call: &mut Call<'_>,
    requested: OptionalItemParams,
    currency: Currency,
) -> Result<Value, ApiError> {
    let (price, _) = prices::saved_price(call, &requested.price, &requested.param).await?;
    prices::check_currency(&price, currency, &requested.param)?;
    Ok(json!({
        "adjustable_quantity": requested.adjustable_quantity,
        "price": price.id(),
        "quantity": requested.quantity,
    }))
}

fn option(mut item: Params) -> Result<OptionalItemParams, ApiError> {
    let quantity = lines::quantity(&mut item)?.ok_or_else(|| lines::no_quantity(&item))?;
    let requested = OptionalItemParams {
        price: item.required_text("price", 5000)?,
        param: item.name("price"),
        quantity,
        adjustable_quantity: lines::adjustable_quantity(&mut item, quantity)?.unwrap_or_default(),
    };
    item.finish()?;
    Ok(requested)
}
