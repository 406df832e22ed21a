use leptos::prelude::*;

use crate::components::not_found;

/// Where nothing is.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    not_found()
}
