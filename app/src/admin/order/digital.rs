use leptos::prelude::*;
use shop::digital::Given;

use crate::request;

/// The digital goods of an order, and how often they were downloaded.
pub(super) fn digital(given: Given) -> Option<AnyView> {
    if given.files.is_empty() && given.keys == 0 && given.missing_keys == 0 {
        return None;
    }
    let text = request::text().digital();
    let files = given.files.into_iter().map(|file| {
        view! { <li><bdi>{file.name}</bdi>", "{text.downloaded(file.downloads)}</li> }
    });
    let files = files.collect_view();
    Some(
        view! {
            <section class="admin-part" aria-labelledby="digital">
                <h2 id="digital">{text.delivered_digitally()}</h2>
                {(!given.is_granted).then(|| view! { <p class="notice">{text.access_withdrawn()}</p> })}
                <ul class="parcel-content">
                    {files}
                    {(given.keys > 0).then(|| view! { <li>{text.keys_given(given.keys)}</li> })}
                </ul>
                {(given.missing_keys > 0).then(|| view! {
                    <p class="notice">
                        {text.keys_missing(given.missing_keys)}" "
                        <a href="/admin/downloads">{text.downloads()}</a>
                    </p>
                })}
            </section>
        }
        .into_any(),
    )
}
