//! Copies of expired sessions.

use serde_json::{Map, Value};

use super::{line_items, set_line_items};
use crate::ids;
use crate::objects::Object;

/// An open copy of an expired session for the same lines, without a discount and not yet priced, which says what it was
/// recovered from.
pub(crate) fn copy(expired: &Object, base_url: &str, now: i64) -> Object {
    let mut session = Object::new(expired.body().clone());
    let id = ids::session();
    let lifetime = expired.integer("expires_at") - expired.integer("created");
    session.set("recovered_from", expired.id());
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
        session.set_private(member, expired.private()[member].clone());
    }
    let mut items = line_items(expired).to_vec();
    let mut optional = expired.private()["optional_lines"].clone();
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
    set_line_items(&mut session, items);
    session.set_private("optional_lines", optional);
    session
}
