//! The summary of errors above the fields.

use super::view::View;
use super::{fields, quantities, questions};
use crate::cards::FieldError;
use crate::pages::escape;

/// Everything that is wrong, in the order of the page, each with a link to its field. A single
/// error that is told in these parts of the page is told there alone, with the focus on it. Errors
/// that belong to no field of theirs are told here only, before the others.
pub(super) fn summary(view: &View<'_>, parts: &[&str]) -> String {
    let page = parts.concat();
    let place = |error: &FieldError| page.find(&format!("id=\"{}-error\"", error.field));
    match view.errors {
        [] => return String::new(),
        [only] if place(only).is_some() => return String::new(),
        _ => {}
    }
    let mut errors: Vec<_> = view.errors.iter().map(|one| (place(one), one)).collect();
    errors.sort_by_key(|(place, _)| *place);
    let items: String = errors
        .into_iter()
        .map(|(place, error)| item(view, error, place.is_some()))
        .collect();
    format!(
        "<div class=\"alert\" role=\"alert\" tabindex=\"-1\" autofocus>\n<h2>Please check this</h2>\n\
         <ul>\n{items}</ul>\n</div>\n"
    )
}

fn item(view: &View<'_>, error: &FieldError, is_shown: bool) -> String {
    let (id, message) = (escape(&error.field), escape(&error.message));
    if !is_shown {
        return format!("<li>{message}</li>\n");
    }
    match label(view, &error.field) {
        Some(label) => {
            let label = escape(&label);
            format!("<li><a href=\"#{id}\">{label}</a>: {message}</li>\n")
        }
        None => format!("<li><a href=\"#{id}\">{message}</a></li>\n"),
    }
}

/// The label of the field with an id, unless its message says so itself.
fn label(view: &View<'_>, id: &str) -> Option<String> {
    fields::label(id)
        .map(ToOwned::to_owned)
        .or_else(|| questions::label_of(view.session, id))
        .or_else(|| quantities::label_of(view.order, id))
}
