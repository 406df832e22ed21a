//! The decisions of banks and shoppers: dispute, decide, let a refund fail. And what waiting would
//! bring.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::routing::post;
use axum::{Json, Router};

use super::{Answer, find};
use crate::app::{Cause, Scope, Shared};
use crate::currency::Currency;
use crate::forms::Form;
use crate::http::ApiError;
use crate::objects::dispute::{Kind, REASONS};
use crate::objects::refund::{Course, RefundParams};
use crate::objects::{Charge, ObjectType};
use crate::payments::refunds;
use crate::payments::{catch_up, disputes, settle};

/// The courses of a refund.
const COURSES: &[&str] = &["pending", "requires_action", "fails"];

/// The part of the control surface that moves money.
pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/sandbox/charges/{id}/refund", post(refund))
        .route("/sandbox/charges/{id}/dispute", post(dispute))
        .route("/sandbox/disputes/{id}/{decision}", post(decide))
        .route("/sandbox/refunds/{id}/{result}", post(settle_refund))
        .route("/sandbox/payment_intents/{id}/settle", post(settle_payment))
}

/// `POST /sandbox/charges/{id}/refund`: `amount` is what a person would type, such as `12.50`, and
/// everything that is left unless given; `reason` is one of Stripe's; `course` is how it goes on,
/// which the card decides unless given.
async fn refund(
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let form = Form::read(&headers, &body)?;
    let reason = one_of("reason", form.text("reason"), refunds::REASONS)?;
    let course = match one_of("course", form.text("course"), COURSES)? {
        Some("pending") => Course::Pending,
        Some("requires_action") => Course::RequiresAction,
        Some("fails") => Course::Fails,
        _ => Course::OfCard,
    };
    change(&app, &id, async |scope, charge: Charge| {
        let amount = match form.text("amount") {
            "" => None,
            text => {
                let amount = Currency::find(charge.text("currency"))
                    .and_then(|currency| currency.parse(text))
                    .ok_or_else(|| {
                        let message =
                            format!("Invalid amount: {text} is not an amount such as 12.50");
                        ApiError::parameter("amount", message)
                    })?;
                Some(amount)
            }
        };
        let params = RefundParams {
            amount,
            reason: reason.map(ToOwned::to_owned),
            course,
            ..RefundParams::default()
        };
        refunds::issue(scope, charge, &params).await
    })
    .await
}

/// `POST /sandbox/charges/{id}/dispute`: `reason` is one of Stripe's, `kind` is `chargeback` or
/// `inquiry`.
async fn dispute(
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let form = Form::read(&headers, &body)?;
    let kind = match form.text("kind") {
        "" | "chargeback" => Kind::Chargeback,
        "inquiry" => Kind::Inquiry,
        _ => {
            let message = "Invalid kind: must be one of chargeback or inquiry";
            return Err(ApiError::parameter("kind", message));
        }
    };
    let reason = one_of("reason", form.text("reason"), REASONS)?.unwrap_or("fraudulent");
    change(&app, &id, async |scope, charge| {
        disputes::open(scope, charge, kind, reason).await
    })
    .await
}

/// `POST /sandbox/disputes/{id}/win`, `lose` or `escalate`: what the bank decides.
async fn decide(
    State(app): State<Shared>,
    Path((id, decision)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    Form::read(&headers, &body)?;
    change(&app, &id, async |scope, dispute| match decision.as_str() {
        "win" => disputes::win(scope, dispute).await,
        "lose" => disputes::lose(scope, dispute).await,
        "escalate" => disputes::escalate(scope, dispute).await,
        other => Err(no_such_action(other, "win, lose, or escalate")),
    })
    .await
}

/// `POST /sandbox/refunds/{id}/succeed`, or `fail` with one of Stripe's reasons as
/// `failure_reason`.
async fn settle_refund(
    State(app): State<Shared>,
    Path((id, result)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let form = Form::read(&headers, &body)?;
    let reason = one_of(
        "failure_reason",
        form.text("failure_reason"),
        refunds::FAILURE_REASONS,
    )?;
    change(&app, &id, async |scope, refund| match result.as_str() {
        "succeed" => refunds::succeed(scope, refund).await,
        "fail" => refunds::fail(scope, refund, reason).await,
        other => Err(no_such_action(other, "succeed or fail")),
    })
    .await
}

/// `POST /sandbox/payment_intents/{id}/settle`: what the bank says of a debit, `outcome` is
/// `succeed` or `fail`.
async fn settle_payment(
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let form = Form::read(&headers, &body)?;
    let succeed = match form.text("outcome") {
        "succeed" => true,
        "fail" => false,
        _ => {
            let message = "Invalid outcome: must be one of succeed or fail";
            return Err(ApiError::parameter("outcome", message));
        }
    };
    change(&app, &id, async |scope, intent| {
        settle(scope, intent, succeed).await
    })
    .await
}

/// Changes one object in a transaction, and answers what came of it.
async fn change<T: ObjectType, U: ObjectType>(
    app: &Shared,
    id: &str,
    how: impl AsyncFnOnce(&mut Scope<'_>, T) -> Result<U, ApiError>,
) -> Answer {
    catch_up(app).await?;
    let mut transaction = app.store.begin().await?;
    let object = find(&mut transaction, id).await?;
    let cause = Cause::default();
    let changed = how(&mut Scope::new(app, &mut transaction, &cause), object).await?;
    transaction.commit().await?;
    app.deliveries.wake();
    Ok(Json(changed.into_body()))
}

/// A text out of a closed set, or none when it is empty.
fn one_of<'a>(field: &str, text: &str, choices: &[&'a str]) -> Result<Option<&'a str>, ApiError> {
    if text.is_empty() {
        return Ok(None);
    }
    match choices.iter().find(|choice| **choice == text) {
        Some(choice) => Ok(Some(choice)),
        None => {
            let message = format!("Invalid {field}: must be one of {}", choices.join(", "));
            Err(ApiError::parameter(field, message))
        }
    }
}

fn no_such_action(name: &str, choices: &str) -> ApiError {
    ApiError::not_found(format!(
        "There is nothing called {name} to do here: it is {choices}."
    ))
}
