//! Checkout Sessions: letting one expire before its time.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;

use super::{Answer, find};
use crate::app::{Cause, Shared};
use crate::forms::Form;
use crate::http::ApiError;
use crate::payments;

/// `POST /sandbox/sessions/{id}/expire`.
pub(super) async fn expire(
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    Form::read(&headers, &body)?;
    payments::catch_up(&app).await?;
    let mut transaction = app.store.begin().await?;
    let mut session = find(&mut transaction, "checkout.session", &id).await?;
    if session.text("status") != "open" {
        let message = format!(
            "The session is {} and can no longer expire.",
            session.text("status")
        );
        return Err(ApiError::invalid(message));
    }
    payments::expire(&app, &mut transaction, &mut session, &Cause::default()).await?;
    transaction.commit().await?;
    app.deliveries.wake();
    Ok(Json(session.into_body()))
}
