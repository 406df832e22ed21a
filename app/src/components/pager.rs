use domain::catalog::ListStart;
use leptos::prelude::*;
use shop::catalog::ProductList;

use crate::components::head;
use crate::{request, response};

/// The ways from one page of a list of products to the others: links on the page, in its head and
/// in the answer's `Link` headers.
pub fn product_pager(path: &str, list: &ProductList) -> AnyView {
    let text = request::text().layout();
    let steps = [
        ("prev", text.previous_page(), list.previous.as_ref()),
        ("next", text.next_page(), list.next.as_ref()),
    ];
    let links: Vec<_> = steps
        .into_iter()
        .filter_map(|(relation, label, start)| Some((relation, label, address(path, start?))))
        .collect();
    if links.is_empty() {
        return ().into_any();
    }
    for (relation, _, address) in &links {
        head::link(relation, address);
        response::link(relation, address);
    }
    view! {
        <nav class="pager" aria-label=text.pages()>
            {links
                .into_iter()
                .map(|(relation, label, address)| view! { <a href=address rel=relation>{label}</a> })
                .collect_view()}
        </nav>
    }
    .into_any()
}

fn address(path: &str, start: &ListStart) -> String {
    match start {
        ListStart::First => path.to_owned(),
        ListStart::After(place) => format!("{path}?after={place}"),
        ListStart::Before(place) => format!("{path}?before={place}"),
    }
}
