use leptos::prelude::*;
use shop::digital::{DeliveredFile, Delivery};
use text::DigitalText;

use crate::request;

/// The files and license keys of an order, and why a link did not work.
pub(super) fn downloads(delivery: Delivery) -> Option<AnyView> {
    let text = request::text().digital();
    let notice = request::query_param("download").and_then(|why| match why.as_str() {
        "expired" => Some(text.expired()),
        "withdrawn" => Some(text.withdrawn()),
        "limit" => Some(text.limit()),
        _ => None,
    });
    let notice = notice.map(|notice| view! { <p class="notice" role="alert">{notice}</p> });
    let Delivery {
        files,
        keys,
        missing_keys,
    } = delivery;
    if notice.is_none() && files.is_empty() && keys.is_empty() && missing_keys == 0 {
        return None;
    }
    let has_files = !files.is_empty();
    let files = files
        .into_iter()
        .map(|each| file(text, each))
        .collect_view();
    let keys = keys.into_iter().map(|(title, key)| {
        view! { <li><bdi>{title}</bdi>": "<code translate="no">{key}</code></li> }
    });
    let keys = keys.collect_view();
    Some(
        view! {
            <section class="order-parcels" aria-labelledby="downloads">
                <h2 id="downloads">{text.downloads()}</h2>
                {notice}
                <ul class="parcel-content">{files}{keys}</ul>
                {(missing_keys > 0).then(|| view! { <p class="order-explained">{text.keys_follow()}</p> })}
                {has_files.then(|| view! { <p class="hint">{text.links_end()}</p> })}
            </section>
        }
        .into_any(),
    )
}

fn file(text: DigitalText, file: DeliveredFile) -> impl IntoView {
    let name = match file.link {
        Some(link) => view! {
            <a href=link rel="nofollow"><bdi>{text.download(&file.name)}</bdi></a>
        }
        .into_any(),
        None => view! { <bdi>{file.name}</bdi> }.into_any(),
    };
    view! {
        <li>{name}" ("{text.size(file.size)}") "<span class="hint">{text.left(file.left)}</span></li>
    }
}
