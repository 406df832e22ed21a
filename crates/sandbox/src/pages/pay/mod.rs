//! The hosted pay page, `/c/pay/{session}`.

mod fields;
mod form;
mod methods;
mod summary;
mod view;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sqlx::SqliteConnection;

use self::form::{Asked, DEFAULT_COUNTRY, Typed};
use self::view::View;
use super::{PageError, closed};
use crate::app::{Cause, Shared};
use crate::cards::FieldError;
use crate::checkout::DISCOUNT_ENDED;
use crate::forms::Form;
use crate::objects::{Object, session};
use crate::payments::{self, Outcome};
use crate::store::objects;
use crate::webhooks;

/// What the page may be told in its address.
#[derive(Debug, Deserialize)]
pub(crate) struct PayQuery {
    /// `failed` when the shopper comes back from the bank's page without having paid.
    attempt: Option<String>,
}

/// Shows the form, or that there is nothing to pay any more.
pub(crate) async fn show(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Query(query): Query<PayQuery>,
) -> Result<Response, PageError> {
    payments::catch_up(&app).await?;
    let mut db = app.store.read().await?;
    let session = find(&mut db, &id).await?;
    if let Some(closed) = closed_page(&session) {
        return Ok(closed);
    }
    let mut typed = Typed {
        email: session.text("customer_email").to_owned(),
        country: DEFAULT_COUNTRY.to_owned(),
        ..Typed::default()
    };
    let mut errors = Vec::new();
    if query.attempt.as_deref() == Some("failed") {
        errors.extend(
            payments::last_error(&mut db, &session)
                .await?
                .map(|failure| {
                    typed.email = failure.customer.email;
                    typed.name = failure.customer.name.unwrap_or_default();
                    failure.error
                }),
        );
    }
    Ok(render(&mut db, &session, &typed, &errors).await?)
}

/// Takes the form: pays, or shows it again with what is wrong.
pub(crate) async fn submit(
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, PageError> {
    let form = Form::read(&headers, &body)?;
    payments::catch_up(&app).await?;
    // From here nobody else can change the session: of two clicks at the same time, the second finds it paid.
    let mut transaction = app.store.begin().await?;
    let mut session = find(&mut transaction, &id).await?;
    if session.text("status") == "complete" {
        return Ok(to_shop(&session));
    }
    if let Some(closed) = closed_page(&session) {
        return Ok(closed);
    }
    let typed = Typed::read(&form, &session);
    let (customer, instrument) = match typed.check(Asked::of(&session), app.clock.month()) {
        Ok(checked) => checked,
        Err(errors) => return Ok(render(&mut transaction, &session, &typed, &errors).await?),
    };
    let method = match &instrument {
        None => None,
        Some(instrument) => {
            Some(payments::keep_method(&app, &mut transaction, instrument, &customer).await?)
        }
    };
    let (outcome, events) = payments::pay(
        &app,
        &mut transaction,
        &Cause::default(),
        &mut session,
        method.as_ref(),
        &customer,
    )
    .await?;
    transaction.commit().await?;
    app.deliveries.wake();
    let refusal = match &outcome {
        Outcome::Declined(decline) => Some((decline.field, decline.code, decline.message)),
        Outcome::DiscountEnded => Some(("promotionCode", "coupon_expired", DISCOUNT_ENDED)),
        _ => None,
    };
    if let Some((field, code, message)) = refusal {
        let error = FieldError::new(field, code, message);
        return Ok(render(&mut *app.store.read().await?, &session, &typed, &[error]).await?);
    }
    Ok(leave(&app, &session, &outcome, &events).await)
}

/// Sends the shopper on after an attempt to pay.
pub(super) async fn leave(
    app: &Shared,
    session: &Object,
    outcome: &Outcome,
    events: &[String],
) -> Response {
    let page = format!("/c/pay/{}", session.id());
    match outcome {
        Outcome::Succeeded | Outcome::Authorized | Outcome::Processing => {
            webhooks::before_redirect(app, events).await;
            to_shop(session)
        }
        Outcome::AuthenticationNeeded => {
            Redirect::to(&format!("{page}/authenticate")).into_response()
        }
        Outcome::AuthenticationFailed
        | Outcome::ConfirmationNeeded
        | Outcome::DiscountEnded
        | Outcome::Declined(_) => Redirect::to(&format!("{page}?attempt=failed")).into_response(),
    }
}

/// The session that an address names.
pub(super) async fn find(db: &mut SqliteConnection, id: &str) -> Result<Object, PageError> {
    objects::find_kind(db, "checkout.session", id)
        .await?
        .ok_or_else(closed::not_found)
}

/// Sends the shopper back to the shop, with the session's id where the shop wants it.
pub(super) fn to_shop(session: &Object) -> Response {
    Redirect::to(&session::success_url(session)).into_response()
}

/// What is shown instead of the form when the session is not open.
pub(super) fn closed_page(session: &Object) -> Option<Response> {
    match session.text("status") {
        "open" => None,
        "complete" => Some(closed::paid(session)),
        _ => Some(closed::expired(session)),
    }
}

async fn render(
    db: &mut SqliteConnection,
    session: &Object,
    typed: &Typed,
    errors: &[FieldError],
) -> sqlx::Result<Response> {
    let mut lines = Vec::new();
    for item in session::line_items(session) {
        let product = item["price"]["product"].as_str().unwrap_or_default();
        lines.push((item, objects::find(db, product).await?));
    }
    Ok(view::render(&View {
        session,
        lines: &lines,
        asked: Asked::of(session),
        typed,
        errors,
    }))
}
