use leptos::prelude::*;

use ui::islands::CartBadge;

/// The shop's name and the ways into it.
#[component]
pub fn Header() -> impl IntoView {
    view! {
        <header class="site-header">
            <a class="brand" href="/">
                <img src="/favicon.svg" alt="" width="28" height="28"/>
                <span>"Plotter & Press"</span>
            </a>
            <nav class="site-nav" aria-label="Main">
                <a href="/products">"All prints"</a>
            </nav>
            <CartBadge/>
        </header>
    }
}
