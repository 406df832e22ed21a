use domain::catalog::{ListStart, Place, ProductCard};
use domain::money::{Currency, Money};
use domain::stock::Availability;
use sqlx::AssertSqlSafe;

use super::can_be_stored;
use crate::{Result, Store};

/// A list of products in their order: of all that are sold, or of a collection. A product without
/// variants is in none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List<'a> {
    /// Everything that is sold.
    All,
    /// A collection.
    Collection {
        /// Its slug.
        slug: &'a str,
        /// The number of its products, as far as is known. A large one is read along the order of all
        /// products until there is enough, a small one is sorted.
        size: i64,
    },
}

/// A side of a place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The products before it.
    Before,
    /// The products after it.
    After,
}

/// The size from which on a collection is a large one.
const LARGE: i64 = 200;

/// The number of products of a list.
pub async fn count_cards(store: &Store, list: List<'_>) -> Result<i64> {
    if !list.can_be_stored() {
        return Ok(0);
    }
    let mut connection = store.reader().await?;
    // Nothing but constants becomes part of the text.
    let text = AssertSqlSafe(format!("SELECT COUNT(*) {}", list.from(1)));
    let mut query = sqlx::query_scalar(text);
    if let List::Collection { slug, .. } = list {
        query = query.bind(slug.to_owned());
    }
    Ok(query.fetch_one(&mut *connection).await?)
}

/// The number of products on one side of a place, counted up to `most`.
pub async fn count_beside(
    store: &Store,
    list: List<'_>,
    side: Side,
    place: &Place,
    most: u32,
) -> Result<u32> {
    if !list.can_be_stored() || !can_be_stored(&place.slug) {
        return Ok(0);
    }
    let mut connection = store.reader().await?;
    let (compare, direction) = side.sql();
    let text = AssertSqlSafe(format!(
        "SELECT COUNT(*) FROM (SELECT p.slug {} AND (p.position, p.slug) {compare} ($1, $2) \
         ORDER BY p.position {direction}, p.slug {direction} LIMIT $3) beside",
        list.from(4)
    ));
    let mut query = sqlx::query_scalar(text)
        .bind(place.position)
        .bind(place.slug.clone())
        .bind(i64::from(most));
    if let List::Collection { slug, .. } = list {
        query = query.bind(slug.to_owned());
    }
    let count: i64 = query.fetch_one(&mut *connection).await?;
    Ok(u32::try_from(count).unwrap_or(most))
}

/// Products of a list from a place on, in the list's order, at most `limit`. The place does not have
/// to be that of a product: one that was deleted since leads to those beside it.
pub async fn cards(
    store: &Store,
    currency: Currency,
    list: List<'_>,
    start: &ListStart,
    limit: u32,
) -> Result<Vec<ProductCard>> {
    let first = Place {
        position: i64::MIN,
        slug: String::new(),
    };
    let (side, place) = match start {
        ListStart::First => (Side::After, &first),
        ListStart::After(place) => (Side::After, place),
        ListStart::Before(place) => (Side::Before, place),
    };
    if !list.can_be_stored() || !can_be_stored(&place.slug) {
        return Ok(Vec::new());
    }
    let mut connection = store.reader().await?;
    let (compare, direction) = side.sql();
    // The limit is inside, so that prices and stock are asked of as few products as are shown.
    let text = AssertSqlSafe(format!(
        "SELECT p.slug, p.title, p.image, p.image_alt, p.position, \
                MIN(v.unit_amount) AS low, MAX(v.unit_amount) AS high, \
                MAX(v.on_hand - v.held) AS free, MAX(v.on_hand) AS on_hand \
         FROM (SELECT p.slug, p.title, p.image, p.image_alt, p.position {} \
               AND (p.position, p.slug) {compare} ($1, $2) \
               ORDER BY p.position {direction}, p.slug {direction} LIMIT $3) p \
         JOIN variants v ON v.product_slug = p.slug \
         GROUP BY p.slug, p.title, p.image, p.image_alt, p.position \
         ORDER BY p.position, p.slug",
        list.from(4)
    ));
    let mut query = sqlx::query_as(text)
        .bind(place.position)
        .bind(place.slug.clone())
        .bind(i64::from(limit));
    if let List::Collection { slug, .. } = list {
        query = query.bind(slug.to_owned());
    }
    let rows: Vec<CardRow> = query.fetch_all(&mut *connection).await?;
    Ok(rows
        .into_iter()
        .map(|row| ProductCard {
            place: Place {
                position: row.position,
                slug: row.slug.clone(),
            },
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

impl List<'_> {
    fn can_be_stored(self) -> bool {
        match self {
            Self::All => true,
            Self::Collection { slug, .. } => can_be_stored(slug),
        }
    }

    /// FROM and WHERE of a statement about the products `p` of the list, with its slug, if it has
    /// one, as the parameter of this number. SQLite reads the tables of a cross join in this order;
    /// PostgreSQL, which has statistics, in the one that it finds best.
    fn from(self, parameter: u8) -> String {
        let is_sold = "EXISTS (SELECT 1 FROM variants WHERE product_slug = p.slug)";
        match self {
            Self::All => format!("FROM products p WHERE {is_sold}"),
            Self::Collection { size, .. } => {
                let tables = if size >= LARGE {
                    "products p CROSS JOIN collection_products c"
                } else {
                    "collection_products c CROSS JOIN products p"
                };
                format!(
                    "FROM {tables} WHERE c.product_slug = p.slug \
                     AND c.collection_slug = ${parameter} AND {is_sold}"
                )
            }
        }
    }
}

impl Side {
    /// The comparison of a product on this side, and the direction in which they are nearest first.
    const fn sql(self) -> (&'static str, &'static str) {
        match self {
            Self::Before => ("<", "DESC"),
            Self::After => (">", "ASC"),
        }
    }
}

row! {
    struct CardRow {
        slug: String,
        title: String,
        image: String,
        image_alt: String,
        position: i64,
        low: i64,
        high: i64,
        /// The most that can be sold of a variant, and the most that there are of one.
        free: i64,
        on_hand: i64,
    }
}
