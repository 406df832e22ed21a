//! The product.

use serde_json::json;

use super::object::Object;
use crate::ids;

object_type! {
    /// A product.
    Product = "product";
}

impl Product {
    /// An active product of which only the name is known. `now` is in Unix seconds.
    pub(crate) fn create(name: &str, now: i64) -> Self {
        Self(Object::new(json!({
            "id": ids::product(),
            "object": "product",
            "active": true,
            "created": now,
            "default_price": null,
            "description": null,
            "images": [],
            "livemode": false,
            "marketing_features": [],
            "metadata": {},
            "name": name,
            "package_dimensions": null,
            "shippable": null,
            "statement_descriptor": null,
            "tax_code": null,
            "tax_details": null,
            "unit_label": null,
            "updated": now,
            "url": null,
        })))
    }
}
