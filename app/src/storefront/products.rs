use leptos::prelude::*;

use crate::components::{ProductGrid, head, page};
use crate::request;

/// Everything that is sold.
#[component]
pub fn ProductsPage() -> impl IntoView {
    let shop = request::shop();
    page(async move {
        let collections = shop::catalog::collections(&shop).await?;
        let products = shop::catalog::products(&shop).await?;
        let goods = shop.texts().goods.clone();
        let heading = format!("All {goods}");
        head::title(heading.clone());
        head::description(format!("All {goods} of {}.", shop.texts().display_name()));
        Ok(view! {
            <div class="shelf-head">
                <h1>{heading}</h1>
                <p class="hint">{format!("{} {goods}", products.len())}</p>
            </div>
            <nav class="chips" aria-label="Collections">
                {collections.into_iter().map(|collection| view! {
                    <a class="chip" dir="auto" href=format!("/collections/{}", collection.slug)>{collection.title}</a>
                }).collect_view()}
            </nav>
            <ProductGrid products/>
        }
        .into_any())
    })
}
