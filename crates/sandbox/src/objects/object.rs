//! The generic object: the JSON that goes over the wire, and what Stripe would keep to itself.

use std::ops::DerefMut;

use serde_json::{Map, Value, json};

/// An object, and beside it what Stripe would keep to itself.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    body: Value,
    private: Value,
}

/// A kind of object that has a type of its own.
pub(crate) trait ObjectType: DerefMut<Target = Object> + Sized {
    /// The `object` member.
    const KIND: &'static str;

    /// The object as this type; none when it is of another kind.
    fn from_object(object: Object) -> Option<Self>;

    fn into_object(self) -> Object;

    /// The JSON that goes over the wire.
    fn into_body(self) -> Value {
        self.into_object().into_body()
    }
}

impl Object {
    /// A new object with nothing private.
    pub(crate) fn new(body: Value) -> Self {
        Self {
            body,
            private: json!({}),
        }
    }

    /// An object as it was stored.
    pub(crate) fn stored(body: Value, private: Value) -> Self {
        Self { body, private }
    }

    pub(crate) fn id(&self) -> &str {
        self.text("id")
    }

    /// The `object` member.
    pub(crate) fn kind(&self) -> &str {
        self.text("object")
    }

    /// A member that is a text, or the empty text when it is absent or null.
    pub(crate) fn text(&self, member: &str) -> &str {
        self.body[member].as_str().unwrap_or_default()
    }

    /// A member that is a number, or 0 when it is absent or null.
    pub(crate) fn integer(&self, member: &str) -> i64 {
        self.body[member].as_i64().unwrap_or_default()
    }

    pub(crate) fn get(&self, member: &str) -> &Value {
        &self.body[member]
    }

    pub(crate) fn set(&mut self, member: &str, value: impl Into<Value>) {
        self.body[member] = value.into();
    }

    /// Sets something inside a member that is an object, by its path there (`/card/brand`); nothing
    /// happens when there is no such place.
    pub(crate) fn set_in(&mut self, member: &str, path: &str, value: impl Into<Value>) {
        if let Some(place) = self.body[member].pointer_mut(path) {
            *place = value.into();
        }
    }

    /// Takes a member away, for those that Stripe sends only while they mean something.
    pub(crate) fn unset(&mut self, member: &str) {
        if let Value::Object(body) = &mut self.body {
            body.remove(member);
        }
    }

    /// Sets each of the members.
    pub(crate) fn apply(&mut self, members: Map<String, Value>) {
        for (member, value) in members {
            self.body[member] = value;
        }
    }

    pub(crate) fn body(&self) -> &Value {
        &self.body
    }

    pub(crate) fn into_body(self) -> Value {
        self.body
    }

    pub(crate) fn private(&self) -> &Value {
        &self.private
    }

    pub(crate) fn set_private(&mut self, member: &str, value: impl Into<Value>) {
        self.private[member] = value.into();
    }

    /// Plans what time alone will do to it: `step` at the Unix second `at`, in the place of what
    /// was planned before.
    pub(crate) fn plan(&mut self, step: &str, at: i64) {
        self.set_private("due_at", at);
        self.set_private("due_step", step);
    }

    /// Nothing happens to it by itself any more.
    pub(crate) fn unplan(&mut self) {
        if let Value::Object(private) = &mut self.private {
            private.remove("due_at");
            private.remove("due_step");
        }
    }

    /// The step that was planned with [`Object::plan`], or the empty text.
    pub(crate) fn due_step(&self) -> &str {
        self.private["due_step"].as_str().unwrap_or_default()
    }
}
