use domain::id::OrderId;
use uuid::Uuid;

use crate::{Error, Result, Store, Tx};

/// Orders with access to files and keys.
mod access;

pub use access::{Access, AccessFile, Grant, access_of, allot_waiting, count_download, grant};

/// A product that is delivered as files or license keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigitalProduct {
    /// Its slug.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The number of its files.
    pub files: i64,
    /// True if each piece needs a license key.
    pub needs_keys: bool,
    /// The number of keys that nobody has.
    pub free_keys: i64,
    /// The number of keys that were taken.
    pub taken_keys: i64,
    /// The number of keys that paid orders wait for.
    pub missing_keys: i64,
}

/// A file of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigitalFile {
    /// Its id, which is its name on disk.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// Its size in bytes.
    pub size: i64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// Time it was uploaded, in Unix seconds.
    pub created_at: i64,
}

/// True if a product is digital.
pub async fn is_digital(store: &Store, slug: &str) -> Result<bool> {
    let mut connection = store.reader().await?;
    let row: Option<(String,)> =
        sqlx::query_as("SELECT slug FROM products WHERE slug = $1 AND kind = 'digital'")
            .bind(slug.to_owned())
            .fetch_optional(&mut *connection)
            .await?;
    Ok(row.is_some())
}

/// Makes a product digital, and answers whether there is one.
pub async fn make_digital(tx: &mut Tx, slug: &str) -> Result<bool> {
    let query = sqlx::query("UPDATE products SET kind = 'digital' WHERE slug = $1");
    Ok(tx.execute(query.bind(slug.to_owned())).await? > 0)
}

/// Makes a product shipped again, unless it has files or keys, and answers whether it is.
pub async fn make_shipped(tx: &mut Tx, slug: &str) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE products SET kind = 'shipped' WHERE slug = $1 \
           AND NOT EXISTS (SELECT 1 FROM key_lists WHERE key_lists.product_slug = $1) \
           AND NOT EXISTS (SELECT 1 FROM digital_files WHERE digital_files.product_slug = $1)",
    );
    Ok(tx.execute(query.bind(slug.to_owned())).await? > 0)
}

/// The digital products, by title.
pub async fn products(store: &Store, limit: i64) -> Result<Vec<DigitalProduct>> {
    let mut connection = store.reader().await?;
    let rows: Vec<ProductRow> = sqlx::query_as(
        "SELECT p.slug, p.title, \
                (SELECT COUNT(*) FROM key_lists l WHERE l.product_slug = p.slug) AS needs_keys, \
                (SELECT COUNT(*) FROM digital_files f WHERE f.product_slug = p.slug) AS files, \
                (SELECT COUNT(*) FROM license_keys k WHERE k.product_slug = p.slug AND k.order_id IS NULL) AS free_keys, \
                (SELECT COUNT(*) FROM license_keys k WHERE k.product_slug = p.slug AND k.order_id IS NOT NULL) AS taken_keys, \
                (SELECT COALESCE(CAST(SUM(w.quantity) AS BIGINT), 0) FROM keys_due w JOIN orders o ON o.id = w.order_id \
                 WHERE w.product_slug = p.slug AND o.status IN ('paid', 'partially_refunded')) AS due_keys, \
                (SELECT COUNT(*) FROM license_keys k JOIN orders o ON o.id = k.order_id \
                 WHERE k.product_slug = p.slug AND o.status IN ('paid', 'partially_refunded')) AS given_keys \
         FROM products p WHERE p.kind = 'digital' ORDER BY p.title, p.slug LIMIT $1",
    )
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    let product = |row: ProductRow| DigitalProduct {
        slug: row.slug,
        title: row.title,
        files: row.files,
        needs_keys: row.needs_keys > 0,
        free_keys: row.free_keys,
        taken_keys: row.taken_keys,
        missing_keys: row.due_keys.saturating_sub(row.given_keys).max(0),
    };
    Ok(rows.into_iter().map(product).collect())
}

/// The slugs and titles of products, by title, at most `limit`: those that may become digital.
pub async fn shipped_products(store: &Store, limit: i64) -> Result<Vec<(String, String)>> {
    let mut connection = store.reader().await?;
    let rows = sqlx::query_as(
        "SELECT slug, title FROM products \
         WHERE kind = 'shipped' ORDER BY title, slug LIMIT $1",
    )
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    Ok(rows)
}

/// The files of a product, the oldest first.
pub async fn files_of(store: &Store, slug: &str) -> Result<Vec<DigitalFile>> {
    let mut connection = store.reader().await?;
    let rows: Vec<FileRow> = sqlx::query_as(
        "SELECT id, name, content_type, size, sha256, created_at FROM digital_files \
         WHERE product_slug = $1 ORDER BY created_at, id",
    )
    .bind(slug.to_owned())
    .fetch_all(&mut *connection)
    .await?;
    Ok(rows.into_iter().map(FileRow::into_file).collect())
}

/// Writes a file of a digital product.
pub async fn insert_file(tx: &mut Tx, slug: &str, file: &DigitalFile) -> Result<()> {
    let query = sqlx::query(
        "INSERT INTO digital_files (id, product_slug, name, content_type, size, sha256, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(file.id.clone())
    .bind(slug.to_owned())
    .bind(file.name.clone())
    .bind(file.content_type.clone())
    .bind(file.size)
    .bind(file.sha256.clone())
    .bind(file.created_at);
    tx.execute(query).await?;
    Ok(())
}

/// Adds license keys to a digital product, and answers how many are new.
pub async fn insert_keys(tx: &mut Tx, slug: &str, keys: &[String]) -> Result<usize> {
    // Locks the list, too: a grant at the same time sees these keys, or is seen.
    let list = sqlx::query(
        "INSERT INTO key_lists (product_slug) VALUES ($1) \
         ON CONFLICT (product_slug) DO UPDATE SET product_slug = excluded.product_slug",
    );
    tx.execute(list.bind(slug.to_owned())).await?;
    let mut added = 0;
    for key in keys {
        let query = sqlx::query(
            "INSERT INTO license_keys (id, product_slug, license_key) VALUES ($1, $2, $3) \
             ON CONFLICT (product_slug, license_key) DO NOTHING",
        );
        let query = query
            .bind(Uuid::now_v7().to_string())
            .bind(slug.to_owned())
            .bind(key.clone());
        added += usize::from(tx.execute(query).await? > 0);
    }
    Ok(added)
}

/// The orders that wait for keys of a product, those that were paid first first.
pub async fn waiting_orders(tx: &mut Tx, slug: &str, limit: i64) -> Result<Vec<OrderId>> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT w.order_id FROM keys_due w JOIN orders o ON o.id = w.order_id \
         WHERE w.product_slug = $1 AND o.status IN ('paid', 'partially_refunded') \
           AND w.quantity > (SELECT COUNT(*) FROM license_keys k \
                             WHERE k.order_id = w.order_id AND k.product_slug = w.product_slug) \
         ORDER BY w.granted_at, w.order_id LIMIT $2",
    )
    .bind(slug.to_owned())
    .bind(limit)
    .fetch_all(tx.connection())
    .await?;
    rows.into_iter()
        .map(|(id,)| OrderId::parse(&id).map_err(|_| Error::Corrupt("keys_due.order_id")))
        .collect()
}

row! {
    struct ProductRow {
        slug: String,
        title: String,
        needs_keys: i64,
        files: i64,
        free_keys: i64,
        taken_keys: i64,
        due_keys: i64,
        given_keys: i64,
    }
}

row! {
    struct FileRow {
        id: String,
        name: String,
        content_type: String,
        size: i64,
        sha256: String,
        created_at: i64,
    }
}

impl FileRow {
    fn into_file(self) -> DigitalFile {
        DigitalFile {
            id: self.id,
            name: self.name,
            content_type: self.content_type,
            size: self.size,
            sha256: self.sha256,
            created_at: self.created_at,
        }
    }
}
