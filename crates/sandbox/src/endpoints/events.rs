//! Events.

use axum::http::StatusCode;
use serde_json::Value;

use crate::events;
use crate::http::{ApiError, Call, list, lookup};
use crate::objects::{Event, ObjectType, WebhookEndpoint};
use crate::store::objects::{self, Comparison, Selection};
use crate::webhooks::webhook_endpoints;

/// The span in which events can be listed, in seconds: 30 days.
const EVENTS_LISTED: i64 = 30 * 24 * 60 * 60;

/// The most types of events that one list can be narrowed to.
const MAX_TYPES: usize = 20;

pub(super) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let mut selection = Selection {
        kind: "event",
        delivered: params.boolean("delivery_success")?,
        ..Selection::default()
    };
    let one = params.text("type", 5000)?;
    let several: Vec<String> = params
        .texts("types")?
        .into_iter()
        .map(|(_, name)| name)
        .collect();
    if several.len() > MAX_TYPES {
        let message = format!("You may filter by at most {MAX_TYPES} types of events.");
        return Err(ApiError::parameter("types", message));
    }
    if one.is_some() && !several.is_empty() {
        return Err(ApiError::parameter(
            "types",
            "You may only specify one of these parameters: type, types.",
        ));
    }
    if !several.is_empty() {
        selection.members.push(("type", several));
    }
    selection.pattern = one.map(|pattern| ("type", pattern));
    selection
        .created
        .push((Comparison::Greater, call.app.clock.now() - EVENTS_LISTED));
    let mut list = list::page(call, params, selection, "/v1/events").await?;
    for body in list["data"].as_array_mut().into_iter().flatten() {
        events::set_pending(call.db, body).await?;
    }
    Ok(list)
}

pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    lookup::only_expand(call)?;
    let event = lookup::find::<Event>(call, id).await?;
    Ok(events::with_pending(call.db, event).await?.into_body())
}

/// Delivers an event once more, as `stripe events resend` asks for: to one endpoint, or to all that
/// want it.
pub(super) async fn retry(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let only = params.text("webhook_endpoint", 5000)?;
    // The CLI asks for its own listeners unless an endpoint is named. Here the endpoints take their
    // place.
    params.boolean("for_stripecli")?;
    params.finish()?;
    let event = lookup::find::<Event>(call, id).await?;
    let only = match only {
        None => None,
        Some(endpoint) => Some(
            objects::get::<WebhookEndpoint>(call.db, &endpoint)
                .await?
                .ok_or_else(|| {
                    let status = StatusCode::BAD_REQUEST;
                    ApiError::no_such(status, "webhook endpoint", &endpoint, "webhook_endpoint")
                })?,
        ),
    };
    webhook_endpoints::plan_again(call.app, call.db, &event, only).await?;
    let event = events::with_pending(call.db, event).await?;
    Ok(event.into_body())
}
