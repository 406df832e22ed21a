use domain::catalog::ProductCard;
use domain::stock::Availability;
use leptos::prelude::*;

use crate::request;

/// Products side by side.
#[component]
pub fn ProductGrid(
    products: Vec<ProductCard>,
    /// The number of pictures that are above the fold, and worth loading at once.
    #[prop(default = 4)]
    eager: usize,
) -> impl IntoView {
    view! {
        <ul class="product-grid">
            {products
                .into_iter()
                .enumerate()
                .map(|(position, product)| card(product, position < eager, position == 0 && eager > 0))
                .collect_view()}
        </ul>
    }
}

/// A product's card. `is_first` says that its picture may be the largest thing that is seen at once.
fn card(product: ProductCard, is_eager: bool, is_first: bool) -> impl IntoView {
    let text = request::text().catalog();
    let price = product.from.to_string();
    let price = if product.has_more_prices {
        text.from_price(&price)
    } else {
        price
    };
    let note = match product.availability {
        Availability::InStock => None,
        few_or_none => {
            Some(view! { <span class="card-note">{text.availability(few_or_none)}</span> })
        }
    };
    view! {
        <li class="card">
            <a href=format!("/products/{}", product.slug)>
                <span class="card-picture">
                    <img
                        src=product.image
                        alt=product.image_alt
                        width="400"
                        height="500"
                        loading=if is_eager { "eager" } else { "lazy" }
                        fetchpriority=is_first.then_some("high")
                        decoding="async"
                    />
                </span>
                <span class="card-title" dir="auto">{product.title}</span>
                <span class="card-price" translate="no">{price}</span>
                {note}
            </a>
        </li>
    }
}
