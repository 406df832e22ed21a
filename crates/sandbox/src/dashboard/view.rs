//! The query of a page.

use std::borrow::Cow;
use std::convert::Infallible;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::Deserialize;

use super::refusal::Refusal;
use crate::pages::escape;

/// The parameters that every page takes. Wrong ones are left out.
#[derive(Debug, Default, Deserialize)]
pub(super) struct View {
    /// The action that led here; see [`super::redirect_back`].
    pub(super) done: Option<String>,
    /// True if a button led here that could not do it.
    refused: Option<String>,
    /// The id after which a list goes on.
    pub(super) after: Option<String>,
    /// The state that a list is narrowed to.
    pub(super) status: Option<String>,
    /// The type of events that a list is narrowed to, in which `*` stands for anything.
    #[serde(rename = "type")]
    pub(super) event_type: Option<String>,
    #[serde(skip)]
    refusal: Option<Refusal>,
}

impl View {
    /// A page's content, with what could not be done.
    pub(super) fn tell<'a>(&self, main: &'a str) -> Cow<'a, str> {
        match &self.refusal {
            None => main.into(),
            Some(refusal) => refusal.insert_into(main).into(),
        }
    }

    /// The address of the list at `path`, narrowed as it is, from a place on. It is for an
    /// attribute.
    pub(super) fn narrowed(&self, path: &str, after: Option<&str>) -> String {
        let texts = [
            ("status", self.status.as_deref()),
            ("type", self.event_type.as_deref()),
            ("after", after),
        ];
        let given: Vec<_> = texts
            .into_iter()
            .filter_map(|(name, text)| Some((name, text.filter(|text| !text.is_empty())?)))
            .collect();
        let query = reqwest::Url::parse_with_params("http://list/", &given);
        match query.as_ref().map(reqwest::Url::query) {
            Ok(Some(query)) if !given.is_empty() => escape(&format!("{path}?{query}")),
            _ => path.to_owned(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for View {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let mut view = match Query::<Self>::try_from_uri(&parts.uri) {
            Ok(Query(view)) => view,
            Err(_) => Self::default(),
        };
        if view.refused.is_some() {
            view.refusal = Refusal::from_headers(&parts.headers);
        }
        Ok(view)
    }
}
