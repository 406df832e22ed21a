//! Lists: newest first, a page at a time.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::error::ApiError;
use super::lookup;
use super::params::Params;
use crate::store::objects::{self, Comparison, Cursor, Selection};

const DEFAULT_LIMIT: i64 = 10;
const MAX_LIMIT: i64 = 100;

/// A list in Stripe's shape.
pub(crate) fn envelope(url: &str, data: Vec<Value>, has_more: bool) -> Value {
    json!({ "object": "list", "url": url, "has_more": has_more, "data": data })
}

/// Reads `limit`, which is brought between 1 and 100.
pub(crate) fn limit(params: &mut Params) -> Result<i64, ApiError> {
    Ok(params
        .integer("limit")?
        .unwrap_or(DEFAULT_LIMIT)
        .clamp(1, MAX_LIMIT))
}

/// Reads where the page begins, as far as the parameters alone can tell.
pub(crate) fn cursor(params: &mut Params) -> Result<Cursor, ApiError> {
    match (
        params.text("starting_after", 5000)?,
        params.text("ending_before", 5000)?,
    ) {
        (None, None) => Ok(Cursor::Newest),
        (Some(id), None) => Ok(Cursor::After(id)),
        (None, Some(id)) => Ok(Cursor::Before(id)),
        (Some(_), Some(_)) => Err(ApiError::invalid(
            "You may only specify one of these parameters: ending_before, starting_after.",
        )),
    }
}

/// The list of a kind, which parameters can narrow to what belongs to objects of some kinds and in
/// no other way.
pub(crate) async fn narrowed(
    call: &mut Call<'_>,
    kind: &'static str,
    by: &[&'static str],
    url: &str,
) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let mut selection = Selection {
        kind,
        ..Selection::default()
    };
    narrow(call, &mut params, &mut selection, by).await?;
    page(call, params, selection, url).await
}

/// Narrows a list to what belongs to the objects that parameters name by their kind. What was
/// deleted still has a past.
pub(crate) async fn narrow(
    call: &mut Call<'_>,
    params: &mut Params,
    selection: &mut Selection,
    kinds: &[&'static str],
) -> Result<(), ApiError> {
    for kind in kinds {
        if let Some(id) = params.text(kind, 5000)? {
            check_exists(call, kind, &id, kind).await?;
            selection.members.push((*kind, vec![id]));
        }
    }
    Ok(())
}

/// Reads what is left of the parameters and answers the page they ask for.
pub(crate) async fn page(
    call: &mut Call<'_>,
    mut params: Params,
    mut selection: Selection,
    url: &str,
) -> Result<Value, ApiError> {
    selection.limit = limit(&mut params)?;
    selection.cursor = cursor(&mut params)?;
    selection.created.extend(created(&mut params)?);
    params.finish()?;
    check_cursor(call, &selection).await?;
    let (found, more) = objects::page(call.db, &selection).await?;
    Ok(envelope(
        url,
        found.into_iter().map(|object| object.into_body()).collect(),
        more,
    ))
}

/// The page that is wanted of a list that is part of an object. Such a list begins with its first
/// item.
pub(crate) struct Part {
    limit: usize,
    cursor: Cursor,
}

impl Part {
    /// Reads what is left of the parameters.
    pub(crate) fn from_params(mut params: Params) -> Result<Self, ApiError> {
        let limit = usize::try_from(limit(&mut params)?).unwrap_or(usize::MAX);
        let cursor = cursor(&mut params)?;
        params.finish()?;
        Ok(Self { limit, cursor })
    }

    /// The page of all `items`, of which one is called `noun`.
    pub(crate) fn page_of(
        &self,
        items: &[Value],
        noun: &str,
        url: &str,
    ) -> Result<Value, ApiError> {
        let find = |id: &str, param: &str| {
            let missing = || ApiError::no_such(StatusCode::BAD_REQUEST, noun, id, param);
            let mut items = items.iter();
            items.position(|item| item["id"] == id).ok_or_else(missing)
        };
        let (page, more) = match &self.cursor {
            Cursor::Before(id) => {
                let end = find(id, "ending_before")?;
                let start = end.saturating_sub(self.limit);
                (&items[start..end], start > 0)
            }
            Cursor::Newest => first(items, self.limit),
            Cursor::After(id) => first(&items[find(id, "starting_after")? + 1..], self.limit),
        };
        Ok(envelope(url, page.to_vec(), more))
    }
}

fn first(items: &[Value], limit: usize) -> (&[Value], bool) {
    (&items[..limit.min(items.len())], items.len() > limit)
}

async fn check_cursor(call: &mut Call<'_>, selection: &Selection) -> Result<(), ApiError> {
    let (param, id) = match &selection.cursor {
        Cursor::Newest => return Ok(()),
        Cursor::After(id) => ("starting_after", id),
        Cursor::Before(id) => ("ending_before", id),
    };
    check_exists(call, selection.kind, id, param).await
}

/// Refuses an id that nothing of a kind has or had: who deletes what a page lists goes on behind
/// its last item.
pub(crate) async fn check_exists(
    call: &mut Call<'_>,
    kind: &'static str,
    id: &str,
    param: &str,
) -> Result<(), ApiError> {
    match objects::find_deleted_too(call.db, kind, id).await? {
        Some(_) => Ok(()),
        None => {
            let (noun, _) = lookup::message_names(kind);
            Err(ApiError::no_such(StatusCode::BAD_REQUEST, noun, id, param))
        }
    }
}

/// Reads `created`, which is either a time or comparisons with times.
fn created(params: &mut Params) -> Result<Vec<(Comparison, i64)>, ApiError> {
    if !params.is_object("created") {
        return Ok(params
            .integer("created")?
            .map(|seconds| (Comparison::Equal, seconds))
            .into_iter()
            .collect());
    }
    let Some(mut range) = params.object("created")? else {
        return Ok(Vec::new());
    };
    let mut comparisons = Vec::new();
    for (name, comparison) in [
        ("gt", Comparison::Greater),
        ("gte", Comparison::GreaterOrEqual),
        ("lt", Comparison::Less),
        ("lte", Comparison::LessOrEqual),
    ] {
        comparisons.extend(range.integer(name)?.map(|seconds| (comparison, seconds)));
    }
    range.finish()?;
    Ok(comparisons)
}
