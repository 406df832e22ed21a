//! Deliveries: where events went, and what was said.

use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::Value;
use sqlx::SqliteConnection;

use super::html::{code, facts, id, section, table, tag, time, whole_id};
use super::{View, actions, filters, page};
use crate::app::Shared;
use crate::control::deliveries::sent_body;
use crate::pages::{PageError, escape, not_found};
use crate::store::deliveries::{self, Attempt, Delivery, DeliveryFilter};

/// The most that is shown of one event's, and on a page of the list.
const OF_EVENT: i64 = 100;
const PAGE: i64 = 50;

const HERE: &str = "/deliveries";
const STATES: &[&str] = &["pending", "delivered", "failed", "dropped", "canceled"];

pub(super) async fn list(State(app): State<Shared>, view: View) -> Result<Response, PageError> {
    let mut db = app.store.read().await?;
    let filter = DeliveryFilter {
        state: filters::chosen(&view, STATES),
        before: view.after.as_ref().and_then(|after| after.parse().ok()),
        ..DeliveryFilter::default()
    };
    // One more, to know whether the list goes on.
    let mut found = deliveries::list(&mut db, &filter, PAGE + 1).await?;
    let more = i64::try_from(found.len()).is_ok_and(|length| length > PAGE);
    if more {
        found.pop();
    }
    let last = found
        .last()
        .filter(|_| more)
        .map(|last| last.id.to_string());
    let main = [
        filters::by_state(&view, HERE, STATES),
        rows(&mut db, &found).await?,
        filters::pages(&view, HERE, last.as_deref()),
    ]
    .concat();
    Ok(page(&app, &view, HERE, "Webhook deliveries", &main))
}

pub(super) async fn show(
    State(app): State<Shared>,
    Path(number): Path<String>,
    view: View,
) -> Result<Response, PageError> {
    let mut db = app.store.read().await?;
    let delivery = deliveries::find(&mut db, &number)
        .await?
        .ok_or_else(not_found)?;
    let next = match delivery.state.as_str() {
        "pending" => time(delivery.next_at.div_euclid(1000)),
        _ => String::new(),
    };
    let mut main = facts(&[
        ("Event", whole_id(&delivery.event)),
        ("Type", escape(&delivery.event_type)),
        ("Endpoint", whole_id(&delivery.endpoint)),
        ("Address", escape(&delivery.url)),
        ("State", tag(&delivery.state)),
        ("Next attempt", next),
    ]);
    for (at, attempt) in deliveries::attempts(&mut db, delivery.id)
        .await?
        .iter()
        .enumerate()
    {
        main += &section(&format!("Attempt {}", at + 1), &attempt_details(attempt));
    }
    main += &format!(
        "<div class=\"actions\">\n{}</div>\n",
        actions::resend(&delivery.event, Some(&delivery.endpoint), "Resend")
    );
    if let Some(body) = sent_body(&mut db, &delivery).await? {
        main += &section("Request body", &code(&body));
    }
    Ok(page(&app, &view, HERE, "Webhook delivery", &main))
}

/// The deliveries of one event.
pub(super) async fn of_event(db: &mut SqliteConnection, event: &str) -> sqlx::Result<String> {
    let found = deliveries::list(db, &for_event(event), OF_EVENT).await?;
    rows(db, &found).await
}

/// The states of an event's deliveries.
pub(super) async fn states(db: &mut SqliteConnection, event: &str) -> sqlx::Result<String> {
    let found = deliveries::list(db, &for_event(event), OF_EVENT).await?;
    let tags = found.iter().map(|delivery| {
        format!(
            "<a href=\"/deliveries/{}\">{}</a>",
            delivery.id,
            tag(&delivery.state)
        )
    });
    Ok(tags.collect::<Vec<_>>().join(" "))
}

fn for_event(event: &str) -> DeliveryFilter<'_> {
    DeliveryFilter {
        event: Some(event),
        ..DeliveryFilter::default()
    }
}

async fn rows(db: &mut SqliteConnection, found: &[Delivery]) -> sqlx::Result<String> {
    let mut rows = Vec::with_capacity(found.len());
    for delivery in found {
        let attempts = deliveries::attempts(db, delivery.id).await?;
        rows.push(vec![
            format!("<a href=\"/deliveries/{0}\">{0}</a>", delivery.id),
            tag(&delivery.state),
            attempts.last().map_or_else(String::new, status_tag),
            escape(&delivery.event_type),
            attempts.len().to_string(),
            attempts
                .last()
                .map_or_else(String::new, |last| time(last.at.div_euclid(1000))),
            id(&delivery.event),
            escape(&delivery.url),
        ]);
    }
    let heads = [
        "No.",
        "State",
        "Answer",
        "Type",
        "Attempts",
        "Last attempt",
        "Event",
        "Endpoint",
    ];
    Ok(table(&heads, &rows))
}

fn attempt_details(attempt: &Attempt) -> String {
    let headers: Value = serde_json::from_str(&attempt.request).unwrap_or_default();
    let headers: String = headers
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("{name}: {}\n", value.as_str().unwrap_or_default()))
        .collect();
    let mut details = facts(&[
        ("When", time(attempt.at.div_euclid(1000))),
        ("Took", format!("{} ms", attempt.duration_ms)),
        ("Answer", status_tag(attempt)),
    ]);
    for (title, text) in [
        ("Request headers", headers.as_str()),
        ("Response", &attempt.response),
    ] {
        if !text.is_empty() {
            details += &format!("<h3>{title}</h3>\n{}\n", code(text));
        }
    }
    details
}

fn status_tag(attempt: &Attempt) -> String {
    match attempt.status {
        Some(status @ 200..=299) => format!("<span class=\"tag delivered\">{status}</span>"),
        Some(status) => format!("<span class=\"tag failed\">{status}</span>"),
        None => tag("no_answer"),
    }
}
