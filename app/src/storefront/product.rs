use domain::cart::MAX_QUANTITY;
use domain::catalog::{Product, Variant, options_label};
use domain::money::Money;
use domain::stock::Availability;
use domain::tax::TaxClass;
use leptos::prelude::*;
use shop::checkout::{PriceNote, price_note};
use shop::texts::ShopTexts;
use text::{CatalogText, Text};

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
        let note = price_note(&shop, &TaxClass::standard()).await?;
        let note = price_note_text(request::text(), &note);
        Ok(product_view(request::text(), product, note, shop.texts()).into_any())
    })
}

fn product_view(
    text: Text,
    product: Product,
    price_note: String,
    texts: &ShopTexts,
) -> impl IntoView + use<> {
    let shelf = product.collections.first().cloned();
    let title = product.title.clone();
    head::title(product.title.clone());
    head::description(product.description.clone());
    view! {
        <nav class="crumbs" aria-label=text.layout().breadcrumb()>
            <a href="/products">{text.catalog().all(&texts.goods)}</a>
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
                <p class="product-price" translate="no">{price_text(text, &product.variants)}</p>
                {(!price_note.is_empty()).then(|| view! { <p class="hint">{price_note}</p> })}
                <p class="product-description" dir="auto">{product.description.clone()}</p>
                {buy_view(text.catalog(), &product, texts)}
            </div>
        </article>
    }
}

/// The note beside the price; empty when nothing is to be said.
fn price_note_text(text: Text, note: &PriceNote) -> String {
    let taxes = note.included_taxes.iter();
    let taxes: Vec<_> = taxes
        .map(|(name, rate)| (name.as_str(), rate.to_string()))
        .collect();
    let catalog = text.catalog();
    catalog.price_note(&taxes, note.is_plus_tax, note.is_plus_delivery)
}

/// The price, or the cheapest of several.
fn price_text(text: Text, variants: &[Variant]) -> String {
    let low = variants
        .iter()
        .map(|variant| variant.price)
        .min_by_key(|price| price.amount());
    let is_one_price = variants.iter().all(|variant| Some(variant.price) == low);
    match low.as_ref().map(Money::to_string) {
        None => String::new(),
        Some(low) if is_one_price => low,
        Some(low) => text.catalog().from_price(&low),
    }
}

fn buy_view(text: CatalogText, product: &Product, texts: &ShopTexts) -> AnyView {
    let Some(first) = product
        .variants
        .iter()
        .find(|variant| variant.availability.can_be_bought())
    else {
        return nothing_free_view(text, product, texts);
    };
    let chosen = first.id.clone();
    let most = product.quantity_limit.min(MAX_QUANTITY);
    let fields = if product.variants.len() == 1 {
        view! {
            <input type="hidden" name="variant" value=first.id.to_string()/>
            <p class="hint">{text.availability(first.availability)}</p>
        }
        .into_any()
    } else {
        view! {
            <fieldset class="variants">
                <legend>{text.options(&product.option_names)}</legend>
                {product.variants.iter().map(|variant| choice(text, variant, variant.id == chosen)).collect_view()}
            </fieldset>
        }
        .into_any()
    };
    view! {
        <AddToCartForm>
            {fields}
            <label class="field is-small">
                <span>{text.quantity()}</span>
                <input type="number" name="quantity" value="1" min="1" max=most inputmode="numeric" required autocomplete="off"/>
            </label>
        </AddToCartForm>
    }
    .into_any()
}

/// The text in place of the form while nothing of a product can be bought.
fn nothing_free_view(text: CatalogText, product: &Product, texts: &ShopTexts) -> AnyView {
    let variants = &mut product.variants.iter();
    if variants.any(|variant| variant.availability == Availability::InCheckout) {
        return view! {
            <p class="sold-out">{text.availability(Availability::InCheckout)}</p>
            <p class="hint">{text.free_again()}</p>
        }
        .into_any();
    }
    view! {
        <p class="sold-out">{text.availability(Availability::SoldOut)}</p>
        <p class="hint" dir="auto">{texts.sold_out_text.clone()}</p>
    }
    .into_any()
}

fn choice(text: CatalogText, variant: &Variant, is_chosen: bool) -> impl IntoView {
    let is_disabled = !variant.availability.can_be_bought();
    let note = match variant.availability {
        Availability::InStock => None,
        few_or_none => {
            Some(view! { <span class="choice-note">{text.availability(few_or_none)}</span> })
        }
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
