//! The front page: what this is, and what happened lately.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use sqlx::SqliteConnection;

use super::{PageError, escape, money, page};
use crate::app::Shared;
use crate::objects::Object;
use crate::payments;
use crate::store::deliveries::{self, Delivery};
use crate::store::objects::{self, Selection};

const SESSIONS: i64 = 20;
const DELIVERIES: i64 = 30;

/// Shows recent sessions, and recent events with what their delivery came to.
pub(crate) async fn show(State(app): State<Shared>) -> Result<Response, PageError> {
    payments::catch_up(&app).await?;
    let mut db = app.store.read().await?;
    let sessions = recent(&mut db, "checkout.session", SESSIONS).await?;
    let events = recent(&mut db, "event", SESSIONS).await?;
    let mut delivered = Vec::new();
    for delivery in deliveries::list(&mut db, None, DELIVERIES).await? {
        let last = deliveries::attempts(&mut db, delivery.id).await?.pop();
        delivered.push((delivery, last.and_then(|attempt| attempt.status)));
    }
    let main = format!(
        r#"<main class="overview">
<h1>Stripe sandbox</h1>
<p>A Stripe-compatible test mode on this machine. The API is at <code>{base}/v1</code>; all state is in one file.</p>
<section>
<h2>Checkout Sessions</h2>
{sessions}
</section>
<section>
<h2>Events</h2>
{events}
</section>
<section>
<h2>Webhook deliveries</h2>
{deliveries}
</section>
</main>"#,
        base = escape(&app.base_url),
        sessions = table(
            &["Session", "Amount", "Status", "Payment", ""],
            sessions.iter().map(session_row)
        ),
        events = table(&["Event", "Type", "About"], events.iter().map(event_row)),
        deliveries = table(
            &["Event", "Type", "Endpoint", "State", "Last answer"],
            delivered
                .iter()
                .map(|(delivery, status)| delivery_row(delivery, *status))
        ),
    );
    Ok(page(
        StatusCode::OK,
        "Stripe sandbox",
        "overview-page",
        &main,
    ))
}

async fn recent(
    db: &mut SqliteConnection,
    kind: &'static str,
    limit: i64,
) -> sqlx::Result<Vec<Object>> {
    Ok(objects::page(
        db,
        &Selection {
            kind,
            limit,
            ..Selection::default()
        },
    )
    .await?
    .0)
}

fn table(heads: &[&str], rows: impl Iterator<Item = String>) -> String {
    let rows: String = rows.collect();
    if rows.is_empty() {
        return "<p class=\"fine\">Nothing yet.</p>".to_owned();
    }
    let heads: String = heads
        .iter()
        .map(|head| format!("<th scope=\"col\">{head}</th>"))
        .collect();
    format!(
        "<div class=\"scroll\"><table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>"
    )
}

fn row(cells: &[String]) -> String {
    let cells: String = cells
        .iter()
        .map(|cell| format!("<td>{cell}</td>"))
        .collect();
    format!("<tr>{cells}</tr>\n")
}

fn session_row(session: &Object) -> String {
    let pay = match session.text("url") {
        "" => String::new(),
        _ => format!("<a href=\"/c/pay/{}\">Pay page</a>", escape(session.id())),
    };
    row(&[
        code(session.id()),
        money(session.integer("amount_total"), session.text("currency")),
        tag(session.text("status")),
        tag(session.text("payment_status")),
        pay,
    ])
}

fn event_row(event: &Object) -> String {
    let about = event.get("data")["object"]["id"]
        .as_str()
        .unwrap_or_default();
    row(&[code(event.id()), escape(event.text("type")), code(about)])
}

fn delivery_row(delivery: &Delivery, status: Option<i64>) -> String {
    let status = status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    row(&[
        code(&delivery.event),
        escape(&delivery.event_type),
        escape(&delivery.url),
        tag(&delivery.state),
        status,
    ])
}

/// An id, shortened: its end tells nothing, and the whole of it is in the title.
fn code(id: &str) -> String {
    let short: String = id.chars().take(20).collect();
    let dots = if short.len() < id.len() { "…" } else { "" };
    format!(
        "<code title=\"{}\">{}{dots}</code>",
        escape(id),
        escape(&short)
    )
}

fn tag(state: &str) -> String {
    format!("<span class=\"tag {0}\">{0}</span>", escape(state))
}
