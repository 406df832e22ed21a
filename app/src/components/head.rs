use leptos::prelude::*;
use leptos_meta::{Link, Meta, Title};

use crate::request;

// The tags are registered at once. Left in the view of a page that had to wait for the database,
// they would be rendered where the document's head can no longer be reached, and be lost.

/// Lets every title end with the shop's name. leptos_meta writes a title into the page as it is, so
/// this is also where all of them are escaped: whatever a page or a component gives as its title
/// passes here last.
#[component]
pub fn TitleFormat() -> impl IntoView {
    let name = request::shop().texts().display_name().to_owned();
    view! { <Title formatter=move |title: String| document_title(&name, &title)/> }
}

fn document_title(shop: &str, title: &str) -> String {
    if title.is_empty() {
        escape(shop)
    } else {
        escape(&format!("{title} · {shop}"))
    }
}

/// Escapes text for an element whose content is text. Attributes, as of `<meta>`, are escaped where
/// they are rendered.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Names the page. `text` is plain text.
pub fn title(text: impl Into<String>) {
    let text = text.into();
    let _ = view! { <Title text/> }.to_html();
}

/// Says what is on the page, for search engines.
pub fn description(text: impl Into<String>) {
    let text = text.into();
    let _ = view! { <Meta name="description" content=text/> }.to_html();
}

/// Names the page that comes before or after this one in a list.
pub fn link(relation: &str, address: &str) {
    let _ = view! { <Link rel=relation.to_owned() href=address.to_owned()/> }.to_html();
}

/// Keeps the page out of search engines.
pub fn no_index() {
    let _ = view! { <Meta name="robots" content="noindex"/> }.to_html();
}
