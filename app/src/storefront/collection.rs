use leptos::prelude::*;

use crate::components::{ProductGrid, head, not_found, page};
use crate::request;

/// A shelf.
#[component]
pub fn CollectionPage() -> impl IntoView {
    let shop = request::shop();
    let text = request::text();
    let slug = request::path_param("slug");
    page(async move {
        let Some((collection, products)) = shop::catalog::collection(&shop, &slug).await? else {
            return Ok(not_found());
        };
        let all = text.catalog().all(&shop.texts().goods);
        head::title(collection.title.clone());
        head::description(collection.description.clone());
        Ok(view! {
            <nav class="crumbs" aria-label=text.layout().breadcrumb()>
                <a href="/products">{all}</a>
                <span aria-current="page" dir="auto">{collection.title.clone()}</span>
            </nav>
            <div class="shelf-head">
                <h1 dir="auto">{collection.title}</h1>
                <p dir="auto">{collection.description}</p>
            </div>
            <ProductGrid products/>
        }
        .into_any())
    })
}
