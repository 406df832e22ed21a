//! An operation of the API: a method and a path, what is answered, and the endpoint that does it.

use std::pin::Pin;

use axum::http::Method;
use serde_json::Value;

use super::call::Call;
use super::error::ApiError;
use super::form::unescape;

/// The outcome of an endpoint, while it is being awaited.
pub(crate) type Pending<'c> = Pin<Box<dyn Future<Output = Result<Value, ApiError>> + Send + 'c>>;

/// An endpoint, given the ids of the path in the order in which they stand there.
pub(crate) type Endpoint = for<'c> fn(&'c mut Call<'_>, &'c [String]) -> Pending<'c>;

/// One row of the table of operations.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation {
    pub(crate) method: &'static str,
    /// The path behind `/v1/`, with ids in braces: `charges/{id}/refunds`.
    pub(crate) path: &'static str,
    pub(crate) answers: Shape,
    pub(crate) endpoint: Endpoint,
}

/// The shape of an answer, by the `object` member of the object or of the items of the list. It
/// decides what can be expanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Object(&'static str),
    List(&'static str),
}

/// An operation that a request names, with the ids of its path.
#[derive(Debug)]
pub(crate) struct Requested {
    pub(crate) operation: &'static Operation,
    pub(crate) ids: Vec<String>,
}

impl Operation {
    /// The operation of a table that a method and a path name.
    pub(crate) fn find(table: &'static [Self], method: &Method, path: &str) -> Option<Requested> {
        let segments = segments(path);
        // Stripe can search, which the sandbox does not; it is not the id of anything.
        if method == Method::GET && segments.last().is_some_and(|last| last == "search") {
            return None;
        }
        table.iter().find_map(|operation| {
            let ids = operation.ids_of(&segments)?;
            (operation.method == method.as_str()).then_some(Requested { operation, ids })
        })
    }

    /// The ids of a path, if it is one of this operation.
    fn ids_of(&self, segments: &[String]) -> Option<Vec<String>> {
        let mut ids = Vec::new();
        let mut segments = segments.iter();
        for expected in self.path.split('/') {
            let segment = segments.next()?;
            if expected.starts_with('{') {
                ids.push(segment.clone());
            } else if segment != expected {
                return None;
            }
        }
        segments.next().is_none().then_some(ids)
    }
}

/// The parts of a path. They are taken apart before they are unescaped, because an id may have a
/// slash in it. Stripe's SDK for Python writes blanks as `+` here, too.
fn segments(path: &str) -> Vec<String> {
    path.strip_prefix("/v1/")
        .unwrap_or(path)
        .trim_end_matches('/')
        .split('/')
        .map(|segment| String::from_utf8_lossy(&unescape(segment.as_bytes())).into_owned())
        .collect()
}
