//! The summary of an open session that the pay page shows.

use serde::Serialize;
use serde_json::Value;
use sqlx::SqliteConnection;

use super::discounts::{self, Promotion};
use super::estimate::estimate;
use super::quantities;
use crate::currency::Currency;
use crate::objects::{CheckoutSession, Object, currency_options, line_item};
use crate::store::objects;

/// The amounts of a session and its choices. All amounts are minor units of the session's currency,
/// of which [`Currency::format`] makes a text.
#[derive(Debug, Serialize)]
pub(crate) struct Summary {
    pub(crate) currency: Currency,
    pub(crate) lines: Vec<SummaryLine>,
    /// The items that the shopper can add to the order.
    pub(crate) optional: Vec<OptionalItem>,
    pub(crate) subtotal: i64,
    pub(crate) discount: Option<SummaryDiscount>,
    /// True if there is to be a field for a promotion code.
    pub(crate) takes_promotion_code: bool,
    /// The shipping options; empty where nothing is shipped.
    pub(crate) shipping: Vec<ShippingOption>,
    /// The countries that goods are shipped to, as two letters each; empty when no shipping address
    /// is asked for.
    pub(crate) shipping_countries: Vec<String>,
    /// The amount to be paid, with the shipping option that is chosen. There is no tax.
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
    /// The smallest and the largest quantity that [`super::change_quantity`] takes; none where it
    /// is fixed.
    pub(crate) bounds: Option<[i64; 2]>,
    /// The amount of the line before the discount.
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
    /// The quantity that is added at once.
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
    /// The amount that it takes off this order.
    pub(crate) amount: i64,
    /// True if the shopper can take it away again: not what the merchant gave.
    pub(crate) removable: bool,
}

/// One way to ship.
#[derive(Debug, Serialize)]
pub(crate) struct ShippingOption {
    /// The id of the shipping rate, for [`super::choose_shipping`].
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) amount: i64,
    /// When the goods arrive: `3-5 business days`.
    pub(crate) estimate: Option<String>,
    pub(crate) chosen: bool,
}

/// The summary of a session.
///
/// # Errors
/// When the state file fails.
pub(crate) async fn summary(
    db: &mut SqliteConnection,
    session: &CheckoutSession,
) -> sqlx::Result<Summary> {
    let mut lines = Vec::new();
    for item in session.line_items() {
        lines.push(line(db, item).await?);
    }
    let mut optional = Vec::new();
    for option in members(session.get("optional_items")) {
        optional.extend(optional_item(db, session, option).await?);
    }
    let mut shipping = Vec::new();
    let chosen = session.chosen_shipping().map(|(rate, _)| rate);
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
    let discount = discounts::of_session(db, session)
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

async fn line(db: &mut SqliteConnection, item: &Value) -> sqlx::Result<SummaryLine> {
    let product = product(db, &item["price"]["product"]).await?;
    Ok(SummaryLine {
        id: text(&item["id"]).unwrap_or_default(),
        name: text(&item["description"]).unwrap_or_default(),
        description: text(product.get("description")),
        image: text(&product.get("images")[0]),
        unit_amount: line_item::unit_amount(item),
        quantity: number(&item["quantity"]),
        bounds: quantities::bounds(&item["adjustable_quantity"]),
        subtotal: number(&item["amount_subtotal"]),
    })
}

async fn optional_item(
    db: &mut SqliteConnection,
    session: &CheckoutSession,
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
        unit_amount: Currency::find(session.text("currency"))
            .and_then(|currency| currency_options::amount(&price, currency))
            .unwrap_or_default(),
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

fn discount(session: &CheckoutSession, promotion: &Promotion, removable: bool) -> SummaryDiscount {
    let (coupon, code) = promotion.parts();
    SummaryDiscount {
        name: match coupon.text("name") {
            "" => Currency::find(session.text("currency"))
                .map_or_else(String::new, |currency| coupon.describe(currency)),
            name => name.to_owned(),
        },
        code: code.map(|code| code.text("code").to_owned()),
        amount: session.get("total_details")["amount_discount"]
            .as_i64()
            .unwrap_or_default(),
        removable,
    }
}

fn members(array: &Value) -> impl Iterator<Item = &Value> {
    array.as_array().into_iter().flatten()
}
