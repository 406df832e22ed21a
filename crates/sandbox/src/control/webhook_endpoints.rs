//! Webhook endpoints: switching them, and rolling the secrets that sign.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::json;

use super::{Answer, find};
use crate::app::Shared;
use crate::forms::Form;
use crate::http::ApiError;
use crate::objects::{ObjectType, WebhookEndpoint};
use crate::store::{deliveries, objects};

/// The longest that an old secret goes on signing, in seconds: a day, as at Stripe.
const LONGEST_ROLL: i64 = 24 * 60 * 60;

/// `POST /sandbox/webhook_endpoints/{id}/roll`: gives an endpoint a new secret; the old one goes on
/// signing for `expires_in` seconds, none unless given.
pub(super) async fn roll(
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let form = Form::read(&headers, &body)?;
    let keep = match form.text("expires_in") {
        "" => 0,
        text => text
            .parse()
            .ok()
            .filter(|keep| (0..=LONGEST_ROLL).contains(keep))
            .ok_or_else(|| {
                let message = format!("expires_in must be a whole number from 0 to {LONGEST_ROLL}");
                ApiError::parameter("expires_in", message)
            })?,
    };
    let mut transaction = app.store.begin().await?;
    let mut endpoint = find::<WebhookEndpoint>(&mut transaction, &id).await?;
    let now = app.clock.now();
    let secret = endpoint.roll(now, now.saturating_add(keep));
    objects::update(&mut transaction, &endpoint).await?;
    transaction.commit().await?;
    Ok(Json(json!({ "id": id, "secret": secret })))
}

/// `POST /sandbox/webhook_endpoints/{id}/enable`.
pub(super) async fn enable(
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    switch(&app, &id, &Form::read(&headers, &body)?, "enabled").await
}

/// `POST /sandbox/webhook_endpoints/{id}/disable`: nothing more is sent to it, and what is pending
/// is given up.
pub(super) async fn disable(
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    switch(&app, &id, &Form::read(&headers, &body)?, "disabled").await
}

/// The form has been read for where it came from and has nothing else to say.
async fn switch(app: &Shared, id: &str, _form: &Form, status: &str) -> Answer {
    let mut transaction = app.store.begin().await?;
    let mut endpoint = find::<WebhookEndpoint>(&mut transaction, id).await?;
    endpoint.set("status", status);
    objects::update(&mut transaction, &endpoint).await?;
    if status == "disabled" {
        deliveries::cancel(&mut transaction, id).await?;
    }
    transaction.commit().await?;
    Ok(Json(endpoint.into_body()))
}
