//! Quantities of the lines, and optional items that the shopper adds.

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::changes::change;
use super::discounts;
use crate::app::App;
use crate::currency::Currency;
use crate::http::ApiError;
use crate::objects::{CheckoutSession, line_item};
use crate::store::objects;

/// The most lines that a session can have.
pub(crate) const MAX_LINES: usize = 100;

/// Takes another quantity of a line of an open session, if the merchant lets the shopper adjust it.
/// A promotion code that the order is then too small for is taken away.
///
/// # Errors
/// When there is no such line, its quantity is fixed, or is to be outside its bounds, in words for
/// the shopper.
pub(crate) async fn change_quantity(
    app: &App,
    db: &mut SqliteConnection,
    session: &mut CheckoutSession,
    line: &str,
    quantity: i64,
) -> Result<(), ApiError> {
    let mut items = session.line_items().to_vec();
    let Some(item) = items.iter_mut().find(|item| item["id"] == line) else {
        let message = format!("This Checkout Session has no line item {line}.");
        return Err(ApiError::parameter("line_items", message));
    };
    check_quantity(&item["adjustable_quantity"], quantity)?;
    item["quantity"] = quantity.into();
    set_lines(app, db, session, items).await
}

/// Takes a quantity of one of the optional items of an open session, by the id of its price; none
/// of it for 0.
///
/// # Errors
/// When there is no such item, or it cannot be taken so often, in words for the shopper.
pub(crate) async fn take_optional(
    app: &App,
    db: &mut SqliteConnection,
    session: &mut CheckoutSession,
    price: &str,
    quantity: i64,
) -> Result<(), ApiError> {
    let options = session.get("optional_items").as_array();
    let option = options.and_then(|options| options.iter().find(|option| option["price"] == price));
    let Some(option) = option else {
        let message = format!("This Checkout Session does not offer the price {price}.");
        return Err(ApiError::parameter("optional_items", message));
    };
    let adjustable = &option["adjustable_quantity"];
    if quantity != 0 && option["quantity"] != quantity {
        check_quantity(adjustable, quantity)?;
    }
    let taken = taken(session, price).map(ToOwned::to_owned);
    let mut items = session.line_items().to_vec();
    match taken {
        Some(id) if quantity == 0 => items.retain(|item| item["id"] != *id),
        Some(id) => {
            for item in items.iter_mut().filter(|item| item["id"] == *id) {
                item["quantity"] = quantity.into();
            }
        }
        None if quantity == 0 => return Ok(()),
        None => {
            let currency = Currency::find(session.text("currency"))
                .ok_or_else(|| ApiError::missing("currency"))?;
            let item = new_line(db, price, currency, quantity, adjustable.clone()).await?;
            session.remember_optional(price, &item["id"]);
            items.push(item);
        }
    }
    set_lines(app, db, session, items).await
}

/// The id of the line by which an optional item is taken, if it is.
pub(super) fn taken<'a>(session: &'a CheckoutSession, price: &str) -> Option<&'a str> {
    let id = session.optional_line(price)?;
    session
        .line_items()
        .iter()
        .any(|item| item["id"] == id)
        .then_some(id)
}

/// The smallest and the largest quantity that the shopper can take, where it can be adjusted.
pub(super) fn bounds(adjustable: &Value) -> Option<[i64; 2]> {
    if adjustable["enabled"] != true {
        return None;
    }
    // A line cannot be nothing; an optional one is left out instead.
    let least = adjustable["minimum"].as_i64().unwrap_or_default().max(1);
    Some([least, adjustable["maximum"].as_i64().unwrap_or(i64::MAX)])
}

fn check_quantity(adjustable: &Value, quantity: i64) -> Result<(), ApiError> {
    let message = match bounds(adjustable) {
        None => "The quantity of this item cannot be changed.".to_owned(),
        Some([least, most]) if quantity < least || quantity > most => {
            format!("The quantity of this item must be from {least} to {most}.")
        }
        Some(_) => return Ok(()),
    };
    Err(ApiError::parameter("quantity", message))
}

async fn new_line(
    db: &mut SqliteConnection,
    price: &str,
    currency: Currency,
    quantity: i64,
    adjustable: Value,
) -> sqlx::Result<Value> {
    let price = objects::find(db, price)
        .await?
        .ok_or(sqlx::Error::RowNotFound)?;
    let product = objects::find(db, price.text("product"))
        .await?
        .ok_or(sqlx::Error::RowNotFound)?;
    Ok(line_item::create(
        &price,
        &product,
        currency,
        quantity,
        json!({}),
        adjustable,
    ))
}

/// Sets other line items, and takes away a discount that is not for them.
pub(crate) async fn set_lines(
    app: &App,
    db: &mut SqliteConnection,
    session: &mut CheckoutSession,
    items: Vec<Value>,
) -> Result<(), ApiError> {
    let now = app.clock.now();
    let mut changed = session.clone();
    changed.set_line_items(items);
    if let Some(promotion) = discounts::of_session(db, &changed).await? {
        match discounts::check(db, &changed, &promotion, "discounts", now).await {
            Ok(()) => {}
            Err(error) if error.status.is_server_error() => return Err(error),
            Err(_) => changed.set_discount(None, now),
        }
    }
    change(db, session, |session| *session = changed).await
}
