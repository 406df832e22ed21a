use leptos::prelude::*;

use crate::request;

/// What the shop is, and the owner's door.
#[component]
pub fn Footer() -> impl IntoView {
    let is_test_mode = request::shop().is_test_mode();
    view! {
        <footer class="site-footer">
            <p>{if is_test_mode {
                "Plotter & Press is the demo of Cartwright, a storefront in one Rust binary."
            } else {
                "Plotter & Press"
            }}</p>
            {is_test_mode.then(|| view! {
                <p class="hint">"This shop is in test mode. Nothing is charged and nothing is shipped."</p>
            })}
            <p><a href="/admin/orders">"Shop owner"</a></p>
        </footer>
    }
}
