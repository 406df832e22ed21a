use domain::catalog::Product;
use domain::money::Currency;

use super::collection::collections_of;
use super::variant::{NewVariant, insert_variant, variants_of};
use super::{can_be_stored, present};
use crate::{Error, Result, Store, Tx};

/// A product to write.
#[derive(Clone, Debug)]
pub struct NewProduct<'a> {
    /// Its slug.
    pub slug: &'a str,
    /// Its name.
    pub title: &'a str,
    /// The description.
    pub description: &'a str,
    /// Its picture.
    pub image: &'a str,
    /// The picture's text alternative.
    pub image_alt: &'a str,
    /// The names of its options; at most three.
    pub option_names: &'a [String],
    /// The slugs of its collections.
    pub collections: &'a [String],
    /// Its place among all products.
    pub position: i64,
    /// The variants, which are what is bought.
    pub variants: Vec<NewVariant<'a>>,
}

/// The number of products.
pub async fn count_products(store: &Store) -> Result<i64> {
    let mut connection = store.reader().await?;
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM products");
    Ok(count.fetch_one(&mut *connection).await?)
}

/// One product with all that its page shows.
pub async fn product(store: &Store, currency: Currency, slug: &str) -> Result<Option<Product>> {
    if !can_be_stored(slug) {
        return Ok(None);
    }
    let mut connection = store.reader().await?;
    let Some(row): Option<ProductRow> = sqlx::query_as(
        "SELECT slug, title, description, image, image_alt, option1_name, option2_name, option3_name, \
                quantity_limit \
         FROM products WHERE slug = $1",
    )
    .bind(slug)
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(None);
    };
    let variants = variants_of(&mut connection, currency, slug).await?;
    let collections = collections_of(&mut connection, slug).await?;
    Ok(Some(Product {
        slug: row.slug,
        title: row.title,
        description: row.description,
        image: row.image,
        image_alt: row.image_alt,
        option_names: present([row.option1_name, row.option2_name, row.option3_name]),
        quantity_limit: u32::try_from(row.quantity_limit)
            .map_err(|_| Error::Corrupt("products.quantity_limit"))?,
        variants,
        collections,
    }))
}

/// Writes a product and its variants unless one is at its address, and answers whether it was
/// written. What the admin has changed since is never overwritten.
///
/// # Errors
/// When the database fails, or a SKU is taken.
pub async fn insert_product(tx: &mut Tx, product: &NewProduct<'_>) -> Result<bool> {
    let option = |at: usize| product.option_names.get(at).cloned();
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
    .bind(option(0))
    .bind(option(1))
    .bind(option(2))
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
        insert_variant(tx, product.slug, variant, position).await?;
    }
    Ok(true)
}

row! {
    struct ProductRow {
        slug: String,
        title: String,
        description: String,
        image: String,
        image_alt: String,
        option1_name: Option<String>,
        option2_name: Option<String>,
        option3_name: Option<String>,
        quantity_limit: i64,
    }
}
