//! Checkout Sessions: letting one expire before its time.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;

use super::{Answer, find};
use crate::app::{Cause, Scope, Shared};
use crate::forms::Form;
use crate::http::ApiError;
use crate::objects::{CheckoutSession, ObjectType};
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
    let mut session = find::<CheckoutSession>(&mut transaction, &id).await?;
    if session.text("status") != "open" {
        let message = format!(
            "The session is {} and can no longer expire.",
            session.text("status")
        );
        return Err(ApiError::invalid(message));
    }
    let cause = Cause::default();
    payments::expire(
        &mut Scope::new(&app, &mut transaction, &cause),
        &mut session,
    )
    .await?;
    transaction.commit().await?;
    app.deliveries.wake();
    Ok(Json(session.into_body()))
}
