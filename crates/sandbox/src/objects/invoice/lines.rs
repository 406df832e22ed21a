//! The line items of an invoice.

use serde_json::{Value, json};

use crate::ids;
use crate::objects::checkout_session::CheckoutSession;
use crate::objects::invoice::Invoice;
use crate::objects::line_item;

/// The number of lines that an invoice carries itself; a longer one has the rest in a list of their
/// own.
const SHOWN: usize = 10;

impl Invoice {
    /// All lines of an invoice, in the order in which they were sold.
    pub(crate) fn lines(&self) -> &[Value] {
        self.private()["lines"]
            .as_array()
            .map_or(&[], Vec::as_slice)
    }
}

/// The beginning of all `lines` as the list that an invoice carries.
pub(super) fn list(invoice: &str, lines: &[Value]) -> Value {
    json!({
        "object": "list",
        "data": lines.iter().take(SHOWN).collect::<Vec<_>>(),
        "has_more": lines.len() > SHOWN,
        "url": format!("/v1/invoices/{invoice}/lines"),
    })
}

pub(super) fn of_session(session: &CheckoutSession, invoice: &str, now: i64) -> Vec<Value> {
    let items = session.line_items().iter();
    items.map(|item| line(item, invoice, now)).collect()
}

/// The amount that a discount takes off.
pub(super) fn discounted(amount: &Value, discount: &Value) -> Value {
    json!({ "amount": amount, "discount": discount["id"] })
}

/// The amount that a discount takes off, among all that is taken off before taxes.
pub(super) fn credited(amount: &Value, discount: &Value) -> Value {
    json!({
        "amount": amount,
        "credit_balance_transaction": null,
        "discount": discount["id"],
        "type": "discount",
    })
}

/// The line for an item that was sold. Its amounts are those before the discount, which is the
/// whole invoice's.
fn line(item: &Value, invoice: &str, now: i64) -> Value {
    let (price, quantity) = (&item["price"], &item["quantity"]);
    let shares = item["discounts"].as_array().map_or(&[][..], Vec::as_slice);
    let each = |show: fn(&Value, &Value) -> Value| -> Vec<Value> {
        let shares = shares.iter();
        shares
            .map(|share| show(&share["amount"], &share["discount"]))
            .collect()
    };
    let nothing: [Value; 0] = [];
    json!({
        "id": ids::object("il"),
        "object": "line_item",
        "amount": item["amount_subtotal"],
        "currency": item["currency"],
        "description": item["description"],
        "discount_amounts": each(discounted),
        "discountable": true,
        "discounts": nothing,
        "invoice": invoice,
        "livemode": false,
        "metadata": item["metadata"],
        "parent": null,
        "period": { "end": now, "start": now },
        "pretax_credit_amounts": each(credited),
        "pricing": {
            "price_details": { "price": price["id"], "product": price["product"] },
            "type": "price_details",
            "unit_amount_decimal": line_item::unit_amount(item).to_string(),
        },
        "quantity": quantity,
        "quantity_decimal": quantity.to_string(),
        "subscription": null,
        "subtotal": item["amount_subtotal"],
        "taxes": nothing,
    })
}
