//! One attempt to deliver one event.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::json;

use super::signature;
use crate::app::App;
use crate::clock;
use crate::objects::{Event, WebhookEndpoint};
use crate::store::deliveries::{self, Attempt, AttemptResult, Due};
use crate::store::objects;

/// The length of the beginning of an endpoint's answer that is kept, in bytes.
const EXCERPT: usize = 1_000;

const PAUSE_AFTER_ERROR: Duration = Duration::from_secs(1);

/// Makes the attempt and writes down what came of it. A failure to write leaves the delivery
/// pending.
pub(super) async fn make(app: &App, due: &Due) {
    if let Err(error) = make_and_record(app, due).await {
        tracing::error!(%error, event = due.event, "could not record a delivery");
        // It is still due; without a pause a full disk would make this loop spin.
        tokio::time::sleep(PAUSE_AFTER_ERROR).await;
    }
}

async fn make_and_record(app: &App, due: &Due) -> sqlx::Result<()> {
    let mut db = app.store.read().await?;
    let event = objects::get::<Event>(&mut db, &due.event).await?;
    let endpoint = objects::get::<WebhookEndpoint>(&mut db, &due.endpoint).await?;
    drop(db);
    // A reset may have taken the event away.
    let Some(event) = event else { return Ok(()) };
    let (attempt, result) = match &endpoint {
        Some(endpoint) => {
            let attempt = post(app, &due.url, endpoint, &event).await;
            let result = result_of(app, due, &attempt);
            (attempt, result)
        }
        None => (
            Attempt::impossible(app.clock.now_millis()),
            AttemptResult::Failed,
        ),
    };
    let mut transaction = app.store.begin().await?;
    deliveries::record(&mut transaction, due.id, &attempt, result).await?;
    transaction.commit().await?;
    tracing::info!(
        event = due.event,
        kind = event.text("type"),
        status = attempt.status,
        ?result,
        "webhook"
    );
    Ok(())
}

async fn post(app: &App, url: &str, endpoint: &WebhookEndpoint, event: &Event) -> Attempt {
    let at = app.clock.now_millis();
    let begun = Instant::now();
    let body = endpoint.render(event);
    app.recorder.event(&body);
    let secrets = endpoint.signing_secrets(app.clock.now());
    let signature = signature::header(
        secrets.iter().map(String::as_str),
        clock::wall_seconds(),
        &body,
    );
    let headers = headers(&signature);
    let request = json!(BTreeMap::from(headers)).to_string();
    let (status, response) = match send(app, url, headers, body).await {
        Ok((status, response)) => (Some(i64::from(status)), response),
        Err(reason) => (None, reason),
    };
    let duration_ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    Attempt {
        at,
        duration_ms,
        status,
        response,
        request,
    }
}

fn headers(signature: &str) -> [(&str, &str); 4] {
    [
        ("accept", "*/*; q=0.5, application/xml"),
        ("content-type", "application/json; charset=utf-8"),
        ("stripe-signature", signature),
        (
            "user-agent",
            "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        ),
    ]
}

/// Sends the event and returns the status with the beginning of the answer, or why there was none.
async fn send(
    app: &App,
    url: &str,
    headers: [(&str, &str); 4],
    body: String,
) -> Result<(u16, String), String> {
    let mut request = app.deliveries.client().post(url).body(body);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let mut response = request.send().await.map_err(|error| reason(&error))?;
    let mut excerpt = Vec::new();
    while excerpt.len() < EXCERPT {
        match response.chunk().await.map_err(|error| reason(&error))? {
            Some(chunk) => excerpt.extend_from_slice(&chunk),
            None => break,
        }
    }
    excerpt.truncate(EXCERPT);
    Ok((
        response.status().as_u16(),
        String::from_utf8_lossy(&excerpt).into_owned(),
    ))
}

impl Attempt {
    /// An attempt that could not be made because the endpoint is gone.
    fn impossible(at: i64) -> Self {
        Self {
            at,
            duration_ms: 0,
            status: None,
            response: "this endpoint was deleted".to_owned(),
            request: "{}".to_owned(),
        }
    }
}

/// Any 2xx is a success; everything else, redirects too, is tried again until the retries are used
/// up.
fn result_of(app: &App, due: &Due, attempt: &Attempt) -> AttemptResult {
    if matches!(attempt.status, Some(200..=299)) {
        return AttemptResult::Delivered;
    }
    let retry = usize::try_from(due.tries)
        .ok()
        .and_then(|tries| app.config.retries.get(tries));
    retry.map_or(AttemptResult::Failed, |pause| {
        let pause = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
        AttemptResult::RetryAt(app.clock.now_millis().saturating_add(pause))
    })
}

/// An error with its causes, since the outermost of reqwest's only says that sending failed.
fn reason(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
