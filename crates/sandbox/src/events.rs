//! Events: snapshots of what happened, never altered later.
//!
//! Stripe adds `previous_attributes` only to events that report an edit (`*.updated`,
//! `charge.refunded`); those that report a step of a payment (`payment_intent.succeeded`,
//! `checkout.session.completed`) have none.

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use crate::app::Scope;
use crate::ids;
use crate::objects::{Event, Object, changes};
use crate::store::{deliveries, objects};
use crate::webhooks::webhook_endpoints;

impl Scope<'_> {
    /// Records an event about an object as it is now and plans its delivery to every endpoint that
    /// wants it, in the transaction in which the object was changed. Returns the event's id.
    pub(crate) async fn record(&mut self, kind: &str, object: &Object) -> sqlx::Result<String> {
        self.write(kind, json!({ "object": object.body() })).await
    }

    /// As [`Self::record`], for an event that reports an edit: `before` is the object's body before
    /// it.
    pub(crate) async fn record_change(
        &mut self,
        kind: &str,
        before: &Value,
        object: &Object,
    ) -> sqlx::Result<String> {
        let mut data = json!({ "object": object.body() });
        let previous = changes::previous(before, object.body());
        if !previous.is_null() {
            data["previous_attributes"] = previous;
        }
        self.write(kind, data).await
    }

    async fn write(&mut self, kind: &str, data: Value) -> sqlx::Result<String> {
        let endpoints = webhook_endpoints::wanting(self.db, kind).await?;
        let event = Object::new(json!({
            "id": ids::object("evt"),
            "object": "event",
            "api_version": self.app.config.api_version,
            "created": self.app.clock.now(),
            "data": data,
            "livemode": false,
            "pending_webhooks": endpoints.len(),
            "request": { "id": self.cause.request, "idempotency_key": self.cause.idempotency_key },
            "type": kind,
        }));
        objects::insert(self.db, &event).await?;
        webhook_endpoints::plan(self.app, self.db, event.id(), &endpoints).await?;
        Ok(event.id().to_owned())
    }
}

/// The event as it reads now: only the number of deliveries that are still pending changes.
pub(crate) async fn with_pending(
    db: &mut SqliteConnection,
    mut event: Event,
) -> sqlx::Result<Event> {
    let pending = deliveries::pending(db, event.id()).await?;
    event.set("pending_webhooks", pending);
    Ok(event)
}

/// As [`with_pending`], on an event in a list.
pub(crate) async fn set_pending(db: &mut SqliteConnection, event: &mut Value) -> sqlx::Result<()> {
    let pending = deliveries::pending(db, event["id"].as_str().unwrap_or_default()).await?;
    event["pending_webhooks"] = json!(pending);
    Ok(())
}
