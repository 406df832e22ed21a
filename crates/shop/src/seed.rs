use domain::catalog::Collection;
use domain::id::VariantId;
use serde::Deserialize;
use store::catalog::{NewProduct, NewVariant};
use store::{Commit, Store};

use crate::Error;
use crate::context::CURRENCY;

/// Zones, taxes and discounts of the demo shop.
mod checkout;
/// Products and orders that are made up in bulk.
mod generate;

use checkout::CheckoutSeed;
pub use generate::{Amount, generate};

/// The number of products that were written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seeded {
    /// Products that were not there before.
    pub products: usize,
    /// Products that were there already and stayed as they are.
    pub kept: usize,
}

const CATALOG: &str = include_str!("../seed/catalog.toml");

/// Writes the demo shop's products, and how it delivers, taxes and discounts. Safe to run again: what
/// is there is not touched, and a shop that had products gets no zones, taxes and discounts.
pub async fn demo(store: &Store) -> Result<Seeded, Error> {
    let catalog: Catalog =
        toml::from_str(CATALOG).map_err(|error| Error::Catalog(error.to_string()))?;
    let ids = catalog.variant_ids()?;
    let checkout = CheckoutSeed::read()?;
    let is_new = store::catalog::count_products(store).await? == 0;
    let seeded = store
        .transaction(async |mut tx| {
            store::settings::set_default(&mut tx, CURRENCY, "usd").await?;
            for (position, collection) in (0_i64..).zip(&catalog.collections) {
                let collection = Collection {
                    slug: collection.slug.clone(),
                    title: collection.title.clone(),
                    description: collection.description.clone(),
                    image: collection.image.clone(),
                };
                store::catalog::insert_collection(&mut tx, &collection, position).await?;
            }
            let mut seeded = Seeded::default();
            for ((position, product), ids) in (0_i64..).zip(&catalog.products).zip(&ids) {
                let product = product.to_new(position, ids);
                if store::catalog::insert_product(&mut tx, &product).await? {
                    seeded.products += 1;
                } else {
                    seeded.kept += 1;
                }
            }
            if is_new {
                checkout.write(&mut tx).await?;
            }
            Ok(Commit(tx, seeded))
        })
        .await?;
    Ok(seeded)
}

/// Writes the demo shop's products unless the shop has any, and answers how many it has written.
pub async fn demo_if_empty(store: &Store) -> Result<Seeded, Error> {
    if store::catalog::collections(store).await?.is_empty() {
        demo(store).await
    } else {
        Ok(Seeded::default())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalog {
    collections: Vec<SeedCollection>,
    products: Vec<SeedProduct>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedCollection {
    slug: String,
    title: String,
    description: String,
    image: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedProduct {
    slug: String,
    title: String,
    description: String,
    collections: Vec<String>,
    image: String,
    image_alt: String,
    options: Vec<String>,
    variants: Vec<SeedVariant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedVariant {
    sku: String,
    options: Vec<String>,
    unit_amount: i64,
    on_hand: i64,
}

impl Catalog {
    /// The cart's names of all variants: their SKUs in lower case, short enough for fifty of them
    /// in a cookie.
    fn variant_ids(&self) -> Result<Vec<Vec<VariantId>>, Error> {
        let id = |variant: &SeedVariant| {
            VariantId::parse(&variant.sku.to_ascii_lowercase())
                .map_err(|_| Error::Catalog(format!("SKU {}", variant.sku)))
        };
        self.products
            .iter()
            .map(|product| product.variants.iter().map(id).collect())
            .collect()
    }
}

impl SeedProduct {
    fn to_new<'a>(&'a self, position: i64, ids: &[VariantId]) -> NewProduct<'a> {
        NewProduct {
            slug: &self.slug,
            title: &self.title,
            description: &self.description,
            image: &self.image,
            image_alt: &self.image_alt,
            option_names: &self.options,
            collections: &self.collections,
            position,
            variants: self
                .variants
                .iter()
                .zip(ids)
                .map(|(variant, id)| NewVariant {
                    id: id.clone(),
                    sku: &variant.sku,
                    options: &variant.options,
                    unit_amount: variant.unit_amount,
                    on_hand: variant.on_hand,
                })
                .collect(),
        }
    }
}
