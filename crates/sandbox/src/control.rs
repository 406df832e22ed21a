//! The control surface for tests: when webhooks go out, what time it is, what banks decide, and
//! starting afresh.
//!
//! It has no password. That is why the sandbox listens on loopback only, and why forms from other
//! sites are refused.

mod checkout_sessions;
pub(crate) mod deliveries;
mod faults;
mod payments;
mod webhook_endpoints;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use sqlx::SqliteConnection;

use crate::app::Shared;
use crate::app::deliveries::Mode;
use crate::faults::Faults;
use crate::forms::Form;
use crate::http::ApiError;
use crate::objects::ObjectType;
use crate::store::{deliveries as plan, objects, settings};
use crate::{clock, webhooks};

/// The furthest that one request moves the clock, in seconds: ten years.
const LONGEST_ADVANCE: i64 = 10 * 365 * 24 * 60 * 60;

type Answer = Result<Json<Value>, ApiError>;

/// The control surface.
pub(crate) fn routes() -> Router<Shared> {
    let endpoint = "/sandbox/webhook_endpoints/{id}";
    Router::new()
        .route("/sandbox/webhooks", post(set_delivery))
        .route("/sandbox/clock", post(move_clock))
        .route("/sandbox/faults", get(faults::show).post(faults::set))
        .route("/sandbox/reset", post(reset))
        .route("/sandbox/deliveries", get(deliveries::list))
        .route("/sandbox/deliveries/counts", get(deliveries::counts))
        .route("/sandbox/deliveries/{id}", get(deliveries::show))
        .route("/sandbox/events/{id}/resend", post(deliveries::resend))
        .route(
            "/sandbox/sessions/{id}/expire",
            post(checkout_sessions::expire),
        )
        .route(&format!("{endpoint}/roll"), post(webhook_endpoints::roll))
        .route(
            &format!("{endpoint}/enable"),
            post(webhook_endpoints::enable),
        )
        .route(
            &format!("{endpoint}/disable"),
            post(webhook_endpoints::disable),
        )
        .merge(payments::routes())
}

/// `POST /sandbox/webhooks`: `delivery` is `immediate`, `before_redirect` or `held`.
async fn set_delivery(State(app): State<Shared>, headers: HeaderMap, body: Bytes) -> Answer {
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

/// `POST /sandbox/clock`: `advance` moves it forward by seconds, `reset=true` sets it back to the
/// machine's time.
async fn move_clock(State(app): State<Shared>, headers: HeaderMap, body: Bytes) -> Answer {
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
        // Attempts and steps were planned in the time that is being undone, and would otherwise
        // wait for it to come again.
        plan::shift_pending(&mut transaction, (after - before).saturating_mul(1000)).await?;
        objects::shift_due(&mut transaction, after - before).await?;
    }
    transaction.commit().await?;
    app.clock.set_offset(after);
    crate::payments::catch_up(&app).await?;
    app.deliveries.wake();
    Ok(Json(json!({ "now": app.clock.now(), "offset": after })))
}

/// `POST /sandbox/reset`: deletes everything, sets the clock right, turns all faults off and
/// delivers immediately again.
async fn reset(State(app): State<Shared>, headers: HeaderMap, body: Bytes) -> Answer {
    Form::read(&headers, &body)?;
    let mut transaction = app.store.begin().await?;
    settings::delete_everything(&mut transaction).await?;
    // In the same transaction, so that no event happens while there is nobody to be told.
    let (webhooks, now) = (&app.config.webhooks, clock::wall_seconds());
    webhooks::webhook_endpoints::configure(&mut transaction, webhooks, now).await?;
    transaction.commit().await?;
    app.clock.set_offset(0);
    app.faults.set(Faults::default());
    app.deliveries.set_mode(Mode::Immediate);
    Ok(Json(json!({ "reset": true })))
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

/// The object that an address names.
async fn find<T: ObjectType>(db: &mut SqliteConnection, id: &str) -> Result<T, ApiError> {
    let found = objects::get(db, id).await?;
    found.ok_or_else(|| ApiError::no_such(StatusCode::NOT_FOUND, T::KIND, id, "id"))
}
