use leptos::prelude::*;

use domain::catalog::ListStart;

use crate::components::{ProductGrid, head, not_found, page, product_pager};
use crate::request;

/// Everything that is sold.
#[component]
pub fn ProductsPage() -> impl IntoView {
    let shop = request::shop();
    let text = request::text().catalog();
    let start = request::list_start();
    page(async move {
        let collections = shop::catalog::collections(&shop).await?;
        let list = shop::catalog::products(&shop, &start).await?;
        // A place behind the last product.
        if list.products.is_empty() && start != ListStart::First {
            return Ok(not_found());
        }
        let goods = shop.texts().goods.clone();
        let heading = text.all(&goods);
        head::title(heading.clone());
        head::description(text.all_of(&goods, shop.texts().display_name()));
        let pager = product_pager("/products", &list);
        Ok(view! {
            <div class="shelf-head">
                <h1>{heading}</h1>
                <p class="hint">{text.count(list.count, &goods)}</p>
            </div>
            <nav class="chips" aria-label=text.collections()>
                {collections.into_iter().map(|collection| view! {
                    <a class="chip" dir="auto" href=format!("/collections/{}", collection.slug)>{collection.title}</a>
                }).collect_view()}
            </nav>
            <ProductGrid products=list.products/>
            {pager}
        }
        .into_any())
    })
}
