//! The order of a Checkout Session: items, sums and recipient.

use serde_json::Value;
use sqlx::SqliteConnection;

use super::html::{facts, section, table};
use crate::checkout::{self, Summary};
use crate::countries;
use crate::objects::{CheckoutSession, Object, ObjectType};
use crate::pages::escape;

/// The order of a session; nothing for other objects.
pub(super) async fn order_section(
    db: &mut SqliteConnection,
    object: &Object,
) -> sqlx::Result<String> {
    let Some(session) = CheckoutSession::from_object(object.clone()) else {
        return Ok(String::new());
    };
    let order = checkout::summary(db, &session).await?;
    let rows: Vec<_> = order
        .lines
        .iter()
        .map(|line| {
            vec![
                escape(&line.name),
                line.quantity.to_string(),
                order.currency.format(line.unit_amount),
                order.currency.format(line.subtotal),
            ]
        })
        .collect();
    let lines = table(&["Item", "Quantity", "Each", "Amount"], &rows);
    Ok(section("Order", &(lines + &facts(&sums(&order, &session)))))
}

fn sums(order: &Summary, session: &CheckoutSession) -> Vec<(&'static str, String)> {
    let amount = |amount| order.currency.format(amount);
    let discount = order.discount.as_ref().map(|discount| {
        let code = discount
            .code
            .as_ref()
            .map_or("by the merchant", |code| code);
        let text = format!("{} ({code}, {})", amount(-discount.amount), discount.name);
        escape(&text)
    });
    let shipping = order.shipping.iter().find(|option| option.chosen);
    let shipping =
        shipping.map(|option| escape(&format!("{} ({})", amount(option.amount), option.name)));
    let to = &session.get("collected_information")["shipping_details"];
    vec![
        ("Subtotal", amount(order.subtotal)),
        ("Discount", discount.unwrap_or_default()),
        ("Shipping", shipping.unwrap_or_default()),
        ("Total", amount(order.total)),
        ("Ships to", escape(&recipient(to))),
    ]
}

/// The name and the address in one line.
fn recipient(to: &Value) -> String {
    let address = &to["address"];
    let country = address["country"].as_str().unwrap_or_default();
    let parts = [
        to["name"].as_str(),
        address["line1"].as_str(),
        address["line2"].as_str(),
        address["city"].as_str(),
        address["state"].as_str(),
        address["postal_code"].as_str(),
        Some(countries::name(country).unwrap_or(country)),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(", ")
}
