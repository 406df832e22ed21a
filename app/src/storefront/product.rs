use domain::cart::MAX_QUANTITY;
use domain::catalog::{Product, Variant, options_label};
use domain::money::Money;
use domain::stock::Availability;
use leptos::prelude::*;
use shop::texts::ShopTexts;

use crate::components::{head, not_found, page};
use crate::request;
use ui::islands::AddToCartForm;

/// One product, and the form that puts a variant of it into the cart.
#[component]
pub fn ProductPage() -> impl IntoView {
    let shop = request::shop();
    let slug = request::path_param("slug");
    page(async move {
        let Some(product) = shop::catalog::product(&shop, &slug).await? else {
            return Ok(not_found());
        };
        Ok(product_view(product, shop.texts()).into_any())
    })
}

fn product_view(product: Product, texts: &ShopTexts) -> impl IntoView + use<> {
    let shelf = product.collections.first().cloned();
    let title = product.title.clone();
    head::title(product.title.clone());
    head::description(product.description.clone());
    view! {
        <nav class="crumbs" aria-label="Breadcrumb">
            <a href="/products">{format!("All {}", texts.goods)}</a>
            {shelf.map(|shelf| view! {
                <a href=format!("/collections/{}", shelf.slug) dir="auto">{shelf.title}</a>
            })}
            <span aria-current="page" dir="auto">{product.title.clone()}</span>
        </nav>
        <article class="product">
            <div class="product-picture">
                <img
                    src=product.image.clone()
                    alt=product.image_alt.clone()
                    width="800"
                    height="1000"
                    fetchpriority="high"
                />
            </div>
            <div class="product-words">
                <h1 dir="auto">{title}</h1>
                <p class="product-price" translate="no">{price_text(&product.variants)}</p>
                <p class="product-description" dir="auto">{product.description.clone()}</p>
                {buy_view(&product, texts)}
            </div>
        </article>
    }
}

/// The price, or the cheapest of several.
fn price_text(variants: &[Variant]) -> String {
    let low = variants
        .iter()
        .map(|variant| variant.price)
        .min_by_key(|price| price.amount());
    let is_one_price = variants.iter().all(|variant| Some(variant.price) == low);
    match low.as_ref().map(Money::to_string) {
        None => String::new(),
        Some(low) if is_one_price => low,
        Some(low) => format!("From {low}"),
    }
}

fn buy_view(product: &Product, texts: &ShopTexts) -> AnyView {
    let Some(first) = product
        .variants
        .iter()
        .find(|variant| variant.availability.can_be_bought())
    else {
        return nothing_free_view(product, texts);
    };
    let chosen = first.id.clone();
    let most = product.quantity_limit.min(MAX_QUANTITY);
    let fields = if product.variants.len() == 1 {
        view! {
            <input type="hidden" name="variant" value=first.id.to_string()/>
            <p class="hint">{first.availability.label()}</p>
        }
        .into_any()
    } else {
        let legend = product.option_names.join(" and ");
        view! {
            <fieldset class="variants">
                <legend>{sentence_case(&legend)}</legend>
                {product.variants.iter().map(|variant| choice(variant, variant.id == chosen)).collect_view()}
            </fieldset>
        }
        .into_any()
    };
    view! {
        <AddToCartForm>
            {fields}
            <label class="field is-small">
                <span>"Quantity"</span>
                <input type="number" name="quantity" value="1" min="1" max=most inputmode="numeric" required autocomplete="off"/>
            </label>
        </AddToCartForm>
    }
    .into_any()
}

/// What stands in place of the form while nothing of a product can be bought.
fn nothing_free_view(product: &Product, texts: &ShopTexts) -> AnyView {
    let variants = &mut product.variants.iter();
    if variants.any(|variant| variant.availability == Availability::InCheckout) {
        return view! {
            <p class="sold-out">{Availability::InCheckout.label()}</p>
            <p class="hint">
                "What is not paid for is free again within 40 minutes. Reload this page to look."
            </p>
        }
        .into_any();
    }
    view! {
        <p class="sold-out">{Availability::SoldOut.label()}</p>
        <p class="hint" dir="auto">{texts.sold_out_text.clone()}</p>
    }
    .into_any()
}

fn choice(variant: &Variant, is_chosen: bool) -> impl IntoView {
    let is_disabled = !variant.availability.can_be_bought();
    let note = match variant.availability {
        Availability::InStock => None,
        few_or_none => Some(view! { <span class="choice-note">{few_or_none.label()}</span> }),
    };
    view! {
        <label class="choice">
            <input
                type="radio"
                name="variant"
                value=variant.id.to_string()
                checked=is_chosen
                disabled=is_disabled
                required
            />
            <span class="choice-name" dir="auto">{options_label(&variant.options)}</span>
            <span class="choice-price" translate="no">{variant.price.to_string()}</span>
            {note}
        </label>
    }
}

/// "Size and Finish" as a heading reads: "Size and finish".
fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first
            .to_uppercase()
            .chain(letters.flat_map(char::to_lowercase))
            .collect(),
        None => String::new(),
    }
}
