use leptos::prelude::*;

use crate::components::{ProductGrid, head, page};
use crate::request;

/// Everything that is sold.
#[component]
pub fn ProductsPage() -> impl IntoView {
    let shop = request::shop();
    let text = request::text().catalog();
    page(async move {
        let collections = shop::catalog::collections(&shop).await?;
        let products = shop::catalog::products(&shop).await?;
        let goods = shop.texts().goods.clone();
        let heading = text.all(&goods);
        head::title(heading.clone());
        head::description(text.all_of(&goods, shop.texts().display_name()));
        Ok(view! {
            <div class="shelf-head">
                <h1>{heading}</h1>
                <p class="hint">{text.count(products.len(), &goods)}</p>
            </div>
            <nav class="chips" aria-label=text.collections()>
                {collections.into_iter().map(|collection| view! {
                    <a class="chip" dir="auto" href=format!("/collections/{}", collection.slug)>{collection.title}</a>
                }).collect_view()}
            </nav>
            <ProductGrid products/>
        }
        .into_any())
    })
}
