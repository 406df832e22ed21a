//! The control surface for tests: when webhooks go out, what time it is, and starting afresh.
//!
//! It has no password. That is why the sandbox listens on loopback only, and why forms from other sites are refused.

pub(crate) mod faults;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::ApiError;
use crate::app::{App, Shared};
use crate::faults::Faults;
use crate::forms::Form;
use crate::payments;
use crate::store::{deliveries, objects, settings};
use crate::webhooks::Mode;

/// The furthest that one request moves the clock, in seconds: ten years.
const LONGEST_ADVANCE: i64 = 10 * 365 * 24 * 60 * 60;

/// How many deliveries are listed unless asked otherwise.
const LISTED: i64 = 100;

type Answer = Result<Json<Value>, ApiError>;

/// What `GET /sandbox/deliveries` is asked for.
#[derive(Debug, Deserialize)]
pub(crate) struct DeliveriesQuery {
    event: Option<String>,
    limit: Option<i64>,
}

/// `POST /sandbox/webhooks`: `delivery` is `immediate`, `before_redirect` or `held`.
pub(crate) async fn set_delivery(
    State(app): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let form = Form::read(&headers, &body)?;
    let name = form.text("delivery");
    let mode = match name {
        "immediate" => Mode::Immediate,
        "before_redirect" => Mode::BeforeRedirect,
        "held" => Mode::Held,
        _ => {
            let message = "Invalid delivery: must be one of immediate, before_redirect, or held";
            return Err(ApiError::parameter("delivery", message));
        }
    };
    app.deliveries.set_mode(mode);
    Ok(Json(json!({ "delivery": name })))
}

/// `POST /sandbox/clock`: `advance` moves it forward by seconds, `reset=true` sets it back to the machine's time.
pub(crate) async fn move_clock(
    State(app): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let form = Form::read(&headers, &body)?;
    let before = app.clock.offset_seconds();
    let after = match (form.text("advance"), form.text("reset")) {
        ("", "true") => 0,
        (advance, "") => before.saturating_add(seconds(advance)?),
        _ => {
            return Err(ApiError::invalid(
                "Give either advance, in seconds, or reset=true.",
            ));
        }
    };
    let mut transaction = app.store.begin().await?;
    settings::set_clock_offset(&mut transaction, after).await?;
    if after < before {
        // Attempts were planned in the time that is being undone, and would otherwise wait for it to come again.
        deliveries::shift_pending(&mut transaction, (after - before).saturating_mul(1000)).await?;
    }
    transaction.commit().await?;
    app.clock.set_offset(after);
    payments::expire_due(&app).await?;
    app.deliveries.wake();
    Ok(Json(json!({ "now": app.clock.now(), "offset": after })))
}

/// `POST /sandbox/reset`: deletes everything, sets the clock right, turns all faults off and delivers
/// immediately again.
pub(crate) async fn reset(State(app): State<Shared>, headers: HeaderMap, body: Bytes) -> Answer {
    Form::read(&headers, &body)?;
    let mut transaction = app.store.begin().await?;
    settings::delete_everything(&mut transaction).await?;
    transaction.commit().await?;
    app.clock.set_offset(0);
    app.faults.set(Faults::default());
    app.deliveries.set_mode(Mode::Immediate);
    Ok(Json(json!({ "reset": true })))
}

/// `GET /sandbox/deliveries`: what was sent where and what came back, newest first; `event` and `limit` narrow it.
pub(crate) async fn deliveries(
    State(app): State<Shared>,
    Query(query): Query<DeliveriesQuery>,
) -> Answer {
    let mut db = app.store.read().await?;
    let limit = query.limit.unwrap_or(LISTED).clamp(1, 1000);
    let mut data = Vec::new();
    for delivery in deliveries::list(&mut db, query.event.as_deref(), limit).await? {
        let attempts: Vec<Value> = deliveries::attempts(&mut db, delivery.id)
            .await?
            .into_iter()
            .map(|attempt| {
                json!({
                    "at": attempt.at.div_euclid(1000),
                    "duration_ms": attempt.duration_ms,
                    "status": attempt.status,
                    "response": attempt.response,
                })
            })
            .collect();
        let pending = delivery.state == "pending";
        data.push(json!({
            "id": delivery.id,
            "event": delivery.event,
            "event_type": delivery.event_type,
            "url": delivery.url,
            "state": delivery.state,
            "next_attempt_at": pending.then_some(delivery.next_at.div_euclid(1000)),
            "attempts": attempts,
        }));
    }
    Ok(Json(
        json!({ "object": "list", "url": "/sandbox/deliveries", "data": data }),
    ))
}

/// `POST /sandbox/events/{id}/resend`: delivers an event once more, to every endpoint.
pub(crate) async fn resend(
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    Form::read(&headers, &body)?;
    plan_again(&app, &id).await?;
    app.deliveries.wake();
    Ok(Json(
        json!({ "event": id, "endpoints": app.config.webhooks.len() }),
    ))
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Json(self.body())).into_response()
    }
}

async fn plan_again(app: &App, id: &str) -> Result<(), ApiError> {
    let mut transaction = app.store.begin().await?;
    if objects::find_kind(&mut transaction, "event", id)
        .await?
        .is_none()
    {
        return Err(ApiError::no_such(StatusCode::NOT_FOUND, "event", id, "id"));
    }
    for webhook in &app.config.webhooks {
        deliveries::plan(&mut transaction, id, &webhook.url, app.clock.now_millis()).await?;
    }
    transaction.commit().await?;
    Ok(())
}

fn seconds(text: &str) -> Result<i64, ApiError> {
    match text.parse() {
        Ok(seconds @ 0..=LONGEST_ADVANCE) => Ok(seconds),
        _ => Err(
            ApiError::parameter("advance", format!("Invalid integer: {text}"))
                .code("parameter_invalid_integer"),
        ),
    }
}
