//! Narrowing lists, and going through their pages.

use super::View;
use super::html::spaced;
use crate::pages::escape;

/// The state that a list is narrowed to, if it is one of these.
pub(super) fn chosen<'a>(view: &View, states: &[&'a str]) -> Option<&'a str> {
    let chosen = view.status.as_deref()?;
    states.iter().find(|state| **state == chosen).copied()
}

/// A link for each state, and one for all.
pub(super) fn by_state(view: &View, path: &str, states: &[&str]) -> String {
    if states.is_empty() {
        return String::new();
    }
    let chosen = chosen(view, states);
    let all = link(path, "all", chosen.is_none());
    let links: String = states
        .iter()
        .map(|state| {
            let here = format!("{path}?status={state}");
            link(&here, &spaced(state), chosen == Some(state))
        })
        .collect();
    format!("<nav class=\"filters\" aria-label=\"State\"><ul>\n{all}{links}</ul></nav>\n")
}

/// A field for the type of events.
pub(super) fn by_type(view: &View, path: &str) -> String {
    let typed = view.event_type.as_deref().unwrap_or_default();
    let all = match typed {
        "" => String::new(),
        _ => format!("<a href=\"{path}\">Show all</a>\n"),
    };
    format!(
        "<form action=\"{path}\" class=\"action\" role=\"search\"><label>Type <input type=\"text\" name=\"type\" value=\"{}\" \
         placeholder=\"charge.*\" spellcheck=\"false\" autocapitalize=\"none\" autocomplete=\"off\"></label><button>Filter</button>\n\
         {all}</form>\n",
        escape(typed)
    )
}

/// Links to the next page of a list, and back to its first.
pub(super) fn pages(view: &View, path: &str, last: Option<&str>) -> String {
    let mut links = String::new();
    if view.after.is_some() {
        links += &format!("<a href=\"{}\">Newest</a>\n", view.narrowed(path, None));
    }
    if let Some(last) = last {
        let older = view.narrowed(path, Some(last));
        links += &format!("<a href=\"{older}\" rel=\"next\">Older</a>\n");
    }
    match links.as_str() {
        "" => links,
        _ => format!("<nav class=\"pages\" aria-label=\"Pages\">\n{links}</nav>\n"),
    }
}

fn link(path: &str, label: &str, is_here: bool) -> String {
    let current = match is_here {
        true => " aria-current=\"true\"",
        false => "",
    };
    format!("<li><a href=\"{path}\"{current}>{label}</a></li>\n")
}
