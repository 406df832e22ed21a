use domain::catalog::{ProductKind, Variant, options_label};
use domain::id::{VariantId, ZoneId};
use domain::money::{Currency, Money};
use domain::stock::Availability;
use domain::tax::TaxClass;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, FromRow, Row};

use super::present;
use crate::connection::Connection;
use crate::{Error, Result, Store, Tx};

/// A variant to write.
#[derive(Clone, Debug)]
pub struct NewVariant<'a> {
    /// Its id, as the cart names it.
    pub id: VariantId,
    /// The SKU.
    pub sku: &'a str,
    /// A value for each of the product's options.
    pub options: &'a [String],
    /// The price of one, in minor units of the shop's currency.
    pub unit_amount: i64,
    /// The stock on hand.
    pub on_hand: i64,
}

/// A variant as a cart needs it.
#[derive(Clone, Debug)]
pub struct Buyable {
    /// Its id, as the cart names it.
    pub id: VariantId,
    /// The SKU.
    pub sku: String,
    /// The product's slug.
    pub slug: String,
    /// The product's title.
    pub title: String,
    /// The variant's options in one line.
    pub options: String,
    /// The product's picture.
    pub image: String,
    /// The price of one.
    pub price: Money,
    /// The stock on hand, held pieces included.
    pub on_hand: i64,
    /// The pieces of it that open checkouts hold.
    pub held: i64,
    /// The most of it in one order.
    pub quantity_limit: i64,
    /// The weight of one piece in grams.
    pub weight: i64,
    /// The product's class of tax.
    pub tax_class: TaxClass,
    /// The way in which it reaches the shopper.
    pub kind: ProductKind,
    /// The zones that it is not delivered to.
    pub excluded_zones: Vec<ZoneId>,
    /// The slugs of the product's collections.
    pub collections: Vec<String>,
}

/// The variants `ids` as they are at this moment. One that is no longer sold is missing.
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
                p.slug, p.title, p.image, p.quantity_limit, p.weight_grams, p.tax_class, p.kind, p.excluded_zones, \
                COALESCE((SELECT STRING_AGG(c.collection_slug, ' ') FROM collection_products c \
                          WHERE c.product_slug = p.slug), '') AS collections \
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
                weight: row.weight_grams,
                tax_class: TaxClass::parse(&row.tax_class)
                    .ok_or(Error::Corrupt("products.tax_class"))?,
                kind: ProductKind::parse(&row.kind).ok_or(Error::Corrupt("products.kind"))?,
                excluded_zones: slugs_of(&row.excluded_zones)
                    .filter_map(|zone| ZoneId::parse(zone).ok())
                    .collect(),
                collections: slugs_of(&row.collections).map(str::to_owned).collect(),
            })
        })
        .collect()
}

/// The variants of a product, in their order.
pub(super) async fn variants_of(
    connection: &mut Connection,
    currency: Currency,
    product: &str,
) -> Result<Vec<Variant>> {
    let rows: Vec<VariantRow> = sqlx::query_as(
        "SELECT id, sku, option1, option2, option3, unit_amount, on_hand, held \
         FROM variants WHERE product_slug = $1 ORDER BY position",
    )
    .bind(product)
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| row.into_variant(currency))
        .collect()
}

/// Writes a variant of a product, at a place among the others.
pub(super) async fn insert_variant(
    tx: &mut Tx,
    product: &str,
    variant: &NewVariant<'_>,
    position: i64,
) -> Result<()> {
    let option = |at: usize| variant.options.get(at).cloned();
    let query = sqlx::query(
            "INSERT INTO variants (id, product_slug, sku, option1, option2, option3, unit_amount, on_hand, held, position) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)",
        )
        .bind(variant.id.as_str().to_owned())
        .bind(product.to_owned())
        .bind(variant.sku.to_owned())
        .bind(option(0))
        .bind(option(1))
        .bind(option(2))
        .bind(variant.unit_amount)
        .bind(variant.on_hand)
        .bind(position);
    tx.execute(query).await?;
    Ok(())
}

row! {
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
}

struct BuyableRow {
    variant: VariantRow,
    slug: String,
    title: String,
    image: String,
    quantity_limit: i64,
    weight_grams: i64,
    tax_class: String,
    kind: String,
    excluded_zones: String,
    collections: String,
}

/// The slugs or ids of a column that holds several with spaces between them.
fn slugs_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !word.is_empty())
}

impl<'r> FromRow<'r, AnyRow> for BuyableRow {
    fn from_row(row: &'r AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            variant: VariantRow::from_row(row)?,
            slug: row.try_get("slug")?,
            title: row.try_get("title")?,
            image: row.try_get("image")?,
            quantity_limit: row.try_get("quantity_limit")?,
            weight_grams: row.try_get("weight_grams")?,
            tax_class: row.try_get("tax_class")?,
            kind: row.try_get("kind")?,
            excluded_zones: row.try_get("excluded_zones")?,
            collections: row.try_get("collections")?,
        })
    }
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
