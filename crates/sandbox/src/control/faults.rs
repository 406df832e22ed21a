//! The switchboard of faults.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Map, Value, json};

use super::Answer;
use crate::app::{App, Shared};
use crate::faults::{BadFault, Fault, Faults};
use crate::forms::Form;
use crate::http::ApiError;
use crate::store::settings;

/// `GET /sandbox/faults`: what the switches are set to, and how often each fault happened.
pub(super) async fn show(State(app): State<Shared>) -> Json<Value> {
    Json(view(&app))
}

/// `POST /sandbox/faults`: sets the switches that are named and leaves the others; `reset=true`
/// turns those off. The dice and the counters begin anew.
pub(super) async fn set(State(app): State<Shared>, headers: HeaderMap, body: Bytes) -> Answer {
    let form = Form::read(&headers, &body)?;
    let mut faults = match form.text("reset") {
        "true" => Faults::default(),
        "" | "false" => app.faults.faults(),
        _ => {
            let message = "Invalid reset: must be true or false";
            return Err(ApiError::parameter("reset", message));
        }
    };
    for (name, value) in form.texts().filter(|(name, _)| name != "reset") {
        faults.set(&name, value).map_err(|error| match &error {
            BadFault::Unknown(_) => ApiError::unknown(&name),
            BadFault::Value { .. } => ApiError::parameter(&name, error.to_string()),
        })?;
    }
    let mut transaction = app.store.begin().await?;
    settings::set_faults(&mut transaction, &faults, 0).await?;
    transaction.commit().await?;
    app.faults.set(faults);
    Ok(Json(view(&app)))
}

fn view(app: &App) -> Value {
    let faults = app.faults.faults();
    let mut view = Map::new();
    view.insert("seed".to_owned(), json!(faults.seed()));
    for fault in Fault::ALL {
        view.insert(fault.name().to_owned(), json!(faults.get(fault)));
    }
    let injected: Map<String, Value> = Fault::ALL
        .into_iter()
        .zip(app.faults.injected())
        .map(|(fault, count)| (fault.name().to_owned(), json!(count)))
        .collect();
    view.insert("injected".to_owned(), Value::Object(injected));
    Value::Object(view)
}
