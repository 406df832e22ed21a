//! What the pay page shows of an open session, and what the shopper may change of it.

use serde::Serialize;
use serde_json::Value;
use sqlx::SqliteConnection;

use super::promotions::{self, Promotion};
use super::{price, quantities};
use crate::api::ApiError;
use crate::app::App;
use crate::currency::Currency;
use crate::objects::{Object, payment_intent, promotion, session};
use crate::store::objects;

/// What a session comes to and what can be chosen. All amounts are minor units of the session's currency, of which
/// [`Currency::format`] makes a text.
#[derive(Debug, Serialize)]
pub(crate) struct Summary {
    pub(crate) currency: Currency,
    pub(crate) lines: Vec<SummaryLine>,
    /// What the shopper can add to the order.
    pub(crate) optional: Vec<OptionalItem>,
    pub(crate) subtotal: i64,
    pub(crate) discount: Option<SummaryDiscount>,
    /// Whether there is to be a field for a promotion code.
    pub(crate) takes_promotion_code: bool,
    /// The shipping options; empty where nothing is shipped.
    pub(crate) shipping: Vec<ShippingOption>,
    /// The countries that goods are shipped to, as two letters each; empty when no shipping address is asked for.
    pub(crate) shipping_countries: Vec<String>,
    /// What is to be paid, with the shipping option that is chosen. There is no tax.
    pub(crate) total: i64,
    /// The e-mail address that the merchant knows, and the shopper cannot change.
    pub(crate) email: Option<String>,
}

/// One line of the order.
#[derive(Debug, Serialize)]
pub(crate) struct SummaryLine {
    /// The id of the line item.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// The address of a picture.
    pub(crate) image: Option<String>,
    pub(crate) unit_amount: i64,
    pub(crate) quantity: i64,
    /// The smallest and the largest quantity that [`super::change_quantity`] takes; none where it is fixed.
    pub(crate) bounds: Option<[i64; 2]>,
    /// What the line costs before the discount.
    pub(crate) subtotal: i64,
}

/// An item that the shopper can add.
#[derive(Debug, Serialize)]
pub(crate) struct OptionalItem {
    /// The id of its price, for [`super::take_optional`].
    pub(crate) price: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// The address of a picture.
    pub(crate) image: Option<String>,
    pub(crate) unit_amount: i64,
    /// How many are added at once.
    pub(crate) quantity: i64,
    /// The id of the line by which it is in the order already.
    pub(crate) line: Option<String>,
}

/// The discount of a session.
#[derive(Debug, Serialize)]
pub(crate) struct SummaryDiscount {
    /// The name of the coupon, or else what it takes off: `25% off`.
    pub(crate) name: String,
    /// The promotion code, if it was by one.
    pub(crate) code: Option<String>,
    /// What it takes off this order.
    pub(crate) amount: i64,
    /// Whether the shopper can take it away again: not what the merchant gave.
    pub(crate) removable: bool,
}

/// One way to ship.
#[derive(Debug, Serialize)]
pub(crate) struct ShippingOption {
    /// The id of the shipping rate, for [`choose_shipping`].
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) amount: i64,
    /// When the goods arrive: `3-5 business days`.
    pub(crate) estimate: Option<String>,
    pub(crate) chosen: bool,
}

/// What there is to show of a session.
///
/// # Errors
/// When the state file fails.
pub(crate) async fn summary(db: &mut SqliteConnection, session: &Object) -> sqlx::Result<Summary> {
    let mut lines = Vec::new();
    for item in session::line_items(session) {
        lines.push(line(db, item).await?);
    }
    let mut optional = Vec::new();
    for option in members(session.get("optional_items")) {
        optional.extend(optional_item(db, session, option).await?);
    }
    let mut shipping = Vec::new();
    let chosen = session::chosen_shipping(session).map(|(rate, _)| rate);
    for option in members(session.get("shipping_options")) {
        let id = option["shipping_rate"].as_str().unwrap_or_default();
        let Some(rate) = objects::find(db, id).await? else {
            continue;
        };
        shipping.push(ShippingOption {
            id: id.to_owned(),
            name: rate.text("display_name").to_owned(),
            amount: option["shipping_amount"].as_i64().unwrap_or_default(),
            estimate: estimate(rate.get("delivery_estimate")),
            chosen: chosen == Some(id),
        });
    }
    let takes_promotion_code = session.get("allow_promotion_codes") == true;
    let discount = promotions::of_session(db, session)
        .await?
        .map(|promotion| discount(session, &promotion, takes_promotion_code));
    let countries = &session.get("shipping_address_collection")["allowed_countries"];
    Ok(Summary {
        currency: Currency::find(session.text("currency")).ok_or(sqlx::Error::RowNotFound)?,
        lines,
        optional,
        subtotal: session.integer("amount_subtotal"),
        discount,
        takes_promotion_code,
        shipping,
        shipping_countries: members(countries)
            .filter_map(|country| country.as_str().map(ToOwned::to_owned))
            .collect(),
        total: session.integer("amount_total"),
        email: text(&session.get("customer_details")["email"]),
    })
}

/// Gives an open session the discount of a promotion code that the shopper typed, in the place of an earlier one.
///
/// # Errors
/// When the session takes no codes, or the code is not for it; [`ApiError::message`] says why, in words for the field,
/// and the session is as it was. An error of 500 is a failure of the state file.
pub(crate) async fn apply_code(
    app: &App,
    db: &mut SqliteConnection,
    session: &mut Object,
    code: &str,
) -> Result<(), ApiError> {
    let param = "promotion_code";
    if session.get("allow_promotion_codes") != true {
        let message = "This Checkout Session does not take promotion codes.";
        return Err(ApiError::parameter(param, message));
    }
    let now = app.clock.now();
    let promotion = promotions::by_code(db, session, code.trim(), param).await?;
    promotions::check(db, session, &promotion, param, now).await?;
    change(db, session, |session| {
        session::set_discount(session, Some(promotion.parts()), now);
    })
    .await
}

/// Takes the discount of a promotion code away again. A discount that the merchant gave stays.
///
/// # Errors
/// When what is left to pay cannot be charged.
pub(crate) async fn remove_code(
    db: &mut SqliteConnection,
    session: &mut Object,
) -> Result<(), ApiError> {
    if session.get("allow_promotion_codes") != true {
        return Ok(());
    }
    change(db, session, |session| {
        session::set_discount(session, None, 0)
    })
    .await
}

/// Chooses a shipping option of an open session by the id of its rate.
///
/// # Errors
/// When it is none of the session's.
pub(crate) async fn choose_shipping(
    db: &mut SqliteConnection,
    session: &mut Object,
    rate: &str,
) -> Result<(), ApiError> {
    if !members(session.get("shipping_options")).any(|option| option["shipping_rate"] == rate) {
        let message = format!("This Checkout Session does not offer the shipping rate {rate}.");
        return Err(ApiError::parameter("shipping_rate", message));
    }
    change(db, session, |session| {
        session::choose_shipping(session, Some(rate));
    })
    .await
}

/// Changes a session, prices it anew, and stores it, and its payment intent if an earlier attempt made one.
pub(super) async fn change(
    db: &mut SqliteConnection,
    session: &mut Object,
    how: impl FnOnce(&mut Object),
) -> Result<(), ApiError> {
    let mut changed = session.clone();
    how(&mut changed);
    price(db, &mut changed).await?;
    objects::update(db, &changed).await?;
    if let Some(mut intent) = objects::find(db, changed.text("payment_intent")).await? {
        payment_intent::reprice(&mut intent, changed.integer("amount_total"));
        objects::update(db, &intent).await?;
    }
    *session = changed;
    Ok(())
}

async fn line(db: &mut SqliteConnection, item: &Value) -> sqlx::Result<SummaryLine> {
    let product = product(db, &item["price"]["product"]).await?;
    Ok(SummaryLine {
        id: text(&item["id"]).unwrap_or_default(),
        name: text(&item["description"]).unwrap_or_default(),
        description: text(product.get("description")),
        image: text(&product.get("images")[0]),
        unit_amount: number(&item["price"]["unit_amount"]),
        quantity: number(&item["quantity"]),
        bounds: quantities::bounds(&item["adjustable_quantity"]),
        subtotal: number(&item["amount_subtotal"]),
    })
}

async fn optional_item(
    db: &mut SqliteConnection,
    session: &Object,
    option: &Value,
) -> sqlx::Result<Option<OptionalItem>> {
    let id = text(&option["price"]).unwrap_or_default();
    let Some(price) = objects::find(db, &id).await? else {
        return Ok(None);
    };
    let product = product(db, price.get("product")).await?;
    Ok(Some(OptionalItem {
        name: product.text("name").to_owned(),
        description: text(product.get("description")),
        image: text(&product.get("images")[0]),
        unit_amount: price.integer("unit_amount"),
        quantity: number(&option["quantity"]),
        line: quantities::taken(session, &id).map(ToOwned::to_owned),
        price: id,
    }))
}

/// The product with an id, or an empty one: what is no longer known is left out.
async fn product(db: &mut SqliteConnection, id: &Value) -> sqlx::Result<Object> {
    let found = objects::find(db, id.as_str().unwrap_or_default()).await?;
    Ok(found.unwrap_or_else(|| Object::new(serde_json::json!({}))))
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(ToOwned::to_owned)
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}

fn discount(session: &Object, promotion: &Promotion, removable: bool) -> SummaryDiscount {
    let (coupon, code) = promotion.parts();
    SummaryDiscount {
        name: match coupon.text("name") {
            "" => promotion::describe(coupon),
            name => name.to_owned(),
        },
        code: code.map(|code| code.text("code").to_owned()),
        amount: session.get("total_details")["amount_discount"]
            .as_i64()
            .unwrap_or_default(),
        removable,
    }
}

/// `3-5 business days`, `1 day`, `at least 2 weeks`, `up to 12 hours`.
fn estimate(estimate: &Value) -> Option<String> {
    let bound = |member: &str| {
        let bound = &estimate[member];
        let unit = bound["unit"].as_str()?.replace('_', " ");
        Some((bound["value"].as_i64()?, unit))
    };
    let plural = |count: i64, unit: &str| format!("{unit}{}", if count == 1 { "" } else { "s" });
    let counted = |(count, unit): &(i64, String)| format!("{count} {}", plural(*count, unit));
    Some(match (bound("minimum"), bound("maximum")) {
        (None, None) => return None,
        (Some(least), None) => format!("at least {}", counted(&least)),
        (None, Some(most)) => format!("up to {}", counted(&most)),
        (Some(least), Some(most)) if least == most => counted(&most),
        (Some(least), Some(most)) if least.1 == most.1 => {
            format!("{}-{}", least.0, counted(&most))
        }
        (Some(least), Some(most)) => format!("{} to {}", counted(&least), counted(&most)),
    })
}

fn members(array: &Value) -> impl Iterator<Item = &Value> {
    array.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::estimate;
    use serde_json::{Value, json};

    #[test]
    fn delivery_estimates_are_written_for_people() {
        let of = |unit: &str, value: i64| json!({ "unit": unit, "value": value });
        for (given, written) in [
            (Value::Null, None),
            (
                json!({ "minimum": of("day", 1), "maximum": of("day", 1) }),
                Some("1 day"),
            ),
            (
                json!({ "minimum": of("business_day", 3), "maximum": of("business_day", 5) }),
                Some("3-5 business days"),
            ),
            (
                json!({ "minimum": of("day", 5), "maximum": of("week", 1) }),
                Some("5 days to 1 week"),
            ),
            (
                json!({ "minimum": null, "maximum": of("hour", 12) }),
                Some("up to 12 hours"),
            ),
            (
                json!({ "minimum": of("month", 2), "maximum": null }),
                Some("at least 2 months"),
            ),
        ] {
            assert_eq!(estimate(&given).as_deref(), written, "{given}");
        }
    }
}
