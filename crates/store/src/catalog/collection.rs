use domain::catalog::Collection;

use super::can_be_stored;
use crate::connection::Connection;
use crate::{Result, Store, Tx};

/// All collections, in their order.
pub async fn collections(store: &Store) -> Result<Vec<Collection>> {
    let mut connection = store.reader().await?;
    let rows: Vec<CollectionRow> =
        sqlx::query_as("SELECT slug, title, description, image FROM collections ORDER BY position")
            .fetch_all(&mut *connection)
            .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// A collection.
pub async fn collection(store: &Store, slug: &str) -> Result<Option<Collection>> {
    if !can_be_stored(slug) {
        return Ok(None);
    }
    let mut connection = store.reader().await?;
    let row: Option<CollectionRow> =
        sqlx::query_as("SELECT slug, title, description, image FROM collections WHERE slug = $1")
            .bind(slug)
            .fetch_optional(&mut *connection)
            .await?;
    Ok(row.map(Into::into))
}

/// Writes a collection unless its slug is taken.
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

/// The collections of a product, in their order.
pub(super) async fn collections_of(
    connection: &mut Connection,
    product: &str,
) -> Result<Vec<Collection>> {
    let rows: Vec<CollectionRow> = sqlx::query_as(
        "SELECT c.slug, c.title, c.description, c.image FROM collections c \
         JOIN collection_products cp ON cp.collection_slug = c.slug \
         WHERE cp.product_slug = $1 ORDER BY c.position",
    )
    .bind(product)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

row! {
    struct CollectionRow {
        slug: String,
        title: String,
        description: String,
        image: String,
    }
}

impl From<CollectionRow> for Collection {
    fn from(row: CollectionRow) -> Self {
        Self {
            slug: row.slug,
            title: row.title,
            description: row.description,
            image: row.image,
        }
    }
}
