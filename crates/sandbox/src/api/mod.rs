//! The REST API under `/v1`: one path that every request takes, and the endpoints.

mod auth;
mod balance_transactions;
mod broken;
mod catalog;
mod charges;
mod details_params;
mod disputes;
mod early_fraud_warnings;
mod error;
mod expand;
mod form;
mod idempotency;
mod intent_params;
mod invoices;
mod list;
mod method_options;
mod method_params;
mod method_types;
mod params;
mod payment_intents;
mod payment_methods;
mod payment_pages;
mod refunds;
mod retrieve;
mod routes;
mod sessions;
mod version;
mod webhook_endpoints;

pub(crate) use error::{ApiError, doc_url};
pub(crate) use form::{Fields, Name, Node, decode};
pub(crate) use idempotency::InFlight;
pub(crate) use params::is_email;
pub(crate) use routes::OPERATIONS;
pub(crate) use version::ENDIVE;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sqlx::SqliteConnection;

use crate::app::{App, Cause, Shared};
use crate::faults::{Fate, Fault};
use crate::ids;
use crate::payments;
use crate::store::answers::{self, Stored};
use crate::wire::Wire;
use params::Params;
use version::Version;

/// The largest body that is looked at, in bytes.
pub(crate) const MAX_BODY: usize = 1024 * 1024;

/// A body up to this size is read to its end before it is refused, so that the client gets to read the answer.
pub(crate) const MAX_DRAINED: usize = 32 * 1024 * 1024;

/// One request on its way through an endpoint.
struct Call<'a> {
    app: &'a App,
    db: &'a mut SqliteConnection,
    params: Params,
    cause: &'a Cause,
    version: &'a Version,
}

/// What a client is told.
struct Answer {
    status: StatusCode,
    body: String,
    replayed: bool,
    /// Whether it was turned away because there are too many requests.
    limited: bool,
}

/// Answers any request to the API; what is not there gets Stripe's 404.
pub(crate) async fn handle(
    State(app): State<Shared>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let request_id = ids::object("req");
    let mut fate = Fate::default();
    let answer = match answer(&app, &head, body, &request_id, &mut fate).await {
        Ok(answer) => answer,
        Err(error) => Answer::from(&error),
    };
    tracing::info!(method = %head.method, path = head.uri.path(), status = answer.status.as_u16(), request_id, fault = ?fate.fault, "api");
    match fate.fault {
        Some(Fault::ApiGarbage) => return broken::bad_gateway(),
        Some(Fault::ApiLoseAnswer) => wire.cut(),
        _ => {}
    }
    respond(&app, &head, answer, &request_id)
}

async fn answer(
    app: &App,
    head: &Parts,
    body: Body,
    request_id: &str,
    fate: &mut Fate,
) -> Result<Answer, ApiError> {
    // The body is read first even if nothing is done with it: a connection that is closed on an unread body may
    // take the answer with it.
    let body = axum::body::to_bytes(body, MAX_DRAINED)
        .await
        .map_err(|_| ApiError::too_large(MAX_BODY))?;
    let path = head.uri.path();
    if !path.starts_with("/v1/") {
        return Err(ApiError::unrecognized_url(&head.method, path));
    }
    auth::check(&head.headers, &app.config.secret_key)?;
    let version = Version::of(&head.headers, &app.config.api_version)?;
    if body.len() > MAX_BODY {
        return Err(ApiError::too_large(MAX_BODY));
    }
    let fields = fields(head, &body)?;
    *fate = app.faults.request();
    broken::before(*fate).await?;
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
    broken::after(*fate, answer?).await
}

/// A request that passed the door.
struct Run<'a> {
    app: &'a App,
    method: &'a Method,
    path: &'a str,
    version: &'a Version,
    cause: &'a Cause,
}

impl Run<'_> {
    async fn execute(
        &self,
        db: &mut SqliteConnection,
        fields: Fields,
    ) -> Result<serde_json::Value, ApiError> {
        let mut params = Params::new(fields);
        let expand = params.texts("expand")?;
        if let Some((shape, is_list)) = routes::answered(self.method, self.path) {
            expand::check(shape, is_list, &expand)?;
        }
        let mut call = Call {
            app: self.app,
            db: &mut *db,
            params,
            cause: self.cause,
            version: self.version,
        };
        let mut value = routes::dispatch(&mut call, self.method, self.path).await?;
        expand::apply(db, &mut value, &expand).await?;
        Ok(value)
    }

    /// Runs in one transaction: all of a request happens, with its events and their deliveries, or nothing.
    /// A declined payment happens and is refused.
    async fn write(&self, fields: Fields) -> Result<Answer, ApiError> {
        let mut transaction = self.app.store.begin().await?;
        let result = self.execute(&mut transaction, fields).await;
        if result.as_ref().map_or_else(|error| error.keeps, |_| true) {
            transaction.commit().await?;
            self.app.deliveries.wake();
        }
        result.map(Answer::ok)
    }

    /// Runs unless the key has an answer already, and stores the answer in the transaction that it tells about.
    async fn write_once(&self, key: &str, fields: Fields) -> Result<Answer, ApiError> {
        let fingerprint = idempotency::fingerprint(self.path, &fields);
        // An answer that is there is given to any number at once; only those who may run stand in each other's way.
        let mut db = self.app.store.read().await?;
        if let Some(answer) = self.stored(&mut db, key, &fingerprint).await? {
            return Ok(answer);
        }
        drop(db);
        let _claim = self.app.in_flight.claim(key)?;
        let mut transaction = self.app.store.begin().await?;
        if let Some(answer) = self.stored(&mut transaction, key, &fingerprint).await? {
            return Ok(answer);
        }
        let answer = match self.execute(&mut transaction, fields).await {
            Ok(value) => Answer::ok(value),
            Err(error) if error.keeps => Answer::from(&error),
            Err(error) if error.executed => {
                transaction.rollback().await?;
                transaction = self.app.store.begin().await?;
                Answer::from(&error)
            }
            Err(error) => return Err(error),
        };
        let stored = Stored {
            fingerprint,
            status: answer.status.as_u16(),
            body: answer.body.clone(),
        };
        let api_key = self.app.config.secret_key.as_str();
        answers::keep(
            &mut transaction,
            api_key,
            key,
            self.app.clock.now(),
            &stored,
        )
        .await?;
        transaction.commit().await?;
        self.app.deliveries.wake();
        Ok(answer)
    }

    /// The answer that the key has, if it was given to the same request.
    async fn stored(
        &self,
        db: &mut SqliteConnection,
        key: &str,
        fingerprint: &str,
    ) -> Result<Option<Answer>, ApiError> {
        let api_key = self.app.config.secret_key.as_str();
        let since = self.app.clock.now() - idempotency::KEPT;
        match answers::find(db, api_key, key, since).await? {
            Some(stored) if stored.fingerprint == fingerprint => Ok(Some(Answer::replay(stored))),
            Some(_) => Err(ApiError::idempotency_mismatch(key)),
            None => Ok(None),
        }
    }
}

impl Answer {
    fn ok(value: serde_json::Value) -> Self {
        Self {
            status: StatusCode::OK,
            body: format!("{value:#}\n"),
            replayed: false,
            limited: false,
        }
    }

    fn replay(stored: Stored) -> Self {
        let status =
            StatusCode::from_u16(stored.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self {
            status,
            body: stored.body,
            replayed: true,
            limited: false,
        }
    }
}

impl From<&ApiError> for Answer {
    fn from(error: &ApiError) -> Self {
        Self {
            status: error.status,
            body: format!("{:#}\n", error.body()),
            replayed: false,
            limited: error.is_rate_limit(),
        }
    }
}

fn fields(head: &Parts, body: &[u8]) -> Result<Fields, ApiError> {
    let json = head
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if json && !body.is_empty() {
        return Err(ApiError::invalid(
            "The API takes parameters as application/x-www-form-urlencoded, and this request has a JSON body.",
        ));
    }
    let mut fields = Fields::new();
    decode(head.uri.query().unwrap_or("").as_bytes(), &mut fields)?;
    if head.method != Method::GET {
        decode(body, &mut fields)?;
    }
    Ok(fields)
}

fn respond(app: &App, head: &Parts, answer: Answer, request_id: &str) -> Response {
    let unauthorized = answer.status == StatusCode::UNAUTHORIZED;
    let retry = broken::should_retry(&head.method, &head.headers, answer.status);
    let (replayed, limited) = (answer.replayed, answer.limited);
    let mut response = (answer.status, answer.body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache, no-store"),
    );
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert("request-id", value);
    }
    let version = Version::of(&head.headers, &app.config.api_version);
    let version = version
        .as_ref()
        .map_or(app.config.api_version.as_str(), Version::as_str);
    if let Ok(value) = HeaderValue::from_str(version) {
        headers.insert(version::HEADER, value);
    }
    if let Ok(Some(key)) = idempotency::key(&head.method, &head.headers)
        && let Ok(value) = HeaderValue::from_str(&key)
    {
        headers.insert(idempotency::HEADER, value);
    }
    if replayed {
        headers.insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    if limited {
        headers.insert(
            "stripe-rate-limited-reason",
            HeaderValue::from_static("global-rate"),
        );
    }
    if let Some(retry) = retry {
        let advice = if retry { "true" } else { "false" };
        headers.insert("stripe-should-retry", HeaderValue::from_static(advice));
    }
    if unauthorized {
        headers.insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"Stripe\""),
        );
    }
    response
}
