//! The webhook endpoints, and planning deliveries to them.

use sqlx::SqliteConnection;

use crate::app::App;
use crate::config::Webhook;
use crate::objects::{Event, WebhookEndpoint};
use crate::store::{deliveries, objects};

/// Brings the endpoints of the configuration in line with the stored ones: new ones are made, those
/// that are gone are deleted, and changed secrets are taken over. `now` is in Unix seconds.
pub(crate) async fn configure(
    db: &mut SqliteConnection,
    webhooks: &[Webhook],
    now: i64,
) -> sqlx::Result<()> {
    let mut stored: Vec<WebhookEndpoint> = objects::all(db).await?;
    stored.retain(WebhookEndpoint::is_configured);
    for webhook in webhooks {
        let found = stored
            .iter()
            .position(|endpoint| endpoint.text("url") == webhook.url);
        let endpoint = match found {
            Some(at) => {
                let mut endpoint = stored.swap_remove(at);
                endpoint.configure(webhook);
                objects::update(db, &endpoint).await?;
                endpoint
            }
            None => {
                let endpoint = WebhookEndpoint::configured(webhook, now);
                objects::insert(db, &endpoint).await?;
                endpoint
            }
        };
        deliveries::adopt(db, endpoint.id(), &webhook.url).await?;
    }
    for endpoint in stored {
        remove(db, &endpoint).await?;
    }
    Ok(())
}

/// Deletes an endpoint; nothing more is sent to it.
pub(crate) async fn remove(
    db: &mut SqliteConnection,
    endpoint: &WebhookEndpoint,
) -> sqlx::Result<()> {
    deliveries::cancel(db, endpoint.id()).await?;
    objects::remove(db, endpoint.id()).await
}

/// The enabled endpoints that want events of this type.
pub(crate) async fn wanting(
    db: &mut SqliteConnection,
    kind: &str,
) -> sqlx::Result<Vec<WebhookEndpoint>> {
    let mut endpoints: Vec<WebhookEndpoint> = objects::all(db).await?;
    endpoints.retain(|endpoint| endpoint.wants(kind));
    Ok(endpoints)
}

/// Plans the first delivery of a new event to these endpoints.
pub(crate) async fn plan(
    app: &App,
    db: &mut SqliteConnection,
    event: &str,
    endpoints: &[WebhookEndpoint],
) -> sqlx::Result<()> {
    for endpoint in endpoints {
        let fate = app.faults.delivery();
        deliveries::plan(db, event, endpoint, app.clock.now_millis(), fate).await?;
    }
    Ok(())
}

/// Plans one more delivery of an event: to one endpoint, or to all that want its type. Faults leave
/// it alone. Returns to how many.
pub(crate) async fn plan_again(
    app: &App,
    db: &mut SqliteConnection,
    event: &Event,
    only: Option<WebhookEndpoint>,
) -> sqlx::Result<usize> {
    let endpoints = match only {
        Some(endpoint) => vec![endpoint],
        None => wanting(db, event.text("type")).await?,
    };
    let now = app.clock.now_millis();
    for endpoint in &endpoints {
        deliveries::plan(db, event.id(), endpoint, now, Default::default()).await?;
    }
    Ok(endpoints.len())
}
