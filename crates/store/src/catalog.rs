use domain::catalog::{Collection, Product, ProductCard, Variant, options_label};
use domain::id::VariantId;
use domain::money::{Currency, Money};
use domain::stock::Availability;
use sqlx::AssertSqlSafe;

use crate::connection::Connection;
use crate::{Error, Result, Store, Tx};

/// Writing products, as the seed and an import do.
mod write;

pub use write::{NewProduct, NewVariant, insert_collection, insert_product};

/// A variant as a cart needs it.
#[derive(Clone, Debug)]
pub struct Buyable {
    /// Its name in the cart.
    pub id: VariantId,
    /// Its name for the stockroom.
    pub sku: String,
    /// The product's address.
    pub slug: String,
    /// The product's title.
    pub title: String,
    /// The variant's options in one line.
    pub options: String,
    /// The product's picture.
    pub image: String,
    /// The price of one.
    pub price: Money,
    /// How many there are, held ones included.
    pub on_hand: i64,
    /// How many of them open checkouts hold.
    pub held: i64,
    /// The most of it in one order.
    pub quantity_limit: i64,
}

/// All shelves, in their order.
pub async fn collections(store: &Store) -> Result<Vec<Collection>> {
    let mut connection = store.reader().await?;
    let rows: Vec<CollectionRow> =
        sqlx::query_as("SELECT slug, title, description, image FROM collections ORDER BY position")
            .fetch_all(&mut *connection)
            .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// One shelf.
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

/// The products of one shelf, or of all, in their order.
pub async fn cards(
    store: &Store,
    currency: Currency,
    collection: Option<&str>,
) -> Result<Vec<ProductCard>> {
    let mut connection = store.reader().await?;
    let rows: Vec<CardRow> = sqlx::query_as(
        "SELECT p.slug, p.title, p.image, p.image_alt, MIN(v.unit_amount) AS low, MAX(v.unit_amount) AS high, \
                MAX(v.on_hand - v.held) AS free, MAX(v.on_hand) AS on_hand \
         FROM products p JOIN variants v ON v.product_slug = p.slug \
         WHERE CAST($1 AS TEXT) IS NULL OR p.slug IN \
               (SELECT product_slug FROM collection_products WHERE collection_slug = $1) \
         GROUP BY p.slug, p.title, p.image, p.image_alt, p.position \
         ORDER BY p.position",
    )
    .bind(collection.map(str::to_owned))
    .fetch_all(&mut *connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ProductCard {
            slug: row.slug,
            title: row.title,
            image: row.image,
            image_alt: row.image_alt,
            from: Money::new(row.low, currency),
            has_more_prices: row.low < row.high,
            availability: Availability::of(row.on_hand, row.on_hand.saturating_sub(row.free)),
        })
        .collect())
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
    let variants: Vec<VariantRow> = sqlx::query_as(
        "SELECT id, sku, option1, option2, option3, unit_amount, on_hand, held \
         FROM variants WHERE product_slug = $1 ORDER BY position",
    )
    .bind(slug)
    .fetch_all(&mut *connection)
    .await?;
    let collections: Vec<CollectionRow> = sqlx::query_as(
        "SELECT c.slug, c.title, c.description, c.image FROM collections c \
         JOIN collection_products cp ON cp.collection_slug = c.slug \
         WHERE cp.product_slug = $1 ORDER BY c.position",
    )
    .bind(slug)
    .fetch_all(&mut *connection)
    .await?;
    Ok(Some(Product {
        slug: row.slug,
        title: row.title,
        description: row.description,
        image: row.image,
        image_alt: row.image_alt,
        option_names: present([row.option1_name, row.option2_name, row.option3_name]),
        quantity_limit: u32::try_from(row.quantity_limit)
            .map_err(|_| Error::Corrupt("products.quantity_limit"))?,
        variants: variants
            .into_iter()
            .map(|row| row.into_variant(currency))
            .collect::<Result<_>>()?,
        collections: collections.into_iter().map(Into::into).collect(),
    }))
}

/// What a cart needs to know of `ids`, at this moment. What is no longer sold is missing.
pub async fn buyable(store: &Store, currency: Currency, ids: &[VariantId]) -> Result<Vec<Buyable>> {
    select_buyable(&mut *store.reader().await?, currency, ids).await
}

/// The same inside a transaction.
pub async fn buyable_in(
    tx: &mut Tx,
    currency: Currency,
    ids: &[VariantId],
) -> Result<Vec<Buyable>> {
    select_buyable(tx.connection(), currency, ids).await
}

async fn select_buyable(
    connection: &mut Connection,
    currency: Currency,
    ids: &[VariantId],
) -> Result<Vec<Buyable>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
    // Only the number of placeholders varies; no value becomes part of the text.
    let text = AssertSqlSafe(format!(
        "SELECT v.id, v.sku, v.option1, v.option2, v.option3, v.unit_amount, v.on_hand, v.held, \
                p.slug, p.title, p.image, p.quantity_limit \
         FROM variants v JOIN products p ON p.slug = v.product_slug WHERE v.id IN ({})",
        places.join(", ")
    ));
    let mut query = sqlx::query_as(text);
    for id in ids {
        query = query.bind(id.as_str().to_owned());
    }
    let rows: Vec<BuyableRow> = query.fetch_all(connection).await?;
    rows.into_iter()
        .map(|row| {
            let (on_hand, held) = (row.variant.on_hand, row.variant.held);
            let variant = row.variant.into_variant(currency)?;
            Ok(Buyable {
                id: variant.id,
                sku: variant.sku,
                slug: row.slug,
                title: row.title,
                options: options_label(&variant.options),
                image: row.image,
                price: variant.price,
                on_hand,
                held,
                quantity_limit: row.quantity_limit,
            })
        })
        .collect()
}

/// PostgreSQL takes no zero byte in a text, not even to look for it.
fn can_be_stored(text: &str) -> bool {
    !text.contains('\0')
}

#[derive(sqlx::FromRow)]
struct CollectionRow {
    slug: String,
    title: String,
    description: String,
    image: String,
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

#[derive(sqlx::FromRow)]
struct CardRow {
    slug: String,
    title: String,
    image: String,
    image_alt: String,
    low: i64,
    high: i64,
    /// The most that can be sold of a variant, and the most that there are of one.
    free: i64,
    on_hand: i64,
}

#[derive(sqlx::FromRow)]
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

#[derive(sqlx::FromRow)]
struct VariantRow {
    id: String,
    sku: String,
    option1: Option<String>,
    option2: Option<String>,
    option3: Option<String>,
    unit_amount: i64,
    on_hand: i64,
    held: i64,
}

#[derive(sqlx::FromRow)]
struct BuyableRow {
    #[sqlx(flatten)]
    variant: VariantRow,
    slug: String,
    title: String,
    image: String,
    quantity_limit: i64,
}

impl VariantRow {
    fn into_variant(self, currency: Currency) -> Result<Variant> {
        Ok(Variant {
            id: VariantId::parse(&self.id).map_err(|_| Error::Corrupt("variants.id"))?,
            sku: self.sku,
            options: present([self.option1, self.option2, self.option3]),
            price: Money::new(self.unit_amount, currency),
            availability: Availability::of(self.on_hand, self.held),
        })
    }
}

fn present(options: [Option<String>; 3]) -> Vec<String> {
    options.into_iter().flatten().collect()
}
