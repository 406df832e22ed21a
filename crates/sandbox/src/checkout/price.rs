//! Pricing a session: the one place that sets its amounts.

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::totals::{Line, Totals, add_up};
use crate::currency::{Currency, MAXIMUM};
use crate::http::ApiError;
use crate::objects::{CheckoutSession, Coupon, line_item};
use crate::store::objects;

/// Sets all amounts of a session from its line items, its discount and the shipping option that is
/// chosen. To be called whenever one of them has changed; nothing is stored.
///
/// # Errors
/// When the total is more than can be charged, or less but not nothing. The session is as it was
/// then.
pub(crate) async fn price(
    db: &mut SqliteConnection,
    session: &mut CheckoutSession,
) -> Result<(), ApiError> {
    let currency =
        Currency::find(session.text("currency")).ok_or_else(|| ApiError::missing("currency"))?;
    let coupon = coupon_of(db, session).await?;
    let lines: Vec<Line> = session
        .line_items()
        .iter()
        .map(|item| Line {
            unit_amount: line_item::unit_amount(item),
            quantity: item["quantity"].as_i64().unwrap_or_default(),
            discounted: coupon
                .as_ref()
                .is_some_and(|coupon| coupon.is_for(&item["price"]["product"])),
        })
        .collect();
    let shipping = session.chosen_shipping().map_or(0, |(_, amount)| amount);
    let off = coupon
        .as_ref()
        .and_then(|coupon| coupon.discount_in(currency));
    let totals = add_up(&lines, off, currency, shipping)
        .filter(|totals| totals.subtotal <= MAXIMUM && totals.total <= MAXIMUM)
        .ok_or_else(|| too_large(currency))?;
    if totals.total > 0 && totals.total < currency.minimum() {
        return Err(too_small(currency));
    }
    set(session, &totals, shipping);
    Ok(())
}

/// The coupon of the discount that a session has. It still counts after it was deleted.
pub(super) async fn coupon_of(
    db: &mut SqliteConnection,
    session: &CheckoutSession,
) -> sqlx::Result<Option<Coupon>> {
    match session.discount()["source"]["coupon"].as_str() {
        None => Ok(None),
        Some(id) => {
            let coupon = objects::find_deleted_too(db, "coupon", id).await?;
            coupon.map(objects::typed).transpose()
        }
    }
}

fn set(session: &mut CheckoutSession, totals: &Totals, shipping: i64) {
    let discount = session.discount().clone();
    let share = |amount: i64| match &discount {
        Value::Null => json!([]),
        discount => json!([{ "amount": amount, "discount": discount }]),
    };
    let mut items = session.line_items().to_vec();
    for (item, amounts) in items.iter_mut().zip(&totals.lines) {
        item["amount_subtotal"] = amounts.subtotal.into();
        item["amount_discount"] = amounts.discount.into();
        item["amount_total"] = (amounts.subtotal - amounts.discount).into();
        item["discounts"] = match amounts.discount {
            0 => json!([]),
            amount => share(amount),
        };
    }
    session.set_line_items(items);
    session.set("amount_subtotal", totals.subtotal);
    session.set("amount_total", totals.total);
    session.set(
        "total_details",
        json!({
            "amount_discount": totals.discount,
            "amount_shipping": shipping,
            "amount_tax": 0,
        }),
    );
    for member in ["/amount_subtotal", "/amount_total"] {
        session.set_in("shipping_cost", member, shipping);
    }
    let status = match totals.total {
        0 => "no_payment_required",
        _ => "unpaid",
    };
    session.set("payment_status", status);
    let breakdown = json!({ "discounts": share(totals.discount), "taxes": [] });
    session.set_private("breakdown", breakdown);
}

fn too_large(currency: Currency) -> ApiError {
    let message = format!(
        "The Checkout Session's total amount due must be no more than {} {}",
        currency.format(MAXIMUM),
        currency.code()
    );
    ApiError::parameter("line_items", message).code("amount_too_large")
}

fn too_small(currency: Currency) -> ApiError {
    let message = format!(
        "The Checkout Session's total amount due must add up to at least {} {}",
        currency.format(currency.minimum()),
        currency.code()
    );
    ApiError::invalid(message).code("amount_too_small")
}
