use domain::catalog::Collection;
use leptos::prelude::*;

use crate::components::{ProductGrid, head, page};
use crate::request;

/// The number of products on the first page.
const FEATURED: u32 = 8;

/// The first page: what the shop is, its collections, and some of its products.
#[component]
pub fn HomePage() -> impl IntoView {
    let shop = request::shop();
    let text = request::text().catalog();
    page(async move {
        let collections = shop::catalog::collections(&shop).await?;
        let products = shop::catalog::first_products(&shop, FEATURED).await?;
        head::title("");
        let texts = shop.texts().clone();
        head::description(texts.description);
        let all = text.all(&texts.goods);
        Ok(view! {
            <section class="hero">
                <img class="hero-picture" src="/art/hero.svg" alt="" width="1600" height="900" fetchpriority="high"/>
                <div class="hero-words">
                    <h1 dir="auto">{texts.hero_title}</h1>
                    <p dir="auto">{texts.hero_text}</p>
                    <a class="button" href="/products">{text.browse_all(&texts.goods)}</a>
                </div>
            </section>
            <section class="shelf" aria-labelledby="collections">
                <h2 id="collections">{text.collections()}</h2>
                <ul class="collection-grid">{collections.into_iter().map(tile).collect_view()}</ul>
            </section>
            <section class="shelf" aria-labelledby="featured">
                <h2 id="featured" dir="auto">{texts.featured_title}</h2>
                <ProductGrid products eager=0/>
                <p class="more"><a href="/products">{all}</a></p>
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
