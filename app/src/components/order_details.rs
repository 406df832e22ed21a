use domain::order::Order;
use leptos::prelude::*;

use crate::request;

/// The names and values of a description list that says where an order goes, and to whom.
pub fn order_details(order: &Order) -> impl IntoView + use<> {
    let facts = request::text().order_details().facts(order);
    facts
        .into_iter()
        .map(|(name, lines)| {
            let lines: Vec<_> = lines
                .into_iter()
                .map(|line| view! { <span class="detail-line" dir="auto">{line}</span> })
                .collect();
            view! {
                <dt>{name}</dt>
                <dd translate="no">{lines}</dd>
            }
        })
        .collect_view()
}
