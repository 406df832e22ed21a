//! The invoice payment, which says by what an invoice was paid.

use serde_json::json;

use crate::ids;
use crate::objects::invoice::Invoice;
use crate::objects::object::Object;

object_type! {
    /// An invoice payment, which says by what an invoice was paid.
    InvoicePayment = "invoice_payment";
}

impl InvoicePayment {
    /// All of an invoice, paid by a payment intent. `now` is in Unix seconds.
    pub(crate) fn create(invoice: &Invoice, intent: &str, now: i64) -> Self {
        let amount = invoice.integer("amount_due");
        Self(Object::new(json!({
            "id": ids::object("inpay"),
            "object": "invoice_payment",
            "amount_paid": amount,
            "amount_requested": amount,
            "created": now,
            "currency": invoice.text("currency"),
            "invoice": invoice.id(),
            "is_default": true,
            "livemode": false,
            "payment": { "payment_intent": intent, "type": "payment_intent" },
            "status": "paid",
            "status_transitions": { "canceled_at": null, "paid_at": now },
        })))
    }
}
