//! The hosted pay page, `/c/pay/{session}`.

mod address;
mod choices;
mod errors;
mod fields;
mod form;
mod items;
mod methods;
mod names;
mod quantities;
mod questions;
mod shipping;
mod summary;
mod view;

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sqlx::SqliteConnection;

use self::choices::Action;
use self::form::{RequestedFields, Typed};
use self::names::Names;
use self::questions::Answers;
use self::view::View;
use super::{PageError, closed, leave_to};
use crate::app::{Cause, Scope, Shared};
use crate::cards::FieldError;
use crate::checkout::{self, Summary};
use crate::forms::Form;
use crate::objects::CheckoutSession;
use crate::payments::{self, Outcome};
use crate::store::objects;
use crate::webhooks;

/// The query of the page. Wrong parameters are left out.
#[derive(Debug, Deserialize)]
pub(crate) struct PayQuery {
    /// `failed` when the shopper comes back from the bank's page without having paid.
    attempt: Option<String>,
}

/// Shows the form, or that there is nothing to pay any more.
pub(crate) async fn show(
    State(app): State<Shared>,
    Path(id): Path<String>,
    query: Result<Query<PayQuery>, QueryRejection>,
) -> Result<Response, PageError> {
    payments::catch_up(&app).await?;
    let mut db = app.store.read().await?;
    let session = find(&mut db, &id).await?;
    if let Some(closed) = closed_page(&session) {
        return Ok(closed);
    }
    let order = checkout::summary(&mut db, &session).await?;
    let known = session.collected();
    let errors = match query {
        Ok(Query(query)) if query.attempt.as_deref() == Some("failed") => {
            Vec::from_iter(payments::last_error(&mut db, &session).await?)
        }
        _ => Vec::new(),
    };
    let answers = Answers::at_first(&session, known.as_ref());
    let names = Names::at_first(known.as_ref());
    let typed = Typed {
        answers,
        names,
        ..Typed::at_first(&order, known)
    };
    Ok(render(&session, &order, &typed, &errors, ""))
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
    // From here nobody else can change the session: of two clicks at the same time, the second
    // finds it paid.
    let mut transaction = app.store.begin().await?;
    let mut session = find(&mut transaction, &id).await?;
    if let Some(answer) = answer_to_late_form(&session) {
        return Ok(answer);
    }
    let action = Action::from_form(&form);
    let mut order = checkout::summary(&mut transaction, &session).await?;
    let mut typed = Typed::read(&form, &order);
    let mut errors = choices::make(
        &app,
        &mut transaction,
        &mut session,
        &order,
        &mut typed,
        &action,
    )
    .await?;
    order = checkout::summary(&mut transaction, &session).await?;
    let checked = match action {
        Action::Pay => {
            errors.extend(choices::other_total(&session, &typed));
            errors.extend(typed.names.wrong(&session));
            errors.extend(typed.answers.wrong(&session));
            let checked = typed.check(
                RequestedFields::of_session(&session),
                &order,
                app.clock.month(),
            );
            if let Ok((_, Some(instrument))) = &checked {
                errors.extend(methods::refused(&session, instrument));
            }
            checked
        }
        _ => Err(Vec::new()),
    };
    let (mut customer, instrument) = match checked {
        Ok(checked) if errors.is_empty() => checked,
        checked => {
            errors.extend(checked.err().into_iter().flatten());
            transaction.commit().await?;
            return Ok(render(&session, &order, &typed, &errors, &action.next()));
        }
    };
    typed.names.fill(&session, &mut customer);
    typed.answers.fill(&session, &mut customer);
    let cause = Cause::default();
    let scope = &mut Scope::new(&app, &mut transaction, &cause);
    let method = match &instrument {
        None => None,
        Some(instrument) => Some(payments::keep_method(scope, instrument, &customer).await?),
    };
    let (outcome, events) = payments::pay(scope, &mut session, method.as_ref(), &customer).await?;
    transaction.commit().await?;
    app.deliveries.wake();
    let refusal = match &outcome {
        Outcome::Declined(decline) => Some((decline.field, decline.code, decline.message)),
        Outcome::DiscountEnded => {
            let message = session.discount_ended().unwrap_or_default();
            Some(("promotionCode", "coupon_expired", message))
        }
        _ => None,
    };
    if let Some((field, code, message)) = refusal {
        let error = FieldError::new(field, code, message);
        let order = checkout::summary(&mut *app.store.read().await?, &session).await?;
        return Ok(render(&session, &order, &typed, &[error], ""));
    }
    Ok(leave(&app, &session, &outcome, &events).await)
}

/// Sends the shopper on after an attempt to pay.
pub(super) async fn leave(
    app: &Shared,
    session: &CheckoutSession,
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
pub(super) async fn find(
    db: &mut SqliteConnection,
    id: &str,
) -> Result<CheckoutSession, PageError> {
    objects::get::<CheckoutSession>(db, id)
        .await?
        .ok_or_else(closed::not_found)
}

/// Sends the shopper back to the shop, with the session's id where the shop wants it.
fn to_shop(session: &CheckoutSession) -> Response {
    leave_to(&session.success_url())
}

/// The page that takes the place of the form when the session is not open.
pub(super) fn closed_page(session: &CheckoutSession) -> Option<Response> {
    match session.text("status") {
        "open" => None,
        "complete" => Some(closed::paid(session)),
        _ => Some(closed::expired(session)),
    }
}

/// The response to a form for a session that is not open any more: whoever has paid goes on to the
/// shop.
pub(super) fn answer_to_late_form(session: &CheckoutSession) -> Option<Response> {
    match session.text("status") {
        "complete" => Some(to_shop(session)),
        _ => closed_page(session),
    }
}

fn render(
    session: &CheckoutSession,
    order: &Summary,
    typed: &Typed,
    errors: &[FieldError],
    focus: &str,
) -> Response {
    view::render(&View {
        session,
        order,
        requested: RequestedFields::of_session(session),
        typed,
        errors,
        focus,
    })
}
