use domain::catalog::Collection;
use domain::id::VariantId;

use crate::{Result, Tx};

/// A product to write.
#[derive(Clone, Debug)]
pub struct NewProduct<'a> {
    /// Its address.
    pub slug: &'a str,
    /// Its name.
    pub title: &'a str,
    /// What it is.
    pub description: &'a str,
    /// Its picture.
    pub image: &'a str,
    /// What the picture shows.
    pub image_alt: &'a str,
    /// What its variants differ in; at most three.
    pub option_names: &'a [String],
    /// The shelves it stands on.
    pub collections: &'a [String],
    /// Its place among all products.
    pub position: i64,
    /// What can be bought.
    pub variants: Vec<NewVariant<'a>>,
}

/// A variant to write.
#[derive(Clone, Debug)]
pub struct NewVariant<'a> {
    /// Its name in the cart.
    pub id: VariantId,
    /// Its name for the stockroom.
    pub sku: &'a str,
    /// A value for each of the product's options.
    pub options: &'a [String],
    /// The price of one, in minor units of the shop's currency.
    pub unit_amount: i64,
    /// How many lie on the shelf.
    pub on_hand: i64,
}

/// Writes a shelf unless one is at its address.
pub async fn insert_collection(tx: &mut Tx, collection: &Collection, position: i64) -> Result<()> {
    let query = sqlx::query(
        "INSERT INTO collections (slug, title, description, image, position) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (slug) DO NOTHING",
    )
    .bind(collection.slug.clone())
    .bind(collection.title.clone())
    .bind(collection.description.clone())
    .bind(collection.image.clone())
    .bind(position);
    tx.execute(query).await?;
    Ok(())
}

/// Writes a product and its variants unless one is at its address, and answers whether it was
/// written. What the admin has changed since is never overwritten.
///
/// # Errors
/// When the database fails, or a SKU is taken.
pub async fn insert_product(tx: &mut Tx, product: &NewProduct<'_>) -> Result<bool> {
    let option = |names: &[String], at: usize| names.get(at).cloned();
    let query = sqlx::query(
        "INSERT INTO products (slug, title, description, image, image_alt, \
                               option1_name, option2_name, option3_name, position) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (slug) DO NOTHING",
    )
    .bind(product.slug.to_owned())
    .bind(product.title.to_owned())
    .bind(product.description.to_owned())
    .bind(product.image.to_owned())
    .bind(product.image_alt.to_owned())
    .bind(option(product.option_names, 0))
    .bind(option(product.option_names, 1))
    .bind(option(product.option_names, 2))
    .bind(product.position);
    if tx.execute(query).await? == 0 {
        return Ok(false);
    }
    for collection in product.collections {
        let query = sqlx::query(
            "INSERT INTO collection_products (collection_slug, product_slug) VALUES ($1, $2)",
        );
        tx.execute(query.bind(collection.clone()).bind(product.slug.to_owned()))
            .await?;
    }
    for (position, variant) in (0_i64..).zip(&product.variants) {
        let query = sqlx::query(
            "INSERT INTO variants (id, product_slug, sku, option1, option2, option3, unit_amount, on_hand, held, position) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)",
        )
        .bind(variant.id.as_str().to_owned())
        .bind(product.slug.to_owned())
        .bind(variant.sku.to_owned())
        .bind(option(variant.options, 0))
        .bind(option(variant.options, 1))
        .bind(option(variant.options, 2))
        .bind(variant.unit_amount)
        .bind(variant.on_hand)
        .bind(position);
        tx.execute(query).await?;
    }
    Ok(true)
}
