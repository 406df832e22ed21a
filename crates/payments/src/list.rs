use serde::{Deserialize, Serialize};
use serde_json::Value;
use stripe_client_core::{RequestBuilder, StripeMethod};

use crate::client::Stripe;
use crate::error::{ApiError, Unreachable};
use crate::event::Event;
use crate::stats::Operation;
use crate::transport::Call;

/// As many as Stripe gives at once.
pub(crate) const PAGE: i64 = 100;

#[derive(Deserialize)]
struct Page {
    data: Vec<Value>,
    has_more: bool,
}

#[derive(Serialize)]
struct EventsQuery<'a> {
    created: Since,
    limit: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    starting_after: Option<&'a str>,
    types: &'a [&'a str],
}

#[derive(Serialize)]
pub(crate) struct Since {
    pub(crate) gte: i64,
}

impl Stripe {
    /// Asks for the events that can move an order and happened at `created` (Unix seconds) or
    /// later, the oldest first. Stripe keeps them for 30 days. They are read as a webhook is,
    /// because async-stripe refuses a whole page for one event of another API version; one that
    /// cannot be read is logged and left out.
    ///
    /// # Errors
    /// When Stripe refuses or cannot be reached.
    pub async fn events_since(&self, created: i64) -> Result<Vec<Event>, ApiError> {
        let request = |after: Option<&str>| {
            RequestBuilder::new(StripeMethod::Get, "/events").query(&EventsQuery {
                created: Since { gte: created },
                limit: PAGE,
                starting_after: after,
                types: &Event::KINDS,
            })
        };
        let objects = self.list(Operation::ListEvents, request).await?;
        let read = |object: &Value| {
            Event::parse(object.to_string().as_bytes())
                .inspect_err(|error| tracing::warn!(%error, "skipped an unreadable event"))
                .ok()
        };
        Ok(objects.iter().rev().filter_map(read).collect())
    }

    /// Everything that a list holds, page after page. `request` asks for the page after an object's
    /// id.
    pub(crate) async fn list(
        &self,
        operation: Operation,
        request: impl Fn(Option<&str>) -> RequestBuilder,
    ) -> Result<Vec<Value>, ApiError> {
        let mut all: Vec<Value> = Vec::new();
        loop {
            let after = all.last().and_then(|object| object["id"].as_str());
            let call = Call {
                operation,
                request: request(after),
                idempotency_key: None,
            };
            let page: Page = self
                .transport
                .call(call, |body| {
                    serde_json::from_slice(body).map_err(|_| "an answer that is not Stripe's")
                })
                .await?;
            let next = page.data.last().map(|object| &object["id"]);
            let goes_on = next.is_some_and(|id| id.as_str().is_some_and(|id| after != Some(id)));
            if page.has_more && !goes_on {
                let error = Unreachable::silent("a list that does not end");
                return Err(ApiError::Unreachable(error));
            }
            all.extend(page.data);
            if !page.has_more {
                return Ok(all);
            }
        }
    }
}
