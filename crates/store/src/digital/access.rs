use domain::catalog::ProductKind;
use domain::id::OrderId;
use domain::order::Order;

use crate::{Result, Store, Tx};

/// The files and keys of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Its files.
    pub files: Vec<AccessFile>,
    /// Its license keys: the product's title and the key.
    pub keys: Vec<(String, String)>,
    /// The number of keys that it waits for.
    pub missing_keys: i64,
}

/// A file that an order may be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessFile {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// Its size in bytes.
    pub size: i64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// The number of downloads that were begun.
    pub downloads: i64,
}

/// The outcome of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// The order has nothing digital, or all that it is to have.
    Complete,
    /// Keys are missing.
    KeysMissing,
}

/// Gives a paid order access to the files of its digital lines, and keys for ever. What was given
/// before stays as it is.
pub async fn grant(tx: &mut Tx, order: &Order, now: i64) -> Result<Grant> {
    let mut lines = order.lines.iter();
    if !lines.any(|line| line.kind == ProductKind::Digital) {
        return Ok(Grant::Complete);
    }
    for text in [
        // Whoever adds keys holds this lock, too: either they see the order, or it sees the keys.
        "UPDATE key_lists SET product_slug = product_slug WHERE product_slug IN ( \
             SELECT v.product_slug FROM order_lines l JOIN variants v ON v.id = l.variant_id \
             WHERE l.order_id = $1 AND l.kind = 'digital') AND $2 > 0",
        "INSERT INTO download_access (order_id, file_id, granted_at) \
         SELECT DISTINCT l.order_id, f.id, CAST($2 AS BIGINT) FROM order_lines l \
         JOIN variants v ON v.id = l.variant_id JOIN digital_files f ON f.product_slug = v.product_slug \
         WHERE l.order_id = $1 AND l.kind = 'digital' ON CONFLICT (order_id, file_id) DO NOTHING",
        "INSERT INTO keys_due (order_id, product_slug, quantity, granted_at) \
         SELECT l.order_id, d.product_slug, CAST(SUM(l.quantity) AS BIGINT), CAST($2 AS BIGINT) FROM order_lines l \
         JOIN variants v ON v.id = l.variant_id JOIN key_lists d ON d.product_slug = v.product_slug \
         WHERE l.order_id = $1 AND l.kind = 'digital' \
         GROUP BY l.order_id, d.product_slug ON CONFLICT (order_id, product_slug) DO NOTHING",
    ] {
        let query = sqlx::query(text).bind(order.id.as_str().to_owned());
        tx.execute(query.bind(now)).await?;
    }
    Ok(if allot(tx, &order.id, now).await? {
        Grant::Complete
    } else {
        Grant::KeysMissing
    })
}

/// Gives an order that waits the keys that are free now, and answers whether it has all.
pub async fn allot_waiting(tx: &mut Tx, order: &OrderId, now: i64) -> Result<bool> {
    allot(tx, order, now).await
}

async fn allot(tx: &mut Tx, order: &OrderId, now: i64) -> Result<bool> {
    let mut is_complete = true;
    for (slug, missing) in missing(tx, order).await? {
        let mut missing = missing;
        while missing > 0 {
            // Keys that another transaction takes meanwhile are not counted: those are looked for again.
            let query = sqlx::query(
                "UPDATE license_keys SET order_id = $1, taken_at = $2 \
                 WHERE order_id IS NULL AND id IN ( \
                     SELECT id FROM license_keys WHERE product_slug = $3 AND order_id IS NULL \
                     ORDER BY id LIMIT $4)",
            )
            .bind(order.as_str().to_owned())
            .bind(now)
            .bind(slug.clone())
            .bind(missing);
            let taken = i64::try_from(tx.execute(query).await?).unwrap_or(i64::MAX);
            missing = missing.saturating_sub(taken);
            if taken == 0 && free(tx, &slug).await? == 0 {
                break;
            }
        }
        is_complete &= missing <= 0;
    }
    Ok(is_complete)
}

async fn free(tx: &mut Tx, slug: &str) -> Result<i64> {
    let (free,): (i64,) = sqlx::query_as(
        "SELECT COUNT(*) FROM license_keys WHERE product_slug = $1 AND order_id IS NULL",
    )
    .bind(slug.to_owned())
    .fetch_one(tx.connection())
    .await?;
    Ok(free)
}

async fn missing(tx: &mut Tx, order: &OrderId) -> Result<Vec<(String, i64)>> {
    let rows = sqlx::query_as(MISSING)
        .bind(order.as_str().to_owned())
        .fetch_all(tx.connection())
        .await?;
    Ok(rows)
}

const MISSING: &str = "SELECT w.product_slug, w.quantity - (SELECT COUNT(*) FROM license_keys k \
        WHERE k.order_id = w.order_id AND k.product_slug = w.product_slug) \
     FROM keys_due w WHERE w.order_id = $1 ORDER BY w.product_slug";

/// The files and keys that an order was given, whether or not it may still have them.
pub async fn access_of(store: &Store, order: &OrderId) -> Result<Access> {
    let mut connection = store.reader().await?;
    let files: Vec<AccessRow> = sqlx::query_as(
        "SELECT f.id, f.name, f.content_type, f.size, f.sha256, a.downloads \
         FROM download_access a JOIN digital_files f ON f.id = a.file_id \
         WHERE a.order_id = $1 ORDER BY f.name, f.id",
    )
    .bind(order.as_str().to_owned())
    .fetch_all(&mut *connection)
    .await?;
    let keys: Vec<(String, String)> = sqlx::query_as(
        "SELECT p.title, k.license_key FROM license_keys k JOIN products p ON p.slug = k.product_slug \
         WHERE k.order_id = $1 ORDER BY p.title, k.id",
    )
    .bind(order.as_str().to_owned())
    .fetch_all(&mut *connection)
    .await?;
    let missing: Vec<(String, i64)> = sqlx::query_as(MISSING)
        .bind(order.as_str().to_owned())
        .fetch_all(&mut *connection)
        .await?;
    let missing_keys = missing.into_iter().map(|(_, missing)| missing.max(0)).sum();
    Ok(Access {
        files: files.into_iter().map(AccessRow::into_file).collect(),
        keys,
        missing_keys,
    })
}

/// Counts `bytes` of a file that an order asks for, and a download if it begins one; answers whether
/// that is within `limit` downloads.
pub async fn count_download(
    tx: &mut Tx,
    order: &OrderId,
    file: &str,
    bytes: i64,
    begins: bool,
    limit: i64,
) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE download_access SET downloads = downloads + $3, bytes = bytes + $4 \
         WHERE order_id = $1 AND file_id = $2 AND downloads + $3 <= $5 \
           AND bytes + $4 <= ($5 + 1) * (SELECT f.size FROM digital_files f WHERE f.id = $2)",
    )
    .bind(order.as_str().to_owned())
    .bind(file.to_owned())
    .bind(i64::from(begins))
    .bind(bytes)
    .bind(limit);
    Ok(tx.execute(query).await? > 0)
}

row! {
    struct AccessRow {
        id: String,
        name: String,
        content_type: String,
        size: i64,
        sha256: String,
        downloads: i64,
    }
}

impl AccessRow {
    fn into_file(self) -> AccessFile {
        AccessFile {
            id: self.id,
            name: self.name,
            content_type: self.content_type,
            size: self.size,
            sha256: self.sha256,
            downloads: self.downloads,
        }
    }
}
