//! The log of deliveries, and sending events again.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sqlx::SqliteConnection;

use super::{Answer, find};
use crate::app::Shared;
use crate::forms::Form;
use crate::http::ApiError;
use crate::objects::{Event, WebhookEndpoint};
use crate::store::deliveries::{self, Delivery, DeliveryFilter};
use crate::store::objects;
use crate::webhooks::webhook_endpoints;

/// The number of deliveries that are listed by default.
const LISTED: i64 = 100;

/// The most deliveries that are listed.
const MOST: i64 = 1000;

/// The query of `GET /sandbox/deliveries`.
#[derive(Debug, Deserialize)]
pub(crate) struct DeliveriesQuery {
    event: Option<String>,
    limit: Option<String>,
}

/// `GET /sandbox/deliveries`: what was sent where and what came back, newest first; `event` and
/// `limit` narrow it.
pub(crate) async fn list(
    State(app): State<Shared>,
    query: Result<Query<DeliveriesQuery>, QueryRejection>,
) -> Answer {
    let Query(query) = query.map_err(|_| {
        ApiError::invalid("Invalid address: event and limit can each be given once, as text.")
    })?;
    let mut db = app.store.read().await?;
    let limit = match query.limit.as_deref() {
        None => LISTED,
        Some(text) => text
            .parse()
            .map_err(|_| ApiError::parameter("limit", format!("Invalid integer: {text}")))?,
    };
    let mut data = Vec::new();
    let filter = DeliveryFilter {
        event: query.event.as_deref(),
        ..DeliveryFilter::default()
    };
    for delivery in deliveries::list(&mut db, &filter, limit.clamp(1, MOST)).await? {
        data.push(view(&mut db, &delivery).await?);
    }
    Ok(Json(
        json!({ "object": "list", "url": "/sandbox/deliveries", "data": data }),
    ))
}

/// `GET /sandbox/deliveries/counts`: how many deliveries are in each state.
pub(crate) async fn counts(State(app): State<Shared>) -> Answer {
    let counts = deliveries::counts(&mut *app.store.read().await?).await?;
    let mut view: Map<String, Value> = ["pending", "delivered", "failed", "dropped", "canceled"]
        .into_iter()
        .map(|state| (state.to_owned(), json!(0)))
        .collect();
    view.extend(
        counts
            .into_iter()
            .map(|(state, count)| (state, json!(count))),
    );
    Ok(Json(Value::Object(view)))
}

/// `GET /sandbox/deliveries/{id}`: one delivery, with the body that its attempts carry.
pub(crate) async fn show(State(app): State<Shared>, Path(id): Path<String>) -> Answer {
    let mut db = app.store.read().await?;
    let Some(delivery) = deliveries::find(&mut db, &id).await? else {
        return Err(ApiError::no_such(
            StatusCode::NOT_FOUND,
            "delivery",
            &id,
            "id",
        ));
    };
    let mut shown = view(&mut db, &delivery).await?;
    shown["request_body"] = json!(sent_body(&mut db, &delivery).await?);
    Ok(Json(shown))
}

/// `POST /sandbox/events/{id}/resend`: delivers an event once more, to every endpoint that wants it
/// or to the one named `webhook_endpoint`.
pub(crate) async fn resend(
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let form = Form::read(&headers, &body)?;
    let mut transaction = app.store.begin().await?;
    let event = find::<Event>(&mut transaction, &id).await?;
    let only = match form.text("webhook_endpoint") {
        "" => None,
        endpoint => Some(find::<WebhookEndpoint>(&mut transaction, endpoint).await?),
    };
    let count = webhook_endpoints::plan_again(&app, &mut transaction, &event, only).await?;
    transaction.commit().await?;
    app.deliveries.wake();
    Ok(Json(json!({ "event": id, "endpoints": count })))
}

/// The body of a delivery's requests, as long as its endpoint is there.
pub(crate) async fn sent_body(
    db: &mut SqliteConnection,
    delivery: &Delivery,
) -> sqlx::Result<Option<String>> {
    let event = objects::get::<Event>(db, &delivery.event).await?;
    let endpoint = objects::get::<WebhookEndpoint>(db, &delivery.endpoint).await?;
    let both = event.zip(endpoint);
    Ok(both.map(|(event, endpoint)| endpoint.render(&event)))
}

async fn view(db: &mut SqliteConnection, delivery: &Delivery) -> sqlx::Result<Value> {
    let attempts: Vec<Value> = deliveries::attempts(db, delivery.id)
        .await?
        .into_iter()
        .map(|attempt| {
            let headers: Value = serde_json::from_str(&attempt.request).unwrap_or_default();
            json!({
                "at": attempt.at.div_euclid(1000),
                "duration_ms": attempt.duration_ms,
                "request_headers": headers,
                "status": attempt.status,
                "response": attempt.response,
            })
        })
        .collect();
    let pending = delivery.state == "pending";
    Ok(json!({
        "id": delivery.id,
        "event": delivery.event,
        "event_type": delivery.event_type,
        "webhook_endpoint": delivery.endpoint,
        "url": delivery.url,
        "state": delivery.state,
        "next_attempt_at": pending.then_some(delivery.next_at.div_euclid(1000)),
        "attempts": attempts,
    }))
}
