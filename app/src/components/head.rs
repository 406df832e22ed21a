use leptos::prelude::*;
use leptos_meta::{Meta, Title};

// The tags are registered at once. Left in the view of a page that had to wait for the database, they would be rendered
// where the document's head can no longer be reached, and be lost.

/// Names the page.
pub fn title(text: impl Into<String>) {
    let text = text.into();
    let _ = view! { <Title text/> }.to_html();
}

/// Says what is on the page, for search engines.
pub fn description(text: impl Into<String>) {
    let text = text.into();
    let _ = view! { <Meta name="description" content=text/> }.to_html();
}

/// Keeps the page out of search engines.
pub fn no_index() {
    let _ = view! { <Meta name="robots" content="noindex"/> }.to_html();
}
