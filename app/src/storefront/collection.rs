use leptos::prelude::*;

use domain::catalog::{ListStart, encode_slug};

use crate::components::{ProductGrid, head, not_found, page, product_pager};
use crate::request;

/// A shelf.
#[component]
pub fn CollectionPage() -> impl IntoView {
    let shop = request::shop();
    let text = request::text();
    let slug = request::path_param("slug");
    let start = request::list_start();
    page(async move {
        let Some((collection, list)) = shop::catalog::collection(&shop, &slug, &start).await?
        else {
            return Ok(not_found());
        };
        if list.products.is_empty() && start != ListStart::First {
            return Ok(not_found());
        }
        let all = text.catalog().all(&shop.texts().goods);
        head::title(collection.title.clone());
        head::description(collection.description.clone());
        let pager = product_pager(
            &format!("/collections/{}", encode_slug(&collection.slug)),
            &list,
        );
        Ok(view! {
            <nav class="crumbs" aria-label=text.layout().breadcrumb()>
                <a href="/products">{all}</a>
                <span aria-current="page" dir="auto">{collection.title.clone()}</span>
            </nav>
            <div class="shelf-head">
                <h1 dir="auto">{collection.title}</h1>
                <p dir="auto">{collection.description}</p>
            </div>
            <ProductGrid products=list.products/>
            {pager}
        }
        .into_any())
    })
}
