use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use crate::components::{ProductGrid, not_found, page};
use crate::context;

/// A shelf.
#[component]
pub fn CollectionPage() -> impl IntoView {
    let shop = context::shop();
    let slug = context::path_param("slug");
    page(async move {
        let Some((collection, products)) = shop::catalog::collection(&shop, &slug).await? else {
            return Ok(not_found());
        };
        Ok(view! {
            <Title text=collection.title.clone()/>
            <Meta name="description" content=collection.description.clone()/>
            <nav class="crumbs" aria-label="Breadcrumb">
                <a href="/products">"All prints"</a>
                <span aria-current="page">{collection.title.clone()}</span>
            </nav>
            <div class="shelf-head">
                <h1>{collection.title}</h1>
                <p>{collection.description}</p>
            </div>
            <ProductGrid products/>
        }
        .into_any())
    })
}
