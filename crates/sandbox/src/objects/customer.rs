//! The customer.

use serde_json::json;

use super::object::Object;
use crate::ids;

object_type! {
    /// A customer of the merchant's.
    Customer = "customer";
}

impl Customer {
    /// A customer of whom nothing is known yet. `now` is in Unix seconds.
    pub(crate) fn create(now: i64) -> Self {
        let id = ids::customer();
        let prefix = id.trim_start_matches("cus_")[..8].to_uppercase();
        Self(Object::new(json!({
            "id": id,
            "object": "customer",
            "address": null,
            "balance": 0,
            "created": now,
            "currency": null,
            "customer_account": null,
            "default_source": null,
            "delinquent": false,
            "description": null,
            "discount": null,
            "email": null,
            "invoice_prefix": prefix,
            "invoice_settings": {
                "custom_fields": null,
                "default_payment_method": null,
                "footer": null,
                "rendering_options": null,
            },
            "livemode": false,
            "metadata": {},
            "name": null,
            "next_invoice_sequence": 1,
            "phone": null,
            "preferred_locales": [],
            "shipping": null,
            "tax_exempt": "none",
            "test_clock": null,
        })))
    }
}
