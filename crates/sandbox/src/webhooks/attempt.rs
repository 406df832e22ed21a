//! One attempt to deliver one event.

use std::time::{Duration, Instant};

use axum::http::header;

use super::{endpoint, signature};
use crate::app::App;
use crate::clock;
use crate::store::deliveries::{self, After, Attempt, Due};
use crate::store::objects;

/// How much of an endpoint's answer is kept, in bytes.
const EXCERPT: usize = 1_000;

const PAUSE_AFTER_ERROR: Duration = Duration::from_secs(1);

/// Makes the attempt and writes down what came of it. A failure to write leaves the delivery pending.
pub(super) async fn make(app: &App, due: &Due) {
    if let Err(error) = make_and_record(app, due).await {
        tracing::error!(%error, event = due.event, "could not record a delivery");
        // It is still due; without a pause a full disk would make this loop spin.
        tokio::time::sleep(PAUSE_AFTER_ERROR).await;
    }
}

async fn make_and_record(app: &App, due: &Due) -> sqlx::Result<()> {
    let event = objects::find(&mut *app.store.read().await?, &due.event).await?;
    // A reset may have taken the event away.
    let Some(event) = event else { return Ok(()) };
    let attempt = post(app, &due.url, &format!("{:#}", event.body())).await;
    let after = after(app, due, &attempt);
    let mut transaction = app.store.begin().await?;
    deliveries::record(&mut transaction, due.id, &attempt, after).await?;
    transaction.commit().await?;
    tracing::info!(
        event = due.event,
        kind = event.text("type"),
        status = attempt.status,
        ?after,
        "webhook"
    );
    Ok(())
}

async fn post(app: &App, url: &str, body: &str) -> Attempt {
    let at = app.clock.now_millis();
    let begun = Instant::now();
    let (status, response) = match send(app, url, body).await {
        Ok((status, response)) => (Some(i64::from(status)), response),
        Err(reason) => (None, reason),
    };
    let duration_ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    Attempt {
        at,
        duration_ms,
        status,
        response,
    }
}

/// Sends the event and returns the status with the beginning of the answer, or why there was none.
async fn send(app: &App, url: &str, body: &str) -> Result<(u16, String), String> {
    let endpoint = endpoint(&app.config, url).ok_or("this endpoint is no longer configured")?;
    let signature = signature::header(endpoint.secrets(), clock::wall_seconds(), body);
    let request = app
        .deliveries
        .client
        .post(url)
        .header(
            header::USER_AGENT,
            "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        )
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .header(header::ACCEPT, "*/*; q=0.5, application/xml")
        .header("stripe-signature", signature)
        .body(body.to_owned());
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

/// Any 2xx is a success; everything else, redirects too, is tried again until the retries are used up.
fn after(app: &App, due: &Due, attempt: &Attempt) -> After {
    if matches!(attempt.status, Some(200..=299)) {
        return After::Delivered;
    }
    let retry = usize::try_from(due.tries)
        .ok()
        .and_then(|tries| app.config.retries.get(tries));
    retry.map_or(After::Failed, |pause| {
        let pause = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
        After::RetryAt(app.clock.now_millis().saturating_add(pause))
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
