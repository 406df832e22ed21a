use leptos::prelude::*;

use ui::islands::CartBadge;

use crate::request;

/// The shop's name and the ways into it.
#[component]
pub fn Header() -> impl IntoView {
    let shop = request::shop();
    let text = request::text();
    let name = shop.texts().display_name().to_owned();
    let all = text.catalog().all(&shop.texts().goods);
    view! {
        <header class="site-header">
            <a class="brand" href="/">
                <img src="/favicon.svg" alt="" width="28" height="28"/>
                <span dir="auto">{name}</span>
            </a>
            <nav class="site-nav" aria-label=text.layout().main_navigation()>
                <a href="/products">{all}</a>
            </nav>
            <CartBadge/>
        </header>
    }
}
