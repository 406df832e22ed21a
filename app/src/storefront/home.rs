use domain::catalog::Collection;
use leptos::prelude::*;

use crate::components::{ProductGrid, head, page};
use crate::request;

/// How many products the first page shows.
const FEATURED: usize = 8;

/// The first page: what the shop is, its collections, and some of its products.
#[component]
pub fn HomePage() -> impl IntoView {
    let shop = request::shop();
    page(async move {
        let collections = shop::catalog::collections(&shop).await?;
        let mut products = shop::catalog::products(&shop).await?;
        products.truncate(FEATURED);
        head::title("");
        head::description(
            "Generative art prints, drawn by code and printed on heavy cotton paper.",
        );
        Ok(view! {
            <section class="hero">
                <img class="hero-picture" src="/art/hero.svg" alt="" width="1600" height="900" fetchpriority="high"/>
                <div class="hero-words">
                    <h1>"Drawn by code, printed on paper"</h1>
                    <p>"Each print is a small program, run once with a seed we liked and never again."</p>
                    <a class="button" href="/products">"Browse all prints"</a>
                </div>
            </section>
            <section class="shelf" aria-labelledby="collections">
                <h2 id="collections">"Collections"</h2>
                <ul class="collection-grid">{collections.into_iter().map(tile).collect_view()}</ul>
            </section>
            <section class="shelf" aria-labelledby="featured">
                <h2 id="featured">"From the drawing table"</h2>
                <ProductGrid products eager=0/>
                <p class="more"><a href="/products">"All prints"</a></p>
            </section>
        }
        .into_any())
    })
}

fn tile(collection: Collection) -> impl IntoView {
    view! {
        <li class="collection-tile">
            <a href=format!("/collections/{}", collection.slug)>
                <img src=collection.image alt="" width="320" height="400" loading="lazy" decoding="async"/>
                <span dir="auto">{collection.title}</span>
            </a>
        </li>
    }
}
