//! Copies of expired sessions.

use serde_json::{Map, Value};

use crate::ids;
use crate::objects::checkout_session::CheckoutSession;
use crate::objects::object::Object;

impl CheckoutSession {
    /// An open copy of an expired session for the same lines, without a discount and not yet
    /// priced, which says what it was recovered from.
    pub(crate) fn copy(&self, base_url: &str, now: i64) -> Self {
        let mut session = Self(Object::new(self.body().clone()));
        let id = ids::session();
        let lifetime = self.integer("expires_at") - self.integer("created");
        session.set("recovered_from", self.id());
        session.set("url", format!("{base_url}/c/pay/{id}"));
        session.set("id", id);
        session.set("created", now);
        session.set("expires_at", now + lifetime);
        session.set("status", "open");
        session.set("payment_intent", Value::Null);
        for member in ["/recovery/url", "/recovery/expires_at"] {
            session.set_in("after_expiration", member, Value::Null);
        }
        for member in [
            "payment_intent_data",
            "customer_update",
            "allow_redisplay",
            "branding",
        ] {
            session.set_private(member, self.private()[member].clone());
        }
        let mut items = self.line_items().to_vec();
        let mut optional = self.private()["optional_lines"].clone();
        for item in &mut items {
            let id = ids::object("li");
            let places = optional
                .as_object_mut()
                .into_iter()
                .flat_map(Map::values_mut);
            for place in places.filter(|place| **place == item["id"]) {
                *place = id.as_str().into();
            }
            item["id"] = id.into();
        }
        session.set_line_items(items);
        session.set_private("optional_lines", optional);
        session
    }
}
