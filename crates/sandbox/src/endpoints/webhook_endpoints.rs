//! Webhook Endpoints: creating, changing, and deleting them.

use serde_json::{Value, json};

use crate::http::params::Params;
use crate::http::version::Version;
use crate::http::{ApiError, Call, list};
use crate::objects::{ObjectType, WebhookEndpoint, webhook_endpoint};
use crate::store::deliveries;
use crate::store::objects::{self, Selection};
use crate::webhooks::{event_types, webhook_endpoints};

/// The most endpoints of an account. Source: Stripe's documentation of webhooks.
const MOST: usize = 16;

pub(super) async fn create(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    if params.boolean("connect")? == Some(true) {
        let message = "This sandbox has no connected accounts, so that connect must be false.";
        return Err(ApiError::parameter("connect", message));
    }
    let enabled_events = enabled_events(&mut params)?;
    let new = webhook_endpoint::New {
        url: params.url("url")?.ok_or_else(|| ApiError::missing("url"))?,
        enabled_events: enabled_events.ok_or_else(|| ApiError::missing("enabled_events"))?,
        api_version: api_version(&mut params)?,
        description: params
            .clearable_text("description", 5000)?
            .unwrap_or_default(),
        metadata: params.metadata("metadata")?,
    };
    params.finish()?;
    if objects::all::<WebhookEndpoint>(call.db).await?.len() >= MOST {
        let message = format!("You have reached the maximum of {MOST} test webhook endpoints.");
        return Err(ApiError::invalid(message).executed());
    }
    let endpoint = WebhookEndpoint::create(new, call.app.clock.now());
    objects::insert(call.db, &endpoint).await?;
    Ok(endpoint.with_secret())
}

pub(super) async fn update(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let mut endpoint = find(call, id).await?;
    if let Some(url) = params.url("url")? {
        endpoint.set("url", url);
    }
    if let Some(events) = enabled_events(&mut params)? {
        endpoint.set("enabled_events", events);
    }
    if let Some(description) = params.clearable_text("description", 5000)? {
        endpoint.set("description", description);
    }
    if let Some(metadata) = params.metadata_over("metadata", endpoint.get("metadata"))? {
        endpoint.set("metadata", metadata);
    }
    if let Some(disabled) = params.boolean("disabled")? {
        endpoint.set("status", if disabled { "disabled" } else { "enabled" });
    }
    params.finish()?;
    objects::update(call.db, &endpoint).await?;
    deliveries::redirect(call.db, id, endpoint.text("url")).await?;
    if endpoint.text("status") == "disabled" {
        deliveries::cancel(call.db, id).await?;
    }
    Ok(endpoint.into_body())
}

pub(super) async fn delete(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    call.take_params().finish()?;
    let endpoint = find(call, id).await?;
    webhook_endpoints::remove(call.db, &endpoint).await?;
    Ok(json!({ "id": id, "object": WebhookEndpoint::KIND, "deleted": true }))
}

pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    call.take_params().finish()?;
    Ok(find(call, id).await?.into_body())
}

pub(super) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let params = call.take_params();
    let selection = Selection {
        kind: WebhookEndpoint::KIND,
        ..Selection::default()
    };
    list::page(call, params, selection, "/v1/webhook_endpoints").await
}

async fn find(call: &mut Call<'_>, id: &str) -> Result<WebhookEndpoint, ApiError> {
    let found = objects::get::<WebhookEndpoint>(call.db, id).await?;
    found.ok_or_else(|| {
        let status = axum::http::StatusCode::NOT_FOUND;
        ApiError::no_such(status, "webhook endpoint", id, "webhook_endpoint")
    })
}

/// Reads the types of events that are wanted; `*` is all of them.
fn enabled_events(params: &mut Params) -> Result<Option<Vec<String>>, ApiError> {
    let mut events = Vec::new();
    for (name, event) in params.texts("enabled_events")? {
        if event != "*" && !event_types::exists(&event) {
            let message = format!("Invalid {name}: {event} is not a type of event");
            return Err(ApiError::parameter(name, message));
        }
        events.push(event);
    }
    Ok((!events.is_empty()).then_some(events))
}

fn api_version(params: &mut Params) -> Result<Option<String>, ApiError> {
    let Some(text) = params.text("api_version", 5000)? else {
        return Ok(None);
    };
    Version::parse(&text)
        .map(|version| Some(version.as_str().to_owned()))
        .map_err(|_| {
            ApiError::parameter("api_version", format!("Invalid Stripe API version: {text}"))
        })
}
