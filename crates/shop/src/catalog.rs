use domain::catalog::{Collection, ListStart, Product, ProductCard};
use store::catalog::{List, Side};

use crate::{Error, Shop};

/// The version of what store pages show.
mod version;

pub(crate) use version::VersionWatch;

/// All collections, in their order.
pub async fn collections(shop: &Shop) -> Result<Vec<Collection>, Error> {
    Ok(store::catalog::collections(&shop.store).await?)
}

/// A page of a list of products.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductList {
    /// The products of this page.
    pub products: Vec<ProductCard>,
    /// The number of products on all pages of the list.
    pub count: i64,
    /// The start of the page before this one, if there is one.
    pub previous: Option<ListStart>,
    /// The start of the page after this one, if there is one.
    pub next: Option<ListStart>,
}

/// The number of products on a page of a list.
pub const PER_PAGE: u32 = 24;

/// A collection, and a page of its products.
pub async fn collection(
    shop: &Shop,
    slug: &str,
    start: &ListStart,
) -> Result<Option<(Collection, ProductList)>, Error> {
    let Some(collection) = store::catalog::collection(&shop.store, slug).await? else {
        return Ok(None);
    };
    let size = store::catalog::count_cards(&shop.store, List::Collection { slug, size: 0 }).await?;
    let list = List::Collection { slug, size };
    Ok(Some((collection, page(shop, list, size, start).await?)))
}

/// A page of everything that is sold.
pub async fn products(shop: &Shop, start: &ListStart) -> Result<ProductList, Error> {
    let count = store::catalog::count_cards(&shop.store, List::All).await?;
    page(shop, List::All, count, start).await
}

/// The first products, at most `count`.
pub async fn first_products(shop: &Shop, count: u32) -> Result<Vec<ProductCard>, Error> {
    let (list, start) = (List::All, ListStart::First);
    Ok(store::catalog::cards(&shop.store, shop.currency, list, &start, count).await?)
}

async fn page(
    shop: &Shop,
    list: List<'_>,
    count: i64,
    start: &ListStart,
) -> Result<ProductList, Error> {
    let store = &shop.store;
    let products = store::catalog::cards(store, shop.currency, list, start, PER_PAGE).await?;
    let beside = async |side, card: Option<&ProductCard>, most| match card {
        Some(card) => store::catalog::count_beside(store, list, side, &card.place, most).await,
        None => Ok(0),
    };
    let (first, last) = (products.first(), products.last());
    // What is before this page may be the first page, which has an address of its own.
    let before = match start {
        ListStart::First => 0,
        _ => beside(Side::Before, first, PER_PAGE + 1).await?,
    };
    let after = beside(Side::After, last, 1).await?;
    let previous = first.filter(|_| before > 0).map(|card| {
        if before <= PER_PAGE {
            ListStart::First
        } else {
            ListStart::Before(card.place.clone())
        }
    });
    let next = last.filter(|_| after > 0);
    let next = next.map(|card| ListStart::After(card.place.clone()));
    Ok(ProductList {
        products,
        count,
        previous,
        next,
    })
}

/// The number of products.
pub async fn count_products(shop: &Shop) -> Result<i64, Error> {
    Ok(store::catalog::count_products(&shop.store).await?)
}

/// One product.
pub async fn product(shop: &Shop, slug: &str) -> Result<Option<Product>, Error> {
    Ok(store::catalog::product(&shop.store, shop.currency, slug).await?)
}

/// The version of what store pages show: a page that was rendered at this version, from what was
/// read after this answer, shows what is so. Changes of this process count at once, those of others
/// within a second. `None` when the database does not answer.
pub async fn version(shop: &Shop) -> Option<i64> {
    shop.catalog_version.read(&shop.store).await
}
