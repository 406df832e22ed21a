//! Checkout Sessions: creating, expiring, and their line items.

use serde_json::Value;

use super::list::{cursor, envelope, limit};
use super::{ApiError, Call, retrieve, session_params};
use crate::objects::session;
use crate::payments;
use crate::store::objects::{self, Cursor};

pub(super) async fn create(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let now = call.app.clock.now();
    let new = session_params::read(std::mem::take(&mut call.params), call.version, now)?;
    let created = session::create(&new, &call.app.base_url, now);
    for product in &created.products {
        objects::insert_unlisted(call.db, product).await?;
    }
    objects::insert(call.db, &created.session).await?;
    Ok(created.session.into_body())
}

pub(super) async fn expire(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    std::mem::take(&mut call.params).finish()?;
    let mut session = retrieve::find(call, "checkout.session", id).await?;
    if session.text("status") != "open" {
        let message = format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of {}.",
            session.text("status")
        );
        return Err(ApiError::invalid(message).executed());
    }
    payments::expire(call.app, call.db, &mut session, call.cause).await?;
    Ok(session.into_body())
}

pub(super) async fn line_items(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = std::mem::take(&mut call.params);
    let limit = usize::try_from(limit(&mut params)?).unwrap_or(usize::MAX);
    let cursor = cursor(&mut params)?;
    params.finish()?;
    let session = retrieve::find(call, "checkout.session", id).await?;
    let (page, more) = page(session::line_items(&session), &cursor, limit)?;
    Ok(envelope(
        &format!("/v1/checkout/sessions/{id}/line_items"),
        page.to_vec(),
        more,
    ))
}

/// A page of the line items, in the order in which they were given.
fn page<'a>(
    items: &'a [Value],
    cursor: &Cursor,
    limit: usize,
) -> Result<(&'a [Value], bool), ApiError> {
    let find = |id: &str, param: &str| {
        let missing =
            || ApiError::no_such(axum::http::StatusCode::BAD_REQUEST, "line item", id, param);
        items
            .iter()
            .position(|item| item["id"] == id)
            .ok_or_else(missing)
    };
    Ok(match cursor {
        Cursor::Before(id) => {
            let end = find(id, "ending_before")?;
            let start = end.saturating_sub(limit);
            (&items[start..end], start > 0)
        }
        Cursor::Newest => first(items, limit),
        Cursor::After(id) => first(&items[find(id, "starting_after")? + 1..], limit),
    })
}

fn first(items: &[Value], limit: usize) -> (&[Value], bool) {
    (&items[..limit.min(items.len())], items.len() > limit)
}
