//! The invoice of a purchase that was paid: Checkout's post-purchase invoice.

mod lines;
mod payment;

pub(crate) use self::payment::InvoicePayment;

use serde_json::{Value, json};

use super::checkout_session::CheckoutSession;
use super::object::Object;
use crate::ids;

object_type! {
    /// An invoice of a purchase that was paid.
    Invoice = "invoice";
}

impl Invoice {
    /// A draft for what a session sold to a customer. `now` is in Unix seconds.
    pub(crate) fn draft(session: &CheckoutSession, customer: &Object, now: i64) -> Self {
        let id = ids::object("in");
        let lines = lines::of_session(session, &id, now);
        let mut invoice = Self(Object::new(body(session, customer, &id, now)));
        let discount = session.discount();
        if !discount.is_null() {
            let amount = &session.get("total_details")["amount_discount"];
            invoice.set("discounts", json!([discount["id"]]));
            invoice.set(
                "total_discount_amounts",
                json!([lines::discounted(amount, discount)]),
            );
            invoice.set(
                "total_pretax_credit_amounts",
                json!([lines::credited(amount, discount)]),
            );
        }
        invoice.set("lines", lines::list(&id, &lines));
        invoice.set_private("lines", lines);
        invoice.set_private("checkout_session", session.id());
        invoice
    }

    /// Opens a draft under its number. From now on `url` shows it to the customer, and there is a
    /// PDF of it.
    pub(crate) fn finalize(&mut self, number: &str, url: &str, now: i64) {
        self.set("status", "open");
        self.set("number", number);
        self.set("hosted_invoice_url", url);
        self.set("invoice_pdf", format!("{url}/pdf"));
        self.set("effective_at", now);
        self.set("ending_balance", 0);
        self.set_in("status_transitions", "/finalized_at", now);
    }

    /// The money has come, by one of its `payments` unless there was nothing to pay.
    pub(crate) fn pay(&mut self, payments: &[InvoicePayment], now: i64) {
        self.set("status", "paid");
        let due = self.integer("amount_due");
        self.set("amount_paid", due);
        self.set("amount_remaining", 0);
        self.set("attempted", true);
        self.set("attempt_count", payments.len());
        self.set_in("status_transitions", "/paid_at", now);
        let ids: Vec<&str> = payments.iter().map(|payment| payment.id()).collect();
        self.set_private("payments", json!(ids));
    }

    /// The ids of its payments.
    pub(crate) fn payments(&self) -> impl Iterator<Item = &str> {
        let ids = self.private()["payments"].as_array();
        ids.into_iter().flatten().filter_map(Value::as_str)
    }
}

fn body(session: &CheckoutSession, customer: &Object, id: &str, now: i64) -> Value {
    let data = &session.get("invoice_creation")["invoice_data"];
    let settings = customer.get("invoice_settings");
    // What the session leaves open is what the customer's invoices have usually.
    let usual = |member: &str| match &data[member] {
        Value::Null => settings[member].clone(),
        given => given.clone(),
    };
    let total = session.integer("amount_total");
    let nothing: [Value; 0] = [];
    json!({
        "id": id,
        "object": "invoice",
        "account_country": "US",
        "account_name": "Sandbox",
        "account_tax_ids": null,
        "amount_due": total,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_paid_off_stripe": 0,
        "amount_remaining": total,
        "amount_shipping": session.get("total_details")["amount_shipping"],
        "application": null,
        "attempt_count": 0,
        "attempted": false,
        "auto_advance": false,
        "automatic_tax": {
            "disabled_reason": null, "enabled": false, "liability": null, "provider": null, "status": null,
        },
        "automatically_finalizes_at": null,
        "billing_reason": "manual",
        "collection_method": "charge_automatically",
        "created": now,
        "currency": session.text("currency"),
        "custom_fields": usual("custom_fields"),
        "customer": customer.id(),
        "customer_account": null,
        "customer_address": customer.get("address"),
        "customer_email": customer.get("email"),
        "customer_name": customer.get("name"),
        "customer_phone": customer.get("phone"),
        "customer_shipping": shipment(customer.get("shipping"), &Value::Null),
        "customer_tax_exempt": customer.get("tax_exempt"),
        "customer_tax_ids": nothing,
        "default_payment_method": null,
        "default_source": null,
        "default_tax_rates": nothing,
        "description": data["description"],
        "discounts": nothing,
        "due_date": null,
        "effective_at": null,
        "ending_balance": null,
        "footer": usual("footer"),
        "from_invoice": null,
        "hosted_invoice_url": null,
        "invoice_pdf": null,
        "issuer": { "type": "self" },
        "last_finalization_error": null,
        "latest_revision": null,
        "lines": null,
        "livemode": false,
        "metadata": data["metadata"],
        "next_payment_attempt": null,
        "number": null,
        "on_behalf_of": null,
        "parent": null,
        "payment_settings": {
            "default_mandate": null, "payment_method_options": null, "payment_method_types": null,
        },
        "period_end": now,
        "period_start": now,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "receipt_number": null,
        "rendering": rendering(&usual("rendering_options")),
        "shipping_cost": session.get("shipping_cost"),
        "shipping_details": shipment(
            &session.get("collected_information")["shipping_details"],
            &session.get("customer_details")["phone"],
        ),
        "starting_balance": 0,
        "statement_descriptor": null,
        "status": "draft",
        "status_transitions": {
            "finalized_at": null, "marked_uncollectible_at": null, "paid_at": null, "voided_at": null,
        },
        "subtotal": session.get("amount_subtotal"),
        "subtotal_excluding_tax": session.get("amount_subtotal"),
        "test_clock": null,
        "total": total,
        "total_discount_amounts": nothing,
        "total_excluding_tax": total,
        "total_pretax_credit_amounts": nothing,
        "total_taxes": nothing,
        "webhooks_delivered_at": now,
    })
}

/// The shipment of an invoice, in the shape that payments have. `phone` is for what has none of its
/// own.
fn shipment(details: &Value, phone: &Value) -> Value {
    if details.is_null() {
        return Value::Null;
    }
    let phone = match &details["phone"] {
        Value::Null => phone,
        own => own,
    };
    json!({
        "address": details["address"],
        "carrier": details["carrier"],
        "name": details["name"],
        "phone": phone,
        "tracking_number": details["tracking_number"],
    })
}

fn rendering(options: &Value) -> Value {
    if options.is_null() {
        return Value::Null;
    }
    json!({
        "amount_tax_display": options["amount_tax_display"],
        "pdf": null,
        "template": options["template"],
        "template_version": null,
    })
}
