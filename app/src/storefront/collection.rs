use leptos::prelude::*;

use crate::components::{ProductGrid, head, not_found, page};
use crate::request;

/// A shelf.
#[component]
pub fn CollectionPage() -> impl IntoView {
    let shop = request::shop();
    let slug = request::path_param("slug");
    page(async move {
        let Some((collection, products)) = shop::catalog::collection(&shop, &slug).await? else {
            return Ok(not_found());
        };
        let goods = shop.texts().goods.clone();
        head::title(collection.title.clone());
        head::description(collection.description.clone());
        Ok(view! {
            <nav class="crumbs" aria-label="Breadcrumb">
                <a href="/products">{format!("All {goods}")}</a>
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
