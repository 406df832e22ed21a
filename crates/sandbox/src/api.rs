//! The REST API under `/v1`: the one path that every request takes to its endpoint.

use crate::app::{App, Cause, Shared};
use crate::body;
use crate::endpoints::{OPERATIONS, accounts};
use crate::faults::{Fate, Fault};
use crate::http::answer::{Answer, respond};
use crate::http::form::{Fields, decode};
use crate::http::operation::Operation;
use crate::http::run::Run;
use crate::http::version::Version;
use crate::http::{ApiError, auth, fault_injection, idempotency};
use crate::ids;
use crate::payments;
use crate::wire::Wire;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::response::Response;

/// Answers any request to the API; what is not there gets Stripe's 404.
pub(crate) async fn handle(
    State(app): State<Shared>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let request_id = ids::object("req");
    let mut fate = Fate::default();
    let answer = match perform(&app, &head, body, &request_id, &mut fate).await {
        Ok(answer) => answer,
        Err(error) => Answer::from(&error),
    };
    tracing::info!(method = %head.method, path = head.uri.path(), status = answer.status.as_u16(), request_id, fault = ?fate.fault, "api");
    match fate.fault {
        Some(Fault::ApiGarbage) => return fault_injection::bad_gateway(),
        Some(Fault::ApiLoseAnswer) => wire.cut(),
        _ => {}
    }
    respond(&app, &head, answer, &request_id)
}

async fn perform(
    app: &App,
    head: &Parts,
    body: Body,
    request_id: &str,
    fate: &mut Fate,
) -> Result<Answer, ApiError> {
    // The body is read first even if nothing is done with it: a connection that is closed on an
    // unread body may take the answer with it.
    let body = body::read(body).await;
    let path = head.uri.path();
    if !path.starts_with("/v1/") {
        return Err(ApiError::unrecognized_url(&head.method, path));
    }
    auth::check(&head.headers, &app.config.secret_key)?;
    accounts::check(&head.headers)?;
    let version = Version::from_headers(&head.headers, &app.config.api_version)?;
    let body = body.ok_or_else(|| ApiError::too_large(body::LIMIT))?;
    let fields = fields(head, &body)?;
    *fate = app.faults.request();
    fault_injection::before(*fate).await?;
    payments::catch_up(app).await?;

    let key = idempotency::key(&head.method, &head.headers)?;
    let cause = Cause {
        request: Some(request_id.to_owned()),
        idempotency_key: key,
    };
    let run = Run {
        app,
        method: &head.method,
        path,
        requested: Operation::find(OPERATIONS, &head.method, path),
        version: &version,
        cause: &cause,
    };
    let answer = match &cause.idempotency_key {
        _ if head.method == Method::GET => {
            let mut db = app.store.read().await?;
            run.execute(&mut db, fields).await.map(Answer::ok)
        }
        None => run.write(fields).await,
        Some(key) => run.write_once(key, fields).await,
    };
    fault_injection::after(*fate, answer?).await
}

fn fields(head: &Parts, body: &[u8]) -> Result<Fields, ApiError> {
    if has_other_encoding(head) && !body.is_empty() {
        return Err(ApiError::invalid(
            "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any \
             questions, we can help at https://support.stripe.com/.",
        ));
    }
    let mut fields = Fields::new();
    decode(head.uri.query().unwrap_or("").as_bytes(), &mut fields)?;
    if head.method != Method::GET {
        decode(body, &mut fields)?;
    }
    Ok(fields)
}

/// True if the body is said to be something that cannot be read as a form.
fn has_other_encoding(head: &Parts) -> bool {
    let kind = head.headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    ["application/json", "multipart/form-data"]
        .iter()
        .any(|other| kind.eq_ignore_ascii_case(other))
}
