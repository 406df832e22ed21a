//! The values that a change replaced, as `previous_attributes` of an event tell it.

use serde_json::{Map, Value};

/// The members that a change altered, with their values before it: of a nested object only the
/// members that differ, of an array all of it, and null for a member that was not there. Null when
/// nothing differs.
pub(crate) fn previous(before: &Value, after: &Value) -> Value {
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        return Value::Null;
    };
    let mut changed = Map::new();
    for (member, now) in new {
        match old.get(member) {
            Some(was) if was == now => {}
            Some(was) => {
                let inner = previous(was, now);
                let value = if inner.is_null() { was.clone() } else { inner };
                changed.insert(member.clone(), value);
            }
            None => {
                changed.insert(member.clone(), Value::Null);
            }
        }
    }
    let gone = old.iter().filter(|(member, _)| !new.contains_key(*member));
    changed.extend(gone.map(|(member, was)| (member.clone(), was.clone())));
    if changed.is_empty() {
        Value::Null
    } else {
        Value::Object(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::previous;
    use serde_json::{Value, json};

    #[test]
    fn only_members_that_differ_are_in_previous_attributes() {
        for (before, after, value) in [
            (json!({ "a": 1 }), json!({ "a": 1 }), Value::Null),
            (
                json!({ "a": 1, "b": 2 }),
                json!({ "a": 3, "b": 2 }),
                json!({ "a": 1 }),
            ),
            (
                json!({ "a": null }),
                json!({ "a": { "b": 1 } }),
                json!({ "a": null }),
            ),
            (
                json!({ "m": { "x": "1", "y": "2" } }),
                json!({ "m": { "x": "1", "z": "3" } }),
                json!({ "m": { "y": "2", "z": null } }),
            ),
            (
                json!({ "l": [1] }),
                json!({ "l": [1, 2] }),
                json!({ "l": [1] }),
            ),
            (json!({}), json!({ "new": 1 }), json!({ "new": null })),
        ] {
            assert_eq!(previous(&before, &after), value, "{before} to {after}");
        }
    }
}
